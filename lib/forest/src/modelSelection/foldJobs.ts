import { InputError, valueText } from '../errors';
import type { AnyEstimator, FoldData, FoldJob, FoldPredictions, JobOptions } from '../estimator';
import type { RunOptions } from '../types';
import { predictSplit } from './predictSplit';

/** Candidates of one estimator on the folds of a table. */
export interface FoldWork {
  estimator: AnyEstimator;
  /** The parameters of each candidate, all of them. */
  candidates: readonly object[];
  data: FoldData;
  /** Threads at most, null for as many as there are cores. */
  nJobs: number | null;
}

/** A job with its predictions. */
export interface DoneJob extends FoldJob {
  predictions: FoldPredictions;
}

/** Runs the jobs of some work, here or elsewhere, and gives each with its predictions, in any order. */
export type RunFoldJobs = (
  work: FoldWork,
  jobs: readonly FoldJob[],
  options: RunOptions,
) => AsyncIterable<DoneJob>;

/**
 * Fits every candidate on every fold and predicts the folds' test rows. Candidates that the estimator can fit
 * together make a job. Predictions come job by job, so that a caller need not keep those of all.
 * @param options progress counts fits
 * @param run where the jobs are run; on this machine's threads if nothing else is said
 */
export function predictCandidates(
  work: FoldWork,
  options: RunOptions,
  run: RunFoldJobs = runFoldJobs,
): AsyncIterable<DoneJob> {
  const { estimator, candidates, data } = work;
  const alone = candidates.flatMap((_, candidate) =>
    data.splits.map((_, fold) => ({ candidates: [candidate], folds: [fold] })),
  );
  return run(work, estimator.sharedGrowth?.plan(data, candidates) ?? alone, options);
}

/** Runs jobs one after the other; each uses the threads that it may. */
async function* runFoldJobs(
  work: FoldWork,
  jobs: readonly FoldJob[],
  { onProgress, signal, queue }: RunOptions,
): AsyncGenerator<DoneJob> {
  const fitsOf = (job: FoldJob) => job.candidates.length * job.folds.length;
  const total = jobs.reduce((sum, job) => sum + fitsOf(job), 0);
  const waiting = [...jobs];
  let done = 0;
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    signal?.throwIfAborted();
    const fits = fitsOf(job);
    const report = (share: number, label?: string) =>
      onProgress?.({ done: done + Math.floor(share * fits), total, ...(label && { label }) });
    const options: JobOptions = {
      signal,
      queue,
      nJobs: work.nJobs,
      onProgress: onProgress && (({ done, total, label }) => report(done / total, label)),
    };
    const predictions = await runFoldJob(work, job, options);
    if (predictions) {
      yield { ...job, predictions };
      done += fits;
      report(0);
    } else waiting.unshift(...halves(job));
  }
}

/**
 * Runs one job.
 * @returns null where it is too much at once and has to be halved
 */
async function runFoldJob(
  { estimator, candidates, data }: FoldWork,
  job: FoldJob,
  options: JobOptions,
): Promise<FoldPredictions | null> {
  const together = await estimator.sharedGrowth?.predict(data, candidates, job, options);
  if (together) return together;
  const [candidate, fold] = [job.candidates[0], job.folds[0]];
  if (job.candidates.length > 1 || job.folds.length > 1) return null;
  const split = data.splits[fold];
  const unfitted = estimator.withParams(candidates[candidate]);
  const predicted: ArrayLike<unknown> = await predictSplit(unfitted, data, split, options.signal);
  if (predicted?.length !== split.test.length) {
    throw new InputError(
      `predict requires a prediction for each of the ${split.test.length} rows, got ${predicted?.length ?? valueText(predicted)}`,
    );
  }
  return [[predicted]];
}

/** The same job as two, by candidates or, where there is but one, by folds. */
function halves({ candidates, folds }: FoldJob): FoldJob[] {
  const middle = Math.ceil((candidates.length > 1 ? candidates : folds).length / 2);
  const parts = [
    [0, middle],
    [middle, undefined],
  ] as const;
  return parts.map(([from, to]) =>
    candidates.length > 1
      ? { candidates: candidates.slice(from, to), folds }
      : { candidates, folds: folds.slice(from, to) },
  );
}
