import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { check } from '../model/jsonSchema';
import { sampleModel } from '../workshop/samples/model';
import { ERROR_SCHEMA, PREDICTION_SCHEMA } from './api';
import { openApi } from './openapi';
import { pageData, typicalTrack } from './predict';
import { createServer, type ServerOptions } from './server';

const model = sampleModel();
const app = createServer(model);
const TRACK = { danceability: 0.7, loudness: -6, tempo: 120, key: 'C#', mode: 'major', explicit: true };

async function post(body: string | Buffer, type = 'application/json', url = '/predict') {
  const response = await app.inject({ method: 'POST', url, headers: { 'content-type': type }, body });
  return { status: response.statusCode, json: type === 'text/csv' ? undefined : response.json(), response };
}
const predict = (body: unknown, url?: string) => post(JSON.stringify(body), undefined, url);

/** Refused with one sentence, and never with a stack or a path. */
function assertRefused(status: number, body: { error: string }): void {
  assert.ok(status >= 400 && status < 500, `${status} ${JSON.stringify(body)}`);
  assert.deepEqual(check(ERROR_SCHEMA, body), []);
  assert.doesNotMatch(body.error, /\n|node_modules|\.ts:| {4}at /);
}

test('a track gets the prediction of model.predict, its interval and what lies outside', async () => {
  const { status, json } = await predict(TRACK);
  assert.equal(status, 200);
  assert.deepEqual(check(PREDICTION_SCHEMA, json), []);
  assert.deepEqual(json, model.answer(model.numbers(TRACK)));
  assert.equal(json.prediction, model.predict(TRACK));
  assert.deepEqual((await predict({ ...TRACK, tempo: 250 })).json.outside, ['tempo']);
});

test('a list gets a list in its order, also a long one', async () => {
  const tracks = Array.from({ length: 1000 }, (_, i) => ({ ...TRACK, tempo: i / 4 }));
  const { status, json } = await predict(tracks);
  assert.equal(status, 200);
  assert.deepEqual(
    json.map(({ prediction }: { prediction: number }) => prediction),
    model.predict(tracks),
  );
  const tooMany = await predict([...tracks, TRACK]);
  assert.equal(tooMany.status, 400);
  assert.match(tooMany.json.error, /^The body requires a list of 1 to 1000, got a list of 1001$/);
  const wrong = await predict([TRACK, { ...TRACK, tempo: 'fast' }]);
  assert.match(wrong.json.error, /^\[1\]\.tempo requires a number from 0 to 250, got "fast"$/);
});

test('contributions and votes come on request and add up', async () => {
  const { json } = await predict(TRACK, '/predict?contributions=true&votes=true');
  assert.deepEqual(check(PREDICTION_SCHEMA, json), []);
  const points = Object.values(json.contributions.features as Record<string, number>);
  const sum = points.reduce((a, b) => a + b, json.contributions.expected);
  assert.ok(Math.abs(sum - json.prediction) < 1e-10);
  assert.equal(json.votes.length, 20);
  const mean = json.votes.reduce((a: number, b: number) => a + b, 0) / 20;
  assert.ok(Math.abs(mean - json.prediction) < 1e-10);
  const unknown = await predict(TRACK, '/predict?contribution=true');
  assert.match(unknown.json.error, /^contribution requires another name, perhaps "contributions"/);
});

test("curl's own type is taken for JSON", async () => {
  const { status } = await post(JSON.stringify(TRACK), 'application/x-www-form-urlencoded');
  assert.equal(status, 200);
});

test('every refusal names the field, what was given and what is allowed', async () => {
  const cases: [string, number, RegExp][] = [
    [
      JSON.stringify({ ...TRACK, danceability: 1.5 }),
      400,
      /^danceability requires a number from 0 to 1, got 1\.5$/,
    ],
    [
      JSON.stringify({ ...TRACK, danceability: '0.5' }),
      400,
      /^danceability requires a number .*, got "0\.5"$/,
    ],
    [JSON.stringify({ ...TRACK, danceability: null }), 400, /^danceability requires a number .*, got null$/],
    ['{"danceability": 1e999}', 400, /^loudness requires .*, got nothing$/],
    [JSON.stringify(TRACK).replace('0.7', '1e999'), 400, /^danceability requires .*, got Infinity$/],
    [JSON.stringify(TRACK).replace('0.7', 'NaN'), 400, /^The body requires .*JSON/],
    [JSON.stringify({ ...TRACK, key: 'H' }), 400, /^key requires one of C, C#, .*, got "H"$/],
    [
      JSON.stringify({ ...TRACK, dancability: 1 }),
      400,
      /^dancability requires another name, perhaps "danceability"/,
    ],
    ['{"__proto__": {"danceability": 1}}', 400, /JSON/],
    ['', 400, /^The body requires a track as JSON, got nothing$/],
    ['[]', 400, /^The body requires a list of 1 to 1000, got a list of 0$/],
    ['"x"', 400, /^The body requires an object, got "x"$/],
    [`[${'1,'.repeat(600_000)}1]`, 413, /^The body is too large/],
  ];
  for (const [body, wanted, message] of cases) {
    const { status, json } = await post(body);
    assert.equal(status, wanted, body.slice(0, 80));
    assert.match(json.error, message);
    assertRefused(status, json);
  }
  const two = await predict({ ...TRACK, tempo: -1, mode: 3 });
  assert.deepEqual(two.json.problems, [
    { field: 'tempo', got: '-1', allowed: 'a number from 0 to 250' },
    { field: 'mode', got: '3', allowed: 'one of minor, major' },
  ]);
  const type = await post('hello', 'text/plain');
  assert.equal(type.status, 415);
  assert.match(type.json.error, /requires the type application\/json/);
  assert.equal((await post('a,b', 'text/csv', '/predict')).status, 415);
  assert.equal((await post('{}', 'application/json', '/predict/csv')).status, 415);
});

test('every field wrong in every way is refused by its name', async () => {
  const { properties = {} } = model.trackSchema;
  const names = Object.keys(properties);
  const wrongFor = (name: string) => {
    const { type, minimum, maximum } = properties[name];
    const others = [fc.constant(null), fc.array(fc.double()), fc.object(), fc.constant('')];
    if (type === 'boolean') return fc.oneof(...others, fc.double(), fc.string());
    if (type === 'string')
      return fc.oneof(
        ...others,
        fc.double(),
        fc.boolean(),
        fc.string().filter((s) => s.length > 5),
      );
    const outside = fc.double({ noNaN: true }).filter((x) => x < minimum! || x > maximum!);
    return fc.oneof(...others, outside, fc.boolean(), fc.string());
  };
  const wrong = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), wrongFor(name)));
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(wrong, fc.boolean(), async ([name, value], inList) => {
      const track = { ...TRACK, [name]: value };
      const text = JSON.stringify(inList ? [TRACK, track] : track, (_, v) =>
        typeof v === 'number' && !Number.isFinite(v) ? `number ${v}` : v,
      ).replace(/"number (-?)Infinity"/g, '$11e999');
      const { status, json } = await post(text);
      assert.equal(status, 400);
      assertRefused(status, json);
      if (json.problems) assert.ok(json.problems[0].field.startsWith(inList ? `[1].${name}` : name));
      else assert.match(json.error, /JSON/); // fc.object may make a __proto__, which the parser refuses
      refused++;
    }),
    { numRuns: 1500 },
  );
  assert.ok(refused >= 1500);
  for (const name of names) {
    const { [name]: _, ...rest } = TRACK as Record<string, unknown>;
    assert.match((await predict(rest)).json.error, new RegExp(`^${name} requires .*, got nothing$`));
  }
});

test('10,000 malformed bodies: never a 5xx', async () => {
  const good = JSON.stringify(TRACK);
  const cut = fc
    .tuple(fc.nat(good.length), fc.string())
    .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1));
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const json = fc.json();
  const types = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'application/json; charset=x',
    'text/csv',
    'x',
  );
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(cut, bytes, json, fc.string()), types, async (body, type) => {
      const response = await app.inject({
        method: 'POST',
        url: '/predict',
        headers: { 'content-type': type },
        body,
      });
      assert.ok(response.statusCode < 500, `${response.statusCode} for ${body}`);
      if (response.statusCode !== 200) assertRefused(response.statusCode, response.json());
      tried++;
    }),
    { numRuns: 10_000 },
  );
  assert.ok(tried >= 10_000);
});

test('foreign names are refused on the loopback address, and only there', async () => {
  const status = async (server: FastifyInstance, host: string) =>
    (await server.inject({ url: '/health', headers: { host } })).statusCode;
  for (const host of ['localhost:7860', '127.0.0.1', '[::1]:7860', 'LOCALHOST.']) {
    assert.equal(await status(app, host), 200, host);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io']) {
    assert.equal(await status(app, host), 403, host);
  }
  assert.equal(await status(createServer(model, { host: '0.0.0.0' }), 'somewhere.example'), 200);
});

test('what the server says of itself', async () => {
  const info = (await app.inject('/model')).json();
  assert.deepEqual(info.features, model.features);
  assert.equal(info.trees, 20);
  assert.equal(info.expected, model.expected);
  assert.deepEqual(info.lacking.slice(0, 2), ['Duration', 'Energy']);
  assert.ok(!info.lacking.includes('Key'));
  assert.equal(info.data.sha256, 'a'.repeat(64));
  assert.deepEqual((await app.inject('/health')).json(), { status: 'ok' });
  const api = (await app.inject('/openapi.json')).json();
  assert.deepEqual(api, JSON.parse(JSON.stringify(openApi(model))));
  assert.deepEqual(
    api.components.schemas.Track.properties,
    JSON.parse(JSON.stringify(model.trackSchema.properties)),
  );
  for (const name of Object.keys(TRACK)) assert.ok(api.components.schemas.Track.required.includes(name));
  assert.deepEqual(check(model.trackSchema, typicalTrack(model)), []);
  const docs = await app.inject('/docs');
  assert.match(docs.body, /POST \/predict\/csv/);
  assert.doesNotMatch(docs.body, /<script|https?:\/\/(?!localhost)/);
  const page = await app.inject('/');
  assert.match(
    String(page.headers['content-security-policy']),
    /script-src 'sha256-[^']+'; style-src 'sha256-/,
  );
  const carried = /<script type="application\/json" id="model">([^<]+)<\/script>/.exec(page.body)![1];
  assert.deepEqual(JSON.parse(carried), JSON.parse(JSON.stringify(pageData(model))));
  const typical = await predict(typicalTrack(model), '/predict?contributions=true&votes=true');
  assert.deepEqual(JSON.parse(carried).typicalAnswer, typical.json);
  const zipped = await app.inject({ url: '/', headers: { 'accept-encoding': 'br, gzip' } });
  assert.equal(gunzipSync(zipped.rawPayload).toString(), page.body);
  const missing = await app.inject('/../model.json');
  assert.equal(missing.statusCode, 404);
});

test('ends at once though a browser keeps connections on which it asked nothing', async () => {
  const server = createServer(model);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  const start = performance.now();
  await Promise.all([server.close(), once(silent.resume(), 'end')]);
  assert.ok(performance.now() - start < 20_000, 'it did not wait for the limits of a connection');
});

test('a request that is not HTTP, or half of one, harms nobody', async () => {
  const server = createServer(model);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  const answer = await new Promise<string>((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write('\x16\x03\x01 hello\r\n\r\n'));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
  });
  assert.match(answer, /^HTTP\/1\.1 400/);
  const half: Socket = connect(port, '127.0.0.1', () =>
    half.write('POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{'),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  half.destroy();
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  await server.close();
});

test('a client that does not read its answer loses its place to others', async () => {
  const server = createServer(model);
  await server.listen({ host: '127.0.0.1', port: 0 });
  assert.equal(server.server.timeout, 60_000);
  const uploads: Socket[] = [];
  server.server.on('request', ({ socket }: { socket: Socket }) => uploads.push(socket));
  const { port } = server.server.address() as { port: number };
  const post = (body: string) =>
    fetch(`http://127.0.0.1:${port}/predict/csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body,
    });
  const row = Object.values(TRACK).join(',');
  const header = Object.keys(TRACK).join(',');
  const table = `${header}\n${`${row}\n`.repeat(100_000)}`;
  const idlers = [1, 2].map(() => {
    const head = `POST /predict/csv HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\ncontent-length: ${table.length}\r\n\r\n`;
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(head + table));
    return socket.pause().on('error', () => {});
  });
  while (uploads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await post(`${header}\n${row}\n`)).status, 503);
  for (const socket of uploads.slice(0, 2)) socket.setTimeout(200); // in the place of 60 s
  let status = 503;
  for (let tries = 0; status === 503 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    ({ status } = await post(`${header}\n${row}\n`));
  }
  assert.equal(status, 200);
  for (const socket of idlers) socket.destroy();
  await server.close();
});

test('every answer has the security headers and the Host check, also where no route answers', async () => {
  for (const url of ['/%', '/nowhere', '/model', '/predict', '/style.css']) {
    for (const host of ['localhost', 'evil.example']) {
      const { statusCode, headers } = await app.inject({ url, headers: { host } });
      assert.equal(statusCode === 403, host === 'evil.example', `${url} ${host} ${statusCode}`);
      assert.equal(headers['x-content-type-options'], 'nosniff', url);
      assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    }
  }
  const { statusCode, json } = await app.inject('/%');
  assert.equal(statusCode, 400);
  assertRefused(400, json());
});

test('a wrong method is told which are right', async () => {
  const cases: [string, 'GET' | 'POST' | 'PUT' | 'DELETE', string][] = [
    ['/predict', 'GET', 'POST, OPTIONS'],
    ['/predict/csv', 'DELETE', 'POST, OPTIONS'],
    ['/model', 'POST', 'HEAD, GET, OPTIONS'],
  ];
  for (const [url, method, allow] of cases) {
    const response = await app.inject({ method, url, headers: { 'content-type': 'text/plain' }, body: 'x' });
    assert.equal(response.statusCode, 405, url);
    assert.deepEqual(String(response.headers.allow).split(', ').sort(), allow.split(', ').sort());
    assertRefused(405, response.json());
  }
});

/** The answer of a server on a port of its own to the bytes that are sent to it. */
async function rawAnswer(server: FastifyInstance, bytes: string): Promise<string> {
  const { port } = server.server.address() as { port: number };
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await once(socket, 'close');
  return text;
}

async function listening(options?: ServerOptions): Promise<{ server: FastifyInstance; address: string }> {
  const server = createServer(model, options);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, address };
}

test('headers over 16 KiB are refused as such, with the headers of every answer', async () => {
  const { server } = await listening();
  const answer = await rawAnswer(
    server,
    `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
  );
  assert.match(
    answer,
    /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n.*x-content-type-options: nosniff.*\{"error":/s,
  );
  await server.close();
});

test('fetch sees that a body is too large, and not a broken connection', async () => {
  const { server, address } = await listening();
  for (let round = 0; round < 10; round++) {
    const body = `[${'1,'.repeat(2_000_000)}1]`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${address}/predict`, { method: 'POST', headers, body });
    assert.equal(response.status, 413);
    assertRefused(413, (await response.json()) as { error: string });
  }
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(100_000).fill(49));
      controller.close();
    },
  });
  const chunked = await fetch(`${address}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: stream,
    duplex: 'half',
  } as RequestInit);
  assert.equal(chunked.status, 413);
  await server.close();
});

test('idle connections make room for others, the longest idle first', async () => {
  const { server, address } = await listening();
  const { port } = server.server.address() as { port: number };
  const idle = await Promise.all(
    Array.from({ length: 530 }, async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      return socket;
    }),
  );
  assert.equal((await fetch(`${address}/health`)).status, 200);
  assert.ok(idle.filter(({ closed }) => closed).length >= 18);
  for (const socket of idle) socket.destroy();
  await server.close();
});

test('behind a proxy: with or without its path, which the description names', async () => {
  const server = createServer(model, { rootPath: '/tools/demo', hosts: ['demo.example'] });
  for (const url of ['/health', '/tools/demo/health']) {
    const { statusCode } = await server.inject({ url, headers: { host: 'demo.example' } });
    assert.equal(statusCode, 200, url);
  }
  assert.equal((await server.inject('/tools/other/health')).statusCode, 404);
  assert.deepEqual((await server.inject('/openapi.json')).json().servers, [{ url: '/tools/demo' }]);
  assert.match((await server.inject('/docs')).body, /http:\/\/localhost:80\/tools\/demo\/predict/);
  assert.equal((await server.inject({ url: '/health', headers: { host: 'evil.example' } })).statusCode, 403);
  const headers = { 'x-forwarded-prefix': '/other/' };
  const servers = async (one: FastifyInstance) =>
    (await one.inject({ url: '/openapi.json', headers })).json().servers;
  assert.deepEqual(await servers(app), [{ url: '/' }]);
  assert.deepEqual(await servers(createServer(model, { trustPrefix: true })), [{ url: '/other' }]);
});

test('only named sites may read answers and show the page in a frame', async () => {
  const server = createServer(model, { cors: ['https://a.example'], embed: ['https://b.example'] });
  const ask = async (origin: string, method: 'GET' | 'OPTIONS' = 'GET', url = '/model') =>
    (await server.inject({ method, url, headers: { origin } })).headers;
  assert.equal((await ask('https://a.example'))['access-control-allow-origin'], 'https://a.example');
  assert.equal((await ask('https://c.example'))['access-control-allow-origin'], undefined);
  const before = await ask('https://a.example', 'OPTIONS', '/predict');
  assert.match(String(before['access-control-allow-methods']), /POST/);
  assert.equal(before['access-control-allow-headers'], 'content-type');
  const page = await server.inject('/');
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors [^;]*https:\/\/b\.example/);
});

test('metrics in the text format of Prometheus count answers by route', async () => {
  const server = createServer(model);
  await server.inject('/health');
  await server.inject('/nowhere/1');
  await server.inject('/nowhere/2');
  const { body, headers } = await server.inject('/metrics');
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
  assert.match(body, /^http_requests_total\{route="\/health",method="GET",status="200"\} 1$/m);
  assert.match(body, /^http_requests_total\{route="none",method="GET",status="404"\} 2$/m);
  assert.match(body, /^http_request_duration_seconds_bucket\{route="\/health",le="\+Inf"\} 1$/m);
  for (const line of body.trim().split('\n')) assert.match(line, /^(#|[a-z_]+(\{[^}]*\})? [\d.e+-]+$)/);
});
