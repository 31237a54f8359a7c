import { InputError } from '../errors';
import type { Regressor } from '../estimator';
import { mean } from '../metrics/metrics';
import { checkOptions } from '../options';
import type { Table } from '../types';

/** The course of predictions along one feature while all others stay as they are. */
export interface PartialDependence {
  feature: string;
  /** Values given to the feature, ascending, in X's unit. */
  grid: Float64Array;
  /** Mean prediction over the rows at each of them. */
  average: Float64Array;
  /** `individual[row][point]`: each row's own curve (individual conditional expectation). */
  individual: Float64Array[];
}

/**
 * Partial dependence (Friedman 2001) with individual curves (Goldstein et al. 2015), scikit-learn's
 * `partial_dependence(..., method='brute', kind='both')`. The grid is the feature's distinct values where
 * they are fewer than gridResolution, else equal steps between two percentiles.
 * @param model fitted, any with `predict`
 * @param X rows to average over
 * @param feature one of X's names
 * @param options gridResolution: points, at least 2; percentiles: the grid's ends as shares from 0 to 1;
 *   categorical: take every distinct value
 * @throws InputError for an unknown feature, or when both percentiles are the same value
 */
export function partialDependence(
  model: Pick<Regressor, 'predict'>,
  X: Table,
  feature: string,
  options: { gridResolution?: number; percentiles?: [number, number]; categorical?: boolean } = {},
): PartialDependence {
  checkOptions('partialDependence', options, ['gridResolution', 'percentiles', 'categorical']);
  const { gridResolution = 100, percentiles = [0.05, 0.95], categorical = false } = options;
  const index = X.names.indexOf(feature);
  if (index < 0) {
    throw new InputError(
      `partialDependence requires a feature of the table (${X.names.join(', ')}), got ${feature}`,
    );
  }
  const sorted = Float64Array.from(X.columns[index]).sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const grid =
    categorical || distinct.length < gridResolution
      ? distinct
      : equalSteps(
          betweenQuantile(sorted, percentiles[0]),
          betweenQuantile(sorted, percentiles[1]),
          gridResolution,
        );
  const atPoint = Array.from(grid, (value) => {
    const column = new Float64Array(X.rowCount).fill(value);
    return model.predict({ ...X, columns: X.columns.map((c, j) => (j === index ? column : c)) });
  });
  return {
    feature,
    grid,
    average: Float64Array.from(atPoint, mean),
    individual: Array.from({ length: X.rowCount }, (_, row) => Float64Array.from(atPoint, (p) => p[row])),
  };
}

/** scipy's `mquantiles` with its default plotting positions 0.4, 0.4 (Cunnane 1978). */
function betweenQuantile(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  const position = n * p + (0.4 + p * (1 - 0.4 - 0.4));
  const k = Math.floor(Math.min(Math.max(position, 1), n - 1));
  const share = Math.min(Math.max(position - k, 0), 1);
  return (1 - share) * sorted[k - 1] + share * sorted[k];
}

/** numpy's `linspace`. */
function equalSteps(start: number, end: number, count: number): Float64Array {
  if (!(end > start && count >= 2)) {
    throw new InputError(
      `partialDependence requires percentiles apart and a gridResolution of at least 2, got ${start} to ${end} in ${count} steps`,
    );
  }
  const step = (end - start) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? end : i * step + start));
}
