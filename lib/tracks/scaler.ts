import { sum } from '../forest/src/index';

/**
 * Mean and scale of one column as scikit-learn's `StandardScaler` learns them, bit for bit (checked on 1.9.1):
 * its two-pass variance with the correction of Chan, Golub and LeVeque, divided by n, and scale 1 for a column
 * that is constant but for rounding. numpy sums a column pairwise where it lies in one piece, as the columns of
 * a pandas DataFrame do (`fit(df)` and `fit(df.to_numpy())`); a C-ordered array is summed row by row instead and
 * may differ in the last digit.
 * @param values the training rows' values, without missing ones; at least one
 * @returns what to subtract and what to divide by
 * @example standardise([1, 2, 3]) // { mean: 2, scale: 0.816496580927726 }
 */
export function standardise(values: ArrayLike<number>): { mean: number; scale: number } {
  const n = values.length;
  if (n === 0) throw new Error('standardise requires at least one value, got 0');
  const mean = sum(values) / n;
  const differences = Float64Array.from(values, (value) => value - mean);
  const correction = sum(differences);
  const squares = sum(differences.map((value) => value * value));
  const variance = (squares - (correction * correction) / n) / n;
  const rounding = n * mean * Number.EPSILON;
  const isConstant = variance <= n * Number.EPSILON * variance + rounding * rounding;
  return { mean, scale: isConstant ? 1 : Math.sqrt(variance) };
}
