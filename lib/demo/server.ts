import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { InputError } from '../forest/src/index';
import { check, type Problem, type Schema } from '../model/jsonSchema';
import type { Model } from '../model/model';
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
import { docsPage } from './docs';
import { openApi, typicalTrack } from './openapi';

/** What the page loads: read once, and nothing else of the disk is ever served. */
const PAGE: Record<string, [file: string, type: string]> = {
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/answer.js': ['answer.js', 'text/javascript; charset=utf-8'],
  '/table.js': ['table.js', 'text/javascript; charset=utf-8'],
};

/** Only the server's own files; a frame only for notebooks on this machine and in VS Code. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self' http://localhost:* http://127.0.0.1:* vscode-webview:",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Tables that are worked on at the same time; each holds its body in memory. */
const MAX_TABLES = 2;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

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
 * The demo's server, not yet listening: the page, POST /predict and /predict/csv, GET /model, /health,
 * /openapi.json and /docs.
 * @param model what it predicts with
 * @param host the address that it will listen on; on a loopback address it answers to loopback names only, so
 * that no web page can reach it under a name of its own (DNS rebinding)
 */
export function createServer(model: Model, host = '127.0.0.1'): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: 60_000,
    // Who no longer reads an answer must not hold one of the few places for tables.
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    // A proxy or a mistyped address gets a sentence, not Node's own page.
    clientErrorHandler(_error, socket) {
      if (socket.writable)
        socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    },
    schemaController: {
      compilersFactory: {
        buildValidator: () => compile as never,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  });
  app.server.maxConnections = 512;

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const name = request.hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase();
    if (LOOPBACK.has(host) && !LOOPBACK.has(name)) {
      await reply
        .code(403)
        .send({ error: `This server answers to localhost only, got the name "${name.slice(0, 60)}"` });
    }
  });
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    const [status, body] = explain(error);
    if (status >= 500) console.error(error); // for whoever runs the server; the client gets no stack
    reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: `There is no ${request.method} ${request.url.slice(0, 100)}; see /docs` });
  });

  endWithRequests(app);
  for (const [url, [file, type]] of Object.entries(PAGE)) {
    const bytes = readFileSync(join(__dirname, 'page', file));
    app.get(url, (_request, reply) => reply.type(type).send(bytes));
  }
  let page: string | undefined;
  app.get('/', (_request, reply) => {
    page ??= pageWith(model);
    return reply.type('text/html; charset=utf-8').send(page);
  });
  app.get('/model', () => modelInfo(model));
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/openapi.json', () => openApi(model));
  app.get('/docs', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(openApi(model))),
  );
  addPredict(app, model);
  app.register(async (scope) => addCsv(scope, model));
  return app;
}

/**
 * A server that is told to end waits for the requests under way and for nothing else. Node also waits for
 * connections on which nothing was asked yet, a minute long, and browsers open such ones in advance.
 */
function endWithRequests(app: FastifyInstance): void {
  const underWay = new Map<Socket, number>();
  const count = (socket: Socket, step: number) => {
    const before = underWay.get(socket);
    if (before !== undefined) underWay.set(socket, before + step);
  };
  app.server.on('connection', (socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  app.addHook('preClose', async () => {
    const sweep = () => {
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroySoon();
    };
    sweep();
    const timer = setInterval(sweep, 50).unref();
    app.server.once('close', () => clearInterval(timer));
  });
}

/** The page with all that its first picture needs, which so is drawn at once and asks for nothing more. */
function pageWith(model: Model): string {
  const typicalAnswer = predictionOf(model, typicalTrack(model), ALL);
  const json = JSON.stringify({ ...modelInfo(model), typicalAnswer }).replaceAll('<', '\\u003c');
  return readFileSync(join(__dirname, 'page', 'index.html'), 'utf8').replace('{}', () => json);
}

function addPredict(app: FastifyInstance, model: Model): void {
  // What `curl -d` sends when no type is named; the body is JSON all the same.
  const parser = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, parser);
  app.removeContentTypeParser('text/plain');

  const schema = { body: bodySchema(model), querystring: QUERY_SCHEMA };
  app.post<{ Body: TrackInput | TrackInput[]; Querystring: { contributions?: string; votes?: string } }>(
    '/predict',
    { schema },
    async ({ body, query }) => {
      const answer = (track: TrackInput) => predictionOf(model, track, query);
      if (!Array.isArray(body)) return answer(body as TrackInput);
      const answers: Prediction[] = [];
      for (const track of body) {
        // A long list lets others in between.
        if (answers.length % 50 === 49) await setImmediate();
        answers.push(answer(track));
      }
      return answers;
    },
  );
}

const ALL = { contributions: 'true', votes: 'true' };

function predictionOf(
  model: Model,
  track: TrackInput,
  query: { contributions?: string; votes?: string },
): Prediction {
  const numbers = model.numbersOfChecked(track);
  const votes = model.votes(numbers);
  const prediction: Prediction = model.answer(numbers, votes);
  if (query.contributions === 'true') {
    const { expected, contributions } = model.explain(numbers);
    const features = Object.fromEntries(model.features.map(({ name }, j) => [name, contributions[j]]));
    prediction.contributions = { expected, features };
  }
  if (query.votes === 'true') prediction.votes = [...votes];
  return prediction;
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
      // With its CSV parser, only when it is needed; not import(), which tsx/cjs does not translate.
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
