import { InputError } from '../errors';
import { findColumn, SCHEMA } from './schema';
import { groupRows, songKey } from './songs';
import type { CleaningStep, Tracks } from './types';

/**
 * Makes a table fit for learning, and says what it took away (pandas: `dropna`, `drop_duplicates`). The rules:
 * 1. a row without the target or a needed feature goes (key -1 is Spotify's word for "none detected");
 * 2. a row with an impossible value, one outside the schema's range, goes: it says that something went wrong
 *    with the whole row;
 * 3. a missing optional value (genre, explicit, time signature, release date) stays: the encoder fills it with
 *    what is typical of the training rows;
 * 4. one row per song stays: rows with the same `songKey` or the same track id, also through other rows, are one
 *    song; the row with the highest popularity stays, of equals the first. The others are mostly re-releases
 *    whose popularity says more about the release than about the sound.
 * @returns the rows that stay, in their order, and the report: a line per column that rows were removed for or
 *   that has missing values filled in, and a line with 0 for a rule that removed nothing
 * @throws InputError where no row is left, or only one song
 */
export function cleanTracks(tracks: Tracks): { tracks: Tracks; report: CleaningStep[] } {
  const report: CleaningStep[] = [];
  let rows = Int32Array.from({ length: tracks.rowCount }, (_, row) => row);
  const keep = (step: string, why: string, stays: (row: number) => boolean) => {
    const rowsBefore = rows.length;
    rows = rows.filter(stays);
    if (rows.length < rowsBefore)
      report.push({ step, rowsBefore, rowsRemoved: rowsBefore - rows.length, why });
  };

  for (const { name, needed, categories } of SCHEMA) {
    const values = tracks.columns[name];
    if (!needed || !(values instanceof Float64Array)) continue;
    const none = categories ? -1 : Number.NaN;
    const why = `needed, and nothing can stand for it${name === 'key' ? ' (-1 counts as missing)' : ''}`;
    keep(`${name} missing`, why, (row) => !Number.isNaN(values[row]) && values[row] !== none);
  }
  nothing('needed value missing', 'every row has the target and all needed features', 0);
  const linesBefore = report.length;
  for (const { name, min = 0, max = 0, whole, unit } of SCHEMA) {
    const values = tracks.columns[name];
    if (!(values instanceof Float64Array)) continue;
    const why = `possible are ${whole ? 'whole numbers from ' : ''}${min} to ${max}${unit && ` ${unit}`}`;
    keep(
      `${name} out of range`,
      why,
      (row) =>
        Number.isNaN(values[row]) ||
        (values[row] >= min && values[row] <= max && !(whole && values[row] % 1)),
    );
  }
  nothing('value out of range', 'every value is possible', linesBefore);
  for (const name of Object.keys(tracks.columns)) {
    const column = findColumn(name);
    if (column?.name !== name || column.needed || column.role !== 'feature') continue;
    const values = tracks.columns[name];
    const missing = rows.filter((row) =>
      values instanceof Float64Array ? Number.isNaN(values[row]) : !values[row],
    );
    if (missing.length > 0) {
      const why = `${missing.length} rows stay: the encoder fills in what is typical of the training rows`;
      report.push({ step: `${name} missing`, rowsBefore: rows.length, rowsRemoved: 0, why });
    }
  }

  const linesOfValues = report.length;
  const best = mostPopular(tracks, rows);
  keep('song repeated', 'same name and first artist, or same track id: the most popular row stays', (row) =>
    best.has(row),
  );
  nothing('song repeated', 'every song has one row', linesOfValues);
  requireSongs(tracks, rows, report);
  return { tracks: selectRows(tracks, rows), report };
}

/** The rows, one per song: of each song the most popular, of equals the first. */
function mostPopular(tracks: Tracks, rows: Int32Array): Set<number> {
  const groups = findSongs(tracks, rows);
  const popularity = numbers(tracks, 'popularity');
  const best: number[] = [];
  rows.forEach((row, i) => {
    const before = best[groups[i]];
    if (before === undefined || popularity[row] > popularity[before]) best[groups[i]] = row;
  });
  return new Set(best);
}

/**
 * The song of each row: rows with the same `songKey` or the same track id, also through other rows, share a
 * number. A row without name, artists and id is a song of its own.
 * @param rows which rows, all by default
 * @returns one number per row asked for, 0, 1, 2, ... by first appearance
 */
export function findSongs(tracks: Tracks, rows?: ArrayLike<number>): Int32Array {
  const column = (name: string) => {
    const values = tracks.columns[name];
    return Array.isArray(values) ? values : undefined;
  };
  const names = column('track_name');
  const artists = column('artists');
  const ids = column('track_id');
  const which = rows ?? { length: tracks.rowCount };
  const keys = Array.from(which, (row: number | undefined, i) => {
    const at = row ?? i;
    return names && artists ? songKey(names[at], artists[at]) : '';
  });
  return groupRows(
    keys,
    Array.from(which, (row: number | undefined, i) => ids?.[row ?? i] ?? ''),
  );
}

function requireSongs(tracks: Tracks, rows: Int32Array, report: readonly CleaningStep[]): void {
  const [worst] = [...report].sort((a, b) => b.rowsRemoved - a.rowsRemoved);
  if (rows.length === 0) {
    throw new InputError(
      `${tracks.source} has no usable row: of its ${tracks.rowCount} rows ${worst.rowsRemoved} have ${worst.step} (${worst.why})`,
    );
  }
  if (rows.length === 1 && tracks.rowCount > 1) {
    throw new InputError(
      `${tracks.source} has only one song: of its ${tracks.rowCount} rows ${worst.rowsRemoved} go because of ${worst.step} (${worst.why})`,
    );
  }
}

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
      ? Float64Array.from(rows, (row) => values[row])
      : Array.from(rows, (row) => values[row]),
  ]);
  return {
    ...tracks,
    rowCount: rows.length,
    columns: Object.fromEntries(columns),
    lines: Int32Array.from(rows, (row) => tracks.lines[row]),
  };
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
