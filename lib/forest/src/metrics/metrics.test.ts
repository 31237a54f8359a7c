import assert from 'node:assert/strict';
import test from 'node:test';
import { RECORDED, X, y } from '../../oracle/recorded';
import { recorded } from '../../testing/recorded';
import { RandomForestRegressor } from '../ensemble/forest';
import { fromSklearn } from '../ensemble/sklearn';
import { RandomState } from '../randomState';
import { accuracyScore } from './classification';
import {
  linearQuantile,
  mean,
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
  standardDeviation,
  sum,
} from './metrics';

test('sums as numpy does, in blocks of 128', () => {
  const random = new RandomState(3);
  const values = Array.from({ length: 1001 }, () => random.bits() / 3);
  // numpy.sum(numpy.random.RandomState(3).randint(0, 2**32, 1001, dtype=numpy.uint32) / 3), numpy 2.4.6
  assert.equal(sum(values), 716708166055.6667);
  assert.equal(sum(values.slice(0, 100)), 67006085816.666664);
  assert.notEqual(
    sum(values),
    values.reduce((total, value) => total + value, 0),
  );
});

test('scores recorded predictions as scikit-learn does', () => {
  const predicted = RandomForestRegressor.fromArrays(fromSklearn(RECORDED.forest)).predict(X);
  assert.equal(r2Score(y, predicted), RECORDED.metrics.r2);
  assert.equal(meanAbsoluteError(y, predicted), RECORDED.metrics.mae);
  assert.equal(rootMeanSquaredError(y, predicted), RECORDED.metrics.rmse);
});

test('a table checked by hand', () => {
  // Errors 1, -1, 2; the mean is 4, squared deviations 4 + 0 + 4.
  assert.equal(meanAbsoluteError([2, 4, 6], [1, 5, 4]), 4 / 3);
  assert.equal(rootMeanSquaredError([2, 4, 6], [1, 5, 4]), Math.sqrt(2));
  assert.equal(r2Score([2, 4, 6], [1, 5, 4]), 1 - 6 / 8);
  assert.equal(mean([2, 4, 6]), 4);
  assert.equal(standardDeviation([2, 4, 6]), Math.sqrt(8 / 3));
});

test('equal targets, one target, no target', () => {
  assert.equal(r2Score([5, 5], [5, 5]), 1);
  assert.equal(r2Score([5, 5], [5, 6]), 0);
  assert.ok(Number.isNaN(r2Score([5], [4])));
  assert.throws(() => r2Score([], []), /r2Score requires as many predictions as targets and at least one/);
  assert.throws(() => meanAbsoluteError([1, 2], [1]), /meanAbsoluteError requires .*, got 1 for 2/);
});

test("linearQuantile is numpy's quantile", () => {
  const sorted = Float64Array.from(recorded.y.slice(0, 17)).sort();
  assert.ok(recorded.quantiles.length > 0);
  for (const [p, expected] of recorded.quantiles) assert.equal(linearQuantile(sorted, p), expected);
});

test('scores of texts, NaN or infinity are refused, as scikit-learn refuses them', () => {
  const scores = { r2Score, meanAbsoluteError, meanSquaredError, medianAbsoluteError, rootMeanSquaredError };
  for (const [name, score] of Object.entries(scores)) {
    for (const wrong of ['2', Number.NaN, Number.POSITIVE_INFINITY, null] as number[]) {
      assert.throws(() => score([1, 2, 3], [1, wrong, 3]), /requires finite numbers, got .* in row 1/, name);
      assert.throws(() => score([1, 2, wrong], [1, 2, 3]), /requires finite numbers, got .* in row 2/, name);
    }
  }
});

test('accuracyScore and medianAbsoluteError: by hand', () => {
  assert.equal(accuracyScore(['a', 'b', 'a', 'c'], ['a', 'a', 'a', 'c']), 0.75);
  assert.throws(() => accuracyScore([], []), /accuracyScore requires as many predictions as classes/);
  assert.equal(medianAbsoluteError([1, 2, 3], [1, 4, 9]), 2);
  assert.equal(medianAbsoluteError([1, 2], [2, 5]), 2);
});
