import { InputError, type Table } from '../forest/src/index';
import { categoryCode } from './cells';
import { mapRows, numbers, texts } from './columns';
import { yearOf } from './dates';
import { genreCategories, genreCoder } from './genres';
import { findColumn } from './names';
import { standardise } from './scaler';
import { columnOf, SCHEMA } from './schema';
import type { Feature, TrackRecord, Tracks } from './types';

export interface EncoderOptions {
  /** Standardise the numbers (default true); false leaves them in their units. */
  scale?: boolean;
  /** The features, in order; default all of the schema that the table has, in the schema's order. */
  features?: readonly string[];
}

/**
 * Turns tracks into the numbers that a model takes, with everything learnt on the training rows: categories
 * become codes (scikit-learn: `OrdinalEncoder`; key and mode have fixed codes, genres are sorted), numbers are
 * standardised (`StandardScaler`, bit for bit), a release date becomes its year. A missing optional value becomes
 * what is typical of the training rows (median of numbers, most frequent category); so does a missing or unknown
 * genre where the training rows have no such category (see `genreCategories`). A constant feature stays, with scale 1.
 * @example
 * const encoder = new FeatureEncoder().fit(tracks, split.train);
 * const X = encoder.transform(tracks, split.train);
 */
export class FeatureEncoder {
  private fitted: Feature[] | undefined;

  constructor(private readonly options: EncoderOptions = {}) {}

  /** The learnt features, in order. */
  get features(): Feature[] {
    if (!this.fitted) throw new Error('FeatureEncoder requires fit before its features are used');
    return this.fitted;
  }

  /**
   * Learns codes, means and scales.
   * @param tracks a cleaned table
   * @param trainRows the rows to learn from, all by default
   * @throws Error for a feature that the table does not have; InputError for a missing needed value
   */
  fit(tracks: Tracks, trainRows?: ArrayLike<number>): this {
    const rows = trainRows ?? allRows(tracks);
    if (rows.length === 0) throw new Error('FeatureEncoder.fit requires at least one training row, got 0');
    this.fitted = this.chosen(tracks).map((name) => learn(tracks, name, rows, this.options.scale ?? true));
    return this;
  }

  /**
   * The features of some rows as a column-wise table.
   * @param rows which rows, in which order; all by default
   */
  transform(tracks: Tracks, rows: ArrayLike<number> = allRows(tracks)): Table {
    const columns = this.features.map((feature) => {
      const values = natural(tracks, feature.name, rows, feature.categories);
      return values.map(
        (value) => ((Number.isNaN(value) ? feature.typical : value) - feature.mean) / feature.scale,
      );
    });
    return { names: this.features.map(({ name }) => name), rowCount: rows.length, columns };
  }

  /**
   * One track in natural units, e.g. `{ danceability: 0.7, key: 'C#', mode: 'major', explicit: false,
   * track_genre: 'rock', tempo: 120, duration_ms: 210000, ... }`. Names in any spelling of the schema; categories
   * by name or code; optional ones may be left out; columns that are no features are ignored.
   * @returns the features as `transform` gives them
   * @throws InputError naming the field, its value and what is allowed
   */
  encodeTrack(record: TrackRecord): Float64Array {
    const given = new Map<string, TrackRecord[string]>();
    for (const [field, value] of Object.entries(record)) {
      const name = this.features.find((one) => one.name === field)?.name ?? findColumn(field)?.name;
      if (!name) {
        const allowed = this.features.map((one) => one.name).join(', ');
        throw new InputError(`A track has no field ${JSON.stringify(field)}; its fields are ${allowed}`);
      }
      given.set(name === 'release_date' ? 'release_year' : name, value);
    }
    return Float64Array.from(this.features, (feature) => {
      const value = naturalNumber(feature, given.get(feature.name));
      return (value - feature.mean) / feature.scale;
    });
  }

  private chosen(tracks: Tracks): string[] {
    const available = SCHEMA.filter(({ name, role }) => role === 'feature' && tracks.columns[name]).map(
      ({ name }) => name,
    );
    if (!this.options.features) return available.map(featureName);
    return this.options.features.map((asked) => {
      const name = findColumn(asked)?.name ?? asked;
      if (available.includes(name)) return featureName(name);
      throw new Error(
        `FeatureEncoder requires features among ${available.join(', ')}, got ${JSON.stringify(asked)}`,
      );
    });
  }
}

/**
 * The table for a linear model: every category feature as one 0/1 column per category but the first
 * (scikit-learn: `OneHotEncoder(drop='first')`), after the other features as in a `ColumnTransformer`.
 * @param table what `FeatureEncoder.transform` gave
 * @param features that encoder's features
 * @example oneHot({ names: ['mode'], ... }, features).names // ['mode=major']
 */
export function oneHot(table: Table, features: readonly Feature[]): Table {
  if (features.length !== table.columns.length) {
    throw new Error(
      `oneHot requires one feature per column (${table.columns.length}), got ${features.length}`,
    );
  }
  const plain = features.flatMap(({ name, kind }, j) =>
    kind === 'category' ? [] : [{ name, column: table.columns[j] }],
  );
  const dummies = features.flatMap(({ name, categories = [], kind }, j) =>
    (kind === 'category' ? categories.slice(1) : []).map((category, k) => ({
      name: `${name}=${category}`,
      column: table.columns[j].map((code) => (code === k + 1 ? 1 : 0)),
    })),
  );
  const all = [...plain, ...dummies];
  return {
    names: all.map(({ name }) => name),
    rowCount: table.rowCount,
    columns: all.map(({ column }) => column),
  };
}

/** The code of a genre that the training rows did not have; undefined where they had no rare ones either. */
function unknownCode({ name, categories = [] }: Feature, genre: string): number | undefined {
  const code = name === 'track_genre' ? genreCoder(categories)(genre) : Number.NaN;
  return Number.isNaN(code) ? undefined : code;
}

const learnGenres = (tracks: Tracks, name: string, rows: ArrayLike<number>) => {
  const values = texts(tracks, name);
  return genreCategories(Array.from(rows, (row) => values[row]));
};

/** Learns a feature from the schema and the training rows. */
function learn(tracks: Tracks, name: string, rows: ArrayLike<number>, scale: boolean): Feature {
  const column = columnOf(name === 'release_year' ? 'release_date' : name);
  const kind = column.kind === 'date' || column.kind === 'text' ? 'number' : column.kind;
  const categories =
    kind !== 'category' ? undefined : [...(column.categories ?? learnGenres(tracks, name, rows))];
  if (categories?.length === 0) categories.push('unknown');
  const given = natural(tracks, name, rows, categories);
  const known = given.filter((value) => !Number.isNaN(value));
  const typical = known.length === 0 ? (column.min ?? 0) : kind === 'number' ? median(known) : mode(known);
  // Filled in before mean and scale are learnt, as scikit-learn's SimpleImputer does before its StandardScaler.
  const values = given.map((value) => (Number.isNaN(value) ? typical : value));
  return {
    name,
    kind,
    label: name === 'release_year' ? 'Release year' : column.label,
    unit: column.unit,
    description: name === 'release_year' ? 'Year of release' : column.description,
    min: column.min ?? 0,
    max: column.max ?? categories!.length - 1,
    seenMin: values.reduce((a, b) => Math.min(a, b)),
    seenMax: values.reduce((a, b) => Math.max(a, b)),
    typical,
    ...(categories && { categories }),
    ...(scale && kind === 'number' ? standardise(values) : { mean: 0, scale: 1 }),
  };
}

/** A feature's values in natural units or codes, NaN where an optional one is missing. */
function natural(
  tracks: Tracks,
  name: string,
  rows: ArrayLike<number>,
  categories?: readonly string[],
): Float64Array {
  if (name === 'release_year') {
    const dates = texts(tracks, 'release_date');
    return mapRows(rows, (row) => yearOf(dates[row]));
  }
  const column = tracks.columns[name];
  if (Array.isArray(column)) {
    const codeOf = genreCoder(categories ?? []);
    return mapRows(rows, (row) => codeOf(column[row]));
  }
  const values = numbers(tracks, name);
  const { needed } = columnOf(name);
  return mapRows(rows, (row) => {
    if (needed && Number.isNaN(values[row])) {
      throw new InputError(
        `${tracks.source}, line ${tracks.lines[row]} has no ${name}, which every track needs (cleanTracks leaves such rows out)`,
      );
    }
    return values[row];
  });
}

/** The number that one given value stands for; the typical one where an optional feature is not given. */
function naturalNumber(feature: Feature, value: TrackRecord[string]): number {
  const { name, kind, min, max, unit, categories = [] } = feature;
  if (value === undefined || value === null || value === '') {
    const { needed } = columnOf(name === 'release_year' ? 'release_date' : name);
    const missing = genreCoder(categories)('');
    if (!needed) return Number.isNaN(missing) ? feature.typical : missing;
  }
  const code =
    typeof value === 'string' && kind !== 'number'
      ? (categoryCode(value, kind === 'boolean' ? ['false', 'true'] : categories) ??
        unknownCode(feature, value))
      : undefined;
  const number = name === 'release_year' && typeof value === 'string' ? yearOf(value) : (code ?? value);
  const natural = kind === 'boolean' && typeof number === 'boolean' ? Number(number) : number;
  const isWhole = kind === 'number' || Number.isInteger(natural);
  if (typeof natural === 'number' && natural >= min && natural <= max && isWhole) return natural;
  const allowed =
    kind === 'boolean'
      ? 'true or false'
      : kind === 'category'
        ? `one of ${categories.join(', ')}`
        : `a number from ${min} to ${max}${unit && ` ${unit}`}`;
  throw new InputError(`A track's ${name} must be ${allowed}, got ${JSON.stringify(value) ?? 'nothing'}`);
}

const featureName = (column: string) => (column === 'release_date' ? 'release_year' : column);

const allRows = (tracks: Tracks) => Int32Array.from({ length: tracks.rowCount }, (_, row) => row);

/** The middle of the sorted values, between the two middle ones where their number is even. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The most frequent value, of equals the smallest. */
function mode(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) =>
    one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best,
  )[0];
}
