import assert from 'node:assert/strict';
import test from 'node:test';
import { KFold } from '../forest/folds';
import { ConstantRegressor } from './baselines';
import { makeForest, recorded, train, unseen, X, y } from './fixtures/recorded';
import { learningCurve, scoreByTrees } from './learningCurve';
import { r2Score } from './metrics';

test("learningCurve is scikit-learn's, to the digit", async () => {
  const splits = new KFold(3).split(X.rowCount);
  const curve = await learningCurve(makeForest, X, y, splits, {
    trainSizes: [1, 0.2, 0.5, 0.5],
    randomState: 5,
  });
  assert.deepEqual([curve.trainSizes, curve.trainScores, curve.testScores], recorded.learning);
});

test('learningCurve takes more rows than a call takes arguments', async () => {
  const rows = Float64Array.from({ length: 130_000 }, (_, row) => row % 7);
  const table = { names: ['a'], columns: [rows], rowCount: rows.length };
  const splits = new KFold(2).split(rows.length);
  const curve = await learningCurve(() => new ConstantRegressor(), table, rows, splits, { trainSizes: [1] });
  assert.deepEqual([curve.trainSizes, curve.trainScores.length], [[65_000], 1]);
});

test('learningCurve says what it requires', async () => {
  const splits = new KFold(3).split(X.rowCount);
  await assert.rejects(learningCurve(makeForest, X, y, splits, { trainSizes: [0.5, 1.5] }), /and 1.5/);
  await assert.rejects(learningCurve(makeForest, X, y, []), /got 0 splits/);
});

test('scoreByTrees ends with the forest, and passes every smaller one', async () => {
  const forest = await makeForest().fit(train.X, train.y);
  const smaller = await makeForest({ nEstimators: 6 }).fit(train.X, train.y);
  const scores = scoreByTrees(forest, unseen.X, unseen.y);
  assert.equal(scores.length, 20);
  assert.equal(scores[19], r2Score(unseen.y, forest.predict(unseen.X)));
  assert.equal(scores[5], r2Score(unseen.y, smaller.predict(unseen.X)));
});
