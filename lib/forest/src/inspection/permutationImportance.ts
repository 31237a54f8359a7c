import { nextTurn } from '../engine/platform';
import { InputError } from '../errors';
import { mean, r2Score, standardDeviation } from '../metrics/metrics';
import type { Regressor } from '../modelSelection/crossValidation';
import { RandomState } from '../randomState';
import type { RunOptions, Table } from '../types';

/** How much worse a model scores when one feature's values are shuffled among the rows. */
export interface Importance {
  feature: string;
  /** Fall of R2, over the repeats: its mean, its standard deviation, and each of them. */
  mean: number;
  std: number;
  falls: number[];
}

/**
 * Permutation importance (Breiman 2001; here on rows the model has not seen): the fall of R2 when a feature's
 * column is shuffled. scikit-learn's `permutation_importance(model, X, y, n_repeats, random_state)` to the
 * digit. Features that carry the same information share it, so each of them can look unimportant.
 * @param model fitted, any with `predict`
 * @param X unseen rows; y their targets
 * @param options nRepeats: shuffles per feature; randomState: seed; progress counts features
 * @returns one entry per feature, in X's order
 * @throws InputError when nRepeats is not a whole number of at least 1
 */
export async function permutationImportance(
  model: Pick<Regressor, 'predict'>,
  X: Table,
  y: ArrayLike<number>,
  options: { nRepeats?: number; randomState?: number } & RunOptions = {},
): Promise<Importance[]> {
  const { nRepeats = 5, randomState = 0, onProgress, signal } = options;
  if (!(Number.isInteger(nRepeats) && nRepeats >= 1)) {
    throw new InputError(
      `permutationImportance requires nRepeats to be a whole number of at least 1, got ${nRepeats}`,
    );
  }
  const unshuffled = r2Score(y, model.predict(X));
  // scikit-learn gives every feature the same seed, so all columns are shuffled alike.
  const seed = new RandomState(randomState).randint(2 ** 31);
  const importances: Importance[] = [];
  for (const [j, feature] of X.names.entries()) {
    const random = new RandomState(seed);
    let order: Int32Array = Int32Array.from({ length: X.rowCount }, (_, row) => row);
    let column = X.columns[j];
    const falls: number[] = [];
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      signal?.throwIfAborted();
      // Neither the order nor the column is put back between repeats: scikit-learn shuffles them further.
      const from = order;
      order = random.permutation(X.rowCount).map((i) => from[i]);
      const previous = column;
      column = Float64Array.from(order, (row) => previous[row]);
      const shuffled: Table = { ...X, columns: X.columns.map((c, k) => (k === j ? column : c)) };
      falls.push(unshuffled - r2Score(y, model.predict(shuffled)));
      await nextTurn();
    }
    importances.push({ feature, mean: mean(falls), std: standardDeviation(falls), falls });
    onProgress?.({ done: j + 1, total: X.names.length, label: feature });
  }
  return importances;
}
