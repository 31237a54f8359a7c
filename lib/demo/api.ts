import type { ModelContents } from '../model/format';
import { type FromSchema, type Problem, type Schema, sentence } from '../model/jsonSchema';
import type { Model } from '../model/model';
import { lackingFeatures } from '../tracks/schema';

/** Tracks in one request; a longer list is a table, and /predict/csv is for those. */
export const MAX_TRACKS = 1000;

/** A body's largest size in bytes, of tracks and of a CSV. */
export const MAX_JSON_BYTES = 1024 * 1024;
export const MAX_CSV_BYTES = 64 * 1024 * 1024;

const object = <P extends Record<string, Schema>, R extends keyof P & string>(
  description: string,
  properties: P,
  required: readonly R[],
) => ({ type: 'object', description, properties, required }) as const;

const NUMBER = { type: 'number' } as const;

/** The answer of POST /predict for one track. */
export const PREDICTION_SCHEMA = object(
  'The prediction for one track',
  {
    prediction: { type: 'number', description: 'Expected popularity, 0 to 100' },
    interval: object(
      'Where the share `level` of comparable tracks lie',
      { low: NUMBER, high: NUMBER, level: { ...NUMBER, examples: [0.9] } },
      ['low', 'high', 'level'],
    ),
    outside: {
      type: 'array',
      items: { type: 'string' },
      description: 'Features whose value lies outside what the model was trained on',
    },
    filled_in: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Features that were not given, or whose category the model does not know: the mix of all that it knows stands in',
    },
    contributions: object(
      'Only with ?contributions=true: `expected` (the average prediction) and what each feature adds to it ' +
        '(exact TreeSHAP); together they are the prediction',
      { expected: NUMBER, features: { type: 'object', additionalProperties: NUMBER } },
      ['expected', 'features'],
    ),
    votes: {
      type: 'array',
      items: NUMBER,
      description: "Only with ?votes=true: every tree's own prediction; their mean is the prediction",
    },
  },
  ['prediction', 'interval', 'outside', 'filled_in'],
);

/** One track's answer as it goes over the wire. */
export type Prediction = Omit<FromSchema<typeof PREDICTION_SCHEMA>, 'contributions' | 'votes'> & {
  contributions?: { expected: number; features: Record<string, number> };
  votes?: number[];
};

/** The answer of every refusal. */
export const ERROR_SCHEMA = object(
  'What was wrong',
  {
    error: { type: 'string', description: 'One sentence for people' },
    problems: {
      type: 'array',
      description: 'Every field that was wrong, at most 20',
      items: object(
        'One field',
        {
          field: { type: 'string', description: 'Its name, `[2].tempo` in a list' },
          got: { type: 'string', description: 'What was given' },
          allowed: { type: 'string', description: 'What is allowed' },
        },
        ['field', 'got', 'allowed'],
      ),
    },
  },
  ['error'],
);
export type Refusal = { error: string; problems?: Problem[] };

const FLAG = { type: 'string', enum: ['true', 'false'], default: 'false' } as const;
export const QUERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    contributions: { ...FLAG, description: 'Also say how far each feature moves the prediction' },
    votes: { ...FLAG, description: "Also list every tree's own prediction" },
  },
} as const;

/** One track, or a list of them: whichever the body looks like decides what its problems are compared with. */
export type BodySchema = { readonly oneOf: readonly [Schema, Schema] };

/** The body of POST /predict. */
export function bodySchema(model: Model): BodySchema {
  const track = { ...model.trackSchema, description: 'A track in natural units' };
  return { oneOf: [track, { type: 'array', items: track, minItems: 1, maxItems: MAX_TRACKS }] };
}

/** The refusal that names every wrong field. */
export function refusal(problems: Problem[]): Refusal {
  return { error: sentence(problems[0], 'The body'), problems };
}

/** The answer of GET /model: the model file without its trees and songs. */
export function modelInfo(model: Model): ModelInfo {
  const { trees: _, songs: __, ...rest } = model.contents;
  const lacking = lackingFeatures(model.features.map(({ name }) => name)).map(({ label }) => label);
  return { ...rest, trees: model.trees.treeCount, expected: model.expected, lacking };
}

export type ModelInfo = Omit<ModelContents, 'trees' | 'songs'> & {
  trees: number;
  expected: number;
  /** Labels of the usual features that the model does without, as its table lacked them. */
  lacking: string[];
};
