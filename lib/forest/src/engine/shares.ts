/** A forest as one job, or, where one memory is too small for all threads, as several with a memory each. */
import type { TreeArrays } from '../tree/trees';
import type { RunOptions } from '../types';
import { cores } from './platform';
import type { KernelJob } from './threads';
import { allTogether } from './together';

/** The trees `first`, `first + step` and so on, for at most `nJobs` threads. */
export interface Share {
  first: number;
  step: number;
  nJobs: number | null;
}

/**
 * The jobs that grow a forest together: one for all threads where it fits, else one for each of as many threads as
 * there is memory for.
 * @param open gives a share's job, null where its memory is not to be had
 * @returns null where there is no memory even for one thread
 */
export function openJobs(
  trees: number,
  nJobs: number | null,
  open: (share: Share) => KernelJob | null,
): KernelJob[] | null {
  const together = open({ first: 0, step: 1, nJobs });
  if (together) return [together];
  for (let step = Math.min(nJobs ?? cores(), trees); step > 0; step--) {
    const jobs: KernelJob[] = [];
    for (let first = 0; first < step; first++) {
      const job = open({ first, step, nJobs: 1 });
      if (!job) break;
      jobs.push(job);
    }
    if (jobs.length === step) return jobs;
  }
  return null;
}

/** Grows the shares of all jobs at the same time. */
export async function runJobs(
  jobs: readonly KernelJob[],
  trees: number,
  options: RunOptions,
  onTree: (tree: number, arrays: TreeArrays) => void,
): Promise<void> {
  const done = jobs.map(() => 0);
  await allTogether(options.signal, (signal) =>
    jobs.map((job, first) => {
      const report = (progress: { done: number }) => {
        done[first] = progress.done;
        options.onProgress?.({ done: done.reduce((sum, n) => sum + n), total: trees });
      };
      const own = { signal, onProgress: options.onProgress && report };
      return job.run(own, (unit, arrays) => onTree(first + unit * jobs.length, arrays));
    }),
  );
}
