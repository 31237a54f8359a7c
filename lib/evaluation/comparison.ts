import {
  type BootstrapOptions,
  bootstrap,
  type Estimate,
  type Regressor,
  type RunOptions,
  type Scores,
  scoresOf,
  type Table,
} from '../forest/src/index';

/** One model's scores on the test rows. */
export interface ModelScores extends Record<keyof Scores, Estimate> {
  name: string;
  /** By how much the first model's R2 is larger, and its MAE smaller, on the same resamples of rows. */
  firstGains: Pick<Record<keyof Scores, Estimate>, 'r2' | 'mae'>;
}

/** The three scores on test rows, each with its bootstrap interval (see `bootstrapInterval`). */
export function testScores(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: BootstrapOptions = {},
): Record<keyof Scores, Estimate> {
  const { r2, mae, rmse } = scoresAgainst(actual, predicted, predicted, options);
  return { r2, mae, rmse };
}

/**
 * Fits every model on the same training rows and scores it on the same test rows. Whether the first model beats
 * another is not read off two overlapping intervals but off the interval of the difference (a paired bootstrap,
 * Efron and Tibshirani 1993): `firstGains` above 0 throughout.
 * @param models name to unfitted model; the first is the one to judge
 * @param train training rows; `test` test rows of the same columns
 * @param options of the bootstrap; progress counts models
 * @returns one entry per model, in the order given
 */
export async function compareModels(
  models: Readonly<Record<string, Regressor>>,
  train: { X: Table; y: ArrayLike<number> },
  test: { X: Table; y: ArrayLike<number> },
  options: BootstrapOptions & RunOptions = {},
): Promise<ModelScores[]> {
  const { onProgress, signal, queue, ...resampling } = options;
  const names = Object.keys(models);
  const results: ModelScores[] = [];
  let first: ArrayLike<number> | undefined;
  for (const name of names) {
    signal?.throwIfAborted();
    await models[name].fit(train.X, train.y, { signal, ...(queue && { queue }) });
    const predicted = models[name].predict(test.X);
    first ??= predicted;
    results.push({ name, ...scoresAgainst(test.y, predicted, first, resampling) });
    onProgress?.({ done: results.length, total: names.length, label: name });
  }
  return results;
}

/** All statistics of one model from the same resamples, by plain sums: a resample needs no last digits. */
function scoresAgainst(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  first: ArrayLike<number>,
  options: BootstrapOptions,
): Omit<ModelScores, 'name'> {
  const { r2, mae, rmse } = scoresOf(actual, predicted);
  const ofRows = (rows: Int32Array) => {
    const count = rows.length;
    let [targets, targetSquares, squares, absolute, firstSquares, firstAbsolute] = [0, 0, 0, 0, 0, 0];
    for (const row of rows) {
      const target = actual[row];
      const error = target - predicted[row];
      const firstError = target - first[row];
      targets += target;
      targetSquares += target * target;
      squares += error * error;
      absolute += Math.abs(error);
      firstSquares += firstError * firstError;
      firstAbsolute += Math.abs(firstError);
    }
    const deviation = targetSquares - (targets * targets) / count;
    return [
      1 - squares / deviation,
      absolute / count,
      Math.sqrt(squares / count),
      (squares - firstSquares) / deviation,
      (absolute - firstAbsolute) / count,
    ];
  };
  const best = scoresOf(actual, first);
  const values = [r2, mae, rmse, best.r2 - r2, mae - best.mae];
  const [R2, MAE, RMSE, r2Gain, maeGain] = bootstrap(actual.length, values, ofRows, options);
  return { r2: R2!, mae: MAE!, rmse: RMSE!, firstGains: { r2: r2Gain!, mae: maeGain! } };
}
