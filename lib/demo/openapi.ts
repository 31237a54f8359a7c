import { forestName } from '../model/format';
import type { Model } from '../model/model';
import { bodySchema, ERROR_SCHEMA, MAX_CSV_BYTES, MAX_TRACKS, PREDICTION_SCHEMA, QUERY_SCHEMA } from './api';
import { typicalTrack } from './predict';

type Content = Record<string, unknown>;
const json = (description: string, schema: unknown, example?: unknown) => ({
  description,
  content: { 'application/json': example === undefined ? { schema } : { schema, example } },
});
const text = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
});

/**
 * The interface in OpenAPI 3.1, from the schemas that the server checks with.
 * @param model whose features make the schema of a track
 * @param prefix the path under which a proxy offers the server
 */
export function openApi(model: Model, prefix = ''): Content {
  const refused = (description: string) => json(description, { $ref: '#/components/schemas/Error' });
  const [track, list] = bodySchema(model).oneOf;
  const limits = {
    413: refused('The body is too large'),
    415: refused('The body has another type'),
    503: refused('Too much is under way; try again'),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Popularity of a track from its audio features',
      version: String(model.contents.version),
      description: `${forestName(model.contents)} of ${model.trees.treeCount} trees, trained on ${model.contents.data.trainRows} tracks.`,
    },
    servers: [{ url: prefix || '/' }],
    paths: {
      '/predict': {
        post: {
          summary: 'Predict the popularity of a track, or of a list of tracks',
          description: `One track gives one answer, a list of up to ${MAX_TRACKS} a list in the same order.`,
          parameters: Object.entries(QUERY_SCHEMA.properties).map(([name, { description, ...schema }]) => {
            return { name, in: 'query', description, schema };
          }),
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  oneOf: [
                    { $ref: '#/components/schemas/Track' },
                    { ...list, items: { $ref: '#/components/schemas/Track' } },
                  ],
                },
                example: typicalTrack(model),
              },
            },
          },
          responses: {
            200: json('The prediction, or a list of predictions', {
              oneOf: [
                { $ref: '#/components/schemas/Prediction' },
                { type: 'array', items: { $ref: '#/components/schemas/Prediction' } },
              ],
            }),
            400: refused('A field is missing, misspelt, of the wrong type or out of range'),
            ...limits,
          },
        },
      },
      '/predict/csv': {
        post: {
          summary: 'Predict the popularity of every row of a CSV table',
          description:
            'The header may be spelt as in the data sets that the project reads. The answer is the table with ' +
            'five more columns: predicted_popularity, interval_low, interval_high; filled_in, which names optional ' +
            'features that are missing and count as typical; and problem, which says why a row could not be read. ' +
            'A text that a spreadsheet would run as a formula has an apostrophe before it. ' +
            `At most ${MAX_CSV_BYTES / 2 ** 20} MiB.`,
          requestBody: {
            required: true,
            content: { 'text/csv': { schema: { type: 'string', minLength: 1 } } },
          },
          responses: {
            200: text('The table with its predictions', 'text/csv'),
            400: refused('The body is empty, or the table has no header or lacks columns'),
            ...limits,
          },
        },
      },
      '/model': {
        get: {
          summary: 'What this server predicts with',
          responses: {
            200: json('Features, ranges, scores, the fingerprint of the data', { type: 'object' }),
          },
        },
      },
      '/songs': {
        get: {
          summary: 'All songs of the table that the model was made from',
          description:
            'Name, artists, popularity, 1 where the model learnt from it, and its features; apart by tabs.',
          responses: { 200: text('The songs', 'text/tab-separated-values') },
        },
      },
      '/metrics': {
        get: {
          summary: 'Counts and durations of the answers so far',
          responses: { 200: text("Prometheus' text format", 'text/plain') },
        },
      },
      '/health': {
        get: {
          summary: 'Whether the server is up',
          responses: { 200: json('It is', { type: 'object' }, { status: 'ok' }) },
        },
      },
      '/openapi.json': {
        get: { summary: 'This description', responses: { 200: json('OpenAPI 3.1', { type: 'object' }) } },
      },
    },
    components: { schemas: { Track: track, Prediction: PREDICTION_SCHEMA, Error: ERROR_SCHEMA } },
  };
}
