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
  /** What its policy must allow: the hashes of its script and its style. */
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
export async function offlinePage(model: Model, address?: string): Promise<string> {
  const { html, script, style } = await parts(model, 'offline.ts');
  const policy = `default-src 'none'; script-src ${script}; style-src ${style}; img-src data:; base-uri 'none'; form-action 'none'`;
  const server = address ? `<script type="text/plain" id="server">${encodeURI(address)}</script>\n` : '';
  const forest = `<script type="text/plain" id="forest">${squeeze(model.contents)}</script>\n`;
  return html
    .replace(
      '<meta charset="utf-8">',
      (meta) => `${meta}\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    )
    .replace('<script type="application/json"', (data) => server + data)
    .replace('</body>', () => `${forest}</body>`);
}
