import { RandomForestRegressor } from '../ensemble/forest';
import { float32Columns, take, takeRows, targetOf } from '../matrix';
import type { RunOptions, Split, Table } from '../types';
import type { Regressor } from './crossValidation';
import { scoreCandidates } from './sharedGrowth';

/**
 * Fits a new model on each split's training rows and predicts its test rows, scikit-learn's `cross_val_predict`
 * for splits that may overlap. Forests of all splits grow in one go: started one by one, small ones would spend
 * more time on starting threads than on growing.
 * @param makeModel gives an unfitted model, the same for each split
 * @param options progress counts splits
 * @returns the predictions for each split's test rows, in the order of the splits
 * @throws the reason of `options.signal` when aborted
 */
export async function predictFolds(
  makeModel: () => Regressor,
  X: Table,
  y: ArrayLike<number>,
  splits: readonly Split[],
  options: RunOptions = {},
): Promise<ArrayLike<number>[]> {
  const { onProgress, signal } = options;
  const predictions: ArrayLike<number>[] = [];
  const model = makeModel();
  // Only the forest itself: a class made from it may fit or predict in its own way.
  if (model instanceof RandomForestRegressor && model.constructor === RandomForestRegressor) {
    const columns = float32Columns('predictFolds', X);
    const data = { columns, y: targetOf('predictFolds', y, X.rowCount) };
    const work = { data, splits, candidates: [model.params], nJobs: model.params.nJobs };
    const keep = (split: number, predicted: Float64Array) => {
      predictions[split] = predicted;
      return 0;
    };
    await scoreCandidates(work, keep, options);
    return predictions;
  }
  for (const { train, test } of splits) {
    signal?.throwIfAborted();
    const fitted = makeModel();
    await fitted.fit(takeRows(X, train), take(y, train), { signal });
    predictions.push(fitted.predict(takeRows(X, test)));
    onProgress?.({ done: predictions.length, total: splits.length });
  }
  return predictions;
}
