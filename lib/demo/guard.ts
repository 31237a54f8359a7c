import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerOptions } from './server';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/** A frame is for notebooks on this machine and in VS Code, and for the sites that were named. */
const FRAMES = ["'self'", 'http://localhost:*', 'http://127.0.0.1:*', 'vscode-webview:'];

/** The headers of every answer, also of one to a request that is not HTTP. */
const PLAIN_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The policy of an answer, which may load what is named and nothing else. */
export function policy(embed: readonly string[], script = "'none'", style = "'self'"): string {
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${[...FRAMES, ...embed].join(' ')}`,
  ].join('; ');
}

/**
 * Checks every request before any route: the name under which the server was reached, whether another site may read
 * the answer, and whether there is such an address and method. It also sets the headers of the answer.
 */
export function guard(
  app: FastifyInstance,
  options: ServerOptions,
): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    methods.set(url, known);
    for (const one of [method].flat()) known.add(one);
  });
  const { embed = [], cors = [] } = options;
  const headers = { ...PLAIN_HEADERS, 'content-security-policy': policy(embed) };

  /** Answers, and returns true, where the server was called by a name that is not its own. */
  function isForeign(request: FastifyRequest, reply: FastifyReply): boolean {
    reply.headers(headers);
    const name = hostName(request.hostname);
    if (!mayBeCalled(name, options)) {
      const names = [...(options.hosts ?? [])].map((host) => ` and ${host}`).join('');
      reply.code(403).send({
        error: `This server answers to localhost${names} only, got the name "${name.slice(0, 60)}"`,
      });
      return true;
    }
    const { origin } = request.headers;
    if (cors.length > 0) reply.header('vary', 'origin');
    if (origin && (cors.includes(origin) || cors.includes('*'))) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'retry-after',
      });
    }
    return false;
  }

  /** Answers a request for which there is no route. */
  function refuseRoute(request: FastifyRequest, reply: FastifyReply): void {
    const path = request.url.split('?')[0];
    const known = methods.get(path);
    if (!known) {
      reply
        .code(404)
        .send({ error: `There is no ${request.method} ${request.url.slice(0, 100)}; see /docs` });
      return;
    }
    const allow = [...known, 'OPTIONS'].join(', ');
    reply.header('allow', allow);
    if (request.method === 'OPTIONS') {
      reply.headers({
        'access-control-allow-methods': allow,
        'access-control-allow-headers': 'content-type',
      });
      reply.code(204).send();
    } else reply.code(405).send({ error: `${path} takes ${allow}, got ${request.method}` });
  }

  app.addHook('onRequest', (request, reply, next) => {
    if (isForeign(request, reply)) return;
    if (request.is404) refuseRoute(request, reply);
    else next();
  });
  return isForeign;
}

const hostName = (name: string) =>
  name
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

/**
 * On a loopback address the server answers to loopback names and to those that were named, so that no web page can
 * reach it under a name of its own (DNS rebinding); elsewhere to any, unless some were named.
 */
function mayBeCalled(name: string, { host = '127.0.0.1', hosts = [] }: ServerOptions): boolean {
  if (hosts.includes('*') || hosts.includes(name)) return true;
  if (LOOPBACK.has(name)) return true;
  return !LOOPBACK.has(host) && hosts.length === 0;
}

/** Answers what Node could not read as a request. */
export function refuseNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return;
  const [status, sentence] = {
    HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers take more than 16 KiB'],
    ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request was not sent to its end in time'],
  }[error.code ?? ''] ?? ['400 Bad Request', 'This is no request in HTTP'];
  const body = JSON.stringify({ error: sentence });
  const headers = {
    ...PLAIN_HEADERS,
    'content-security-policy': policy([]),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
}
