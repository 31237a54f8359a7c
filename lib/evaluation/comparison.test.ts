import assert from 'node:assert/strict';
import test from 'node:test';
import {
  bootstrapInterval,
  type Estimate,
  meanAbsoluteError,
  r2Score,
  rootMeanSquaredError,
} from '../forest/src/index';
import { train, unseen } from '../forest/testing/index';
import { ConstantRegressor, RidgeRegression } from './baselines';
import { compareModels, testScores } from './comparison';

const settings = { resamples: 100, randomState: 2 };

const close = (actual: Estimate, expected: Estimate) => {
  for (const part of ['value', 'lower', 'upper'] as const) {
    const difference = Math.abs(actual[part] - expected[part]);
    assert.ok(difference < 1e-12, `${part}: ${actual[part]} is not ${expected[part]}`);
  }
};

test('testScores are the scores, each with its bootstrap interval', () => {
  const predicted = unseen.y.map((value, i) => value + (i % 5) * 7);
  const scores = testScores(unseen.y, predicted, settings);
  for (const [name, score] of [
    ['r2', r2Score],
    ['mae', meanAbsoluteError],
    ['rmse', rootMeanSquaredError],
  ] as const) {
    close(scores[name], bootstrapInterval(unseen.y, predicted, score, settings));
    assert.ok(scores[name].lower < scores[name].value && scores[name].value < scores[name].upper);
  }
});

test('compareModels judges the first model against each other one on the same rows', async () => {
  const oracle = { fit: () => undefined, predict: () => unseen.y };
  const worse = { fit: () => undefined, predict: () => unseen.y.map((value) => value + 3) };
  const models = { oracle, worse, mean: new ConstantRegressor('mean'), ridge: new RidgeRegression() };
  const scores = await compareModels(models, train, unseen, settings);
  assert.deepEqual(
    scores.map(({ name }) => name),
    ['oracle', 'worse', 'mean', 'ridge'],
  );
  for (const gain of Object.values(scores[0].firstGains)) close(gain, { value: 0, lower: 0, upper: 0 });
  close(scores[1].firstGains.mae, { value: 3, lower: 3, upper: 3 });
  const baseline = new ConstantRegressor('mean').fit(train.X, train.y).predict(unseen.X);
  assert.equal(scores[2].mae.value, meanAbsoluteError(unseen.y, baseline));
  // The oracle's own MAE is 0 and its R2 1 in every resample.
  close(scores[2].firstGains.mae, scores[2].mae);
  const { value, lower, upper } = scores[2].r2;
  close(scores[2].firstGains.r2, { value: 1 - value, lower: 1 - upper, upper: 1 - lower });
  assert.notEqual(scores[3].r2.value, scores[2].r2.value);
});

test('compareModels: what the first gains is the difference of both errors, below 0 where it is worse', async () => {
  const off = (by: number) => ({ fit: () => undefined, predict: () => unseen.y.map((value) => value + by) });
  const [, better] = await compareModels({ first: off(5), better: off(-3) }, train, unseen, settings);
  close(better!.firstGains.mae, { value: -2, lower: -2, upper: -2 });
  assert.ok(better!.firstGains.r2.upper < 0);
});
