import type { IntervalRule, Scores } from '../forest/src/index';
import { ExtraTreesRegressor, InputError, RandomForestRegressor } from '../forest/src/index';
import { yearOf } from '../tracks/dates';
import { genreCoder } from '../tracks/genres';
import type { Feature, Tracks } from '../tracks/types';
import { modelText, parseModel } from './file';
import { type Example, FORMAT, MOST_SONGS, type ModelContents, VERSION } from './format';
import type { Model } from './model';
import { packTrees, type Trees } from './packedTrees';
import { isPossible, songLine } from './songs';

/** How many tracks of the test rows the demo offers: enough to search in, 20 kB of the file. */
const EXAMPLE_COUNT = 120;
/** Bins of five points from 0 to 100. */
const BIN_COUNT = 20;

/** The parts that `buildModel` puts together. */
export interface ModelParts {
  /** A fitted forest: ours, or scikit-learn's arrays with their parameters. */
  forest: { arrays: Trees; params: object };
  /** The encoder's features, in the forest's order. */
  features: readonly Feature[];
  /** The cleaned tracks, and which of its rows are which. */
  tracks: Tracks;
  train: ArrayLike<number>;
  test: ArrayLike<number>;
  /** Rows of the file before cleaning. */
  fileRows: number;
  /** Scores on the test rows by name, e.g. `{ r2, meanAbsoluteError }`. */
  metrics: Readonly<Record<string, number>> | Scores;
  interval: IntervalRule;
}

/**
 * A model from a trained forest and what surrounds it; the same parts give the same model file.
 * @throws InputError naming the part that a model file may not have so
 * @example saveModel('models/model.json', buildModel({ forest, features: encoder.features, ... }))
 */
export function buildModel(parts: ModelParts): Model {
  const { forest, features, tracks, train, test } = parts;
  if (forest.arrays.nFeatures !== features.length) {
    throw new InputError(
      `buildModel requires one feature per column of the forest, got ${features.length} for ${forest.arrays.nFeatures}`,
    );
  }
  const target = { name: 'popularity', min: 0, max: 100 };
  const contents: ModelContents = {
    format: FORMAT,
    version: VERSION,
    target,
    features: features.map((feature) => ({ ...feature })),
    hyperparameters: hyperparametersOf(forest),
    data: {
      file: tracks.source.split(/[\\/]/).pop()!.slice(0, 1000),
      sha256: tracks.sha256,
      rows: parts.fileRows,
      trainRows: train.length,
      testRows: test.length,
    },
    metrics: { ...parts.metrics },
    interval: { ...parts.interval },
    popularity: histogram(column(tracks, target.name), train, target),
    examples: examplesOf(tracks, test, features),
    songs: songLines(parts),
    trees: packTrees(forest.arrays),
  };
  // Through the file's text: what predicts now is exactly what will be loaded, and every check has been passed.
  return parseModel(modelText(contents), 'buildModel');
}

/** Parameters that the file always tells, in this order; it tells others where they are not scikit-learn's defaults. */
const TOLD = [
  'nEstimators',
  'maxDepth',
  'minSamplesSplit',
  'minSamplesLeaf',
  'maxFeatures',
  'bootstrap',
  'randomState',
];

/** nJobs says how the forest was grown, not what it is: another machine must write the same file. */
function hyperparametersOf(forest: ModelParts['forest']): Record<string, unknown> {
  const params = forest.params as Readonly<Record<string, unknown>>;
  const defaults: Record<string, unknown> = { ...new RandomForestRegressor().params };
  const others = Object.keys(params).filter(
    (name) => name !== 'nJobs' && !TOLD.includes(name) && params[name] !== defaults[name],
  );
  const told = [...TOLD.filter((name) => name in params), ...others];
  const asText = (value: unknown) => (Array.isArray(value) ? value.join(', ') : value);
  const kind = forest instanceof ExtraTreesRegressor ? { estimator: 'ExtraTreesRegressor' } : {};
  return { ...kind, ...Object.fromEntries(told.map((name) => [name, asText(params[name])])) };
}

function column(tracks: Tracks, name: string): Float64Array | string[] {
  const values = tracks.columns[name];
  if (!values)
    throw new InputError(
      `buildModel requires a column ${name}, got ${Object.keys(tracks.columns).join(', ')}`,
    );
  return values;
}

function histogram(
  values: ArrayLike<number | string>,
  rows: ArrayLike<number>,
  { min, max }: { min: number; max: number },
): number[] {
  const counts = new Array<number>(BIN_COUNT).fill(0);
  for (const row of Array.from(rows)) {
    const bin = Math.floor(((Number(values[row]) - min) / (max - min)) * BIN_COUNT);
    counts[Math.min(bin, BIN_COUNT - 1)] += 1;
  }
  return counts;
}

/**
 * The first test rows that have a name and all features: the split has shuffled them, so they are a random
 * sample and not a flattering one. Each name and artist once.
 */
function examplesOf(tracks: Tracks, test: ArrayLike<number>, features: readonly Feature[]): Example[] {
  const examples = new Map<string, Example>();
  for (const row of Array.from(test)) {
    if (examples.size === EXAMPLE_COUNT) break;
    const example = exampleOf(tracks, row, features);
    const key = `${example.name}\n${example.artists}`;
    if (example.name && !example.values.some(Number.isNaN) && !examples.has(key)) examples.set(key, example);
  }
  return [...examples.values()];
}

/** The songs with a name in the order of their artists; of a large table the unseen ones and some of the others. */
function songLines({ tracks, train, test, features }: ModelParts): string[] {
  const rows = [...Array.from(test), ...Array.from(train)].slice(0, MOST_SONGS);
  return rows
    .map((row, i) => ({ ...exampleOf(tracks, row, features), learnt: i >= test.length }))
    .filter(({ name }) => name !== '')
    .map((song) => ({ key: `${song.artists}\n${song.name}`, line: songLine(song) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ line }) => line);
}

/** A row of the table as an example; a value that it does not have, or that no track may have, is NaN. */
function exampleOf(tracks: Tracks, row: number, features: readonly Feature[]): Example {
  const text = (name: string) => String(tracks.columns[name]?.[row] ?? '').slice(0, 200);
  const values = features.map((feature) => codeOf(feature, tracks, row));
  return {
    name: text('track_name'),
    artists: text('artists').replaceAll(';', ', '),
    popularity: Number(tracks.columns.popularity?.[row]),
    values: values.map((value, j) => (isPossible(features[j], value) ? value : Number.NaN)),
  };
}

/** A row's value in natural units, a category as its code; NaN where it has none. */
function codeOf(feature: Feature, tracks: Tracks, row: number): number {
  if (feature.name === 'release_year') return yearOf(String(column(tracks, 'release_date')[row]));
  const value = column(tracks, feature.name)[row];
  if (typeof value === 'number') return value;
  return genreCoder(feature.categories ?? [])(value);
}
