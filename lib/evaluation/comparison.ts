import { take } from '../forest/matrix';
import type { RunOptions, Table } from '../forest/types';
import { bootstrapInterval } from './bootstrap';
import { type Estimate, type Regressor, type Scores, scoresOf } from './crossValidation';
import { meanAbsoluteError } from './metrics';

/** How one model did on the test rows. */
export interface ModelScores extends Record<keyof Scores, Estimate> {
  name: string;
  /** Points by which the first model's MAE is smaller than this one's, from the same resamples of rows. */
  firstGains: Estimate;
}

/** The three scores on test rows, each with its bootstrap interval. */
export function testScores(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: { resamples?: number; level?: number; randomState?: number } = {},
): Record<keyof Scores, Estimate> {
  const of = (name: keyof Scores) =>
    bootstrapInterval(actual, predicted, (a, p) => scoresOf(a, p)[name], options);
  return { r2: of('r2'), mae: of('mae'), rmse: of('rmse') };
}

/**
 * Fits every model on the same training rows and scores it on the same test rows. Whether the first model beats
 * another is not read off two overlapping intervals but off the interval of the difference (a paired bootstrap,
 * Efron and Tibshirani 1993): `firstGains` above 0 throughout.
 * @param models name to unfitted model; the first is the one to judge
 * @param train training rows; `test` test rows of the same columns
 * @returns one entry per model, in the order given
 */
export async function compareModels(
  models: Readonly<Record<string, Regressor>>,
  train: { X: Table; y: ArrayLike<number> },
  test: { X: Table; y: ArrayLike<number> },
  options: { resamples?: number; level?: number; randomState?: number } & RunOptions = {},
): Promise<ModelScores[]> {
  const { onProgress, signal, ...bootstrap } = options;
  const names = Object.keys(models);
  const rows = Int32Array.from({ length: test.X.rowCount }, (_, row) => row);
  const results: ModelScores[] = [];
  let first: ArrayLike<number> | undefined;
  for (const name of names) {
    signal?.throwIfAborted();
    await models[name]!.fit(train.X, train.y, { signal });
    const predicted = models[name]!.predict(test.X);
    const reference = first ?? predicted;
    first = reference;
    // The rows drawn take the place of predictions, so that both models are scored on the same ones.
    const gain = (actual: ArrayLike<number>, drawn: ArrayLike<number>) =>
      meanAbsoluteError(actual, take(predicted, drawn)) - meanAbsoluteError(actual, take(reference, drawn));
    results.push({
      name,
      ...testScores(test.y, predicted, bootstrap),
      firstGains: bootstrapInterval(test.y, rows, gain, bootstrap),
    });
    onProgress?.({ done: results.length, total: names.length, label: name });
  }
  return results;
}
