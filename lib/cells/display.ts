import { type Figure, figureBundle, figureText } from './figure';
import type { TableView } from './table';

/** What a cell can show. */
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

async function bundleOf(thing: Showable): Promise<Record<string, unknown>> {
  if (typeof thing === 'string') return { 'text/plain': thing };
  if ('html' in thing) return { 'text/html': thing.html, 'text/plain': thing.text };
  return figureBundle(thing);
}

function textOf(thing: Showable): string {
  if (typeof thing === 'string') return thing;
  return 'html' in thing ? thing.text : figureText(thing);
}

/**
 * Shows figures, tables and text below the cell, one output each, in the order given: `await show(a, b)`.
 * Outside a notebook it prints their text. Stands for IPython's `display`.
 * @param things figures (`{ data, layout, alt }`), tables (`table(...)`) or text
 */
export async function show(...things: Showable[]): Promise<void> {
  const send = kernelSend();
  for (const thing of things) {
    if (send) send({ data: await bundleOf(thing), metadata: {}, transient: {} }, false);
    else console.log(textOf(thing));
  }
}
