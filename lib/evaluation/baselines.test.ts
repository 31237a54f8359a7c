import assert from 'node:assert/strict';
import test from 'node:test';
import { type Table, takeRows } from '../forest/src/index';
import { recorded, train, unseen } from '../forest/testing/index';
import type { Feature } from '../tracks/types';
import {
  CategoryRegressor,
  ConstantRegressor,
  MlForestRegressor,
  OneHotRegressor,
  RidgeRegression,
} from './baselines';

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance);
};

test("ConstantRegressor is scikit-learn's DummyRegressor", () => {
  for (const [i, strategy] of (['mean', 'median'] as const).entries()) {
    const predicted = new ConstantRegressor(strategy).fit(train.X, train.y).predict(unseen.X);
    assert.deepEqual([...predicted], new Array(30).fill(recorded.dummy[i]));
  }
});

test("RidgeRegression is scikit-learn's Ridge, and LinearRegression at alpha 0, collinear columns too", () => {
  const double = (X: Table): Table => ({ ...X, columns: [...X.columns, X.columns[3]] });
  for (const [i, alpha] of [1, 0.01, 0].entries()) {
    const model = new RidgeRegression(alpha).fit(double(train.X), train.y);
    close(model.predict(double(unseen.X)), recorded.linear[i], 1e-9);
  }
});

test('RidgeRegression does not penalise the intercept: by hand', () => {
  // Centred x = -1, 0, 1 and y = -2, 0, 2: slope 4 / (2 + 2) = 1, through the mean (2, 12).
  const X: Table = { names: ['x'], rowCount: 3, columns: [Float64Array.of(1, 2, 3)] };
  const model = new RidgeRegression(2).fit(X, [10, 12, 14]);
  close(model.coefficients, [1], 1e-15);
  close([model.intercept], [10], 1e-14);
  assert.throws(() => new RidgeRegression(-1), /requires alpha of at least 0, got -1/);
});

test('CategoryRegressor: by hand, with a category not seen', () => {
  const X: Table = { names: ['genre'], rowCount: 4, columns: [Float64Array.of(0, 1, 1, 2)] };
  const model = new CategoryRegressor('genre').fit(takeRows(X, [0, 1, 2]), [10, 20, 60]);
  assert.deepEqual([...model.predict(X)], [10, 40, 40, 30]);
  assert.throws(
    () => new CategoryRegressor('key').fit(X, [1, 2, 3, 4]),
    /requires the column key, got genre/,
  );
});

test('OneHotRegressor gives each category its own level, where a code would have a slope', async () => {
  const genre = { name: 'genre', kind: 'category', categories: ['a', 'b', 'c'] } as Feature;
  const X: Table = { names: ['genre'], rowCount: 6, columns: [Float64Array.of(0, 1, 2, 0, 1, 2)] };
  const y = [10, 50, 20, 12, 52, 22];
  const model = await new OneHotRegressor(new RidgeRegression(0), [genre]).fit(X, y);
  close(model.predict(X), [11, 51, 21, 11, 51, 21], 1e-12);
});

test('MlForestRegressor learns from a sample, the same each time', () => {
  const fit = () =>
    new MlForestRegressor({ maxRows: 40, nEstimators: 3, randomState: 1 }).fit(train.X, train.y);
  const model = fit();
  assert.equal(new Set(model.trainingRows).size, 40);
  const predicted = model.predict(unseen.X);
  assert.deepEqual(predicted, fit().predict(unseen.X));
  assert.ok(new Set(predicted).size > 5);
  assert.throws(() => new MlForestRegressor().predict(unseen.X), /requires a fitted MlForestRegressor/);
});
