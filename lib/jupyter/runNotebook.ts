import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { requireWritable, writeFileAtomic } from '../files';
import { InputError } from '../forest/src/index';
import { failure } from './failure';
import { Kernel, whenAborted } from './kernelProcess';
import { type Cell, formatNotebook, type Notebook, readNotebook } from './nbformat';
import { OutputCollector } from './outputs';
import { type Setting, withSettings } from './settings';
import type { Message } from './wire';

/** The progress of a run, for the caller to show. */
export interface RunReport {
  /** Cell `number` of `total` code cells starts, in the section of that heading ('' for none), with that line. */
  cell?(number: number, total: number, heading: string, firstLine: string): void;
  /** The latest text of an output that changes in place, such as a progress bar. */
  progress?(text: string): void;
}

/** Settings of a run. */
export interface RunNotebookOptions {
  /** Environment of the kernel; default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Stops kernel and run when it is aborted; the run then rejects with the signal's reason. */
  signal?: AbortSignal;
  report?: RunReport;
  /** Settings of this run in place of those that the cell `const settings = { … }` writes. */
  settings?: readonly Setting[];
}

/**
 * Executes a TypeScript notebook from top to bottom in a tslab kernel of its own and replaces the file by the executed
 * one. The file stays as it was unless every cell has passed. Works like `jupyter execute --inplace`, without Python.
 * @param path the notebook; its cells run in its folder
 * @returns the number of code cells that were run
 * @throws InputError when the notebook cannot be run, or with number, source and message of the first cell that fails;
 *   when that cell refused the user's input, with that one sentence only
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<number> {
  const { env = process.env, signal, report = {}, settings = [] } = options;
  const file = resolve(path);
  const notebook = readNotebook(file);
  const before = readFileSync(file);
  // A notebook that cannot be saved need not be run.
  requireWritable(file);
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code' && cell.source.trim() !== '');
  const settingsCell = changeSettings(cells, settings, basename(file));
  const collector = new OutputCollector();
  let said: string[] = []; // by the cell that runs, on stderr and as its error, one string per call
  let giveUp: (reason: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  broken.catch(() => {});

  const receive = (message: Message) => {
    const { type, content } = message;
    try {
      collector.add(message);
    } catch (error) {
      return giveUp(error as Error);
    }
    if (type === 'stream' && content.name === 'stderr') {
      said.push(content.text!);
      // tslab prints this and goes on, when a promise is rejected or a callback throws after its cell has ended.
      const late = /^(UnhandledPromiseRejection|UncaughtException):\s*/.exec(content.text!);
      if (late) giveUp(new Error(content.text!.slice(late[0].length)));
    }
    if (type === 'error') said.push(content.traceback!.join('\n'));
    if (type.endsWith('display_data') && content.transient?.display_id) {
      report.progress?.(String(content.data?.['text/plain'] ?? ''));
    }
  };

  const kernel = await Kernel.start(dirname(file), withoutColours(env), receive, signal);
  const aborted = whenAborted(signal);
  try {
    for (const [i, cell] of cells.entries()) {
      const [number, isLast] = [i + 1, i + 1 === cells.length];
      report.cell?.(number, cells.length, headingOf(notebook, cell), cell.source.trim().split('\n', 1)[0]);
      cell.outputs = collector.startCell();
      said = [];
      const run = async () => {
        const source = cell === settingsCell?.cell ? settingsCell.source : cell.source;
        const { status, executionCount } = await kernel.execute(source);
        if (status !== 'ok' && cell === settingsCell?.cell)
          throw new Error(settingsCell.explain(said.join('')));
        if (status !== 'ok' && !mayRaise(cell)) throw new Error(said.join(''));
        if (isLast) await kernel.settle();
        cell.execution_count = executionCount;
      };
      await Promise.race([run(), broken, aborted]).catch((error) => {
        throw signal?.aborted
          ? signal.reason
          : failure(error, cell.source, `Cell ${number} of ${cells.length}`);
      });
    }
    notebook.metadata = { ...notebook.metadata, language_info: kernel.languageInfo };
  } finally {
    await kernel.stop();
  }
  signal?.throwIfAborted();
  if (hasChanged(file, before)) {
    throw new InputError(`${basename(file)} was changed while it ran, and is left so: run it again`);
  }
  writeFileAtomic(file, formatNotebook(notebook));
  return cells.length;
}

/** The first cell that declares settings, as it runs with these; undefined for none. */
function changeSettings(cells: readonly Cell[], settings: readonly Setting[], name: string) {
  if (settings.length === 0) return undefined;
  for (const cell of cells) {
    const changed = withSettings(cell.source, settings);
    if (changed) return { cell, ...changed };
  }
  throw new InputError(`--set requires a cell \`const settings = { … }\`, ${name} has none`);
}

/** The tag with which Jupyter marks a cell that may fail, after which the run goes on. */
const mayRaise = ({ metadata: { tags } }: Cell) => Array.isArray(tags) && tags.includes('raises-exception');

/** Colours asked for by this terminal do not belong in a file. */
function withoutColours(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, CLICOLOR_FORCE: __, ...rest } = env;
  return rest;
}

/** The last heading above a cell, or ''. */
function headingOf(notebook: Notebook, cell: Cell): string {
  const above = notebook.cells
    .slice(0, notebook.cells.indexOf(cell))
    .filter((c) => c.cell_type === 'markdown');
  return above.flatMap((c) => [...c.source.matchAll(/^#+\s+(.+)$/gm)].map((match) => match[1])).at(-1) ?? '';
}

function hasChanged(file: string, before: Buffer): boolean {
  try {
    return !readFileSync(file).equals(before);
  } catch {
    return true; // removed, or a folder now
  }
}
