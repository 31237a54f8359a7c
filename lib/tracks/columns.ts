import type { Tracks } from './types';

/**
 * The table of some rows, in the order given (pandas: `iloc`).
 * @throws Error for a row that the table does not have
 */
export function selectRows(tracks: Tracks, rows: ArrayLike<number>): Tracks {
  for (let i = 0; i < rows.length; i++) {
    if (!(rows[i] >= 0 && rows[i] < tracks.rowCount && Number.isInteger(rows[i]))) {
      throw new Error(`selectRows requires row numbers from 0 to ${tracks.rowCount - 1}, got ${rows[i]}`);
    }
  }
  const columns = Object.entries(tracks.columns).map(([name, values]) => [
    name,
    values instanceof Float64Array
      ? mapRows(rows, (row) => values[row])
      : Array.from({ length: rows.length }, (_, i) => values[rows[i]]),
  ]);
  return {
    ...tracks,
    rowCount: rows.length,
    columns: Object.fromEntries(columns),
    lines: Int32Array.from({ length: rows.length }, (_, i) => tracks.lines[rows[i]]),
  };
}

/** The first rows, as many as there are (pandas: `head`). */
export function firstRows(tracks: Tracks, count: number): Tracks {
  const rows = Int32Array.from({ length: Math.min(count, tracks.rowCount) }, (_, row) => row);
  return selectRows(tracks, rows);
}

/** A number for each of some rows. `Float64Array.from` does the same at ten times the cost per row. */
export function mapRows(rows: ArrayLike<number>, value: (row: number) => number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = value(rows[i]);
  return values;
}

/**
 * A column of numbers.
 * @throws Error where the table has no such column, or it is text
 */
export function numbers(tracks: Tracks, name: string): Float64Array {
  const values = tracks.columns[name];
  if (!(values instanceof Float64Array)) {
    throw new Error(`numbers requires a column of numbers, got ${JSON.stringify(name)}`);
  }
  return values;
}

/**
 * A column of text.
 * @throws Error where the table has no such column, or it is numbers
 */
export function texts(tracks: Tracks, name: string): string[] {
  const values = tracks.columns[name];
  if (!Array.isArray(values)) throw new Error(`texts requires a column of text, got ${JSON.stringify(name)}`);
  return values;
}
