import { InputError, valueText } from '../errors';
import { weightsOf } from '../matrix';

/**
 * numpy's sum of float64 numbers, bit for bit: pairwise (Higham 1993), with eight running sums in a block of
 * at most 128. Scores agree with scikit-learn's to the last digit only when their sums are rounded alike.
 * @param values the numbers; `start` and `end` choose a part, as in `slice`
 * @example sum([0.1, 0.2, 0.3]) // 0.6000000000000001
 */
export function sum(values: ArrayLike<number>, start = 0, end = values.length): number {
  const n = end - start;
  if (n < 8) {
    let total = 0;
    for (let i = start; i < end; i++) total += values[i];
    return total;
  }
  if (n > 128) {
    const half = Math.floor(n / 2);
    const middle = start + half - (half % 8);
    return sum(values, start, middle) + sum(values, middle, end);
  }
  const r = Array.from({ length: 8 }, (_, k) => values[start + k]);
  let i = start + 8;
  for (; i < end - (n % 8); i += 8) for (let k = 0; k < 8; k++) r[k] += values[i + k];
  let total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (; i < end; i++) total += values[i];
  return total;
}

/** numpy's mean: the pairwise sum, divided by the count. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** numpy's `std` (of the population: divided by n). */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Float64Array.from(values, (value) => (value - centre) ** 2)));
}

/** numpy's default quantile: linear between the two nearest order statistics (Hyndman and Fan 1996, type 7). */
export function linearQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const share = position - below;
  // numpy interpolates from the nearer end, which decides the last bit.
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

function requireSameLength(name: string, actual: ArrayLike<unknown>, predicted: ArrayLike<unknown>): void {
  if (!(actual?.length > 0 && actual.length === predicted?.length)) {
    throw new InputError(
      `${name} requires as many predictions as targets and at least one, got ${predicted?.length ?? valueText(predicted)} for ${actual?.length ?? valueText(actual)}`,
    );
  }
}

function differences(name: string, actual: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  requireSameLength(name, actual, predicted);
  const found = new Float64Array(actual.length);
  for (let row = 0; row < found.length; row++) {
    // JavaScript would take a text for its number, and null for 0.
    for (const value of [actual[row], predicted[row]]) {
      if (!Number.isFinite(value)) {
        throw new InputError(`${name} requires finite numbers, got ${valueText(value)} in row ${row}`);
      }
    }
    found[row] = actual[row] - predicted[row];
  }
  return found;
}

/** Weights of rows for a score; null where all weigh the same. */
export type Weights = ArrayLike<number> | null;

/** numpy's average: the mean where no weights are given. */
export function average(values: ArrayLike<number>, weights: Weights = null): number {
  if (!weights) return mean(values);
  return sum(weighted(values, weights)) / sum(weights);
}

const weighted = (values: ArrayLike<number>, weights: Weights) =>
  Float64Array.from(values, (value, i) => (weights ? value * weights[i] : value));

/**
 * Coefficient of determination, scikit-learn's `r2_score`: the share of the targets' squared deviation from
 * their mean that the predictions explain. 1 is perfect, 0 as good as the mean; it can be negative. Equal
 * targets give 1 when all are met and 0 else; fewer than two give NaN.
 * @param sampleWeight each row's weight
 * @throws InputError when the lengths differ or are 0, a value is no finite number, or a weight is negative
 */
export function r2Score(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  sampleWeight: Weights = null,
): number {
  const errors = differences('r2Score', actual, predicted);
  const weights = weightsOf('r2Score', sampleWeight, errors.length);
  if (errors.length < 2) return Number.NaN;
  const centre = average(actual, weights);
  const squares = (values: ArrayLike<number>) => Float64Array.from(values, (value) => value * value);
  const residual = sum(weighted(squares(errors), weights));
  const total = sum(weighted(squares(Float64Array.from(actual, (value) => value - centre)), weights));
  if (residual === 0) return 1;
  return total === 0 ? 0 : 1 - residual / total;
}

/**
 * Mean absolute error in the target's unit, scikit-learn's `mean_absolute_error`.
 * @param sampleWeight each row's weight
 * @throws InputError when the lengths differ or are 0, a value is no finite number, or a weight is negative
 */
export function meanAbsoluteError(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  sampleWeight: Weights = null,
): number {
  const errors = differences('meanAbsoluteError', actual, predicted).map(Math.abs);
  return average(errors, weightsOf('meanAbsoluteError', sampleWeight, errors.length));
}

/**
 * Root of the mean squared error in the target's unit, scikit-learn's `root_mean_squared_error`.
 * @param sampleWeight each row's weight
 * @throws InputError when the lengths differ or are 0, a value is no finite number, or a weight is negative
 */
export function rootMeanSquaredError(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  sampleWeight: Weights = null,
): number {
  const errors = differences('rootMeanSquaredError', actual, predicted);
  const weights = weightsOf('rootMeanSquaredError', sampleWeight, errors.length);
  return Math.sqrt(
    average(
      errors.map((error) => error * error),
      weights,
    ),
  );
}

/**
 * Mean squared error in the square of the target's unit, scikit-learn's `mean_squared_error`.
 * @throws InputError when the lengths differ or are 0, or a value is no finite number
 */
export function meanSquaredError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return mean(differences('meanSquaredError', actual, predicted).map((error) => error * error));
}

/**
 * Median of the absolute errors in the target's unit, scikit-learn's `median_absolute_error`.
 * @throws InputError when the lengths differ or are 0, or a value is no finite number
 */
export function medianAbsoluteError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const errors = differences('medianAbsoluteError', actual, predicted).map(Math.abs).sort();
  const middle = errors.length >> 1;
  return errors.length % 2 === 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
}
