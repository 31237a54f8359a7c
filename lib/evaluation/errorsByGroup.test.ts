import assert from 'node:assert/strict';
import test from 'node:test';
import { errorsByGroup } from './errorsByGroup';

test('errorsByGroup: by hand', () => {
  const found = errorsByGroup([10, 20, 50, 60], [14, 20, 40, 60], ['rock', 'rock', 'pop', 'pop']);
  assert.deepEqual(found, [
    { group: 'pop', rows: 2, actual: 55, bias: -5, mae: 5, rmse: Math.sqrt(50) },
    { group: 'rock', rows: 2, actual: 15, bias: 2, mae: 2, rmse: Math.sqrt(8) },
  ]);
  assert.throws(() => errorsByGroup([1, 2], [1, 2], ['a']), /for each of the 2 rows, got 2 and 1/);
});
