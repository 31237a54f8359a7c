import { escapeLabel } from '../cells/displayHtml';
import { SCHEMA } from '../tracks/schema';
import type { Feature, Tracks } from '../tracks/types';
import { COLOURS, GENRE_COLOURS, INK } from './theme';

/** The axis of a numeric column: its name, its unit, and the number that the column's values are divided by. */
export interface DrawnColumn {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly divideBy: number;
  /** Only whole numbers are possible. */
  readonly whole: boolean;
}

/** Durations are read in minutes, though files have milliseconds; a long unit would not fit below a panel. */
const FOR_READING: Record<string, Partial<DrawnColumn>> = {
  duration_ms: { unit: 'minutes', divideBy: 60_000 },
  time_signature: { unit: 'beats' },
};

/** The audio features that are amounts, as the schema has them. */
const AUDIO_FEATURES: readonly DrawnColumn[] = SCHEMA.filter(
  ({ kind, role }) => kind === 'number' && role === 'feature',
).map(({ name, label, unit, whole = false }) => ({
  ...{ name, label, unit, divideBy: 1, whole },
  ...FOR_READING[name],
}));

/** The title of a column's axis; one without a unit goes from 0 to 1. */
export const axisLabel = ({ label, unit }: DrawnColumn): string => (unit ? `${label} (${unit})` : label);

/** The columns of a table of tracks that the explore figures read: `Tracks` itself, or something like it. */
export type TrackColumns = Pick<Tracks, 'columns' | 'rowCount'>;

/** A numeric column, or undefined where the table does not have it. */
export function numericColumn(tracks: TrackColumns, name: string): Float64Array | undefined {
  const values = tracks.columns[name];
  return values instanceof Float64Array ? values : undefined;
}

/** A numeric column that a figure cannot do without. */
export function requiredColumn(tracks: TrackColumns, name: string, caller: string): Float64Array {
  const values = numericColumn(tracks, name);
  if (!values)
    throw new Error(
      `${caller} requires a numeric column ${name}, got ${Object.keys(tracks.columns).join(', ')}`,
    );
  return values;
}

/** The audio features that the table has. */
export const presentFeatures = (tracks: TrackColumns): DrawnColumn[] =>
  AUDIO_FEATURES.filter(({ name }) => numericColumn(tracks, name));

/** Longer names would make the notebook large and the hover text wider than the figure. */
const MAX_NAME = 40;

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : text;
}

/** "Name · artists" of every row, for hovering; the row's number where the table has neither. Not escaped. */
export function trackNames(tracks: TrackColumns): string[] {
  const textOf = (name: string, row: number) => String(tracks.columns[name]?.[row] ?? '');
  return Array.from({ length: tracks.rowCount }, (_, row) => {
    const words = [textOf('track_name', row), textOf('artists', row).replace(/;/g, ', ')];
    return words.filter(Boolean).map(shortened).join(' · ') || `row ${row}`;
  });
}

/** Rows that are drawn in one colour, and what the legend calls them; '' where there is no legend. */
export interface ColouredRows {
  name: string;
  colour: string;
  rows: number[];
}

/** Rows by genre, where there are no more genres than colours; else all rows in one colour. */
export function rowsByColour(tracks: TrackColumns | undefined, rows: readonly number[]): ColouredRows[] {
  const genres = tracks?.columns.track_genre;
  const names = Array.isArray(genres) ? [...new Set(genres)].filter(Boolean).sort() : [];
  if (!Array.isArray(genres) || names.length < 2 || names.length > GENRE_COLOURS.length)
    return [{ name: '', colour: COLOURS.blue, rows: [...rows] }];
  const parts = names.map((name, i) => ({ name, colour: GENRE_COLOURS[i] }));
  const without = { name: 'no genre', colour: INK };
  return [...parts, without]
    .map((part) => ({ ...part, rows: rows.filter((row) => (genres[row] || without.name) === part.name) }))
    .filter((part) => part.rows.length > 0);
}

/** A trace's entry in the legend: one for all panels, which a click hides. */
export const legendEntry = ({ name, colour }: ColouredRows, isFirst = true) => ({
  ...{ name: escapeLabel(name), legendgroup: name, showlegend: isFirst && name !== '' },
  marker: { color: colour, size: 5, opacity: 0.65 },
});

/** A row's value of a feature as people read it, e.g. `3.5 minutes` or `rock`. */
export function readableValue(feature: Feature, encoded: number): string {
  const value = encoded * feature.scale + feature.mean;
  if (feature.categories) return feature.categories[Math.round(value)] ?? String(value);
  if (feature.kind === 'boolean') return value > 0.5 ? 'yes' : 'no';
  if (feature.unit === 'ms') return `${(value / 60_000).toFixed(1)} minutes`;
  const decimals = Math.abs(value) >= 10 ? 0 : 2;
  return `${value.toFixed(decimals)}${feature.unit ? ` ${feature.unit}` : ''}`;
}
