import { nextTurn } from '../engine/platform';
import { InputError } from '../errors';
import type { Regressor } from '../estimator';
import { tableOf } from '../matrix';
import { mean, standardDeviation } from '../metrics/metrics';
import { type Scorer, type ScorerName, scorerOf } from '../metrics/scorers';
import { checkTargets } from '../modelSelection/foldPredictions';
import { checkRunOptions } from '../options';
import { RandomState } from '../randomState';
import type { Matrix, RunOptions, Table } from '../types';

/** The loss of a model's score when one feature's values are shuffled among the rows. */
export interface Importance {
  feature: string;
  /** Fall of the score, over the repeats: its mean, its standard deviation, and each of them. */
  mean: number;
  std: number;
  falls: number[];
}

/**
 * Permutation importance (Breiman 2001; here on rows the model has not seen): the fall of a score when a
 * feature's column is shuffled. scikit-learn's `permutation_importance(model, X, y, n_repeats, random_state)` to the
 * digit. Features that carry the same information share it, so each of them can look unimportant.
 * @param model fitted, any with `predict`
 * @param X unseen rows; y their targets
 * @param options nRepeats: shuffles per feature; randomState: seed; scoring: a name of
 *   scikit-learn's, or a function of targets and predictions whose greater values are better; progress counts features
 * @returns one entry per feature, in X's order
 * @throws InputError when nRepeats is not a whole number of at least 1
 */
export async function permutationImportance<Y = number>(
  model: Pick<Regressor<Y>, 'predict'>,
  X: Matrix,
  y: ArrayLike<Y>,
  options: { nRepeats?: number; randomState?: number; scoring?: ScorerName | Scorer<Y> } & RunOptions = {},
): Promise<Importance[]> {
  const caller = 'permutationImportance';
  checkRunOptions(caller, options, ['nRepeats', 'randomState', 'scoring']);
  const { nRepeats = 5, randomState = 0, scoring = 'r2', onProgress, signal } = options;
  const score = scorerOf(caller, scoring);
  const table = tableOf(caller, X);
  checkTargets(caller, y, table.rowCount);
  if (!(Number.isInteger(nRepeats) && nRepeats >= 1)) {
    throw new InputError(
      `permutationImportance requires nRepeats to be a whole number of at least 1, got ${nRepeats}`,
    );
  }
  const unshuffled = score(y, model.predict(table));
  // scikit-learn gives every feature the same seed, so all columns are shuffled alike.
  const seed = new RandomState(randomState).randint(2 ** 31);
  const importances: Importance[] = [];
  for (const [j, feature] of table.names.entries()) {
    const random = new RandomState(seed);
    let order: Int32Array = Int32Array.from({ length: table.rowCount }, (_, row) => row);
    let column = table.columns[j];
    const falls: number[] = [];
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      signal?.throwIfAborted();
      // Neither the order nor the column is put back between repeats: scikit-learn shuffles them further.
      const from = order;
      order = random.permutation(table.rowCount).map((i) => from[i]);
      const previous = column;
      column = Float64Array.from(order, (row) => previous[row]);
      const shuffled: Table = { ...table, columns: table.columns.map((c, k) => (k === j ? column : c)) };
      falls.push(unshuffled - score(y, model.predict(shuffled)));
      await nextTurn();
    }
    importances.push({ feature, mean: mean(falls), std: standardDeviation(falls), falls });
    onProgress?.({ done: j + 1, total: table.names.length, label: feature });
  }
  return importances;
}
