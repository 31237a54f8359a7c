import { take, takeRows } from '../matrix';
import { mean, r2Score } from '../metrics/metrics';
import type { RunOptions, Split, Table } from '../types';
import type { GridSearchCV } from './gridSearch';

/** What a grid search promised, and what its choice was worth, per outer split. */
export interface NestedScores {
  /** Best mean R2 of the inner folds: what the search reports. */
  promised: number[];
  /** R2 of the refitted best candidate on outer rows that the search never saw. */
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
export async function nestedCrossValidation(
  makeSearch: () => GridSearchCV,
  X: Table,
  y: ArrayLike<number>,
  splits: readonly Split[],
  options: { groups?: ArrayLike<number> } & RunOptions = {},
): Promise<NestedScores> {
  const { groups, onProgress, signal } = options;
  const promised: number[] = [];
  const kept: number[] = [];
  const chosen: string[] = [];
  for (const { train, test } of splits) {
    signal?.throwIfAborted();
    const search = makeSearch();
    await search.fit(takeRows(X, train), take(y, train), {
      signal,
      groups: groups && take(groups, train),
      onProgress: ({ done, total }) =>
        onProgress?.({ done: kept.length * total + done, total: splits.length * total }),
    });
    promised.push(search.bestScore);
    kept.push(r2Score(take(y, test), search.bestEstimator.predict(takeRows(X, test))));
    chosen.push(JSON.stringify(search.bestParams));
  }
  return { promised, kept, chosen, optimism: mean(promised) - mean(kept) };
}
