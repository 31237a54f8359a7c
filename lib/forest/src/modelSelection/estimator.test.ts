/** A user's own estimator, tuned, evaluated and compared as the forest is. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { recorded, train, unseen, X, y } from '../../testing/recorded';
import { RandomForestRegressor } from '../ensemble/forest';
import type { Estimator, SharedGrowth } from '../estimator';
import { permutationImportance } from '../inspection/permutationImportance';
import { take, takeRows } from '../matrix';
import { mean, meanAbsoluteError, r2Score } from '../metrics/metrics';
import type { Table } from '../types';
import { crossValidate, crossValScore, pairedDifference } from './crossValidation';
import { predictFolds } from './foldPredictions';
import { KFold } from './folds';
import { GridSearchCV } from './gridSearch';
import { learningCurve } from './learningCurve';
import { nestedCrossValidation } from './nestedCrossValidation';
import { StratifiedKFold } from './stratified';

class KNeighbors implements Estimator<{ neighbors: number }> {
  private X: Table | null = null;
  private y: ArrayLike<number> = [];
  constructor(readonly params = { neighbors: 5 }) {}

  withParams(params: { neighbors?: number }): KNeighbors {
    return new KNeighbors({ ...this.params, ...params });
  }

  fit(X: Table, y: ArrayLike<number>): void {
    [this.X, this.y] = [X, y];
  }

  predict(X: Table): number[] {
    const distance = (i: number, row: number) =>
      X.columns.reduce((sum, column, j) => sum + (column[i] - this.X!.columns[j][row]) ** 2, 0);
    return Array.from({ length: X.rowCount }, (_, i) => {
      const rows = Array.from(this.y, (_, row) => row).sort((a, b) => distance(i, a) - distance(i, b));
      return mean(rows.slice(0, this.params.neighbors).map((row) => this.y[row]));
    });
  }
}

const folds = new KFold(3).split(X.rowCount);

test('a class of the user is tuned: each candidate is scored as it is when fitted by hand', async () => {
  const search = new GridSearchCV(new KNeighbors(), { neighbors: [1, 7, 30] }, { cv: 3 });
  const seen: number[] = [];
  await search.fit(X, y, { onProgress: ({ done, total }) => seen.push(done / total) });
  for (const [i, neighbors] of [1, 7, 30].entries()) {
    for (const [fold, { train, test }] of folds.entries()) {
      const model = new KNeighbors({ neighbors });
      model.fit(takeRows(X, train), take(y, train));
      const score = r2Score(take(y, test), model.predict(takeRows(X, test)));
      assert.equal(search.cvResults.splitTestScores[i][fold], score);
    }
  }
  assert.ok(search.bestEstimator instanceof KNeighbors);
  const { neighbors } = search.bestParams;
  assert.equal(search.bestEstimator.params.neighbors, neighbors);
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
});

test('it is evaluated and compared beside the forest', async () => {
  const model = new KNeighbors({ neighbors: 7 });
  const [ours, forest] = [
    await crossValidate(model, X, y, folds),
    await crossValidate(new RandomForestRegressor({ nEstimators: 5 }), X, y, folds),
  ];
  assert.equal(ours.length, 3);
  const { r2 } = pairedDifference(forest, ours, folds);
  assert.ok(r2.lower < r2.value && r2.value < r2.upper);
  assert.deepEqual(await crossValidate(() => new KNeighbors({ neighbors: 7 }), X, y, folds), ours);
  const makeSearch = () => new GridSearchCV(new KNeighbors(), { neighbors: [3, 7] }, { cv: 2 });
  const nested = await nestedCrossValidation(makeSearch, X, y, folds);
  assert.ok(nested.chosen.every((params) => [3, 7].includes(JSON.parse(params).neighbors)));
  const curve = await learningCurve(model, X, y, folds, {
    trainSizes: [0.5, 1],
    scoring: 'neg_mean_absolute_error',
  });
  assert.deepEqual(curve.testScores[1].length, 3);
  model.fit(train.X, train.y);
  const importances = await permutationImportance(model, unseen.X, unseen.y, { nRepeats: 2 });
  assert.equal(importances.length, X.names.length);
});

test('a search is a model itself', async () => {
  const search = () => new GridSearchCV(new KNeighbors(), { neighbors: [3, 7] }, { cv: 2 });
  const scores = await crossValScore(search, X, y, folds);
  const { kept } = await nestedCrossValidation(search, X, y, folds);
  assert.deepEqual(scores, kept);
});

test('scores by name are those of cross_val_score, and a function of the user is one too', async () => {
  const forest = new RandomForestRegressor({ nEstimators: 20, randomState: 7 });
  const names = Object.keys(recorded.scorers) as 'r2'[];
  assert.equal(names.length, 3);
  for (const scoring of names) {
    assert.deepEqual(
      await crossValScore(forest, X, y, folds, { scoring }),
      recorded.scorers[scoring],
      scoring,
    );
  }
  const own = (actual: ArrayLike<number>, predicted: ArrayLike<number>) =>
    100 - meanAbsoluteError(actual, predicted);
  const byName = { cv: 3, scoring: 'neg_mean_absolute_error' } as const;
  const grid = { maxDepth: [1, 5] };
  const [search, ofOwn] = [
    await new GridSearchCV(forest, grid, byName).fit(X, y),
    await new GridSearchCV(forest, grid, { cv: 3, scoring: own }).fit(X, y),
  ];
  assert.deepEqual(ofOwn.bestParams, search.bestParams);
  assert.equal(ofOwn.cvResults.splitTestScores[0][0], 100 + search.cvResults.splitTestScores[0][0]);
});

test('classes by text are tuned by accuracy on stratified folds', async () => {
  class Majority implements Estimator<{ least: boolean }, string> {
    readonly estimatorType = 'classifier';
    private answer = '';
    constructor(readonly params = { least: false }) {}
    withParams(params: { least?: boolean }): Majority {
      return new Majority({ ...this.params, ...params });
    }
    fit(_: Table, y: ArrayLike<string>): void {
      const counts = new Map<string, number>();
      for (const one of Array.from(y)) counts.set(one, (counts.get(one) ?? 0) + 1);
      const ascending = [...counts.keys()].sort((a, b) => counts.get(a)! - counts.get(b)!);
      this.answer = ascending.at(this.params.least ? 0 : -1)!;
    }
    predict(table: Table): string[] {
      return new Array(table.rowCount).fill(this.answer);
    }
  }
  const search = new GridSearchCV(new Majority(), { least: [true, false] }, { cv: 3 });
  await search.fit(X, recorded.classes);
  assert.deepEqual(search.bestParams, { least: false });
  const [largest] = new StratifiedKFold(3).split(120, undefined, recorded.classes);
  const most = search.bestEstimator.predict(X)[0];
  const share =
    Array.from(largest.test).filter((row) => recorded.classes[row] === most).length / largest.test.length;
  assert.equal(search.cvResults.splitTestScores[1][0], share);
});

test('an offer to fit together is taken, and what it finds too much comes in halves', async () => {
  const jobs: string[] = [];
  const sharedGrowth: SharedGrowth<{ add: number }> = {
    plan: ({ splits }, candidates) => [
      { candidates: candidates.map((_, i) => i), folds: splits.map((_, i) => i) },
    ],
    predict: async ({ splits }, candidates, { candidates: some, folds }) => {
      jobs.push(`${some} on ${folds}`);
      if (some.length * folds.length > 3) return null;
      return some.map((one) =>
        folds.map((fold) => new Float64Array(splits[fold].test.length).fill(candidates[one].add)),
      );
    },
  };
  class Constant implements Estimator<{ add: number }> {
    readonly sharedGrowth = sharedGrowth;
    constructor(readonly params = { add: 0 }) {}
    withParams(params: { add?: number }): Constant {
      return new Constant({ ...this.params, ...params });
    }
    fit(): void {}
    predict(table: Table): number[] {
      return new Array(table.rowCount).fill(this.params.add);
    }
  }
  const options = {
    cv: 3,
    refit: false,
    scoring: (_: ArrayLike<number>, predicted: ArrayLike<number>) => predicted[0],
  };
  const search = await new GridSearchCV(new Constant(), { add: [4, 5] }, options).fit(X, y);
  assert.deepEqual(jobs, ['0,1 on 0,1,2', '0 on 0,1,2', '1 on 0,1,2']);
  assert.deepEqual(search.cvResults.splitTestScores, [
    [4, 4, 4],
    [5, 5, 5],
  ]);
});

test('what is no estimator, and a prediction that is none, are refused in a sentence', async () => {
  const short = {
    ...new KNeighbors(),
    fit: () => {},
    predict: () => [1],
    withParams: () => short,
    params: { a: 1 },
  };
  const bad: [() => unknown, RegExp][] = [
    [
      () => new GridSearchCV<KNeighbors>({ fit() {}, predict: () => [] } as never, {}),
      /requires an estimator with fit, .*, got an object/,
    ],
    [
      () => predictFolds({ predict: 1 } as never, X, y, folds),
      /predictFolds requires an estimator .*, got an object/,
    ],
    [
      () => new GridSearchCV(short, {}).fit(X, y),
      /predict requires a prediction for each of the 24 rows, got 1/,
    ],
    [
      () => crossValidate(new KNeighbors(), X, y.slice(1), folds),
      /requires one target for each of the 120 rows, got 119/,
    ],
    [
      () => crossValidate(new KNeighbors(), X, y, folds, { cv: 3 } as never),
      /crossValidate requires options of onProgress, signal, queue, got cv/,
    ],
    [
      () => crossValScore(new KNeighbors(), X, y, folds, { scoring: 'mae' as never }),
      /requires scoring to be a function or one of .*, got "mae"/,
    ],
    [
      () => learningCurve(new KNeighbors(), X, y, folds, { sizes: [1] } as never),
      /learningCurve requires options of .*, got sizes/,
    ],
    [
      () => permutationImportance(new KNeighbors(), X, y, { repeats: 3 } as never),
      /permutationImportance requires options of .*, got repeats/,
    ],
  ];
  for (const [act, message] of bad) await assert.rejects(async () => act(), { name: 'InputError', message });
});

test('a grid in a variable compiles, and its texts are checked when it is used', () => {
  const grid = { maxFeatures: ['sqrt', 0.5], bootstrap: [false], maxDepth: [null, 3] };
  const search = new GridSearchCV(new RandomForestRegressor(), grid);
  assert.equal(search.candidates.length, 4);
  const wrong = { maxFeatures: ['square', 0.5] };
  assert.throws(
    () => new GridSearchCV(new RandomForestRegressor(), wrong),
    /maxFeatures to be 'sqrt'.*, got "square"/,
  );
  // @ts-expect-error: a misspelt parameter does not compile
  assert.throws(() => new GridSearchCV(new RandomForestRegressor(), { depth: [3] }), /got depth/);
});
