import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, X, y } from '../../testing/recorded';
import { RandomForestRegressor } from '../ensemble/forest';
import { take, takeRows } from '../matrix';
import { predictFolds } from './foldPredictions';
import { KFold } from './folds';

const splits = new KFold(4).split(X.rowCount);

test('predictFolds: forests grown together predict as forests grown one by one', async () => {
  const together = await predictFolds(makeForest, X, y, splits);
  assert.equal(together.length, 4);
  for (const [i, { train, test }] of splits.entries()) {
    const alone = await makeForest().fit(takeRows(X, train), take(y, train));
    assert.deepEqual(together[i], alone.predict(takeRows(X, test)));
  }
});

test('predictFolds: a class made from the forest keeps its own ways', async () => {
  class Zero extends RandomForestRegressor {
    override predict(table: typeof X) {
      return new Float64Array(table.rowCount);
    }
  }
  const zeros = await predictFolds(() => new Zero({ nEstimators: 1 }), X, y, splits);
  assert.deepEqual(zeros[0], new Float64Array(30));
});

test('predictFolds counts splits, and stops when told to', async () => {
  for (const makeModel of [makeForest, () => ({ fit: () => undefined, predict: () => [] })]) {
    const seen: number[] = [];
    await predictFolds(makeModel, X, y, splits, { onProgress: ({ done, total }) => seen.push(done / total) });
    assert.equal(seen.at(-1), 1);
    assert.deepEqual(seen, seen.slice().sort());
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(predictFolds(makeModel, X, y, splits, { signal }), /enough/);
  }
});
