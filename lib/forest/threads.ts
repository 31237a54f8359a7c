import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TreeArrays } from './trees';
import type { RunOptions } from './types';

/** The numbers that the kernel is told by name: see assembly/memory.ts. */
export interface Settings {
  rowCount: number;
  featureCount: number;
  treeCount: number;
  foldCount: number;
  trainTotal: number;
  testTotal: number;
  largestTrain: number;
  largestTest: number;
  bootstrap: number;
  maxFeatures: number;
  storing: number;
  configCount: number;
  levelCount: number;
  prefixCount: number;
}

/** The kernel's exports: functions, and addresses and settings as `{ value }`. */
export interface Kernel {
  sortColumns(): void;
  areSorted(): number;
  nextUnit(): number;
  grow(unit: number): number;
  addTrees(
    roots: number,
    trees: number,
    means: number,
    rows: number,
    blocks: number,
    features: number,
    sums: number,
  ): void;
  [name: string]: unknown;
}

interface Memory {
  readonly buffer: SharedArrayBuffer;
}

// TypeScript knows WebAssembly only together with a browser's types.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: unknown };
    Memory: new (size: { initial: number; maximum: number; shared: boolean }) => Memory;
  };
};
const WORKER = join(__dirname, 'worker.cjs');
const { openKernel, copyTree, addChunks } = require(WORKER) as {
  openKernel(
    module: object,
    memory: Memory,
    settings: Settings,
    threads: number,
    thread: number,
  ): { kernel: Kernel; bytes: number };
  copyTree(kernel: Kernel, memory: Memory): TreeArrays;
  /** `chunk` is how many blocks a thread takes at a time. */
  addChunks(kernel: Kernel, counters: Int32Array, job: Walk & { chunk: number }): void;
};

const PAGE = 65536;
/** A 32-bit memory's limit. */
const LARGEST_MEMORY = 65535 * PAGE;
/** Below this much work in all a worker costs more than it gains: one to be started, and one that waits. */
const STARTING_PAYS_MS = 25;
const WAITING_PAYS_MS = 1;
/** The main thread takes part as long as a tree does not keep it from the event loop for long. */
const MAIN_TREE_MS = 8;
/** Roughly what one row takes to walk down one tree. */
const ROW_TREE_MS = 2e-5;
/** How long the main thread works before it answers the event loop, and how often it reports. */
const SLICE_MS = 15;
const REPORT_MS = 100;
const COUNTER_DONE = 3;
/** How long a worker waits for another job, and up to which size a job's memory may stay with it meanwhile. */
const IDLE_MS = 1000;
const IDLE_BYTES = 2 ** 28;

let compiled: object | null = null;

/** Roughly what one tree takes: entries of all lists, once per level of the tree. */
function treeMilliseconds(settings: Settings): number {
  const rows = settings.largestTrain * (settings.bootstrap ? 0.63 : 1);
  const features = Math.min(settings.featureCount, settings.maxFeatures + 2);
  return rows * features * Math.log2(rows + 2) * (2 + settings.configCount / 4) * 2e-6;
}

/** A kernel with a memory of its own, or null when there is no such memory. */
export function openMemory(bytes: number) {
  const memory = allocate(bytes);
  if (!memory) return null;
  const instance = new WebAssembly.Instance(kernelModule(), { env: { memory } });
  return { kernel: instance.exports as Kernel, memory };
}

function kernelModule(): object {
  compiled ??= new WebAssembly.Module(readFileSync(join(__dirname, 'kernel.wasm')));
  return compiled;
}

function allocate(bytes: number): Memory | null {
  if (bytes > LARGEST_MEMORY) return null;
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return null; // the machine has no such stretch of addresses left
  }
}

/** Workers that wait for another job: to start one takes longer than to grow a small forest. */
const idle: Worker[] = [];
let idleTimer: NodeJS.Timeout | undefined;

/** From how much work on a second thread is worth its while, in milliseconds. */
const workPays = () => (idle.length > 0 ? WAITING_PAYS_MS : STARTING_PAYS_MS);

function takeWorker(): Worker {
  // Without the parent's flags: a compiler that it was started with would only delay a worker.
  const worker =
    idle.pop() ?? new Worker(WORKER, { workerData: { kernelModule: kernelModule() }, execArgv: [] });
  worker.ref();
  return worker;
}

/** Lets workers wait for another job for a while, without keeping the process. */
function keepWorkers(workers: readonly Worker[]): void {
  for (const worker of workers) worker.unref();
  idle.push(...workers);
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => {
    for (const worker of idle.splice(0)) void worker.terminate();
  }, IDLE_MS).unref();
}

/**
 * The kernel's memory for a job, or null when the job does not fit.
 * @param nJobs threads at most, null for all cores
 */
export function openJob(settings: Settings, nJobs: number | null) {
  const module = kernelModule();
  const units = settings.treeCount * settings.foldCount;
  const expected = treeMilliseconds(settings);
  const threads = expected * units < workPays() ? 1 : Math.min(nJobs ?? availableParallelism(), units);
  const probe = new WebAssembly.Memory({ initial: 1, maximum: PAGE, shared: true });
  const { bytes } = openKernel(module, probe, settings, threads, -1);
  const memory = allocate(bytes);
  if (!memory) return null;
  const mainWorks = threads === 1 || expected < MAIN_TREE_MS;
  const { kernel } = openKernel(module, memory, settings, threads, 0);
  const at = (name: string) => (kernel[name] as { value: number }).value >>> 0;
  return {
    floats: (name: string, count: number) => new Float64Array(memory.buffer, at(name), count),
    singles: (name: string, count: number) => new Float32Array(memory.buffer, at(name), count),
    integers: (name: string, count: number) => new Int32Array(memory.buffer, at(name), count),
    /** Grows all trees; `onTree` gets each stored one, in any order. */
    run: (options: RunOptions, onTree: (unit: number, tree: TreeArrays) => void = () => {}) =>
      runJob({ memory, settings, threads, kernel, mainWorks }, options, onTree),
  };
}

/** What `addTrees` of the kernel is told. */
export interface Walk {
  roots: number;
  trees: number;
  means: number;
  rows: number;
  blocks: number;
  features: number;
  sums: number;
}

/**
 * Adds trees to the sums of rows, on this thread and on others, and waits until all is done.
 * @param nJobs threads at most, null for all cores
 */
export function addTreesTogether(kernel: Kernel, memory: Memory, walk: Walk, nJobs: number | null): void {
  const expected = walk.trees * walk.blocks * 8 * ROW_TREE_MS;
  const threads = expected < workPays() ? 1 : (nJobs ?? availableParallelism());
  const chunk = Math.ceil(walk.blocks / (2 * threads));
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const workers = Array.from({ length: threads - 1 }, takeWorker);
  // A worker that comes too late finds nothing left to do.
  for (const worker of workers) worker.postMessage({ ...walk, chunk, memory, counters });
  addChunks(kernel, counters, { ...walk, chunk });
  const chunks = Math.ceil(walk.blocks / chunk);
  const done = () => Atomics.load(counters, 1);
  for (let seen = done(); seen < chunks; seen = done()) Atomics.wait(counters, 1, seen, 10);
  keepWorkers(workers);
}

interface Job {
  memory: Memory;
  settings: Settings;
  threads: number;
  kernel: Kernel;
  mainWorks: boolean;
}

async function runJob(
  job: Job,
  options: RunOptions,
  onTree: (unit: number, tree: TreeArrays) => void,
): Promise<void> {
  const { memory, settings, threads, kernel, mainWorks } = job;
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const total = settings.treeCount * settings.foldCount;
  const counters = new Int32Array(memory.buffer, (kernel.countersAt as { value: number }).value >>> 0, 4);
  const report = () => onProgress?.({ done: Atomics.load(counters, COUNTER_DONE), total });
  const timer = onProgress && setInterval(report, REPORT_MS);
  const first = mainWorks ? 1 : 0;
  const workers = Array.from({ length: threads - first }, takeWorker);
  let abort = () => {};
  let finished = false;
  try {
    const stopped = new Promise<never>((_, reject) => {
      abort = () => reject(signal!.reason);
      signal?.addEventListener('abort', abort, { once: true });
      for (const worker of workers) worker.once('error', reject);
    });
    stopped.catch(() => {}); // also when nobody waits for it any more
    const work = workers.map(
      (worker, i) =>
        new Promise<void>((resolve) => {
          worker.on('message', (message) => {
            if (message === 'done') resolve();
            else onTree(message.unit, message.tree);
          });
          worker.postMessage({ memory, settings, threads, thread: first + i });
        }),
    );
    if (mainWorks) work.push(workHere(job, signal, onTree));
    await Promise.race([Promise.all(work), stopped]);
    finished = true;
    report();
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
    for (const worker of workers) worker.removeAllListeners('message').removeAllListeners('error');
    if (finished && memory.buffer.byteLength <= IDLE_BYTES) keepWorkers(workers);
    else await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The main thread's part: trees one by one, with a turn for the event loop every few milliseconds. */
async function workHere(
  { kernel, memory, settings }: Job,
  signal: AbortSignal | undefined,
  onTree: (unit: number, tree: TreeArrays) => void,
): Promise<void> {
  let until = performance.now() + SLICE_MS;
  const turn = async () => {
    await nextTurn();
    signal?.throwIfAborted();
    until = performance.now() + SLICE_MS;
  };
  kernel.sortColumns();
  while (!kernel.areSorted()) await turn();
  for (let unit = kernel.nextUnit(); unit >= 0; unit = kernel.nextUnit()) {
    while (!kernel.grow(unit)) await turn();
    if (settings.storing) onTree(unit, copyTree(kernel, memory));
    if (performance.now() > until) await turn();
  }
}
