import type { TreeArrays } from '../tree/trees';
import type { Kernel, Memory, Settings, Walk } from './threads';

/** The kernel over a memory, told the settings by name; thread -1 only asks how much memory is needed. */
export function openKernel(
  module: object,
  memory: Memory,
  settings: Settings,
  threads: number,
  thread: number,
): { kernel: Kernel; bytes: number };
/** A copy of the tree just grown, whose buffers are its own. */
export function copyTree(kernel: Kernel, memory: Memory): TreeArrays;
/** Makes a shared memory count for the garbage collector. */
export function weigh(memory: Memory): void;
/** `chunk` is the number of blocks that a thread takes at a time. */
export function addChunks(kernel: Kernel, counters: Int32Array, job: Walk & { chunk: number }): void;
