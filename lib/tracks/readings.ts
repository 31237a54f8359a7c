import { plainName } from './names';
import type { ColumnReading, Tracks } from './types';

/** One row of the table that says how a file was understood; the keys are its headings. */
export interface ReadingRow {
  column: string;
  'taken as': string;
  'unit found': string;
  converted: string;
  missing: number;
  notes: string;
}

/**
 * The rows of the table that says how each column of the file was understood.
 * @param tracks a table as `readTracks` gives it
 * @returns one row per column of the file, in its order
 * @example table(readingsTable(tracks), { index: 'column' })
 */
export function readingsTable({ readings }: Pick<Tracks, 'readings'>): ReadingRow[] {
  return readings.map(({ header, takenAs, unit, conversion, missing, note }) => ({
    column: header.trim() || '(unnamed)',
    'taken as': takenAs || 'kept as text',
    'unit found': unit,
    converted: conversion,
    missing,
    notes: note,
  }));
}

/** Counts the values that a column lacks. */
export function countMissing(values: Float64Array | readonly string[]): number {
  let missing = 0;
  if (values instanceof Float64Array) {
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) missing++;
  } else for (const value of values) if (value === '') missing++;
  return missing;
}

/** Puts the readings into sentences, for `tracks.notes`: first the names, then the conversions, then the rest. */
export function notesOf(readings: readonly ColumnReading[]): string[] {
  const known = readings.filter(({ takenAs }) => takenAs !== '');
  const renamed = known
    .filter(({ header, takenAs }) => plainName(header) !== plainName(takenAs))
    .map(({ header, takenAs }) => `"${header.trim()}" is taken for ${takenAs}`);
  const converted = new Map<string, string[]>();
  for (const { takenAs, conversion } of known) {
    if (conversion) converted.set(conversion, [...(converted.get(conversion) ?? []), takenAs]);
  }
  return [
    ...(renamed.length > 0 ? [`${renamed.join(', ')}.`] : []),
    ...[...converted].map(
      ([conversion, names]) => `The values of ${listOf(names, 'and')} are ${conversion}.`,
    ),
    ...known.flatMap(({ note }) => note || []),
  ];
}

/** Some names in a sentence: `a, b and c`. */
export const listOf = (names: readonly string[], before: 'and' | 'or') =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${before} ${names.at(-1)}`;
