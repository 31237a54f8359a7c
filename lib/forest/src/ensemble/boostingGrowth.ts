import { cores } from '../engine/platform';
import { allTogether } from '../engine/together';
import type { FoldData, FoldJob, FoldPredictions, JobOptions, SharedGrowth } from '../estimator';
import { predictSplit } from '../modelSelection/predictSplit';
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
  data: FoldData,
  candidates: readonly BoostingParams[],
  { candidates: members, folds }: FoldJob,
  { nJobs = null, signal, onProgress }: JobOptions,
  make: (params: BoostingParams) => GradientBoostingRegressor,
): Promise<FoldPredictions> {
  const predictions: Float64Array[][] = members.map(() => []);
  const fits = members.flatMap((_, i) => folds.map((_, k) => [i, k] as const));
  const total = fits.length;
  let done = 0;
  const work = async (stop: AbortSignal) => {
    for (let fit = fits.shift(); fit; fit = fits.shift()) {
      const [i, k] = fit;
      const model = make(candidates[members[i]]);
      predictions[i][k] = (await predictSplit(model, data, data.splits[folds[k]], stop)) as Float64Array;
      onProgress?.({ done: ++done, total });
    }
  };
  const atOnce = Math.min(nJobs ?? cores(), total);
  await allTogether(signal, (stop) => Array.from({ length: atOnce }, () => work(stop)));
  return predictions;
}
