import { InputError } from '../forest/src/index';
import { numbers, selectRows } from './columns';
import { NONE_GIVEN } from './genres';
import { findColumn } from './names';
import { SCHEMA } from './schema';
import { findSongs, songsToldBy } from './songs';
import type { CleaningStep, Tracks } from './types';

/**
 * Makes a table fit for learning, and says what it took away (pandas: `dropna`, `drop_duplicates`). The rules:
 * 1. a row without the target or a needed feature goes (key -1 is Spotify's word for "none detected");
 * 2. a row with an impossible value, one outside the schema's range, goes: it says that something went wrong
 *    with the whole row;
 * 3. a needed feature that more than half of the rows lack goes in place of the rows, and so does an optional one
 *    that all rows lack;
 * 4. a missing optional value (genre, explicit, time signature, release date) stays: the encoder fills it with
 *    what is typical of the training rows, and a missing genre is one of its own;
 * 5. of the rows that `findSongs` counts as one song the row with the highest popularity stays, of equals the first.
 *    The others are mostly re-releases, whose popularity says more about the release than about the sound.
 * @returns the rows that stay, in their order, and the report: a line per column that rows were removed for or
 *   that has missing values filled in, and a line with 0 for a rule that removed nothing
 * @throws InputError where no row is left, or only one song
 */
export function cleanTracks(given: Tracks): { tracks: Tracks; report: CleaningStep[] } {
  const report: CleaningStep[] = [];
  const tracks = withoutEmptyFeatures(given, report);
  let rows = Int32Array.from({ length: tracks.rowCount }, (_, row) => row);
  const keep = (step: string, why: string, stays: (row: number) => boolean) => {
    const rowsBefore = rows.length;
    rows = kept(rows, stays);
    if (rows.length < rowsBefore)
      report.push({ step, rowsBefore, rowsRemoved: rowsBefore - rows.length, why });
  };
  const none = (step: string, why: string) =>
    report.push({ step, rowsBefore: rows.length, rowsRemoved: 0, why });

  for (const { name, needed, categories } of SCHEMA) {
    const values = tracks.columns[name];
    if (!needed || !(values instanceof Float64Array)) continue;
    const undetected = categories ? -1 : Number.NaN;
    const why = `needed, and nothing can stand for it${name === 'key' ? ' (-1 counts as missing)' : ''}`;
    keep(`${name} missing`, why, (row) => !Number.isNaN(values[row]) && values[row] !== undetected);
  }
  if (rows.length === tracks.rowCount)
    none('needed value missing', 'every row has the target and all needed features');
  const complete = rows.length;
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
  if (rows.length === complete) none('value out of range', 'every value is possible');
  report.push(...filledIn(tracks, rows));

  const rowsBefore = rows.length;
  const best = mostPopular(tracks, rows);
  const toldBy = songsToldBy(tracks);
  keep('song repeated', `${toldBy}: the most popular row stays`, (row) => best.has(row));
  if (best.size === rowsBefore)
    none(
      'song repeated',
      toldBy === ''
        ? 'nothing in the table tells songs apart, so a song may have several rows'
        : `every song has one row, to judge by ${toldBy}`,
    );
  requireSongs(tracks, rows, report);
  return { tracks: selectRows(tracks, rows), report };
}

/**
 * Takes out the features that most rows lack. Missing values of optional features are filled in, so these go only if
 * all rows lack them.
 */
function withoutEmptyFeatures(tracks: Tracks, report: CleaningStep[]): Tracks {
  const { rowCount } = tracks;
  const columns = { ...tracks.columns };
  for (const { name, needed, role, categories } of SCHEMA) {
    const values = columns[name];
    if (role !== 'feature' || !values) continue;
    const undetected = categories ? -1 : Number.NaN;
    let missing = 0;
    for (const value of values) {
      if (value === '' || Number.isNaN(value) || value === undetected) missing++;
    }
    if (needed ? 2 * missing <= rowCount : missing < rowCount) continue;
    delete columns[name];
    const why = `${missing} of ${rowCount} rows lack it: the features do without it`;
    report.push({ step: `${name} left out`, rowsBefore: rowCount, rowsRemoved: 0, why });
  }
  return Object.keys(columns).length < Object.keys(tracks.columns).length ? { ...tracks, columns } : tracks;
}

/** Reports missing optional values; rows with such values stay. */
function filledIn(tracks: Tracks, rows: Int32Array): CleaningStep[] {
  return Object.keys(tracks.columns).flatMap((name) => {
    const column = findColumn(name);
    if (column?.name !== name || column.needed || column.role !== 'feature') return [];
    const values = tracks.columns[name];
    const missing = kept(rows, (row) =>
      values instanceof Float64Array ? Number.isNaN(values[row]) : !values[row],
    );
    if (missing.length === 0) return [];
    const isOpen = column.kind === 'category' && !column.categories;
    const how = isOpen ? `count as "${NONE_GIVEN}"` : 'get what is typical of the training rows';
    const why = `${missing.length} ${missing.length > 1 ? 'rows stay' : 'row stays'}: the missing values ${how}`;
    return [{ step: `${name} missing`, rowsBefore: rows.length, rowsRemoved: 0, why }];
  });
}

/** The rows that stay, in their order; the same array where all do. */
function kept(rows: Int32Array, stays: (row: number) => boolean): Int32Array {
  const left = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (stays(rows[i])) left[count++] = rows[i];
  return count === rows.length ? rows : left.slice(0, count);
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
