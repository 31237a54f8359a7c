import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Connections at the same time. */
const MOST = 512;
/** How much of a refused body is read on, and how long. */
const MOST_READ_ON = 64 * 1024 * 1024;
const LONGEST_READ_ON_MS = 5000;

/**
 * Keeps the server's connections: where there are too many, the one that has been idle for longest makes room; and a
 * server that is told to end waits for the requests under way and for nothing else. Node would also wait for
 * connections on which nothing was asked yet, a minute long, and browsers open such ones in advance.
 */
export function keepConnections(app: FastifyInstance, most = MOST): void {
  /** Requests under way on each connection; the connections in the order in which they were last used. */
  const underWay = new Map<Socket, number>();
  const count = (socket: Socket, step: number) => {
    const before = underWay.get(socket);
    if (before === undefined) return;
    underWay.delete(socket);
    underWay.set(socket, before + step);
  };
  const idle = () => [...underWay].flatMap(([socket, requests]) => (requests === 0 ? [socket] : []));
  app.server.on('connection', (socket) => {
    if (underWay.size >= most) {
      const [longest = socket] = idle();
      underWay.delete(longest);
      longest.destroy();
      if (longest === socket) return;
    }
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  app.addHook('preClose', async () => {
    const sweep = () => {
      for (const socket of idle()) socket.destroySoon();
    };
    const timer = setInterval(sweep, 50).unref();
    app.server.once('close', () => clearInterval(timer));
    sweep();
    // Node's own end takes an answer that is written whole for sent, and destroys it.
    while ([...underWay.values()].some((requests) => requests > 0)) await setTimeout(20);
  });
}

/**
 * An answer that is ready before its request was read to the end, such as "too large", waits for the rest of the
 * body, within limits: a client that still sends does not look for an answer, and finds its connection broken.
 */
export function readOn(app: FastifyInstance): void {
  app.addHook('onSend', async ({ raw, headers }) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody && !raw.readableEnded && !raw.destroyed) await toTheEnd(raw);
  });
}

function toTheEnd(body: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = globalThis.setTimeout(resolve, LONGEST_READ_ON_MS).unref();
    let read = 0;
    body.on('data', (piece: Buffer) => {
      read += piece.length;
      if (read > MOST_READ_ON) done();
    });
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    body.once('end', done).once('close', done).once('error', done);
    body.resume();
  });
}
