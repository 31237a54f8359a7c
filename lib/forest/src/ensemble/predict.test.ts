import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { float32Columns } from '../matrix';
import { RandomState } from '../randomState';
import { joinTrees } from '../tree/trees';
import type { ForestArrays, Matrix } from '../types';
import { RandomForestRegressor } from './forest';
import { walk } from './predict';

/** The predictions by the definition. */
function walked(forest: ForestArrays, X: Matrix): Float64Array {
  const columns = float32Columns('walked', X, { features: forest.nFeatures });
  const sums = new Float64Array(columns[0].length);
  walk(forest, columns, sums, 0, forest.treeCount);
  return sums.map((sum) => sum / forest.treeCount);
}

/** A tree of one split. */
const stump = (feature: number, threshold: number): ForestArrays =>
  joinTrees(
    [
      {
        feature: Int32Array.of(feature, -2, -2),
        threshold: Float64Array.of(threshold, -2, -2),
        left: Int32Array.of(1, -1, -1),
        right: Int32Array.of(2, -1, -1),
        value: Float64Array.of(0, 1, 2),
        nNodeSamples: Int32Array.of(2, 1, 1),
        weightedNNodeSamples: Float64Array.of(2, 1, 1),
        impurity: Float64Array.of(0.25, 0, 0),
      },
    ],
    feature + 1,
  );

test('a value goes left where it is at most the threshold, of all float32 numbers', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -2, max: 2 }),
      (value, step) => {
        const bits = new Int32Array(Float32Array.of(value).buffer);
        bits[0] += step;
        const neighbour = new Float32Array(bits.buffer)[0];
        fc.pre(Number.isFinite(neighbour));
        for (const threshold of [neighbour, value / 2 + neighbour / 2, -0, 0, 2 ** -150, -(2 ** -150)]) {
          const forest = RandomForestRegressor.fromArrays(stump(0, threshold));
          assert.equal(forest.predict([[value]])[0], value <= threshold ? 1 : 2);
          compared++;
        }
      },
    ),
  );
  assert.ok(compared >= 500);
});

test('one row, many rows and any number of threads predict what the definition does', async () => {
  const random = new RandomState(3);
  const share = () => random.bits() / 2 ** 32 - 0.5;
  for (const [rows, features, trees] of [
    [30_001, 5, 60],
    [7, 1, 13],
    [8, 3, 1],
  ] as const) {
    const X = Array.from({ length: rows }, () => Array.from({ length: features }, share));
    const y = X.map((row) => Math.round(100 * row[0]));
    const params = { nEstimators: trees, randomState: 1 };
    const fitted = await new RandomForestRegressor(params).fit(X.slice(0, 900), y.slice(0, 900));
    const expected = walked(fitted.arrays, X);
    for (const nJobs of [1, 2, 3]) {
      const forest = RandomForestRegressor.fromArrays(fitted.arrays, { ...params, nJobs });
      assert.deepEqual(forest.predict(X), expected);
    }
    for (const row of [0, 5, rows - 1]) assert.equal(fitted.predict([X[row]])[0], expected[row]);
    const means = fitted.predictTrees(X).reduce((sums, tree) => sums.map((sum, i) => sum + tree[i]));
    assert.deepEqual(
      means.map((sum) => sum / trees),
      expected,
    );
  }
});

test('fits and predictions that follow each other at once share workers and stay apart', async () => {
  const random = new RandomState(4);
  const X = Array.from({ length: 2000 }, () => [random.bits() / 2 ** 32, random.randint(9)]);
  const y = X.map((row) => Math.round(50 * row[0] + row[1]));
  const fit = (nJobs: number) =>
    new RandomForestRegressor({ nEstimators: 60, randomState: 1, nJobs }).fit(X, y);
  const alone = await fit(1);
  const expected = alone.predict(X);
  for (let i = 0; i < 8; i++) {
    const forest = await fit(2);
    assert.deepEqual(forest.arrays, alone.arrays);
    assert.deepEqual(forest.predict(X), expected);
  }
});

test('a forest beyond the kernel is walked by the definition', () => {
  const forest = RandomForestRegressor.fromArrays(stump(1500, 0.5));
  const row = new Array(1501).fill(0);
  assert.deepEqual([...forest.predict([row, [...row.slice(1), 1]])], [1, 2]);
});
