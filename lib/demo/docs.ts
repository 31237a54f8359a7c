import type { Schema } from '../model/jsonSchema';

const safe = (value: unknown) => String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

type Operation = {
  summary: string;
  description?: string;
  parameters?: { name: string; description: string; schema: Schema }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description: string }>;
};
type OpenApi = {
  info?: { title: string; description: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas: Record<string, Schema> };
};

/**
 * The interface's documentation as one page without scripts, from its OpenAPI description.
 * @param api what `openApi` gives
 * @param address under which the server was asked, for the examples
 */
export function docsPage(api: OpenApi, address: string): string {
  const { info, paths = {}, components } = api;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationHtml(method.toUpperCase(), path, operation, address),
    ),
  );
  const schemas = Object.entries(components?.schemas ?? {}).map(([name, schema]) => {
    return `<h2 id="${safe(name)}">${safe(name)}</h2>\n${schemaHtml(name, schema)}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="How to ask for predictions over HTTP: addresses, fields, answers and refusals">
<title>${safe(info?.title)}: interface</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body class="docs">
<main>
<p><a href="./">Back to the demo</a> · <a href="openapi.json">openapi.json</a></p>
<h1>${safe(info?.title)}</h1>
<p>${safe(info?.description)}</p>
${operations.join('\n')}
${schemas.join('\n')}
</main>
</body>
</html>
`;
}

function operationHtml(method: string, path: string, operation: Operation, address: string): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody && Object.entries(requestBody.content)[0];
  const example = body?.[1].example;
  const curl = example
    ? `curl -d '${JSON.stringify(example)}' ${address}${path}`
    : body && `curl --data-binary @tracks.csv -H 'content-type: ${body[0]}' ${address}${path}`;
  return `<section>
<h2><code>${method} ${safe(path)}</code></h2>
<p>${safe(summary)}. ${safe(description ?? '')}</p>
${curl ? `<pre tabindex="0"><code>${safe(curl)}</code></pre>` : ''}
${parameters.map(({ name, description }) => `<p><code>?${safe(name)}=true</code> ${safe(description)}.</p>`).join('\n')}
<ul>${Object.entries(responses)
    .map(([status, response]) => `<li><strong>${status}</strong> ${safe(response.description)}</li>`)
    .join('')}</ul>
</section>`;
}

function schemaHtml(name: string, schema: Schema): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([field, property]) => {
    const { minimum, maximum } = property;
    const range = minimum === undefined ? '' : ` from ${minimum} to ${maximum}`;
    const type = property.enum ? property.enum.map((one) => `"${one}"`).join(', ') : property.type + range;
    const note = required.has(field) ? '' : ' (optional)';
    return `<tr><th scope="row"><code>${safe(field)}</code>${note}</th><td>${safe(type)}</td><td>${safe(property.description ?? '')}</td></tr>`;
  });
  return `<p>${safe(schema.description ?? '')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Fields of ${safe(name)}"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}
