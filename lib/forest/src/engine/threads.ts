import type { TreeArrays } from '../tree/trees';
import type { RunOptions } from '../types';
import { kernelBytes, workerCode } from './assets';
import type { KernelFunctions, KernelGlobals } from './kernelExports';
import { cores, mayWait, nextTurn, startThread } from './platform';
import { ThreadPool } from './pool';
import { addChunks, copyTree, openKernel, weigh } from './worker.cjs';

/** The numbers that the kernel is told by name: see assembly/memory.ts. */
export type Settings = Pick<
  KernelGlobals,
  | 'rowCount'
  | 'featureCount'
  | 'treeCount'
  | 'foldCount'
  | 'trainTotal'
  | 'testTotal'
  | 'largestTrain'
  | 'largestTest'
  | 'largestBag'
  | 'bootstrap'
  | 'maxFeatures'
  | 'storing'
  | 'ordered'
  | 'weighted'
  | 'missing'
  | 'randomly'
  | 'classCount'
  | 'draws'
  | 'splitterSeeds'
  | 'configCount'
  | 'levelCount'
  | 'prefixCount'
  | 'separate'
>;

/** The kernel's exports, whose names its build has declared. */
export type Kernel = KernelFunctions & { [name in keyof KernelGlobals]: { value: number } };

export interface Memory {
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
const COUNTER_NEXT_UNIT = 2;
const COUNTER_DONE = 3;
/** The most threads for any nJobs: more than any machine of ours has cores. */
const MOST_THREADS = 64;
/** Up to which size a job's memory may stay with a worker that waits for another job. */
const IDLE_BYTES = 2 ** 28;

/** Undefined before it was compiled, null where it cannot be. */
let compiled: object | null | undefined;
let probe: Memory | null = null;

/** Roughly what one tree takes: entries of all lists, once per level of the tree. */
function treeMilliseconds(settings: Settings): number {
  const rows = settings.largestTrain * (settings.bootstrap ? 0.63 : 1);
  const features = Math.min(settings.featureCount, settings.maxFeatures + 2);
  return rows * features * Math.log2(rows + 2) * (2 + settings.configCount / 4) * 2e-6;
}

/** A kernel with a memory of its own, or null when there is no such memory. */
export function openMemory(bytes: number) {
  const module = kernelModule();
  const memory = module && allocate(bytes);
  if (!memory) return null;
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { kernel: instance.exports as Kernel, memory };
}

/** Null where WebAssembly may not be compiled, as on a page whose security policy forbids it. */
function kernelModule(): object | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(kernelBytes());
  } catch {
    compiled = null;
  }
  return compiled;
}

function allocate(bytes: number): Memory | null {
  if (bytes > LARGEST_MEMORY) return null;
  const pages = Math.ceil(bytes / PAGE);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    weigh(memory);
    return memory;
  } catch {
    return null; // the machine has no such stretch of addresses left
  }
}

const pool = new ThreadPool(() => {
  const worker = startThread(workerCode());
  worker.post(kernelModule());
  return worker;
});

/** From how much work on a second thread is worth its while, in milliseconds. */
const workPays = () => (pool.isWarm ? WAITING_PAYS_MS : STARTING_PAYS_MS);

/** Threads for so many pieces of work, of `nJobs` at most. */
const threadsFor = (pieces: number, nJobs: number | null) => Math.min(nJobs ?? cores(), pieces, MOST_THREADS);

/**
 * The kernel's memory for a job, or null when the job does not fit.
 * @param nJobs threads at most, null for all cores
 * @param repeats how often the job will be run
 */
export function openJob(settings: Settings, nJobs: number | null, repeats = 1) {
  const module = kernelModule();
  if (!module) return null;
  const units = settings.treeCount * settings.foldCount;
  const expected = treeMilliseconds(settings);
  const isSmall = expected * units * repeats < workPays();
  const threads = isSmall ? 1 : threadsFor(units, nJobs);
  probe ??= allocateProbe();
  if (!probe) return null;
  const { bytes } = openKernel(module, probe, settings, threads, -1);
  const memory = allocate(bytes);
  if (!memory) return null;
  // A single thread is a worker too where a tree, or a series of jobs, would keep the event loop waiting.
  const mainWorks = isSmall || (repeats === 1 && expected < MAIN_TREE_MS);
  const { kernel } = openKernel(module, memory, settings, threads, 0);
  const at = (name: keyof KernelGlobals) => kernel[name].value >>> 0;
  return {
    floats: (name: keyof KernelGlobals, count: number) => new Float64Array(memory.buffer, at(name), count),
    singles: (name: keyof KernelGlobals, count: number) => new Float32Array(memory.buffer, at(name), count),
    integers: (name: keyof KernelGlobals, count: number) => new Int32Array(memory.buffer, at(name), count),
    /** Makes the job ready to be run again, with other targets, weights and seeds. */
    rewind: () => new Int32Array(memory.buffer, at('countersAt'), 4).fill(0, COUNTER_NEXT_UNIT),
    /** Grows all trees; `onTree` gets each stored one, in any order. */
    run: (options: RunOptions, onTree: (unit: number, tree: TreeArrays) => void = () => {}) =>
      runJob({ memory, settings, threads, kernel, mainWorks }, options, onTree),
  };
}

/** A growth in the kernel's memory, filled by its opener. */
export type KernelJob = NonNullable<ReturnType<typeof openJob>>;

/** A memory in which to ask how much a job needs; null where there is no shared memory. */
function allocateProbe(): Memory | null {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: PAGE, shared: true });
  } catch {
    return null;
  }
}

/** The arguments of the kernel's `addTrees`. */
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
 * Adds trees to the sums of rows, on this thread and where that pays on others, and waits until all is done.
 * @param nJobs threads at most, null for all cores
 */
export function addTreesTogether(kernel: Kernel, memory: Memory, walk: Walk, nJobs: number | null): void {
  const expected = walk.trees * walk.blocks * 8 * ROW_TREE_MS;
  const threads = expected < workPays() || !mayWait ? 1 : threadsFor(walk.blocks, nJobs);
  if (threads === 1) {
    const { roots, trees, means, rows, blocks, features, sums } = walk;
    kernel.addTrees(roots, trees, means, rows, blocks, features, sums);
    return;
  }
  const chunk = Math.ceil(walk.blocks / (2 * threads));
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const workers = pool.take(threads - 1);
  try {
    // A worker that comes too late finds nothing left to do.
    for (const worker of workers) worker.post({ ...walk, chunk, memory, counters });
    addChunks(kernel, counters, { ...walk, chunk });
    const chunks = Math.ceil(walk.blocks / chunk);
    const done = () => Atomics.load(counters, 1);
    for (let seen = done(); seen < chunks; seen = done()) Atomics.wait(counters, 1, seen, 10);
  } finally {
    pool.keep(workers);
  }
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
  const { memory, settings, threads, kernel } = job;
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const total = settings.treeCount * settings.foldCount;
  const counters = new Int32Array(memory.buffer, kernel.countersAt.value >>> 0, 4);
  const report = () => onProgress?.({ done: Atomics.load(counters, COUNTER_DONE), total });
  const workers = pool.take(threads - (job.mainWorks ? 1 : 0));
  const mainWorks = job.mainWorks || workers.length === 0;
  // An error on any thread ends the work of all.
  const stop = new AbortController();
  const fail = (reason: unknown) => stop.abort(reason);
  const abort = () => fail(signal!.reason);
  const lost = () => fail(new Error('A worker thread of the forest ended before its work was done'));
  const guard =
    <T extends unknown[]>(act: (...values: T) => void) =>
    (...values: T) => {
      try {
        act(...values);
      } catch (error) {
        fail(error);
      }
    };
  const timer = onProgress && setInterval(guard(report), REPORT_MS);
  let finished = false;
  try {
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
    });
    stopped.catch(() => {}); // also when nobody waits for it any more
    signal?.addEventListener('abort', abort);
    const work = workers.map(
      (worker, i) =>
        new Promise<void>((resolve) => {
          const message = guard((given: unknown) => {
            if (given === 'done') resolve();
            else {
              const { unit, tree } = given as { unit: number; tree: TreeArrays };
              onTree(unit, tree);
            }
          });
          worker.listener = { message, error: fail, exit: lost };
          worker.post({ memory, settings, threads, thread: (mainWorks ? 1 : 0) + i });
        }),
    );
    if (mainWorks) work.push(workHere(job, stop.signal, onTree));
    await Promise.race([Promise.all(work), stopped]);
    finished = true;
    report();
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
    for (const worker of workers) worker.listener = null;
    if (finished && memory.buffer.byteLength <= IDLE_BYTES) pool.keep(workers);
    else await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The main thread's part: trees one by one, with a turn for the event loop every few milliseconds. */
async function workHere(
  { kernel, memory, settings }: Job,
  signal: AbortSignal,
  onTree: (unit: number, tree: TreeArrays) => void,
): Promise<void> {
  let until = performance.now() + SLICE_MS;
  const turn = async () => {
    await nextTurn();
    signal.throwIfAborted();
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
