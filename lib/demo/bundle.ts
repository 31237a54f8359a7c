import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A format that is read on the server only: its reader would take as much room in the page as the model. */
const ONLY_ON_THE_SERVER = `throw new Error(
  'Workbooks and Parquet files are read by the server (npm run demo) and not by this page: save the table as CSV');`;

/** Substitutes in a browser for what the table reader asks of Node and of packages. */
const IN_A_BROWSER: Record<string, string> = {
  'node:buffer': `
    const decoder = new TextDecoder('utf-8', { fatal: true });
    export function isUtf8(bytes) {
      try { decoder.decode(bytes); return true; } catch { return false; }
    }
    export const isAscii = (bytes) => bytes.every((byte) => byte < 128);`,
  'node:timers/promises': `
    export const setImmediate = () => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });`,
  'node:zlib': `
    import { gunzipSync as unzip } from 'fflate';
    export const gunzipSync = (bytes) => Buffer.from(unzip(bytes));`,
  'iconv-lite': `
    export function getDecoder(encoding) {
      const decoder = new TextDecoder(encoding);
      return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
    }
    export const decode = (bytes, encoding) => new TextDecoder(encoding).decode(bytes);
    export function encode(text, encoding) {
      const decoder = new TextDecoder(encoding);
      const codes = new Map(Array.from({ length: 256 }, (_, code) => [decoder.decode(Uint8Array.of(code)), code]));
      return Buffer.from(Array.from(text, (sign) => codes.get(sign) ?? 63));
    }`,
  // Its tables take a megabyte; without it, texts in old encodings are taken for Windows-1252.
  jschardet: 'export const detectAll = () => [], detect = () => ({ encoding: null, confidence: 0 });',
  hyparquet: ONLY_ON_THE_SERVER,
  'hyparquet-compressors': ONLY_ON_THE_SERVER,
  xlsx: ONLY_ON_THE_SERVER,
};

/** Puts those in the place of modules; other modules of Node are not used by the page and fall away. */
const inABrowser: Plugin = {
  name: 'in a browser',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:|iconv-lite$|jschardet$|hyparquet|xlsx$)/ }, ({ path }) => {
      return { path, namespace: 'browser', sideEffects: false };
    });
    // The forest's own part for browsers, which knows no threads of Node and no queue.
    onLoad({ filter: /engine[\\/]platform\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path.replace(/\.ts$/, '.browser.ts'), 'utf8'),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
    // One fflate, whether imported or required.
    onResolve({ filter: /^fflate$/ }, () => ({
      path: join(dirname(require.resolve('fflate')), '..', 'esm', 'browser.js'),
    }));
    onLoad({ filter: /.*/, namespace: 'browser' }, ({ path }) => ({
      contents: IN_A_BROWSER[path] ?? 'module.exports = {};',
      loader: 'js',
      resolveDir: __dirname,
    }));
  },
};

/** The text of one of the page's two scripts, with everything that it imports. */
export async function bundleOf(name: 'server.js' | 'offline.ts'): Promise<string> {
  // It is loaded only when a page is asked for, and by require, because tsx/cjs does not translate import().
  const esbuild = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(__dirname, 'page', name)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    inject: name === 'offline.ts' ? [join(__dirname, 'page', 'buffer.js')] : [],
    plugins: [inABrowser],
    logLevel: 'silent',
  });
  // esbuild's own process goes, so that it keeps neither memory nor a script alive.
  await esbuild.stop();
  return outputFiles[0].text;
}

const read = (name: string) => readFileSync(join(__dirname, 'page', name), 'utf8');

let minifiedStyle: string | undefined;

/** The page's style, which `docs` has too. */
export async function styleOf(): Promise<string> {
  if (minifiedStyle) return minifiedStyle;
  const esbuild = require('esbuild') as typeof import('esbuild');
  const { code } = await esbuild.transform(read('style.css'), { loader: 'css', minify: true });
  minifiedStyle = code.trim();
  return minifiedStyle;
}
