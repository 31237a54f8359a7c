import {
  InputError,
  mean,
  meanAbsoluteError,
  rootMeanSquaredError,
  rowsByGroup,
  take,
} from '../forest/src/index';

/** Errors within one group of rows, e.g. a genre. */
export interface GroupErrors {
  group: string;
  rows: number;
  /** Mean popularity, and mean of prediction minus popularity: above 0 the model flatters the group. */
  actual: number;
  bias: number;
  mae: number;
  rmse: number;
}

/**
 * Computes a model's errors in each group of rows, the group with the largest MAE first.
 * @param labels the group of each row, e.g. its genre
 * @throws InputError when the lengths differ
 */
export function errorsByGroup(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: ArrayLike<string>,
): GroupErrors[] {
  if (labels.length !== actual.length || predicted.length !== actual.length) {
    throw new InputError(
      `errorsByGroup requires a prediction and a label for each of the ${actual.length} rows, got ${predicted.length} and ${labels.length}`,
    );
  }
  return Array.from(rowsByGroup(labels), ([group, rows]) => {
    const [a, p] = [take(actual, rows), take(predicted, rows)];
    return {
      group,
      rows: rows.length,
      actual: mean(a),
      bias: mean(p) - mean(a),
      mae: meanAbsoluteError(a, p),
      rmse: rootMeanSquaredError(a, p),
    };
  }).sort((a, b) => b.mae - a.mae);
}
