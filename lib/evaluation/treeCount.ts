import { GridSearchCV, type RandomForestRegressor, type RunOptions, type Table } from '../forest/src/index';

/**
 * The cross-validated R2 of forests of 1, 2, 3, ... trees that are otherwise like one: the first k trees of a
 * forest are a forest of k trees, so each fold grows the largest only.
 * @param forest gives the other parameters
 * @param options most: trees of the largest; cv: folds; and what every long-running function takes
 * @returns the mean score with k + 1 trees at k
 */
export async function scoresByTreeCount(
  forest: RandomForestRegressor,
  X: Table,
  y: ArrayLike<number>,
  options: { most: number; cv: number } & RunOptions,
): Promise<number[]> {
  const { most, cv, ...run } = options;
  const nEstimators = Array.from({ length: most }, (_, k) => k + 1);
  const search = new GridSearchCV(forest, { nEstimators }, { cv, refit: false });
  await search.fit(X, y, run);
  return search.cvResults.meanTestScore;
}
