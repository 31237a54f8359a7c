/**
 * The kernel and the workers' code, read from the files beside this one. The package's build puts their content in
 * the place of this module (see build.mjs), so that a bundler has no file to move.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The compiled kernel, a WebAssembly module. */
export function kernelBytes(): Uint8Array {
  return readFileSync(join(__dirname, 'kernel.wasm'));
}

/** The text of worker.cjs. */
export function workerCode(): string {
  return readFileSync(join(__dirname, 'worker.cjs'), 'utf8');
}

/** The text of plainWorker.ts: from source, one that has tsx compile it. */
export function plainWorkerCode(): string {
  const file = join(__dirname, 'plainWorker.ts');
  const compiler = createRequire(file).resolve('tsx/cjs');
  return `require(${JSON.stringify(compiler)}); module.exports = require(${JSON.stringify(file)});`;
}
