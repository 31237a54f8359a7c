/**
 * Grows forests by the plain definition, on the main thread and, where there is enough work, on others. Every thread
 * takes the next tree that nobody has begun; a tree depends on nothing but its seed, so the number of threads leaves
 * no trace.
 */
import { type Bag, treeWeights } from '../tree/bag';
import { growInSteps, type TrainingData } from '../tree/reference';
import type { Rules } from '../tree/rules';
import type { TreeArrays } from '../tree/trees';
import type { RunOptions } from '../types';
import { plainWorkerCode } from './assets';
import { cores, nextTurn, startThread } from './platform';
import { ThreadPool } from './pool';
import type { Thread } from './thread';

/** A forest to be grown. */
export interface ForestTask {
  data: TrainingData;
  rules: Rules;
  seeds: Uint32Array;
  bag: Bag;
  /** Worker threads at most, null for all cores. */
  nJobs: number | null;
}

/** How long the main thread works before it answers the event loop. */
const SLICE_MS = 15;
/**
 * Below this much work that is left, workers cost more than they gain: some to be started, and some that wait. Tests
 * set both to 0, so that a quick machine shares its work like a slow one.
 */
export const SHARING_PAYS_MS = { starting: 250, waiting: 20 };
/** The most threads for any nJobs: more than any machine of ours has cores. */
const MOST_THREADS = 64;

type OnTree = (unit: number, tree: TreeArrays) => void;

const pool = new ThreadPool(() => startThread(plainWorkerCode()));

/** Grows all trees of a forest; `onTree` gets them in any order. */
export async function growPlainly(task: ForestTask, options: RunOptions, onTree: OnTree): Promise<void> {
  options.signal?.throwIfAborted();
  const growth = new PlainGrowth(task, options, onTree);
  try {
    await growth.growHere();
    await growth.finished;
    growth.keepWorkers();
  } finally {
    await growth.end();
  }
}

class PlainGrowth {
  /** Settled when each tree was handed over, or when something went wrong on any thread. */
  readonly finished: Promise<void>;
  private finish = () => {};
  private fail: (reason: unknown) => void = () => {};
  private failure: { reason: unknown } | null = null;
  private readonly begun: Int32Array;
  private done = 0;
  private readonly start = performance.now();
  private isShared = false;
  private workers: readonly Thread[] = [];
  private readonly abort = () => this.fail(this.options.signal!.reason);

  constructor(
    private readonly task: ForestTask,
    private readonly options: RunOptions,
    private readonly onTree: OnTree,
  ) {
    this.begun = mayShareMemory() ? new Int32Array(new SharedArrayBuffer(4)) : new Int32Array(1);
    this.finished = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = (reason) => {
        this.failure ??= { reason };
        reject(reason);
      };
    });
    this.finished.catch(() => {}); // also when nobody waits for it any more
    options.signal?.addEventListener('abort', this.abort);
  }

  /** The main thread's part: trees node by node, with a turn for the event loop every few milliseconds. */
  async growHere(): Promise<void> {
    const { data, rules, seeds, bag } = this.task;
    let until = performance.now() + SLICE_MS;
    for (let unit = this.next(); unit < seeds.length; unit = this.next()) {
      const steps = growInSteps(data, treeWeights(bag, seeds[unit]), rules, seeds[unit]);
      let step = steps.next();
      while (!step.done) {
        if (performance.now() > until) {
          await this.turn();
          until = performance.now() + SLICE_MS;
        }
        step = steps.next();
      }
      this.take(unit, step.value);
    }
  }

  private async turn(): Promise<void> {
    if (!this.isShared && this.paysToShare()) this.share();
    await nextTurn();
    if (this.failure) throw this.failure.reason;
  }

  private next(): number {
    return Atomics.add(this.begun, 0, 1);
  }

  private take(unit: number, tree: TreeArrays): void {
    const total = this.task.seeds.length;
    this.onTree(unit, tree);
    this.done++;
    this.options.onProgress?.({ done: this.done, total });
    if (this.done === total) this.finish();
  }

  /** Whether the trees that nobody has begun are work enough for others, as the time for the first ones shows. */
  private paysToShare(): boolean {
    const left = this.task.seeds.length - this.begun[0];
    const perTree = (performance.now() - this.start) / (this.done + 1);
    return left * perTree > (pool.isWarm ? SHARING_PAYS_MS.waiting : SHARING_PAYS_MS.starting);
  }

  /** Starts workers, as many as there may be. Without any the main thread does all. */
  private share(): void {
    this.isShared = true;
    const { data, rules, seeds, bag, nJobs } = this.task;
    const left = seeds.length - this.begun[0];
    const workers = mayShareMemory()
      ? pool.take(Math.min((nJobs ?? cores()) - 1, left, MOST_THREADS - 1))
      : [];
    if (workers.length === 0) return;
    this.workers = workers;
    const columns = data.columns.map(shared);
    for (const worker of workers) {
      worker.listener = {
        message: (message) => this.hear(message as { unit: number; tree: TreeArrays }),
        error: (error) => this.fail(error),
        exit: () => this.fail(new Error('A worker thread of the forest ended before its work was done')),
      };
      worker.post({ task: { data: { ...data, columns }, rules, seeds, bag }, begun: this.begun });
    }
  }

  private hear({ unit, tree }: { unit: number; tree: TreeArrays }): void {
    try {
      this.take(unit, tree);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Lets the workers wait for another forest. All trees are there, so none of them is in the middle of one. */
  keepWorkers(): void {
    pool.keep(this.workers);
    this.workers = [];
  }

  /** Ends the workers that were not kept. */
  async end(): Promise<void> {
    this.options.signal?.removeEventListener('abort', this.abort);
    for (const worker of this.workers) worker.listener = null;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** Only Node and an isolated page have memory that threads share. */
const mayShareMemory = () => typeof SharedArrayBuffer !== 'undefined';

/** A copy of a column that all threads can read. */
function shared(column: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
