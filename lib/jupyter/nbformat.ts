import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../forest/src/index';

/** A JSON object whose fields this file does not know. */
type Json = Record<string, unknown>;

/** An output of a cell, as nbformat 4 stores it; text is one string here, lines in the file. */
export type Output =
  | { output_type: 'stream'; name: string; text: string }
  | { output_type: 'display_data'; data: Json; metadata: Json }
  | { output_type: 'execute_result'; execution_count: number | null; data: Json; metadata: Json }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

/** One cell; `outputs` and `execution_count` are there in code cells only. */
export interface Cell {
  cell_type: 'code' | 'markdown' | 'raw';
  id: string;
  metadata: Json;
  source: string;
  outputs?: Output[];
  execution_count?: number | null;
}

/** A notebook of nbformat 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html */
export interface Notebook {
  cells: Cell[];
  metadata: Json;
  nbformat: 4;
  nbformat_minor: number;
}

const isObject = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);

/**
 * Reads a notebook of nbformat 4.x for the TypeScript kernel and brings it to 4.5: sources joined to strings, an id in
 * every cell (a missing or repeated one becomes `cell-<number>`).
 * @throws InputError with one sentence for a file that is missing, malformed, older or for another language
 */
export function readNotebook(path: string): Notebook {
  const name = basename(path);
  const refuse = (what: string): never => {
    throw new InputError(`${name} ${what}`);
  };
  const notebook = parse(path, name);
  if (!isObject(notebook) || typeof notebook.nbformat !== 'number') {
    return refuse('is not a Jupyter notebook: it has no nbformat number');
  }
  if (notebook.nbformat !== 4) {
    refuse(`has nbformat ${notebook.nbformat}, the runner reads 4: open and save it once in JupyterLab`);
  }
  if (!Array.isArray(notebook.cells)) refuse('is not a Jupyter notebook: it has no list of cells');
  const metadata = isObject(notebook.metadata) ? notebook.metadata : {};
  const language = languageOf(metadata);
  if (!/^(typescript|tslab)$/i.test(language)) {
    refuse(`is a notebook for ${language}, the runner executes TypeScript notebooks (kernel tslab)`);
  }
  const seen = new Set<string>();
  const cells = (notebook.cells as unknown[]).map((cell, i) => readCell(cell, i + 1, seen, refuse));
  return { ...notebook, metadata, cells, nbformat: 4, nbformat_minor: 5 };
}

function parse(path: string, name: string): unknown {
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    // A pipe may never end, so it is not read.
    if (!stat.isFile() && !stat.isDirectory())
      throw new InputError(`${name} is a pipe or a device, not a notebook`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new InputError(`There is no notebook ${name}`);
    if (code === 'EISDIR') throw new InputError(`${name} is a folder, not a notebook`);
    throw new InputError(`${name} cannot be read: ${(error as Error).message}`);
  }
  // A broken character would be saved as another one.
  if (!isUtf8(bytes)) throw new InputError(`${name} is not a Jupyter notebook: it is not UTF-8 text`);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${name} is not a Jupyter notebook: ${inOneLine((error as Error).message)}${lineOf(error as Error, text)}`,
    );
  }
  if (isNestedBeyond(notebook, MAX_DEPTH)) {
    throw new InputError(`${name} is not a Jupyter notebook: it is nested over ${MAX_DEPTH} deep`);
  }
  return notebook;
}

/** JSON may be nested too deep to be written again after parsing; Jupyter's own notebooks stay below twenty. */
const MAX_DEPTH = 500;

function isNestedBeyond(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isNestedBeyond(inner, depth - 1));
}

/** V8's message quotes a part of the text, with its line ends and all other signs. */
const inOneLine = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');

/** The line of the place that V8 names by its character, if it does; from Node 22 on V8 names it by itself. */
function lineOf({ message }: Error, text: string): string {
  const at = /at position (\d+)$/.exec(message)?.[1];
  if (at === undefined) return text.trim() === '' ? ' (the file is empty)' : '';
  return ` (line ${text.slice(0, Number(at)).split('\n').length})`;
}

/** The language that a notebook's metadata names; TypeScript where they name none. */
function languageOf({ kernelspec, language_info: info }: Json): string {
  if (isObject(kernelspec)) return String(kernelspec.language ?? kernelspec.name ?? 'typescript');
  return isObject(info) ? String(info.name ?? 'typescript') : 'typescript';
}

function readCell(cell: unknown, number: number, seen: Set<string>, refuse: (what: string) => never): Cell {
  if (!isObject(cell)) return refuse(`has a cell ${number} that is no object`);
  const { cell_type: type } = cell;
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') {
    return refuse(`has a cell ${number} of type ${JSON.stringify(type)}, known are code, markdown and raw`);
  }
  const lines = Array.isArray(cell.source) ? cell.source : [cell.source];
  if (!lines.every((line) => typeof line === 'string')) return refuse(`has a cell ${number} without a text`);
  let id = typeof cell.id === 'string' && /^[\w-]{1,64}$/.test(cell.id) ? cell.id : '';
  for (let suffix = ''; id === '' || seen.has(id); suffix += '-') id = `cell-${number}${suffix}`;
  seen.add(id);
  const metadata = isObject(cell.metadata) ? { ...cell.metadata } : {};
  if (type !== 'code') return { ...cell, cell_type: type, id, metadata, source: lines.join('') };
  delete metadata.execution; // the times of an earlier run
  const fresh = { outputs: [], execution_count: null };
  return { ...cell, cell_type: type, id, metadata, source: lines.join(''), ...fresh };
}

/**
 * The notebook file's text, byte for byte as Jupyter itself saves it (keys sorted, one space of indentation, text as
 * lists of lines), so that saving from JupyterLab changes only what really changed.
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: splitLines(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(formatOutput) }),
  }));
  return `${pythonJson({ ...notebook, cells })}\n`;
}

function formatOutput(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) };
  if (output.output_type === 'error') return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const isText = type.startsWith('text/') || type === 'image/svg+xml' || type === 'application/javascript';
    return [type, isText && typeof value === 'string' ? splitLines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

/** As Python's `str.splitlines(True)`, which Jupyter uses: every line keeps its end. */
export function splitLines(text: string): string[] {
  return text
    .match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g)!
    .filter(Boolean);
}

/**
 * JSON as Python's `json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)` writes what it has read from
 * JavaScript's JSON: 0.0000765 is 7.65e-05 there.
 */
export function pythonJson(value: unknown, margin = '\n'): string {
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${margin} `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => pythonJson(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        // Python compares code points, as the bytes of UTF-8 do.
        .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  return items.length === 0 ? open + close : `${open}${inner}${items.join(`,${inner}`)}${margin}${close}`;
}

/** Python has an exponent below 0.0001, of two digits or more; JavaScript has one below 0.000001. */
function pythonNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-4) return JSON.stringify(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
