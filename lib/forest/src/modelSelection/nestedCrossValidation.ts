import type { RandomForestRegressor } from '../ensemble/forest';
import type { AnyEstimator, TargetOf } from '../estimator';
import { tableOf, takeRows, takeTargets } from '../matrix';
import { mean } from '../metrics/metrics';
import { checkRunOptions } from '../options';
import type { Matrix, RunOptions, Split } from '../types';
import { checkTargets } from './foldPredictions';
import { checkSplits } from './folds';
import type { GridSearchCV } from './gridSearch';

/** The score that a grid search promised, and the score that its choice reached, per outer split. */
export interface NestedScores {
  /** Best mean score of the inner folds: what the search reports. */
  promised: number[];
  /** The same score of the refitted best candidate on outer rows that the search never saw. */
  kept: number[];
  /** The candidate each search chose, as JSON: do they agree? */
  chosen: string[];
  /** Mean of promised minus mean of kept: how optimistic the best grid score is. */
  optimism: number;
}

/**
 * Nested cross-validation (Varma and Simon 2006, BMC Bioinformatics 7:91; Cawley and Talbot 2010): the best of
 * many scores is high partly by luck, so a whole search runs inside each outer split and its winner is scored
 * outside. scikit-learn's `cross_val_score(GridSearchCV(...), X, y, cv=outer)`. The inner folds learn from fewer
 * rows than the refitted winner, which pulls the promise down: with few candidates it may even be too modest.
 * @param makeSearch gives an unfitted search that refits
 * @param splits outer splits
 * @param options groups: each row's group, handed to the inner splitter; progress counts the searches' fits
 */
export async function nestedCrossValidation<E extends AnyEstimator = RandomForestRegressor>(
  makeSearch: () => GridSearchCV<E>,
  X: Matrix,
  y: ArrayLike<TargetOf<E>>,
  splits: readonly Split[],
  options: { groups?: ArrayLike<number | string> } & RunOptions = {},
): Promise<NestedScores> {
  checkRunOptions('nestedCrossValidation', options, ['groups']);
  const { groups, onProgress, ...others } = options;
  const table = tableOf('nestedCrossValidation', X);
  checkTargets('nestedCrossValidation', y, table.rowCount);
  checkSplits('nestedCrossValidation', splits, table.rowCount);
  const promised: number[] = [];
  const kept: number[] = [];
  const chosen: string[] = [];
  for (const { train, test } of splits) {
    others.signal?.throwIfAborted();
    const search = makeSearch();
    await search.fit(takeRows(table, train), takeTargets(y, train), {
      ...others,
      groups: groups && takeTargets(groups, train),
      onProgress: ({ done, total }) =>
        onProgress?.({ done: kept.length * total + done, total: splits.length * total }),
    });
    promised.push(search.bestScore);
    kept.push(search.score(takeRows(table, test), takeTargets(y, test)));
    chosen.push(JSON.stringify(search.bestParams));
  }
  return { promised, kept, chosen, optimism: mean(promised) - mean(kept) };
}
