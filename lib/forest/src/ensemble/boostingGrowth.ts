import { cores } from '../engine/platform';
import type { FoldData, FoldJob, FoldPredictions, JobOptions, SharedGrowth } from '../estimator';
import { takeRows, takeTargets } from '../matrix';
import type { GradientBoostingRegressor } from './gradientBoosting';
import type { BoostingParams } from './parameters';

/**
 * Several folds at once: a boosting grows one tree after the other, each on one thread, so that other threads have
 * time for other folds.
 */
export function boostingGrowth(
  make: (params: BoostingParams) => GradientBoostingRegressor,
): SharedGrowth<BoostingParams> {
  return {
    plan: ({ splits }, candidates) =>
      candidates.map((_, candidate) => ({ candidates: [candidate], folds: [...splits.keys()] })),
    predict: (data, candidates, job, options) => predictSideBySide(data, candidates, job, options, make),
  };
}

async function predictSideBySide(
  { X, y, splits }: FoldData,
  candidates: readonly BoostingParams[],
  { candidates: members, folds }: FoldJob,
  { nJobs = null, signal, onProgress }: JobOptions,
  make: (params: BoostingParams) => GradientBoostingRegressor,
): Promise<FoldPredictions> {
  const predictions: Float64Array[][] = members.map(() => []);
  const fits = members.flatMap((_, i) => folds.map((_, k) => [i, k] as const));
  const total = fits.length;
  const stop = new AbortController();
  const abort = () => stop.abort(signal!.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', abort);
  let done = 0;
  const work = async () => {
    for (let fit = fits.shift(); fit; fit = fits.shift()) {
      const [i, k] = fit;
      const { train, test } = splits[folds[k]];
      const model = make(candidates[members[i]]);
      const targets = takeTargets(y, train) as ArrayLike<number>;
      await model.fit(takeRows(X, train), targets, { signal: stop.signal });
      predictions[i][k] = model.predict(takeRows(X, test));
      onProgress?.({ done: ++done, total });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(nJobs ?? cores(), total) }, work));
  } catch (error) {
    stop.abort(error); // without one fold the others would be fitted in vain
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return predictions;
}
