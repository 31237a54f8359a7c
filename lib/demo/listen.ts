import type { FastifyInstance } from 'fastify';
import { InputError } from '../forest/src/index';

/** The port that users of Gradio know. */
export const DEFAULT_PORT = 7860;
/** How many ports are tried when the wanted one is taken. */
const TRIES = 100;

/**
 * Starts listening on a port, or the next free one.
 * @param create makes a server; one that failed to listen is not used again
 * @param host an address of this machine
 * @param port the first to try; 0 for any
 * @returns the server and the port that it listens on
 * @throws InputError when no port is free, or the address is not this machine's
 */
export async function listen(
  create: () => FastifyInstance,
  host: string,
  port: number,
): Promise<{ app: FastifyInstance; port: number }> {
  const last = Math.min(port + TRIES, 65_536);
  for (let candidate = port; candidate < last; candidate++) {
    const app = create();
    try {
      await app.listen({ host, port: candidate });
      return { app, port: (app.server.address() as { port: number }).port };
    } catch (error) {
      await app.close();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') continue;
      const why =
        code === 'EACCES'
          ? 'ports below 1024 are reserved'
          : code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL'
            ? 'it is not an address of this machine'
            : code;
      throw new InputError(`The server cannot listen on ${host}, port ${candidate}: ${why}`);
    }
  }
  throw new InputError(`The server requires a free port from ${port} to ${last - 1}, got none`);
}

/** The address for a browser; a wildcard address is reached as localhost. */
export function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}
