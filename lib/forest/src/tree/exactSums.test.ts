import assert from 'node:assert/strict';
import test from 'node:test';
import { hasExactSums } from './exactSums';

const exact = (...y: number[]) => hasExactSums(Float64Array.from(y));

test('whole numbers and eighths have exact sums, tenths have not', () => {
  assert.ok(exact(0, 0));
  assert.ok(exact(3, 100, -7));
  assert.ok(exact(0.125, 12, -3.875));
  assert.ok(!exact(0.1, 0.2));
  assert.ok(!exact(1, 1e-9));
  assert.ok(exact(2 ** -900, 2 ** -899));
});

test('the bound is the sum of squares', () => {
  // Two squares of 2^26 make 2^53, three make more.
  assert.ok(exact(2 ** 26, 2 ** 26 - 1));
  assert.ok(!exact(2 ** 26 + 1, 1));
  assert.ok(!exact(2 ** 26, 1, 1));
});
