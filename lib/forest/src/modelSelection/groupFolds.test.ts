import assert from 'node:assert/strict';
import test from 'node:test';
import { recorded } from '../../testing/recorded';
import { repeatedGroupKFold } from './groupFolds';

test("repeatedGroupKFold is scikit-learn's GroupKFold with shuffle", () => {
  const splits = repeatedGroupKFold(recorded.groups, { nSplits: 4, nRepeats: 2, randomState: 4 });
  assert.deepEqual(
    splits.map((split) => [...split.test]),
    recorded.groupFolds,
  );
  for (const { train, test } of splits) {
    assert.equal(new Set([...train, ...test]).size, 120);
    const held = new Set(Array.from(test, (row) => recorded.groups[row]));
    assert.ok(train.every((row) => !held.has(recorded.groups[row])));
  }
});

test('repeatedGroupKFold says what it requires', () => {
  assert.throws(() => repeatedGroupKFold([0, 0, 1], { nSplits: 3 }), /got 3 folds and 2 groups/);
});
