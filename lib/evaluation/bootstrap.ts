import { InputError } from '../errors';
import { RandomState } from '../forest/randomState';
import type { Estimate } from './crossValidation';

/**
 * Percentile bootstrap interval of a score on test rows (Efron and Tibshirani 1993, chapter 13): the rows are
 * drawn again with replacement, prediction and target together, and the middle `level` of the scores is the
 * interval. Equals `scipy.stats.bootstrap(..., paired=True, method='percentile')` with the same RandomState.
 * @param actual targets of the test rows
 * @param predicted predictions for them
 * @param score e.g. `r2Score`
 * @param options resamples: how many (scipy: `n_resamples`); level: confidence; randomState: seed
 * @throws InputError when there are fewer than 2 rows or the lengths differ
 */
export function bootstrapInterval(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  score: (actual: ArrayLike<number>, predicted: ArrayLike<number>) => number,
  options: { resamples?: number; level?: number; randomState?: number } = {},
): Estimate {
  const { resamples = 1000, level = 0.95, randomState = 0 } = options;
  const count = actual.length;
  if (count < 2 || predicted.length !== count) {
    throw new InputError(
      `bootstrapInterval requires at least 2 rows and a prediction for each, got ${count} and ${predicted.length}`,
    );
  }
  const random = new RandomState(randomState);
  const drawnActual = new Float64Array(count);
  const drawnPredicted = new Float64Array(count);
  const scores = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < count; i++) {
      const row = random.randint(count);
      drawnActual[i] = actual[row]!;
      drawnPredicted[i] = predicted[row]!;
    }
    return score(drawnActual, drawnPredicted);
  }).sort();
  return {
    value: score(actual, predicted),
    lower: linearQuantile(scores, (1 - level) / 2),
    upper: linearQuantile(scores, (1 + level) / 2),
  };
}

/** numpy's default quantile: linear between the two nearest order statistics (Hyndman and Fan 1996, type 7). */
export function linearQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const share = position - below;
  // numpy interpolates from the nearer end, which decides the last bit.
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}
