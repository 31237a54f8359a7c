import { nextTurn } from '../engine/platform';
import { InputError, valueText } from '../errors';
import type { Estimator, FoldData, Regressor } from '../estimator';
import { tableOf } from '../matrix';
import { checkRunOptions } from '../options';
import type { Matrix, RunOptions, Split } from '../types';
import { predictCandidates } from './foldJobs';
import { checkSplits } from './folds';
import { predictSplit } from './predictSplit';

/** A model to evaluate: an estimator, of which copies are fitted, or a function that gives an unfitted model. */
export type ModelOrMaker<Y = number> = Estimator<object, Y> | (() => Regressor<Y>);

/** The same type, which TypeScript reads from the targets and not from here. */
export type Given<Y> = [Y][Y extends unknown ? 0 : never];

/**
 * Fits a new model on each split's training rows and predicts its test rows, scikit-learn's `cross_val_predict`
 * for splits that may overlap. An estimator that can fit several folds together does so: started one by one,
 * small forests would spend more time on starting threads than on growing.
 * @param model an estimator, or a function that gives an unfitted model, the same for each split
 * @param options progress counts splits
 * @returns the predictions for each split's test rows, in the order of the splits
 * @throws the reason of `options.signal` when aborted
 */
export async function predictFolds<Y = number>(
  model: ModelOrMaker<Given<Y>>,
  X: Matrix,
  y: ArrayLike<Y>,
  splits: readonly Split[],
  options: RunOptions = {},
): Promise<ArrayLike<Y>[]> {
  checkRunOptions('predictFolds', options);
  const table = tableOf('predictFolds', X);
  checkTargets('predictFolds', y, table.rowCount);
  checkSplits('predictFolds', splits, table.rowCount);
  const make = makerOf('predictFolds', model as ModelOrMaker<Y>);
  const data = { X: table, y, splits };
  const first = make();
  if (isEstimator(first) && first.sharedGrowth) return predictTogether(first, data, options);
  const { onProgress, signal } = options;
  const predictions: ArrayLike<Y>[] = [];
  for (const split of splits) {
    signal?.throwIfAborted();
    predictions.push(await predictSplit(make(), data, split, signal));
    onProgress?.({ done: predictions.length, total: splits.length });
    await nextTurn();
  }
  return predictions;
}

async function predictTogether<Y>(
  estimator: Estimator<object, Y>,
  data: FoldData,
  options: RunOptions,
): Promise<ArrayLike<Y>[]> {
  const { nJobs = null } = estimator.params as { nJobs?: number | null };
  const predictions: ArrayLike<Y>[] = [];
  const work = { estimator, candidates: [estimator.params], data, nJobs };
  for await (const job of predictCandidates(work, options)) {
    job.folds.forEach((fold, i) => {
      // A copy, as it may be a view of memory that all folds share.
      predictions[fold] = takeAll(job.predictions[0][i] as ArrayLike<Y>);
    });
  }
  return predictions;
}

function takeAll<Y>(values: ArrayLike<Y>): ArrayLike<Y> {
  return values instanceof Float64Array ? (values.slice() as ArrayLike<unknown> as ArrayLike<Y>) : values;
}

/** A function that gives an unfitted model each time. */
function makerOf<Y>(caller: string, model: ModelOrMaker<Y>): () => Regressor<Y> {
  if (typeof model === 'function') return model;
  if (!isEstimator(model)) {
    throw new InputError(
      `${caller} requires an estimator with fit, predict, params and withParams, or a function that gives a model, got ${valueText(model)}`,
    );
  }
  return () => model.withParams({});
}

/** Whether copies with other parameters can be had. */
export function isEstimator<Y>(model: Regressor<Y>): model is Estimator<object, Y> {
  const { params, withParams, fit, predict } = (model ?? {}) as Partial<Estimator>;
  const areFunctions = [withParams, fit, predict].every((method) => typeof method === 'function');
  return areFunctions && typeof params === 'object' && params !== null;
}

/** @throws InputError where there is not a target for each row */
export function checkTargets(caller: string, y: ArrayLike<unknown>, rowCount: number): void {
  if (y?.length !== rowCount) {
    const got = y?.length ?? valueText(y);
    throw new InputError(`${caller} requires one target for each of the ${rowCount} rows, got ${got}`);
  }
}
