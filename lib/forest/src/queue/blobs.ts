/** Bytes in Redis: compressed, in pieces below its limits, and gone by themselves when nobody renews them. */
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Redis } from 'ioredis';

const compress = promisify(deflate);
const decompress = promisify(inflate);

/** Redis takes up to 512 MB in a value; smaller pieces do not keep its one thread from others for long. */
const PIECE_BYTES = 16 * 2 ** 20;

const pieceKey = (key: string, piece: number) => `${key}:${piece}`;

/**
 * Stores bytes under a key, its pieces under `key:0`, `key:1`, ...; the key itself holds the number of pieces and
 * comes last, so that a reader never finds a part.
 */
export async function putBlob(redis: Redis, key: string, bytes: Uint8Array, seconds: number): Promise<void> {
  const packed = await compress(bytes, { level: 1 });
  const pieces = Math.max(1, Math.ceil(packed.length / PIECE_BYTES));
  for (let piece = 0; piece < pieces; piece++) {
    const part = packed.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    await redis.set(pieceKey(key, piece), part, 'EX', seconds);
  }
  await redis.set(key, pieces, 'EX', seconds);
}

/** The bytes under a key, or null where they, or a piece of them, are not there. */
export async function getBlob(redis: Redis, key: string): Promise<Buffer | null> {
  const pieces = Number(await redis.get(key));
  if (!(pieces >= 1)) return null;
  const parts: Buffer[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const part = await redis.getBuffer(pieceKey(key, piece));
    if (!part) return null;
    parts.push(part);
  }
  return decompress(Buffer.concat(parts));
}

/** Lets the bytes stay for so many seconds from now; false where they are gone. */
export async function renewBlob(redis: Redis, key: string, seconds: number): Promise<boolean> {
  const pieces = Number(await redis.get(key));
  if (!(pieces >= 1)) return false;
  for (let piece = 0; piece < pieces; piece++) {
    if ((await redis.expire(pieceKey(key, piece), seconds)) === 0) return false;
  }
  return (await redis.expire(key, seconds)) === 1;
}

export async function deleteBlob(redis: Redis, key: string): Promise<void> {
  const pieces = Number(await redis.get(key));
  const keys = Array.from({ length: pieces || 0 }, (_, piece) => pieceKey(key, piece));
  await redis.del(key, ...keys);
}
