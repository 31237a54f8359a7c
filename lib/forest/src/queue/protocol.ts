/**
 * The words that a search and its workers use with each other. Only tables, parameters and numbers travel, and each side
 * checks them on arrival.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Redis } from 'ioredis';
import type { Growth } from '../engine/engine';
import { InputError } from '../errors';
import type { TreeArrays } from '../tree/trees';
import { keysLike } from './connection';

/** Searches and workers of one protocol and one Node understand each other; others have queues of their own. */
export const PROTOCOL = 1;
export const NODE = Number(process.versions.node.split('.')[0]);
export const QUEUE = `exact-forest-${PROTOCOL}-node${NODE}`;
/** The same in words. */
export const NAME = `exact-forest's protocol ${PROTOCOL} on Node ${NODE}`;

/** All keys beside BullMQ's own begin with this. */
const PREFIX = 'exact-forest:';
export const keys = {
  /** Present while its search is alive. */
  search: (search: string) => `${PREFIX}search:${search}`,
  /** The growth that the search asks for, without the table. */
  work: (search: string) => `${PREFIX}work:${search}`,
  /** A table, by the SHA-256 of its content. */
  table: (hash: string) => `${PREFIX}table:${hash}`,
  /** The searches that need the table. */
  users: (hash: string) => `${PREFIX}users:${hash}`,
  result: (search: string, part: number) => `${PREFIX}result:${search}:${part}`,
  worker: (id: string) => `${PREFIX}worker:${id}`,
  searches: `${PREFIX}search:*`,
  workers: `${PREFIX}worker:*`,
  /** The channel on which a search names the workers that it needs, and the one on which it says that it has ended. */
  began: `${PREFIX}began`,
  ended: `${PREFIX}ended`,
};

/** The seconds that a sign of life lasts, and the seconds after which it is renewed. */
export const ALIVE_S = 20;
export const RENEW_S = 5;
/** The seconds that tables and results stay when nobody renews or fetches them. */
export const KEEP_S = 120;

/** A job: some trees of one fold. */
export interface Part {
  search: string;
  part: number;
  table: string;
  fold: number;
  /** Trees `from` to `to - 1`. */
  from: number;
  to: number;
}

/** A worker's sign of life. */
export interface WorkerCard {
  name: string;
  protocol: number;
  node: number;
  threads: number;
}

/** The workers that have given a sign of life. */
export async function workersOf(redis: Redis): Promise<WorkerCard[]> {
  const found = await keysLike(redis, keys.workers);
  const cards = found.length > 0 ? await redis.mget(found) : [];
  return cards.filter((card): card is string => card !== null).map((card) => JSON.parse(card));
}

/** The searches that need workers of this kind. */
export async function searchesOf(redis: Redis): Promise<string[]> {
  const found = await keysLike(redis, keys.searches);
  const names = found.length > 0 ? await redis.mget(found) : [];
  return found.filter((_, i) => names[i] === NAME);
}

/** Lets the queue's own keys go after a while. A search that lives says so again and again. */
export async function keepQueue(redis: Redis): Promise<void> {
  const expiries = redis.pipeline();
  for (const key of await keysLike(redis, `bull:${QUEUE}:*`)) {
    // The signs by which BullMQ finds lost jobs have times of their own.
    if (!/:(lock|stalled-check)$/.test(key)) expiries.expire(key, KEEP_S);
  }
  await expiries.exec();
}

/** Whether a worker serves this protocol on this Node. */
export const isOurs = (card: WorkerCard): boolean => card.protocol === PROTOCOL && card.node === NODE;

/** The growth that a search asks for, without its table. */
export type Work = Omit<Growth, 'data' | 'nJobs'>;

export const pack = (value: unknown): Buffer => serialize(value);

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function requires(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InputError(`The queue requires ${what}, got something else`);
}

/** SHA-256 of packed bytes, in hexadecimal digits. */
export const contentHash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** @throws InputError where the bytes are not the table of float32 columns and a target that has this hash */
export function readTable(bytes: Buffer, hash: string): Growth['data'] {
  requires(contentHash(bytes) === hash, 'the table of the search');
  const data = deserialize(bytes);
  const rowCount = data?.y?.length;
  requires(data?.y instanceof Float64Array && rowCount >= 1, 'a table with a target');
  requires(Array.isArray(data.columns) && data.columns.length >= 1, 'a table with columns');
  for (const column of data.columns) {
    requires(
      column instanceof Float32Array && column.length === rowCount,
      'columns of as many float32 numbers',
    );
  }
  return data;
}

/** @throws InputError where the bytes are not the work of a search on that table */
export function readWork(bytes: Buffer, data: Growth['data']): Work {
  const work = deserialize(bytes);
  requires(work !== null && typeof work === 'object', 'the work of a search');
  requires(work.seeds instanceof Uint32Array && work.seeds.length >= 1, 'a seed for each tree');
  requires(Array.isArray(work.rules) && work.rules.length >= 1, 'at least one set of limits');
  requires(Array.isArray(work.folds) && work.folds.length >= 1, 'at least one fold');
  for (const { train, test } of work.folds) {
    for (const rows of [train, test]) {
      requires(rows instanceof Int32Array, 'row numbers');
      requires(
        rows.every((row: number) => row >= 0 && row < data.y.length),
        'row numbers of the table',
      );
    }
  }
  return work;
}

/** @throws InputError where it is no part of that work */
export function checkPart(part: Part, work: Work): void {
  requires(isWhole(part?.fold, 0, work.folds.length - 1), 'a fold of the search');
  requires(isWhole(part.from, 0, work.seeds.length - 1), 'a first tree of the search');
  requires(isWhole(part.to, part.from + 1, work.seeds.length), 'a last tree of the search');
}

/** @throws InputError where the bytes are not so many numbers */
export function readNumbers(bytes: Buffer, count: number): Float64Array {
  const numbers = deserialize(bytes);
  requires(numbers instanceof Float64Array && numbers.length === count, `${count} predictions`);
  return numbers;
}

const FIELDS = {
  feature: Int32Array,
  left: Int32Array,
  right: Int32Array,
  nNodeSamples: Int32Array,
  threshold: Float64Array,
  value: Float64Array,
  weightedNNodeSamples: Float64Array,
  impurity: Float64Array,
};

/** @throws InputError where the bytes are not so many trees */
export function readTrees(bytes: Buffer, count: number): TreeArrays[] {
  const trees = deserialize(bytes);
  requires(Array.isArray(trees) && trees.length === count, `${count} trees`);
  for (const tree of trees) {
    for (const [name, Type] of Object.entries(FIELDS)) {
      requires(
        tree?.[name] instanceof Type && tree[name].length === tree.value.length,
        'trees of typed arrays',
      );
    }
    const { missingGoToLeft: side, value } = tree;
    requires(
      side === undefined || (side instanceof Uint8Array && side.length === value.length),
      'a side for missing values in each node',
    );
  }
  return trees;
}
