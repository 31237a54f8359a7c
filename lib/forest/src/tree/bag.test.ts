import assert from 'node:assert/strict';
import test from 'node:test';
import { type Bag, drawnCounts, plainBag, treeWeights } from './bag';

const bag: Bag = { ...plainBag(5, true), sampleWeight: Float64Array.of(1, 0, 2, 0.5, 4), draws: 8 };

test("rows drawn by weight are numpy's", () => {
  // np.bincount(np.random.RandomState(7).choice(5, 8, p=np.array([1, 0, 2, 0.5, 4]) / 7.5), minlength=5)
  assert.deepEqual([...drawnCounts(bag, 7)], [2, 0, 0, 1, 5]);
});

test('without a bootstrap the weights are the own weights of the rows', () => {
  assert.deepEqual([...Array.from(treeWeights({ ...bag, draws: null }, 7))], [1, 0, 2, 0.5, 4]);
  assert.deepEqual([...Array.from(treeWeights(plainBag(3, false), 7))], [1, 1, 1]);
});

test('a balanced bag weighs each class that was drawn alike', () => {
  const classes = Int32Array.of(0, 1, 0, 1, 0);
  const counts = drawnCounts(bag, 7);
  const weights = treeWeights({ ...bag, balancedClasses: classes }, 7);
  const total = [0, 0];
  Array.from(weights).forEach((weight, row) => {
    total[classes[row]] += weight;
    assert.equal(weight > 0, counts[row] > 0);
  });
  assert.ok(Math.abs(total[0] + total[1] - 8) < 1e-12);
  assert.ok(total[1] === 0 || Math.abs(total[0] - total[1]) < 1e-12);
});
