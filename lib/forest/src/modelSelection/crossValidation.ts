import { InputError } from '../errors';
import { take, takeTargets } from '../matrix';
import { mean, meanAbsoluteError, r2Score, rootMeanSquaredError } from '../metrics/metrics';
import { type Scorer, type ScorerName, scorerOf } from '../metrics/scorers';
import { tQuantile } from '../metrics/tQuantile';
import { checkRunOptions } from '../options';
import type { Matrix, RunOptions, Split } from '../types';
import { type Given, type ModelOrMaker, predictFolds } from './foldPredictions';

/** R2 (1 is perfect, 0 as good as the mean of the test rows), and two errors in the target's unit. */
export interface Scores {
  r2: number;
  mae: number;
  rmse: number;
}

/** A score with the interval that it is known to. */
export interface Estimate {
  value: number;
  lower: number;
  upper: number;
}

/** Three scores of predictions, each scikit-learn's. */
export function scoresOf(actual: ArrayLike<number>, predicted: ArrayLike<number>): Scores {
  return {
    r2: r2Score(actual, predicted),
    mae: meanAbsoluteError(actual, predicted),
    rmse: rootMeanSquaredError(actual, predicted),
  };
}

/**
 * Fits a new model on each split's training rows and scores it on its test rows, scikit-learn's
 * `cross_validate`.
 * @param model an estimator, or a function that gives an unfitted model, the same for each split
 * @param X features, rows as in y
 * @param splits row numbers, e.g. from `RepeatedKFold` or `repeatedGroupKFold`
 * @returns one `Scores` per split, in the order of the splits
 * @throws the reason of `options.signal` when aborted
 */
export async function crossValidate(
  model: ModelOrMaker,
  X: Matrix,
  y: ArrayLike<number>,
  splits: readonly Split[],
  options: RunOptions = {},
): Promise<Scores[]> {
  checkRunOptions('crossValidate', options);
  const predicted = await predictFolds(model, X, y, splits, options);
  return splits.map(({ test }, i) => scoresOf(take(y, test), predicted[i]));
}

/**
 * One score for each split, scikit-learn's `cross_val_score`.
 * @param options scoring: a name of scikit-learn's, or a function of targets and predictions whose greater values are
 *   better
 * @throws InputError for an unknown score; the reason of `options.signal` when aborted
 */
export async function crossValScore<Y = number>(
  model: ModelOrMaker<Given<Y>>,
  X: Matrix,
  y: ArrayLike<Y>,
  splits: readonly Split[],
  options: { scoring?: ScorerName | Scorer<Y> } & RunOptions = {},
): Promise<number[]> {
  checkRunOptions('crossValScore', options, ['scoring']);
  const { scoring = 'r2', ...runOptions } = options;
  const score = scorerOf('crossValScore', scoring);
  const predicted = await predictFolds(model, X, y, splits, runOptions);
  return splits.map(({ test }, i) => score(takeTargets(y, test), predicted[i]));
}

/**
 * Mean of a score over resampled splits, with the corrected resampled t interval (Nadeau and Bengio 2003,
 * "Inference for the generalization error", Machine Learning 52): training sets overlap, so the variance of
 * the mean is taken as (1/J + test rows / training rows) times the variance of the J scores, where the plain
 * t interval has 1/J and is far too narrow.
 * @param scores one number per split, at least 2
 * @param splits the splits they came from
 * @param level the interval's confidence, above 0 and below 1
 * @throws InputError when there are fewer than 2 scores or not one per split
 */
export function correctedInterval(
  scores: ArrayLike<number>,
  splits: readonly Split[],
  level = 0.95,
): Estimate {
  const count = scores.length;
  if (count < 2 || count !== splits.length) {
    throw new InputError(
      `correctedInterval requires a score for each split and at least 2, got ${count} for ${splits.length} splits`,
    );
  }
  const value = mean(scores);
  const variance = Array.from(scores).reduce((sum, score) => sum + (score - value) ** 2, 0) / (count - 1);
  const ratio = mean(splits.map(({ train, test }) => test.length / train.length));
  const half = tQuantile((1 + level) / 2, count - 1) * Math.sqrt((1 / count + ratio) * variance);
  return { value, lower: value - half, upper: value + half };
}

/** The three scores of repeated cross-validation, each with its corrected interval. */
export function summarizeScores(
  scores: readonly Scores[],
  splits: readonly Split[],
  level = 0.95,
): Record<keyof Scores, Estimate> {
  const estimate = (name: keyof Scores) =>
    correctedInterval(
      scores.map((s) => s[name]),
      splits,
      level,
    );
  return { r2: estimate('r2'), mae: estimate('mae'), rmse: estimate('rmse') };
}

/**
 * By how much one model scores above another, with corrected intervals (see `correctedInterval`; the corrected
 * resampled t-test of Nadeau and Bengio 2003, as Bouckaert and Frank 2004 use it to compare two learners): both
 * models meet the same easy and hard splits, so the differences vary less than the scores do, and two intervals
 * that overlap say little.
 * @param first scores of one model, from `crossValidate`; `second` those of the other, on the same splits
 * @returns first less second: above 0 throughout the first is better in R2, below 0 throughout in an error
 * @throws InputError when the two do not have equally many scores
 */
export function pairedDifference(
  first: readonly Scores[],
  second: readonly Scores[],
  splits: readonly Split[],
  level = 0.95,
): Record<keyof Scores, Estimate> {
  if (first.length !== second.length) {
    throw new InputError(
      `pairedDifference requires scores of both models on the same splits, got ${first.length} and ${second.length}`,
    );
  }
  const differences = first.map(({ r2, mae, rmse }, i) => {
    const other = second[i];
    return { r2: r2 - other.r2, mae: mae - other.mae, rmse: rmse - other.rmse };
  });
  return summarizeScores(differences, splits, level);
}
