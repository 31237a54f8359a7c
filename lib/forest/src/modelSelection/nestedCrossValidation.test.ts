import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, recorded, X, y } from '../../testing/recorded';
import { GroupKFold, KFold } from './folds';
import { GridSearchCV } from './gridSearch';
import { nestedCrossValidation } from './nestedCrossValidation';

const grid = { maxDepth: [2, null], minSamplesLeaf: [1, 5] };

test("nestedCrossValidation is scikit-learn's cross_val_score of a GridSearchCV", async () => {
  const makeSearch = () => new GridSearchCV(makeForest(), grid, { cv: 3 });
  const found = await nestedCrossValidation(makeSearch, X, y, new KFold(2).split(X.rowCount));
  const [promised, kept] = recorded.nested;
  found.promised.forEach((score, i) => {
    assert.ok(Math.abs(score - promised[i]) < 1e-14);
  });
  assert.deepEqual(found.kept, kept);
  assert.equal(found.chosen.length, 2);
  assert.ok(found.chosen.every((params) => 'maxDepth' in JSON.parse(params)));
  const optimism = (promised[0] + promised[1] - kept[0] - kept[1]) / 2;
  assert.ok(Math.abs(found.optimism - optimism) < 1e-14);
});

test('nestedCrossValidation hands the groups of its training rows to the inner folds', async () => {
  const asked: number[][] = [];
  class Spy extends GroupKFold {
    override split(rowCount: number, groups?: ArrayLike<number | string>) {
      asked.push(Array.from(groups as ArrayLike<number>));
      return super.split(rowCount, groups);
    }
  }
  const splits = new KFold(2).split(X.rowCount);
  const makeSearch = () =>
    new GridSearchCV(makeForest({ nEstimators: 2 }), { maxDepth: [1] }, { cv: new Spy(2) });
  await nestedCrossValidation(makeSearch, X, y, splits, { groups: recorded.groups });
  assert.deepEqual(
    asked,
    splits.map(({ train }) => Array.from(train, (row) => recorded.groups[row])),
  );
});
