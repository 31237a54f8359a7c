/** A worker's side of the queue: takes jobs until it is stopped. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { growPart } from '../engine/engine';
import { getBlob, putBlob } from './blobs';
import { type Connection, connect, keysLike } from './connection';
import {
  ALIVE_S,
  checkPart,
  isOurs,
  KEEP_S,
  keepQueue,
  keys,
  NAME,
  NODE,
  type Part,
  PROTOCOL,
  pack,
  QUEUE,
  RENEW_S,
  readTable,
  readWork,
  searchesOf,
  type WorkerCard,
  workersOf,
} from './protocol';

/** A job whose worker has been silent for so long goes to another one. */
const LOCK_MS = 8_000;
const STALLED_MS = 3_000;
/** The interval at which a worker looks for bytes that are not there yet. */
const LOOK_MS = 300;
/** A job may lose its worker this many times before it counts as failed. */
const MOST_STALLED = 3;

export interface WorkerOptions {
  /** `redis://` or `rediss://` address. */
  queue: string;
  /** Threads at most. */
  nJobs: number;
  /** Gets one line for each job, and for what else happens. */
  log: (line: string) => void;
}

/** A running worker. */
export interface QueueWorker {
  /** Hands back the job at hand, or finishes it where that takes no more than `graceMs`, and leaves the queue. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Takes jobs from a queue until it is stopped.
 * @throws InputError where the address is none, or bullmq or ioredis is not installed
 */
export function startWorker({ queue, nJobs, log }: WorkerOptions): QueueWorker {
  const connection = connect('startWorker', queue);
  const desk = new Desk(connection, nJobs, log);
  desk.start();
  return desk;
}

class Desk implements QueueWorker {
  private readonly id = randomUUID();
  private readonly card: WorkerCard;
  private worker: Worker | undefined;
  private beat: NodeJS.Timeout | undefined;
  /** Hears of searches that begin and end. */
  private readonly channels: Redis;
  /** Ends the work on the job at hand. */
  private readonly stopping = new AbortController();
  /** The last table, which the next job mostly needs too. */
  private table: { hash: string; data: ReturnType<typeof readTable> } | undefined;
  private readonly warned = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly nJobs: number,
    private readonly log: (line: string) => void,
  ) {
    this.channels = connection.redis.duplicate();
    this.channels.on('error', () => {}); // it reconnects by itself
    void this.channels.subscribe(keys.began, keys.ended).catch(() => {});
    this.card = { name: `${hostname()}:${process.pid}`, protocol: PROTOCOL, node: NODE, threads: nJobs };
  }

  start(): void {
    const { bullmq, redis, address } = this.connection;
    this.worker = new bullmq.Worker<Part>(QUEUE, (job, token) => this.work(job, token), {
      connection: redis.duplicate(),
      concurrency: 1,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: MOST_STALLED,
      removeOnComplete: { count: 0 },
    });
    this.worker.on('error', () => {}); // the connection tries again by itself
    this.worker.on('failed', (job, error) =>
      this.log(`job ${job?.data.part ?? '?'} failed: ${error.message}`),
    );
    this.channels.on('message', (channel, name) => channel === keys.began && this.warn(name));
    const sign = () => void this.giveSign().catch(() => {});
    sign();
    this.beat = setInterval(sign, RENEW_S * 1000);
    this.log(`${this.card.name} takes jobs of ${NAME} from ${address} with ${this.nJobs} threads`);
  }

  /** Says that this worker is there, and names searches that need another kind of worker. */
  private async giveSign(): Promise<void> {
    const { redis } = this.connection;
    await redis.set(keys.worker(this.id), JSON.stringify(this.card), 'EX', ALIVE_S);
    const searches = await keysLike(redis, keys.searches);
    const names = searches.length > 0 ? await redis.mget(searches) : [];
    for (const name of names) if (name) this.warn(name);
  }

  /** Says once that searches need another kind of worker. */
  private warn(name: string): void {
    if (name === NAME || this.warned.has(name)) return;
    this.warned.add(name);
    this.log(`a search needs ${name}; this worker is ${NAME} and takes none of its jobs`);
  }

  private async work(job: Job<Part>, token?: string): Promise<void> {
    const { redis } = this.connection;
    const { part } = job.data;
    const started = performance.now();
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.stopping.signal]);
    const unwatch = this.watch(job.data.search, stop);
    try {
      const { data, work } = await this.fetch(job.data, signal);
      checkPart(job.data, work);
      const answer = await growPart({ data, ...work, nJobs: this.nJobs }, job.data, { signal });
      await putBlob(
        redis,
        keys.result(job.data.search, part),
        answer ? pack(answer) : Buffer.alloc(0),
        KEEP_S,
      );
      const { fold, from, to } = job.data;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      this.log(`job ${part}: fold ${fold + 1}, trees ${from + 1} to ${to}, ${seconds} s`);
    } catch (error) {
      if (this.stopping.signal.aborted) {
        await job.moveToDelayed(Date.now(), token);
        throw new this.connection.bullmq.DelayedError();
      }
      if (!stop.signal.aborted) throw error;
      this.log(`job ${part}: its search has ended`);
    } finally {
      unwatch();
    }
  }

  /** Stops the work on a job once its search says that it has ended, or gives no more signs of life. */
  private watch(search: string, stop: AbortController): () => void {
    const onEnd = (channel: string, name: string) =>
      channel === keys.ended && name === search && stop.abort();
    this.channels.on('message', onEnd);
    let missing = 0;
    const look = async () => {
      missing = (await this.connection.redis.exists(keys.search(search))) ? 0 : missing + 1;
      // A server that was restarted does not know the search until it gives its next sign.
      if (missing > 2) stop.abort();
    };
    const timer = setInterval(() => void look().catch(() => {}), RENEW_S * 1000);
    return () => {
      clearInterval(timer);
      this.channels.off('message', onEnd);
    };
  }

  private async fetch({ table, search }: Part, signal: AbortSignal) {
    if (this.table?.hash !== table) {
      this.table = { hash: table, data: readTable(await this.awaitBlob(keys.table(table), signal), table) };
    }
    const { data } = this.table;
    return { data, work: readWork(await this.awaitBlob(keys.work(search), signal), data) };
  }

  /** Waits for bytes that a restarted server has lost, until the search puts them back. */
  private async awaitBlob(key: string, signal: AbortSignal): Promise<Buffer> {
    for (;;) {
      const bytes = await getBlob(this.connection.redis, key);
      if (bytes) return bytes;
      await sleep(LOOK_MS, undefined, { signal });
    }
  }

  /** Takes this worker's name away; the last one to leave an idle queue leaves no key behind. */
  private async leave(): Promise<void> {
    const { bullmq, redis } = this.connection;
    await redis.del(keys.worker(this.id));
    const others = (await workersOf(redis)).filter(isOurs);
    if (others.length > 0) return;
    // A search that was killed gives its sign of life for a while; one that lives keeps the queue.
    if ((await searchesOf(redis)).length > 0) return keepQueue(redis);
    const queue = new bullmq.Queue(QUEUE, { connection: redis });
    await queue.obliterate({ force: true });
    await queue.close();
  }

  async stop(graceMs = 2000): Promise<void> {
    clearInterval(this.beat);
    const closed = this.worker?.close();
    const timer = setTimeout(() => this.stopping.abort(new Error('the worker stops')), graceMs);
    await closed?.catch(() => {});
    clearTimeout(timer);
    await Promise.race([this.leave().catch(() => {}), sleep(1000)]);
    this.connection.redis.disconnect();
    this.channels.disconnect();
    this.log(`${this.card.name} has left the queue`);
  }
}
