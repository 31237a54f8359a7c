import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, recorded, X, y } from '../../testing/recorded';
import { correctedInterval, crossValidate, pairedDifference, summarizeScores } from './crossValidation';
import { RepeatedKFold } from './folds';

test("crossValidate is scikit-learn's cross_validate, to the digit", async () => {
  const splits = new RepeatedKFold({ nSplits: 3, nRepeats: 2, randomState: 11 }).split(X.rowCount);
  const scores = await crossValidate(makeForest, X, y, splits);
  const by = (name: 'r2' | 'mae' | 'rmse') => scores.map((score) => score[name]);
  assert.deepEqual([by('r2'), by('mae'), by('rmse')], recorded.crossValidation);
});

test('correctedInterval: by hand', () => {
  // Mean 0.2, variance 0.01; 1/4 + 10/30 = 7/12; t(0.975, 3) = 3.182446305283707.
  const split = { train: new Int32Array(30), test: new Int32Array(10) };
  const { value, lower, upper } = correctedInterval([0.1, 0.1, 0.3, 0.3], new Array(4).fill(split));
  const half = 3.182446305283707 * Math.sqrt((7 / 12) * (0.04 / 3));
  for (const [actual, expected] of [
    [value, 0.2],
    [lower, 0.2 - half],
    [upper, 0.2 + half],
  ]) {
    assert.ok(Math.abs(actual! - expected!) < 1e-14, `${actual} is not ${expected}`);
  }
});

test('a wider level gives a wider interval, and each score has its own', () => {
  const split = { train: new Int32Array(4), test: new Int32Array(2) };
  const scores = [
    { r2: 0.1, mae: 9, rmse: 12 },
    { r2: 0.3, mae: 8, rmse: 10 },
  ];
  const [narrow, wide] = [0.5, 0.99].map((level) => summarizeScores(scores, [split, split], level));
  assert.deepEqual([wide!.r2.value, wide!.mae.value, wide!.rmse.value], [0.2, 8.5, 11]);
  assert.ok(wide!.mae.lower < narrow!.mae.lower && narrow!.mae.upper < wide!.mae.upper);
  assert.throws(
    () => correctedInterval([1], [split]),
    /requires a score for each split and at least 2, got 1/,
  );
});

test("pairedDifference is scipy's t interval with the corrected variance, and says which is better", async () => {
  const splits = new RepeatedKFold({ nSplits: 3, nRepeats: 2, randomState: 11 }).split(X.rowCount);
  const forest = await crossValidate(makeForest, X, y, splits);
  const [scores, lower, upper] = recorded.paired;
  const linear = scores.map((r2, i) => ({ r2, mae: 10 + i, rmse: 12 + i }));
  const close = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
  const { r2, mae, rmse } = pairedDifference(forest, linear, splits);
  close(r2.lower, lower);
  close(r2.upper, upper);
  const [ours, theirs] = [summarizeScores(forest, splits), summarizeScores(linear, splits)];
  close(mae.value, ours.mae.value - theirs.mae.value);
  close(rmse.value, ours.rmse.value - theirs.rmse.value);
  const back = pairedDifference(linear, forest, splits).r2;
  close(back.lower, -r2.upper);
  assert.throws(() => pairedDifference(forest, linear.slice(1), splits), /the same splits, got 6 and 5/);
});

test('pairedDifference: a gain that every split shows is sure, however much the scores vary', () => {
  const split = { train: new Int32Array(4), test: new Int32Array(2) };
  const scoresAt = (r2: number) => ({ r2, mae: 10 - r2, rmse: 12 - r2 });
  const [first, second] = [[0.5, 0.25, 0.75].map(scoresAt), [0.25, 0, 0.5].map(scoresAt)];
  const gain = pairedDifference(first, second, [split, split, split]);
  assert.deepEqual(gain.r2, { value: 0.25, lower: 0.25, upper: 0.25 });
  assert.deepEqual(gain.mae, { value: -0.25, lower: -0.25, upper: -0.25 });
});
