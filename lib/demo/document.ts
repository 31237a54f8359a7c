import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../model/model';
import { bundleOf, styleOf } from './bundle';
import { pageData } from './predict';
import { squeeze } from './squeeze';

/** The page as one document. */
export interface PageDocument {
  html: string;
  /** The hashes of its script and its style, which its policy must allow. */
  script: string;
  style: string;
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** JSON in HTML: no `<` can end its element. */
const jsonIn = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

async function parts(model: Model, entry: 'server.js' | 'offline.ts') {
  const [script, style] = [await bundleOf(entry), await styleOf()];
  const html = readFileSync(join(__dirname, 'page', 'index.html'), 'utf8')
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('{}', () => jsonIn(pageData(model)))
    .replace('<script></script>', () => `<script>${script}</script>`);
  return { html, script: hashOf(script), style: hashOf(style) };
}

/** The page that asks the server which it comes from. */
export const serverPage = (model: Model): Promise<PageDocument> => parts(model, 'server.js');

/**
 * The page with the model in it: it needs neither a server nor a network, and its policy forbids both.
 * @param address of a server for requests from code, where one runs beside it
 */
export function offlinePage(model: Model, address?: string): Promise<string> {
  const server = address ? `<script type="text/plain" id="server">${encodeURI(address)}</script>\n` : '';
  return pageWith(
    model,
    '',
    `<script type="text/plain" id="forest">${squeeze(model.contents)}</script>`,
    server,
  );
}

/**
 * A static site's files by name: the page is drawn first and asks for its model then. The model is a script, because
 * a page that is opened as a file may load a script from beside it, but may not fetch anything.
 */
export async function sitePages(model: Model): Promise<Record<'model.js' | 'index.html', string>> {
  const forest = `globalThis.forest = '${squeeze(model.contents)}';\n`;
  // A browser that holds another model under the same name must not take it for this one.
  const version = createHash('sha256').update(forest).digest('hex').slice(0, 12);
  const place = `<script type="text/plain" id="forest" data-src="model.js?${version}"></script>`;
  return { 'model.js': forest, 'index.html': await pageWith(model, `'self'`, place) };
}

/** @param own what the page may ask for beside itself, as its policy says it: `'self'` or nothing */
async function pageWith(model: Model, own: "'self'" | '', forest: string, server = ''): Promise<string> {
  const { html, script, style } = await parts(model, 'offline.ts');
  const connect = own ? ` connect-src ${own};` : '';
  const policy = `default-src 'none'; script-src ${`${own} ${script}`.trim()};${connect} style-src ${style}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html
    .replace(
      '<meta charset="utf-8">',
      (meta) => `${meta}\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    )
    .replace('<script type="application/json"', (data) => server + data)
    .replace('</body>', () => `${forest}\n</body>`);
}
