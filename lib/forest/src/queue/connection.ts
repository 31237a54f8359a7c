/** The connection to Redis or Valkey, and BullMQ on top of it. Both are optional packages, loaded on first use. */
import type * as BullMQ from 'bullmq';
import type { Redis } from 'ioredis';
import { InputError } from '../errors';

/** The time that a command waits for a lost server, before the search looks at its stop signal again. */
const RETRY_MS = 1000;

/** BullMQ and a connection of its own kind. */
export interface Connection {
  bullmq: typeof BullMQ;
  redis: Redis;
  /** The address without its password. */
  address: string;
}

/**
 * The address as a message may show it: without user name and password.
 * @param address such as `redis://:secret@host:6379/0`
 */
export function publicAddress(address: string): string {
  return address.replace(/^(\w+:\/\/)[^/]*@/, '$1');
}

/**
 * Opens a connection that goes on trying while the server is gone.
 * @param address `redis://` or `rediss://` (with TLS), with host, port, password and database as usual
 * @throws InputError for another kind of address, or where the packages are not installed
 */
export function connect(caller: string, address: unknown): Connection {
  const shown = typeof address === 'string' ? publicAddress(address) : String(address);
  if (typeof address !== 'string' || !/^rediss?:\/\/[^/]/.test(address)) {
    throw new InputError(`${caller} requires queue to be a redis:// or rediss:// address, got ${shown}`);
  }
  const { bullmq, ioredis } = packages(caller);
  const redis = new ioredis.Redis(address, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, RETRY_MS),
  });
  redis.on('error', () => {}); // it reconnects by itself, and the search says that the queue does not answer
  return { bullmq, redis, address: shown };
}

function packages(caller: string): { bullmq: typeof BullMQ; ioredis: typeof import('ioredis') } {
  try {
    // A bundler would take a plain `require` along. An ES module has no file name: there the program's packages count.
    const from = typeof __filename === 'string' ? __filename : `${process.cwd()}/index.js`;
    const load = process.getBuiltinModule('node:module').createRequire(from);
    return { bullmq: load('bullmq'), ioredis: load('ioredis') };
  } catch {
    throw new InputError(
      `${caller} requires the packages bullmq and ioredis for a queue, got none installed`,
    );
  }
}

/** All keys that match a pattern. */
export async function keysLike(redis: Redis, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  for (let cursor = '0'; ; ) {
    const [next, some] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    for (const key of some) found.add(key);
    cursor = next;
    if (cursor === '0') return [...found];
  }
}
