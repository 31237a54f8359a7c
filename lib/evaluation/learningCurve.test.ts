import assert from 'node:assert/strict';
import test from 'node:test';
import { KFold } from '../forest/folds';
import { makeForest, recorded, X, y } from './fixtures/recorded';
import { learningCurve } from './learningCurve';

test("learningCurve is scikit-learn's, to the digit", async () => {
  const splits = new KFold(3).split(X.rowCount);
  const curve = await learningCurve(makeForest, X, y, splits, {
    trainSizes: [1, 0.2, 0.5, 0.5],
    randomState: 5,
  });
  assert.deepEqual([curve.trainSizes, curve.trainScores, curve.testScores], recorded.learning);
});

test('learningCurve says what it requires', async () => {
  const splits = new KFold(3).split(X.rowCount);
  await assert.rejects(learningCurve(makeForest, X, y, splits, { trainSizes: [0.5, 1.5] }), /and 1.5/);
  await assert.rejects(learningCurve(makeForest, X, y, []), /got 0 splits/);
});
