import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { InputError } from '../forest/src/index';
import { check, type Problem, type Schema } from '../model/jsonSchema';
import type { Model } from '../model/model';
import { songLine, songsOf } from '../model/songs';
import type { TrackInput } from '../model/track';
import {
  type BodySchema,
  bodySchema,
  MAX_CSV_BYTES,
  MAX_JSON_BYTES,
  modelInfo,
  type Prediction,
  QUERY_SCHEMA,
  type Refusal,
  refusal,
} from './api';
import { styleOf } from './bundle';
import { keepConnections, readOn } from './connections';
import { docsPage } from './docs';
import { serverPage } from './document';
import { guard, policy, refuseNonsense } from './guard';
import { addMetrics } from './metrics';
import { openApi } from './openapi';
import { predictionOf } from './predict';

/** Tables that are worked on at the same time; each holds its body in memory. */
const MAX_TABLES = 2;

/** How a server is reached, and by whom. */
export interface ServerOptions {
  /** The address that it listens on, 127.0.0.1 by default. */
  host?: string;
  /** Names under which it may be called besides localhost; `*` for any. */
  hosts?: readonly string[];
  /** The path under which a proxy offers it, such as `/demo`. */
  rootPath?: string;
  /** Whether the header `X-Forwarded-Prefix` says that path; only a proxy that sets it can be trusted. */
  trustPrefix?: boolean;
  /** Origins whose pages may read its answers; `*` for all. */
  cors?: readonly string[];
  /** Sites that may show it in a frame. */
  embed?: readonly string[];
}

/** A schema that was not met, on its way from the check to the answer. */
class BadRequest extends Error {
  constructor(readonly problems: Problem[]) {
    super('bad request');
  }
}

type AnySchema = Schema | BodySchema;

/** The body's or the query's check, from the route's schema: Fastify's usual one takes 0.1 s to load. */
function compile({ schema }: { schema: AnySchema }) {
  return (value: unknown) => {
    const chosen = 'oneOf' in schema ? schema.oneOf[Array.isArray(value) ? 1 : 0] : schema;
    const problems = check(chosen, value);
    return problems.length > 0 ? { error: new BadRequest(problems) } : { value };
  };
}

/**
 * The demo's server, not yet listening: the page, POST /predict and /predict/csv, GET /songs, /model, /health,
 * /metrics, /openapi.json and /docs.
 * @param model what it predicts with
 */
export function createServer(model: Model, options: ServerOptions = {}): FastifyInstance {
  const { rootPath = '' } = options;
  const app: FastifyInstance = fastify({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: 60_000,
    // A client that stops reading must not occupy one of the few places for tables.
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseNonsense,
    frameworkErrors: (error, request, reply) => {
      if (!isForeign(request as FastifyRequest, reply as FastifyReply))
        sendError(error, reply as FastifyReply);
    },
    // A proxy may leave the path as it is, or take its own part off.
    rewriteUrl: ({ url = '/' }) => {
      if (rootPath === '' || (url !== rootPath && !url.startsWith(`${rootPath}/`))) return url;
      return url.slice(rootPath.length) || '/';
    },
    schemaController: {
      compilersFactory: {
        buildValidator: () => compile as never,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  });
  const isForeign = guard(app, options);
  keepConnections(app);
  readOn(app);
  app.setErrorHandler((error: FastifyError, _request, reply) => sendError(error, reply));
  addPage(app, model, options);
  app.get('/model', () => modelInfo(model));
  app.get('/health', () => ({ status: 'ok' }));
  addMetrics(app);
  addPredict(app, model);
  app.register(async (scope) => addCsv(scope, model));
  return app;
}

function sendError(error: FastifyError, reply: FastifyReply): void {
  const [status, body] = explain(error);
  if (status >= 500) console.error(error); // for the person who runs the server; the client gets no stack
  reply.code(status).send(body);
}

/** The addresses for people: the page, the songs that it searches, and the description of the interface. */
function addPage(app: FastifyInstance, model: Model, options: ServerOptions): void {
  const { embed = [], rootPath = '', trustPrefix = false } = options;
  const once = <T>(make: () => T) => {
    let made: T | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const page = once(async () => {
    const { html, script, style } = await serverPage(model);
    return { ...compressible(html), policy: policy(embed, script, style) };
  });
  const html = 'text/html; charset=utf-8';
  app.get('/', async (request, reply) => {
    const made = await page();
    return sendText(request, reply.header('content-security-policy', made.policy).type(html), made);
  });
  const songs = once(() => compressible(songTable(model)));
  app.get('/songs', (request, reply) =>
    sendText(request, reply.type('text/tab-separated-values; charset=utf-8'), songs()),
  );
  app.get('/style.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(await styleOf()),
  );
  const prefixOf = ({ headers }: FastifyRequest) => {
    const given = headers['x-forwarded-prefix'];
    const prefix = trustPrefix && typeof given === 'string' ? given : rootPath;
    return prefix.replace(/\/+$/, '');
  };
  app.get('/openapi.json', (request) => openApi(model, prefixOf(request)));
  app.get('/docs', (request, reply) => {
    const prefix = prefixOf(request);
    const address = `${request.protocol}://${request.host}${prefix}`;
    return reply.type(html).send(docsPage(openApi(model, prefix), address));
  });
}

/** A text, and its compressed form once somebody takes it. */
interface Compressible {
  text: string;
  zipped(): Buffer;
}

function compressible(text: string): Compressible {
  let zipped: Buffer | undefined;
  return {
    text,
    zipped() {
      zipped ??= gzipSync(text);
      return zipped;
    },
  };
}

function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, zipped }: Compressible,
): FastifyReply {
  reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(zipped());
}

/** All songs of the model's table, a line each: as in the model file, with a header. */
function songTable(model: Model): string {
  const header = [
    'track_name',
    'artists',
    'popularity',
    'learnt_from',
    ...model.features.map(({ name }) => name),
  ];
  const lines = songsOf(model.contents).map(songLine);
  return `${[header.join('\t'), ...lines].join('\n')}\n`;
}

function addPredict(app: FastifyInstance, model: Model): void {
  // `curl -d` sends this type when none is named; the body is JSON all the same.
  const parser = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, parser);
  app.removeContentTypeParser('text/plain');

  const schema = { body: bodySchema(model), querystring: QUERY_SCHEMA };
  app.post<{ Body: TrackInput | TrackInput[]; Querystring: { contributions?: string; votes?: string } }>(
    '/predict',
    { schema },
    async ({ body, query }) => {
      const wanted = { contributions: query.contributions === 'true', votes: query.votes === 'true' };
      const answer = (track: TrackInput) => predictionOf(model, track, wanted);
      if (!Array.isArray(body)) return answer(body as TrackInput);
      const answers: Prediction[] = [];
      for (const track of body) {
        // A long list lets others in between.
        if (answers.length % 50 === 49) await nextTurn();
        answers.push(answer(track));
      }
      return answers;
    },
  );
}

function addCsv(app: FastifyInstance, model: Model): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['text/csv', 'application/csv', 'application/vnd.ms-excel'],
    { parseAs: 'buffer', bodyLimit: MAX_CSV_BYTES },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  let tables = 0;
  app.post<{ Body: Buffer }>('/predict/csv', {
    // Before the body is read: a table that must wait is not held in memory.
    onRequest: async (_request, reply) => {
      if (tables >= MAX_TABLES) {
        await reply
          .code(503)
          .header('retry-after', '2')
          .send({
            error: `This server works on ${MAX_TABLES} tables at a time, try again in a few seconds`,
          });
        return;
      }
      tables++;
      reply.raw.once('close', () => {
        tables--;
      });
    },
    handler: async (request, reply) => {
      // The reader of tables is loaded only when it is needed, by require, because tsx/cjs does not translate import().
      const { predictCsv } = require('./csv') as typeof import('./csv');
      if (!request.body?.length)
        throw new InputError('The body requires a CSV table with a header line, got nothing');
      const lines = predictCsv(model, request.body);
      const first = await lines.next(); // a bad header is refused before the answer begins
      const all = async function* () {
        if (!first.done) yield first.value;
        yield* lines;
      };
      return reply.type('text/csv; charset=utf-8').send(Readable.from(all(), { objectMode: false }));
    },
  });
}

/** A sentence for everything that can go wrong; never a stack. */
function explain(error: Error & { statusCode?: number; code?: string }): [number, Refusal] {
  if (error instanceof BadRequest) return [400, refusal(error.problems)];
  if (error instanceof InputError) return [400, { error: error.message }];
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return [
        413,
        { error: `The body is too large: tracks may take ${MAX_JSON_BYTES} bytes, a CSV ${MAX_CSV_BYTES}` },
      ];
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return [415, { error: 'The body requires the type application/json, or text/csv on /predict/csv' }];
    case 'FST_ERR_BAD_URL':
      return [400, { error: 'The address is not one: a % in it has no two hexadecimal digits after it' }];
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return [400, { error: 'The body requires a track as JSON, got nothing' }];
  }
  const status = error.statusCode ?? 500;
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error instanceof SyntaxError) {
    return [400, { error: 'The body requires a track as JSON, got text that is not JSON' }];
  }
  return status < 500
    ? [status, { error: error.message }]
    : [500, { error: 'The server failed on this request; this is its own mistake' }];
}
