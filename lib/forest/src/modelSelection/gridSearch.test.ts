import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { referenceForest } from '../../oracle/compare';
import { RECORDED, X, y } from '../../oracle/recorded';
import { RandomForestRegressor } from '../ensemble/forest';
import { meanAbsoluteError, r2Score, rootMeanSquaredError } from '../metrics/metrics';
import { KFold } from './folds';
import { GridSearchCV, type ParamGrid } from './gridSearch';

test('gives the recorded scores, deviations, ranks and choice of GridSearchCV', async () => {
  const grid = { nEstimators: [3, 6], maxDepth: [null, 2] };
  const search = new GridSearchCV(new RandomForestRegressor({ randomState: 1 }), grid, { cv: 4 });
  await search.fit(X, y);
  assert.deepEqual(search.candidates[1], { maxDepth: null, nEstimators: 6 });
  assert.deepEqual(search.cvResults.meanTestScore, RECORDED.search.mean);
  assert.deepEqual(search.cvResults.stdTestScore, RECORDED.search.std);
  assert.deepEqual(search.cvResults.rankTestScore, RECORDED.search.rank);
  const { max_depth: maxDepth, n_estimators: nEstimators } = RECORDED.search.best;
  assert.deepEqual(search.bestParams, { maxDepth, nEstimators });
});

const at = <T>(values: readonly T[], rows: ArrayLike<number>) => Array.from(rows, (row) => values[row]);

test('shared growth gives what candidate by candidate gives, whatever the grid', async () => {
  let scores = 0;
  const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(3), fc.nat(40), fc.nat(1), fc.double({ noNaN: true, min: 0, max: 9 })), {
        minLength: 20,
        maxLength: 60,
        size: 'max',
      }),
      fc.boolean(),
      fc.record({
        nEstimators: some(1, 2, 5),
        maxDepth: some<number | null>(null, 2, 4),
        minSamplesLeaf: some(1, 2, 4, 0.1),
        minSamplesSplit: some(2, 7, 0.2),
        maxFeatures: some<1 | 2 | 'sqrt'>(1, 2, 'sqrt'),
        bootstrap: some(true, false),
      }),
      fc.integer({ min: 1, max: 2 }),
      async (table, isWhole, grid, nJobs) => {
        const rows = table.map((row) => row.slice(0, 3));
        const target = table.map((row) => (isWhole ? Math.round(row[3]) : row[3]));
        const estimator = new RandomForestRegressor({ randomState: 3 });
        const search = new GridSearchCV(estimator, grid as ParamGrid, { cv: 3, refit: false, nJobs });
        await search.fit(rows, target);
        for (const [i, candidate] of search.candidates.entries()) {
          for (const [fold, { train, test }] of new KFold(3).split(rows.length).entries()) {
            const params = { ...estimator.params, ...candidate };
            const alone = referenceForest({ rows: at(rows, train), y: at(target, train), params });
            const predicted = RandomForestRegressor.fromArrays(alone).predict(at(rows, test));
            assert.equal(search.cvResults.splitTestScores[i][fold], r2Score(at(target, test), predicted));
            scores++;
          }
        }
      },
    ),
    { numRuns: 25 },
  );
  assert.ok(scores >= 25 * 3); // one candidate at least in each run
});

test('errors are scored as scikit-learn does, the smallest best', async () => {
  const folds = new KFold(3);
  for (const [scoring, error] of [
    ['neg_mean_absolute_error', meanAbsoluteError],
    ['neg_root_mean_squared_error', rootMeanSquaredError],
  ] as const) {
    const forest = new RandomForestRegressor({ nEstimators: 3, randomState: 1 });
    const search = new GridSearchCV(forest, { maxDepth: [1, null] }, { cv: folds, scoring });
    await search.fit(X, y);
    const { splitTestScores, meanTestScore } = search.cvResults;
    for (const [fold, { train, test }] of folds.split(X.length).entries()) {
      const stumps = new RandomForestRegressor({ ...forest.params, maxDepth: 1 });
      await stumps.fit(at(X, train), at(y, train));
      assert.equal(splitTestScores[0][fold], -error(at(y, test), stumps.predict(at(X, test))));
    }
    assert.equal(search.bestScore, Math.max(...meanTestScore));
  }
});

test('more limits than the kernel grows together are grown in parts, with the same scores', async () => {
  const many = {
    maxDepth: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    minSamplesLeaf: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  };
  const search = (grid: ParamGrid) =>
    new GridSearchCV(new RandomForestRegressor({ nEstimators: 3, randomState: 2 }), grid, { cv: 2 }).fit(
      X,
      y,
    );
  const { cvResults } = await search(many);
  assert.equal(cvResults.meanTestScore.length, 140);
  const alone: number[] = [];
  for (const maxDepth of many.maxDepth) {
    const { cvResults: part } = await search({ ...many, maxDepth: [maxDepth] });
    alone.push(...part.meanTestScore);
  }
  assert.deepEqual([...cvResults.meanTestScore], alone);
});

test('a fold of one row has no R2, and candidates without a score are last', async () => {
  const search = new GridSearchCV(
    new RandomForestRegressor({ nEstimators: 2 }),
    { maxDepth: [1, 2] },
    { cv: 3 },
  );
  await search.fit([[1], [2], [3]], [1, 2, 3]);
  assert.deepEqual([...search.cvResults.meanTestScore], [Number.NaN, Number.NaN]);
  assert.deepEqual([...search.cvResults.rankTestScore], [1, 1]);
});

test('each kind of bad input is one sentence', async () => {
  const forest = new RandomForestRegressor();
  const make = (grid: object, options = {}) => new GridSearchCV(forest, grid as ParamGrid, options);
  const bad: [() => unknown, RegExp][] = [
    [() => make({ depth: [1] }), /RandomForestRegressor requires one of nEstimators, .*, got depth/],
    [() => make({ minSamplesLeaf: [1, 0] }), /RandomForestRegressor requires minSamplesLeaf .*, got 0$/],
    [() => make({ maxDepth: [] }), /GridSearchCV requires a list of values for maxDepth, got a list of 0/],
    [() => make({ maxDepth: 3 }), /GridSearchCV requires a list of values for maxDepth, got 3/],
    [
      () => make({}, { scoring: 'R2' }),
      /GridSearchCV requires scoring to be a function or one of accuracy, .*, got "R2"/,
    ],
    [() => make({}, { cv: 5 }).fit([[1], [2]], [1, 2]), /at least as many rows as folds \(5\), got 2/],
    [() => make({}).fit([[1], [2]], [1]), /requires one target for each of the 2 rows, got 1/],
    [
      () => make({}).fit([[1], [2]], [1, 2], { sampleWeight: [1, 1] } as never),
      /GridSearchCV.fit requires options of groups, onProgress, signal, queue, got sampleWeight/,
    ],
    [
      () => make({}, { cv: 2 }).fit([[1], [Number.POSITIVE_INFINITY]], [1, 2]),
      /got Infinity in row 1, column 0/,
    ],
    [() => make({}).bestEstimator, /bestEstimator requires a fitted search with refit, got none/],
    [() => make({}).cvResults, /GridSearchCV requires fit before use/],
    [
      () =>
        make({}, { cv: { split: () => [{ train: Int32Array.of(0), test: Int32Array.of(2) }] } }).fit(
          [[1], [2]],
          [1, 2],
        ),
      /GridSearchCV requires splits of row numbers below 2, got 2/,
    ],
  ];
  const splits = (given: unknown) => () => make({}, { cv: { split: () => given } }).fit([[1], [2]], [1, 2]);
  bad.push(
    [
      () => new GridSearchCV<RandomForestRegressor>(undefined as never, {}),
      /requires an estimator with fit, predict, params and withParams first, got nothing/,
    ],
    [() => make(null as never), /requires a grid of values by parameter, got null/],
    [() => make([]), /requires at least one grid, got none/],
    [() => make({ maxDepth: new Array(2) }), /requires maxDepth .*, got nothing/],
    [() => make({}, { CV: 3 }), /requires options of cv, scoring, refit, nJobs, queue, got CV$/],
    [() => make({}, { refit: 'false' }), /requires refit to be true or false, got "false"/],
    [() => make({}, { cv: '5' }), /requires cv to be a number of folds or a splitter, got "5"/],
    [() => make({}, { cv: null }), /requires cv to be .*, got null/],
    [() => make({}, { nJobs: -1 }), /GridSearchCV requires nJobs .*, got -1/],
    [() => make({}, { nJobs: 0 }), /GridSearchCV requires nJobs .*, got 0/],
    [splits(null), /requires at least one split, got null/],
    [splits([]), /requires at least one split, got a list of 0/],
    [splits([{ train: [0, 0], test: [1] }]), /splits that name no training row twice/],
    [splits([null]), /splits of row numbers below 2, got none/],
    [splits([{ train: [0], test: ['1'] }]), /splits of row numbers below 2, got "1"/],
    [splits([{ train: [0], test: [0.5] }]), /splits of row numbers below 2, got 0.5/],
  );
  for (const [act, message] of bad) await assert.rejects(async () => act(), { name: 'InputError', message });
});
