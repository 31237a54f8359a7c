import type { FromSchema } from './jsonSchema';
import { type PackedTrees, TREES_SCHEMA } from './packedTrees';

/** The name and version that a model file begins with; a file of another version is refused. */
export const FORMAT = 'music-popularity-forest';
export const VERSION = 1;

/** Songs that a model file holds at most; of a larger table it holds the first ones of the split. */
export const MOST_SONGS = 20_000;

const TEXT = { type: 'string', maxLength: 1000 } as const;
const NUMBER = { type: 'number' } as const;
const SCORE = { type: 'number', minimum: 0, maximum: 100 } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const SHA256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;

/** One feature: its unit and range for people, its encoding for the forest. */
const FEATURE_SCHEMA = {
  type: 'object',
  required: [
    'name',
    'kind',
    'label',
    'unit',
    'description',
    'min',
    'max',
    'seenMin',
    'seenMax',
    'typical',
  ].concat(['mean', 'scale']),
  additionalProperties: false,
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_ ()]{0,60}$' },
    kind: { type: 'string', enum: ['number', 'category', 'boolean'] },
    label: TEXT,
    unit: TEXT,
    description: TEXT,
    /** The range that a request must keep to. */
    min: NUMBER,
    max: NUMBER,
    /** The range that the training rows covered. */
    seenMin: NUMBER,
    seenMax: NUMBER,
    /** Median or mode of the training rows, where a form starts. */
    typical: NUMBER,
    /** The names that the codes 0, 1, 2, ... stand for. */
    categories: { type: 'array', minItems: 1, maxItems: 10_000, items: TEXT },
    /** The forest is given (value - mean) / scale. */
    mean: NUMBER,
    scale: NUMBER,
  },
} as const;

/** All of model.json except its checksum. */
export const MODEL_SCHEMA = {
  type: 'object',
  required: [
    'format',
    'version',
    'target',
    'features',
    'hyperparameters',
    'data',
    'metrics',
    'interval',
  ].concat(['popularity', 'examples', 'trees']),
  additionalProperties: false,
  properties: {
    format: { type: 'string', enum: [FORMAT] },
    version: { type: 'integer', enum: [VERSION] },
    target: {
      type: 'object',
      required: ['name', 'min', 'max'],
      additionalProperties: false,
      /** Popularity is from 0 to 100, and so is every forecast of it. */
      properties: { name: TEXT, min: SCORE, max: SCORE },
    },
    features: { type: 'array', minItems: 1, maxItems: 254, items: FEATURE_SCHEMA },
    hyperparameters: { type: 'object', additionalProperties: true, properties: {} },
    data: {
      type: 'object',
      required: ['file', 'sha256', 'rows', 'trainRows', 'testRows'],
      additionalProperties: false,
      properties: {
        /** The file's name, without its folder. */
        file: TEXT,
        sha256: SHA256,
        /** Rows of the file, and of the two parts after cleaning. */
        rows: COUNT,
        trainRows: COUNT,
        testRows: COUNT,
      },
    },
    /** Scores on the test rows by name. */
    metrics: { type: 'object', additionalProperties: NUMBER },
    interval: {
      type: 'object',
      required: ['method', 'level', 'lower', 'upper', 'floor'],
      additionalProperties: false,
      properties: {
        method: TEXT,
        level: { type: 'number', minimum: 0, maximum: 1 },
        lower: { type: 'number', maximum: 0 },
        upper: { type: 'number', minimum: 0 },
        floor: { type: 'number', minimum: 0 },
      },
    },
    /** How the training tracks' popularity is spread: counts in bins of equal width from target.min to target.max. */
    popularity: { type: 'array', minItems: 1, maxItems: 1000, items: COUNT },
    /** Tracks of the test rows that the demo offers. */
    examples: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['name', 'artists', 'popularity', 'values'],
        additionalProperties: false,
        properties: {
          name: TEXT,
          artists: TEXT,
          popularity: NUMBER,
          /** In the order of the features, in natural units, a category as its code. */
          values: { type: 'array', items: NUMBER },
        },
      },
    },
    /** All songs, by artist, one line each (`songLine`), for the demo's search; songs.ts reads them. */
    songs: { type: 'array', maxItems: MOST_SONGS, items: { type: 'string', maxLength: 4000 } },
    trees: TREES_SCHEMA,
  },
} as const;

/** The contents of model.json. */
export type ModelContents = Omit<
  FromSchema<typeof MODEL_SCHEMA>,
  'features' | 'hyperparameters' | 'trees' | 'songs'
> & {
  features: ModelFeature[];
  hyperparameters: Record<string, unknown>;
  songs?: string[];
  trees: PackedTrees;
};

/** The kind of model in words, which its hyperparameters tell where it is no random forest. */
export const forestName = ({ hyperparameters }: Pick<ModelContents, 'hyperparameters'>): string =>
  hyperparameters.estimator === 'ExtraTreesRegressor' ? 'An extra-trees forest' : 'A random forest';

/** A feature as model.json holds it. */
export type ModelFeature = Omit<FromSchema<typeof FEATURE_SCHEMA>, 'categories'> & { categories?: string[] };

/** A track of the test rows that the demo offers: its features in natural units and how popular it really is. */
export type Example = FromSchema<typeof MODEL_SCHEMA.properties.examples.items>;
