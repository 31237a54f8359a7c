import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, recorded, X, y } from '../../testing/recorded';
import { KFold } from './folds';
import { learningCurve } from './learningCurve';

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
  const constant = { fit: () => {}, predict: ({ rowCount }: typeof X) => new Float64Array(rowCount) };
  const curve = await learningCurve(() => constant, table, rows, splits, { trainSizes: [1] });
  assert.deepEqual([curve.trainSizes, curve.trainScores.length], [[65_000], 1]);
});

test('learningCurve says what it requires', async () => {
  const splits = new KFold(3).split(X.rowCount);
  await assert.rejects(learningCurve(makeForest, X, y, splits, { trainSizes: [0.5, 1.5] }), /and 1.5/);
  await assert.rejects(learningCurve(makeForest, X, y, []), /got 0 splits/);
});
