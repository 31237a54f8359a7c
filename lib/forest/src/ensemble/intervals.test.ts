import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { makeForest, recorded, train } from '../../testing/recorded';
import { take, takeRows } from '../matrix';
import { RandomState } from '../randomState';
import { RandomForestRegressor } from './forest';
import {
  conformalQuantiles,
  coverageOf,
  fitIntervals,
  type IntervalRule,
  outOfBag,
  predictInterval,
  predictWithSpread,
  shortestRange,
} from './intervals';

const rule: IntervalRule = { method: 'by hand', level: 0.9, lower: -2, upper: 1.5, floor: 2 };
const close = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) < 1e-12 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

test('predictInterval: by hand, within the scale', () => {
  assert.deepEqual(predictInterval(rule, 50, 8), [30, 65]);
  assert.deepEqual(predictInterval(rule, 10, 8), [0, 25]);
  assert.deepEqual(predictInterval(rule, 95, 8), [75, 100]);
});

test('an interval never leaves 0 to 100, never crosses, and grows with the spread', () => {
  const unit = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(unit, unit, (prediction, spread) => {
      const [low, high] = predictInterval(rule, prediction, spread);
      const [lower, higher] = predictInterval(rule, prediction, spread + 1);
      assert.ok(0 <= low && low <= prediction && prediction <= high && high <= 100);
      assert.ok(lower <= low && high <= higher);
    }),
  );
});

test('conformalQuantiles: by hand', () => {
  // 19 values make 20 gaps: 5% of them on each side is the gap before the first value and after the last.
  const values = Array.from({ length: 19 }, (_, i) => i);
  assert.deepEqual(conformalQuantiles(values, 0.9), [0, 18]);
  const [low, high] = conformalQuantiles(values, 0.75); // 2.5 gaps on each side
  close(low, 1.5);
  close(high, 16.5);
  assert.throws(
    () => conformalQuantiles(values.slice(1), 0.9),
    /requires at least 19 values for level 0.9, got 18/,
  );
});

test('conformalQuantiles hold exchangeable values as often as they say', () => {
  const random = new RandomState(8);
  const draws = Array.from({ length: 4000 }, () => Float64Array.from({ length: 31 }, () => random.bits()));
  const inside = draws.filter((values) => {
    const [low, high] = conformalQuantiles(values.slice(1).sort(), 0.9);
    return low <= values[0] && values[0] <= high;
  });
  // Standard error 0.005. Whole ranks would hold 1 - 2/31 = 0.935.
  assert.ok(Math.abs(inside.length / 4000 - 0.9) < 0.015, `${inside.length / 4000}`);
});

test('outOfBag and fitIntervals equal numpy on the trees and bootstraps of scikit-learn', async () => {
  const forest = await makeForest({ nEstimators: 60 }).fit(train.X, train.y);
  const [prediction, spread, lower, upper] = recorded.outOfBag;
  const found = outOfBag(forest, train.X);
  prediction.forEach((value, row) => {
    close(found.prediction[row], value);
    close(found.spread[row], spread[row]);
  });
  const fitted = fitIntervals(forest, train.X, train.y);
  close(fitted.lower, lower);
  close(fitted.upper, upper);
  assert.deepEqual([fitted.level, fitted.floor], [0.9, 5]);
  assert.deepEqual(JSON.parse(JSON.stringify(fitted)), fitted);
});

test('predictWithSpread is the forest, and the deviation of its trees', async () => {
  const forest = await makeForest().fit(train.X, train.y);
  const { prediction, spread } = predictWithSpread(forest, train.X);
  assert.deepEqual(prediction, forest.predict(train.X));
  const expected = forest.predictSpread(train.X);
  spread.forEach((value, row) => {
    close(value, expected[row]);
  });
});

test('more rows than are predicted at a time, too', async () => {
  const rows = Int32Array.from({ length: 5000 }, (_, i) => (i * 7) % train.X.rowCount);
  const [X, y] = [takeRows(train.X, rows), take(train.y, rows)];
  const forest = await makeForest({ nEstimators: 10 }).fit(X, y);
  assert.deepEqual(predictWithSpread(forest, X).prediction, forest.predict(X));
  // NaN here where one tree alone left a row out
  const found = outOfBag(forest, X).prediction;
  const expected = forest.oobPrediction.map((value, row) => (Number.isNaN(found[row]) ? Number.NaN : value));
  assert.deepEqual(found, expected);
  assert.ok(found.filter(Number.isNaN).length < 1000);
});

test('coverageOf: by hand, ends included', () => {
  const ends = [50, 50, 10].map((prediction) => predictInterval(rule, prediction, 8));
  assert.deepEqual(coverageOf(ends, [30, 66, 0]), {
    coverage: 2 / 3,
    width: (35 + 35 + 25) / 3,
  });
});

test('shortestRange: by hand', () => {
  const values = [90, 0, 10, 0, 0];
  assert.deepEqual(shortestRange(values, 0.8), [0, 10]);
  assert.deepEqual(shortestRange(values, 0.81), [0, 90]);
  assert.deepEqual(shortestRange(values, 0.6), [0, 0]);
  assert.deepEqual(shortestRange([1, 2, 5, 6], 0.5), [1, 2]);
  assert.deepEqual(shortestRange([1, 4, 5, 6], 0.5), [4, 5]);
  assert.deepEqual(shortestRange([1, 5, 6], 0.6), [5, 6]);
  assert.throws(() => shortestRange([], 0.5), /got 0 values and 0.5/);
  assert.throws(() => shortestRange(values, 1.5), /got 5 values and 1.5/);
});

test('fitIntervals says what it requires', async () => {
  const forest = await makeForest().fit(train.X, train.y);
  assert.throws(() => fitIntervals(forest, train.X, train.y, { level: 1 }), /level between 0 and 1/);
  assert.throws(() => fitIntervals(forest, train.X, train.y, { floor: 0 }), /floor above 0, got 0.9 and 0/);
  assert.throws(
    () => fitIntervals(forest, train.X, train.y, { level: 0.99 }),
    /requires at least 199 values/,
  );
  const whole = await new RandomForestRegressor({ bootstrap: false, nEstimators: 2 }).fit(train.X, train.y);
  assert.throws(() => fitIntervals(whole, train.X, train.y), /requires a forest with bootstrap/);
});
