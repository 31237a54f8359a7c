import assert from 'node:assert/strict';
import test from 'node:test';
import { ConstantRegressor, RidgeRegression } from './baselines';
import { bootstrapInterval } from './bootstrap';
import { compareModels, testScores } from './comparison';
import { train, unseen } from './fixtures/recorded';
import { meanAbsoluteError, r2Score } from './metrics';

const settings = { resamples: 100, randomState: 2 };

test('testScores are the scores, each with its bootstrap interval', () => {
  const predicted = unseen.y.map((value, i) => value + (i % 5));
  const scores = testScores(unseen.y, predicted, settings);
  assert.equal(scores.r2.value, r2Score(unseen.y, predicted));
  assert.deepEqual(scores.mae, bootstrapInterval(unseen.y, predicted, meanAbsoluteError, settings));
  assert.ok(scores.rmse.lower < scores.rmse.value && scores.rmse.value < scores.rmse.upper);
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
  assert.deepEqual(scores[0]!.firstGains, { value: 0, lower: 0, upper: 0 });
  assert.deepEqual(scores[1]!.firstGains, { value: 3, lower: 3, upper: 3 });
  const baseline = new ConstantRegressor('mean').fit(train.X, train.y).predict(unseen.X);
  assert.equal(scores[2]!.mae.value, meanAbsoluteError(unseen.y, baseline));
  assert.deepEqual(scores[2]!.firstGains, scores[2]!.mae); // the oracle's own MAE is 0
  assert.notEqual(scores[3]!.r2.value, scores[2]!.r2.value);
});
