/**
 * A search's side of the queue: hands out jobs, waits for their results in any order, and joins them in one order. It
 * looks for results itself again and again, so that it goes on where it was when the server was away or was restarted
 * without its memory: jobs and tables that are gone are put there once more.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Growth } from '../engine/engine';
import { TreeCollector } from '../tree/trees';
import type { ForestArrays, RunOptions } from '../types';
import { deleteBlob, getBlob, putBlob, renewBlob } from './blobs';
import { type Connection, connect } from './connection';
import { answerLength, cut, FoldSums, isWholeFold, type Range } from './parts';
import {
  ALIVE_S,
  contentHash,
  isOurs,
  KEEP_S,
  keepQueue,
  keys,
  NAME,
  type Part,
  pack,
  QUEUE,
  RENEW_S,
  readNumbers,
  readTrees,
  searchesOf,
  type Work,
  type WorkerCard,
  workersOf,
} from './protocol';

/** The interval at which results are looked for. */
const LOOK_MS = 100;
/** A job that ends in an error this often ends the search. */
const ATTEMPTS = 3;

/** The predictions of a growth on the queue's workers, as `growFolds` gives them; null where it fits no worker. */
export async function growFoldsOnQueue(growth: Growth, address: string, options: RunOptions) {
  const { data, nJobs, ...work } = growth;
  const folds = work.folds.map((_, fold) => new FoldSums(work, fold));
  const whole = new Map<number, Float64Array>();
  const fits = await run(work, data, address, options, (range, bytes) => {
    const numbers = readNumbers(bytes, answerLength(range, work));
    if (isWholeFold(range, work)) whole.set(range.fold, numbers);
    else folds[range.fold].add(range, numbers);
  });
  if (!fits) return null;
  return (fold: number, config: number, prefix: number) => {
    const rows = work.folds[fold].test.length;
    const at = (prefix * work.rules.length + config) * rows;
    return (whole.get(fold) ?? folds[fold].predictions).slice(at, at + rows);
  };
}

/** One forest grown by the queue's workers; null where it fits no worker. */
export async function growForestOnQueue(
  growth: Growth,
  address: string,
  options: RunOptions,
): Promise<ForestArrays | null> {
  const { data, nJobs, ...work } = growth;
  const trees = new TreeCollector(work.seeds.length, data.columns.length);
  const fits = await run(work, data, address, options, (range, bytes) => {
    const found = readTrees(bytes, range.to - range.from);
    for (const [i, tree] of found.entries()) trees.add(range.from + i, tree);
  });
  return fits ? trees.forest() : null;
}

/**
 * Runs all jobs of a growth.
 * @param onResult gets each job's result once, in any order
 * @returns false where a worker could not hold the growth in its memory
 */
async function run(
  work: Work,
  data: Growth['data'],
  address: string,
  options: RunOptions,
  onResult: (range: Range, bytes: Buffer) => void,
): Promise<boolean> {
  options.signal?.throwIfAborted();
  const search = new Search(connect('A search', address), work, data, options);
  try {
    return await search.run(onResult);
  } finally {
    await search.close();
  }
}

class Search {
  private readonly id = randomUUID();
  private readonly features: number;
  private readonly table: Buffer;
  private readonly hash: string;
  private readonly queue: Queue;
  /** Jobs without a result. */
  private readonly open = new Map<number, Range>();
  private workers: WorkerCard[] = [];
  private doneTrees = 0;
  private renewedAt = 0;

  constructor(
    private readonly connection: Connection,
    private readonly work: Work,
    data: Growth['data'],
    private readonly options: RunOptions,
  ) {
    const { bullmq, redis } = connection;
    this.queue = new bullmq.Queue(QUEUE, { connection: redis });
    this.queue.on('error', () => {}); // the connection tries again by itself
    this.features = data.columns.length;
    this.table = pack(data);
    this.hash = contentHash(this.table);
  }

  async run(onResult: (range: Range, bytes: Buffer) => void): Promise<boolean> {
    await this.answered(this.renew());
    await this.answered(this.connection.redis.publish(keys.began, NAME));
    const threads = this.workers.reduce((sum, worker) => sum + worker.threads, 0);
    const ranges = cut(this.work, this.features, threads);
    for (const [part, range] of ranges.entries()) this.open.set(part, range);
    await this.answered(this.handOut());
    while (this.open.size > 0) {
      if (performance.now() - this.renewedAt > RENEW_S * 1000) {
        await this.answered(this.renew());
        await this.answered(this.handOut());
      }
      for (const part of await this.answered(this.finished())) {
        const bytes = await this.answered(getBlob(this.connection.redis, keys.result(this.id, part)));
        if (!bytes) continue;
        const range = this.open.get(part)!;
        if (bytes.length === 0) return false;
        onResult(range, bytes);
        this.open.delete(part);
        this.doneTrees += range.to - range.from;
        await this.answered(deleteBlob(this.connection.redis, keys.result(this.id, part)));
      }
      this.report();
      if (this.open.size > 0) await sleep(LOOK_MS);
    }
    return true;
  }

  /** Gives signs of life, puts back what the server has lost, and looks which workers there are. */
  private async renew(): Promise<void> {
    const { redis } = this.connection;
    await redis.set(keys.search(this.id), NAME, 'EX', ALIVE_S);
    await redis.sadd(keys.users(this.hash), this.id);
    await redis.expire(keys.users(this.hash), KEEP_S);
    for (const [key, value] of [
      [keys.table(this.hash), this.table],
      [keys.work(this.id), pack(this.work)],
    ] as const) {
      if (!(await renewBlob(redis, key, KEEP_S))) await putBlob(redis, key, value, KEEP_S);
    }
    await keepQueue(redis);
    this.workers = await workersOf(redis);
    this.renewedAt = performance.now();
  }

  /**
   * Puts the jobs that the queue does not have into it: all of them at the start, later those that a restarted server
   * has lost.
   * @throws Error where a job has failed too often
   */
  private async handOut(): Promise<void> {
    for (const [part, range] of this.open) {
      const jobId = `${this.id}-${part}`;
      const job = await this.queue.getJob(jobId);
      if (job?.finishedOn && job.failedReason) {
        throw new Error(`A job of the search failed ${ATTEMPTS} times on the queue: ${job.failedReason}`);
      }
      if (job) continue;
      const data: Part = { search: this.id, table: this.hash, part, ...range };
      await this.queue.add('grow', data, {
        jobId,
        attempts: ATTEMPTS,
        backoff: { type: 'fixed', delay: 500 },
        removeOnComplete: true,
      });
    }
  }

  /** The jobs whose results have come. */
  private async finished(): Promise<number[]> {
    const parts = [...this.open.keys()];
    const counts = await this.connection.redis.mget(parts.map((part) => keys.result(this.id, part)));
    return parts.filter((_, i) => counts[i] !== null);
  }

  /** Waits for the server, and meanwhile obeys the stop signal and says that the queue does not answer. */
  private async answered<T>(answer: Promise<T>): Promise<T> {
    answer.catch(() => {}); // also when nobody waits for it any more
    for (;;) {
      this.options.signal?.throwIfAborted();
      const first = await Promise.race([answer.then((value) => ({ value })), sleep(1000, null)]);
      if (first) return first.value;
      this.report(`the queue at ${this.connection.address} does not answer`);
    }
  }

  private report(trouble?: string): void {
    const same = this.workers.filter(isOurs);
    const others = this.workers.filter((worker) => !same.includes(worker)).map(({ name }) => name);
    const refused = others.length > 0 ? `, ${others.join(' and ')} refused: this search needs ${NAME}` : '';
    const state =
      same.length === 0
        ? `${this.open.size} jobs wait for a worker`
        : `${this.open.size} jobs for ${same.length} ${same.length === 1 ? 'worker' : 'workers'}`;
    const total = this.work.seeds.length * this.work.folds.length;
    this.options.onProgress?.({ done: this.doneTrees, total, label: trouble ?? `${state}${refused}` });
  }

  /** Takes the search's jobs and keys out of the queue; the last search leaves nothing behind. */
  async close(): Promise<void> {
    const { redis } = this.connection;
    const clean = async () => {
      await redis.del(keys.search(this.id));
      await redis.publish(keys.ended, this.id);
      for (const part of this.open.keys()) {
        await this.queue.remove(`${this.id}-${part}`);
        await deleteBlob(redis, keys.result(this.id, part));
      }
      await deleteBlob(redis, keys.work(this.id));
      await redis.srem(keys.users(this.hash), this.id);
      if ((await redis.scard(keys.users(this.hash))) === 0) await deleteBlob(redis, keys.table(this.hash));
      if ((await searchesOf(redis)).length === 0) await this.queue.obliterate({ force: true });
    };
    // A server that is gone forgets everything by itself after a while.
    await Promise.race([clean().catch(() => {}), sleep(3000)]);
    await this.queue.close();
    redis.disconnect();
  }
}
