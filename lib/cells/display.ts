import { format } from 'node:util';
import { type Figure, figureBundle, figureText } from './figure';
import { type TableView, table } from './table';

/** A DataFrame of more rows than this is shown by its first and last `END_ROWS`. */
const MOST_ROWS = 20;
const END_ROWS = 5;

/** Everything that a cell can show. */
export type Showable = Figure | TableView | string;

/** One output of a cell: the same thing in several formats, of which the reader's program takes the best. */
export interface Bundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** Writes an output of the running cell, or with `update` replaces the one with the same `display_id`. */
export type Send = (bundle: Bundle, update: boolean) => void;

/**
 * The running kernel's way to display, or undefined outside tslab. It is looked up among the modules that
 * are loaded: importing tslab here would start no kernel, and would load its sockets into every script.
 */
export function kernelSend(): Send | undefined {
  const file = Object.keys(require.cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  return (file && require.cache[file]?.exports.lastWriteDisplayData) || undefined;
}

/**
 * Says how values of some type are shown, as a figure, a table or text; undefined for a value of another type.
 * @example addViewer((value) => (value instanceof Forest ? `A forest of ${value.trees.length} trees` : undefined));
 */
export type Viewer = (value: unknown) => Showable | undefined;

const viewers: Viewer[] = [viewShowable, viewFrame];

/**
 * From now on `show` and the last line of a cell show such values so. The last viewer added is asked first.
 * @param viewer how they are shown
 */
export function addViewer(viewer: Viewer): void {
  viewers.unshift(viewer);
}

function viewShowable(value: unknown): Showable | undefined {
  if (typeof value === 'string') return value;
  const { html, text, data, layout, alt } = Object(value);
  if (typeof html === 'string' && typeof text === 'string') return { html, text };
  return Array.isArray(data) && layout && typeof alt === 'string' ? { data, layout, alt } : undefined;
}

/** A DataFrame or a Series of danfojs, as pandas shows it: of more than twenty rows the first and last five. */
function viewFrame(value: unknown): Showable | undefined {
  const { $columns, $index, shape, values } = Object(value);
  if (!Array.isArray($columns) || !Array.isArray($index) || !Array.isArray(values)) return undefined;
  const [rowCount] = shape as [number];
  const rows = values.map((row) => (Array.isArray(row) ? row : [row]));
  const isLong = rowCount > MOST_ROWS;
  const ends = <T>(all: T[]) => (isLong ? [...all.slice(0, END_ROWS), ...all.slice(-END_ROWS)] : all);
  const frame = { columns: $columns.map(String), index: ends($index), values: ends(rows) };
  return table(frame, isLong ? { ofRows: rowCount } : {});
}

/** The outputs of a value that some viewer knows, or undefined. */
async function bundleOf(value: unknown): Promise<Record<string, unknown> | undefined> {
  const thing = viewOf(value);
  if (thing === undefined) return undefined;
  if (typeof thing === 'string') return { 'text/plain': thing };
  if ('html' in thing) return { 'text/html': thing.html, 'text/plain': thing.text };
  return figureBundle(thing);
}

function viewOf(value: unknown): Showable | undefined {
  for (const viewer of viewers) {
    const thing = viewer(value);
    if (thing !== undefined) return thing;
  }
  return undefined;
}

// The kernel asks here how a cell's last value is shown: see lib/jupyter/values.cjs.
Object.assign(globalThis, { [Symbol.for('Jupyter.displayOf')]: bundleOf });

function textOf(value: unknown): string {
  const thing = viewOf(value) ?? format(value);
  if (typeof thing === 'string') return thing;
  return 'html' in thing ? thing.text : figureText(thing);
}

/**
 * Shows values below the cell, one output each, in the order given: `await show(a, b)`. Outside a notebook it
 * prints their text. Stands for IPython's `display`.
 * @param things figures (`{ data, layout, alt }`), tables (`table(...)`), text, DataFrames, and whatever a viewer
 *   knows; other values are shown as `console.log` prints them
 */
export async function show(...things: unknown[]): Promise<void> {
  const send = kernelSend();
  for (const thing of things) {
    if (!send) console.log(textOf(thing));
    else {
      const data = (await bundleOf(thing)) ?? { 'text/plain': format(thing) };
      send({ data, metadata: {}, transient: {} }, false);
    }
  }
}
