import assert from 'node:assert/strict';
import test from 'node:test';
import type { Table } from '../forest/src/index';
import { ConstantRegressor } from './baselines';
import { TwoPartRegressor } from './twoPart';

const X: Table = { names: ['a'], rowCount: 4, columns: [Float64Array.of(1, 2, 3, 4)] };
const model = () => new TwoPartRegressor(new ConstantRegressor('mean'), new ConstantRegressor('mean'));

test('the forecast is the share above 0 times the mean of those above', async () => {
  const fitted = await model().fit(X, [0, 0, 0, 80]);
  assert.deepEqual([...fitted.predict(X)], [20, 20, 20, 20]);
});

test('targets on one side of the hurdle', async () => {
  assert.deepEqual([...(await model().fit(X, [10, 20, 30, 40])).predict(X)], [25, 25, 25, 25]);
  assert.deepEqual([...(await model().fit(X, [0, 0, 0, 0])).predict(X)], [0, 0, 0, 0]);
});

test('targets below 0 are refused', async () => {
  await assert.rejects(
    model().fit(X, [0, -1, 0, 0]),
    /TwoPartRegressor\.fit requires targets of at least 0, got -1/,
  );
});
