import type { Tracks } from '../tracks/types';

/**
 * Returns the number of folds that some rows can be divided into: those wanted, or fewer, so that every fold has
 * two rows to judge by (R2 needs two), but never less than two folds.
 * @param rowCount rows that are divided
 * @param wanted folds that are asked for
 */
export function usableFolds(rowCount: number, wanted: number): number {
  return Math.max(2, Math.min(wanted, Math.floor(rowCount / 2)));
}

/** Columns by which tracks fall into groups, the most telling first. */
const GROUPINGS = ['track_genre', 'mode', 'key', 'explicit', 'time_signature'];

/**
 * The column by which the tracks of a table fall into groups: the genre, or failing that another category.
 * @returns undefined where the table has none
 */
export function groupingColumn(tracks: Pick<Tracks, 'columns'>): string | undefined {
  return GROUPINGS.find((name) => tracks.columns[name]);
}
