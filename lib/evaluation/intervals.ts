import {
  type ExtraTreesRegressor,
  fitIntervals,
  type IntervalRule,
  KFold,
  outOfBag,
  predictInterval,
  predictWithSpread,
  type RandomForestRegressor,
  type RunOptions,
  type Table,
  takeRows,
} from '../forest/src/index';

/** Predictions of rows by trees that had not learnt from them, with the disagreement of those trees. */
type Unseen = ReturnType<typeof outOfBag>;

/**
 * Learns intervals from the training rows alone. A forest with bootstrap has out-of-bag errors; one without has
 * none, so forests like it are fitted without each of `cv` parts in turn and predict that part.
 * @param forest fitted on X and y
 * @param options level and floor as `fitIntervals` has them; cv: parts, from 2, for a forest without bootstrap
 * @returns the rule, and the predictions of the training rows that it was learnt from
 * @throws the reason of `options.signal` when aborted
 * @example const { rule, unseen } = await learnIntervals(forest, XTrain, yTrain, { level: 0.9 });
 */
export async function learnIntervals(
  forest: RandomForestRegressor | ExtraTreesRegressor,
  X: Table,
  y: ArrayLike<number>,
  options: { level: number; floor?: number; cv?: number } & RunOptions,
): Promise<{ rule: IntervalRule; unseen: Unseen }> {
  const { cv = 5, onProgress, signal, queue, ...rule } = options; // fitIntervals refuses others
  if (forest.params.bootstrap) return { rule: fitIntervals(forest, X, y, rule), unseen: outOfBag(forest, X) };
  const unseen = await leftOut(forest, X, y, { cv, onProgress, signal, queue });
  return { rule: fitIntervals(forest, X, y, { ...rule, unseen }), unseen };
}

async function leftOut(
  forest: RandomForestRegressor | ExtraTreesRegressor,
  X: Table,
  y: ArrayLike<number>,
  { cv, onProgress, ...run }: { cv: number } & RunOptions,
): Promise<Unseen> {
  const unseen = { prediction: new Float64Array(X.rowCount), spread: new Float64Array(X.rowCount) };
  const folds = new KFold(cv).split(X.rowCount);
  for (const [fold, { train, test }] of folds.entries()) {
    const other = forest.withParams({});
    await other.fit(
      takeRows(X, train),
      Array.from(train, (row) => y[row]),
      run,
    );
    const { prediction, spread } = predictWithSpread(other, takeRows(X, test));
    test.forEach((row, i) => {
      unseen.prediction[row] = prediction[i];
      unseen.spread[row] = spread[i];
    });
    onProgress?.({ done: fold + 1, total: folds.length });
  }
  return unseen;
}

/**
 * The interval of every prediction.
 * @param spread what `predictWithSpread` gives
 * @returns `[lower, upper]` for each row
 */
export function intervalsOf(
  rule: IntervalRule,
  spread: { prediction: ArrayLike<number>; spread: ArrayLike<number> },
): [number, number][] {
  return Array.from(spread.prediction, (value, row) => predictInterval(rule, value, spread.spread[row]));
}

/**
 * The highest level, in whole percent, that an interval learnt from some rows can hold: a new value is equally
 * likely in each of the gaps between and beyond them (see `conformalQuantiles`).
 * @param rows that are learnt from
 * @param wanted a level from 0 to 1, which is returned where it can be held
 */
export function attainableLevel(rows: number, wanted: number): number {
  const most = Math.floor(100 * (1 - 2 / (rows + 1))) / 100;
  return Math.max(0.01, Math.min(wanted, most));
}
