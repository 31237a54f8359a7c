import assert from 'node:assert/strict';
import test from 'node:test';
import {
  fitIntervals,
  outOfBag,
  predictWithSpread,
  RandomForestRegressor,
  RandomState,
} from '../forest/src/index';
import { learnIntervals } from './intervals';

const random = new RandomState(3);
const share = () => random.bits() / 2 ** 32;
const columns = [0, 1, 2].map(() => Float64Array.from({ length: 90 }, share));
const X = { names: ['a', 'b', 'c'], rowCount: 90, columns };
const y = Array.from(columns[0], (value, row) => 60 * value + 20 * columns[1][row] + 9 * share());
const makeForest = (bootstrap: boolean) =>
  new RandomForestRegressor({
    nEstimators: 20,
    maxFeatures: 2,
    minSamplesLeaf: 3,
    randomState: 1,
    bootstrap,
  });

test('a forest with bootstrap learns its intervals out of bag', async () => {
  const forest = await makeForest(true).fit(X, y);
  const { rule, unseen } = await learnIntervals(forest, X, y, { level: 0.8 });
  assert.deepEqual(rule, fitIntervals(forest, X, y, { level: 0.8 }));
  assert.deepEqual(unseen, outOfBag(forest, X));
});

test('one without learns them from forests that had not seen the rows', async () => {
  const forest = await makeForest(false).fit(X, y);
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => void seen.push(done);
  const { rule, unseen } = await learnIntervals(forest, X, y, { level: 0.8, cv: 3, onProgress });
  assert.deepEqual(seen, [1, 2, 3]);
  const part = (from: number, to: number) => columns.map((column) => column.subarray(from, to));
  const first = { ...X, rowCount: 30, columns: part(0, 30) };
  const others = await makeForest(false).fit({ ...X, rowCount: 60, columns: part(30, 90) }, y.slice(30));
  const expected = predictWithSpread(others, first);
  assert.deepEqual(unseen.prediction.slice(0, 30), expected.prediction);
  assert.deepEqual(unseen.spread.slice(0, 30), expected.spread);
  assert.equal(rule.method, 'errors of cross-validation over the spread of the trees');
  const held = unseen.prediction.filter((value, row) => {
    const error = (y[row] - value) / (unseen.spread[row] + rule.floor);
    return rule.lower <= error && error <= rule.upper;
  });
  assert.ok(Math.abs(held.length / 90 - 0.8) < 0.05, `${held.length} of 90`);
});

test('options that it does not have are refused by name', async () => {
  const forest = await makeForest(true).fit(X, y);
  const wrong = { level: 0.8, folds: 3 } as never;
  await assert.rejects(learnIntervals(forest, X, y, wrong), { name: 'InputError', message: /got folds$/ });
});

test('predictions of another number of rows are refused', async () => {
  const forest = await makeForest(true).fit(X, y);
  const unseen = { prediction: new Float64Array(3), spread: new Float64Array(3) };
  assert.throws(
    () => fitIntervals(forest, X, y, { unseen }),
    /unseen predictions of 90 rows, got 3 with 3 spreads/,
  );
});
