/** Small notebooks for the tests, in a folder of their own that sees the project's packages and lib. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notebook } from '../../jupyter/nbformat';

const root = join(__dirname, '..', '..', '..');

/** A temporary folder with a notebook of these cells; a source that begins with `#` makes a markdown cell. */
export function testNotebook(...sources: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'notebook test é '));
  for (const name of ['node_modules', 'lib']) symlinkSync(join(root, name), join(folder, name), 'junction');
  const cells = sources.map((source, i) => {
    const cell = { cell_type: 'markdown', id: `cell${i}`, metadata: {}, source };
    return source.startsWith('#') ? cell : { ...cell, cell_type: 'code', outputs: [], execution_count: null };
  });
  const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
  const path = join(folder, 'test.ipynb');
  const write = (notebook: object | string | Buffer) => {
    const isWritten = typeof notebook === 'string' || Buffer.isBuffer(notebook);
    writeFileSync(path, isWritten ? notebook : JSON.stringify(notebook));
  };
  write({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
  return {
    folder,
    path,
    write,
    text: () => readFileSync(path, 'utf8'),
    json: () => JSON.parse(readFileSync(path, 'utf8')) as Notebook,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** True while a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until `condition` holds. @throws Error when it does not within `seconds` */
export async function eventually(condition: () => boolean, seconds: number, what: string): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`eventually requires ${what} within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
