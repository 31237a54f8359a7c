import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Frontier } from './frontier';
import { sortTogether } from './sort';

/** The rows in the order in which a stretch of values sorts them. */
function orderOf(values: number[], start = 0, count = values.length): { values: number[]; rows: number[] } {
  const sorted = Float32Array.from(values);
  const rows = Int32Array.from(values, (_, row) => row);
  sortTogether(sorted, rows, start, count);
  return { values: [...sorted], rows: [...rows] };
}

test('values ascend, rows go with them, and what is outside the stretch stays', () => {
  let tried = 0;
  const small = fc.array(fc.nat(6), { maxLength: 200 });
  const mixed = fc.array(fc.float({ noNaN: true }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(small, mixed), fc.nat(5), (values, start) => {
      const from = Math.min(start, values.length);
      const { values: sorted, rows } = orderOf(values, from, values.length - from);
      const expected = [...values.slice(0, from), ...values.slice(from).sort((a, b) => a - b)];
      assert.deepEqual(
        sorted.map((value) => value + 0),
        [...Float32Array.from(expected)].map((v) => v + 0),
      );
      assert.deepEqual(
        rows.map((row) => Math.fround(values[row])),
        sorted,
      );
      assert.deepEqual(
        rows.slice().sort((a, b) => a - b),
        values.map((_, row) => row),
      );
      tried++;
    }),
  );
  assert.ok(tried >= 100);
});

test("equal values stand in scikit-learn's order", () => {
  // _py_simultaneous_sort(values, arange(n), n, use_three_way_partition=True) of scikit-learn 1.9.1.
  const values = Array.from({ length: 24 }, (_, i) => (i * 7) % 3);
  assert.deepEqual(
    orderOf(values).rows,
    [0, 21, 18, 3, 15, 12, 6, 9, 10, 7, 13, 16, 4, 19, 22, 1, 17, 11, 14, 20, 2, 5, 23, 8],
  );
  assert.deepEqual(orderOf([2, 1, 2, 1, 2]).rows, [1, 3, 0, 2, 4]);
});

test('a stretch that defeats the median of three is sorted by the heap, in its order of equal values', () => {
  // Made by McIlroy's adversary (1999) against the partition, halved so that values come in pairs; the rows are
  // those of scikit-learn 1.9.1, called as above.
  const values = [
    0, 20, 31, 1, 27, 14, 2, 21, 28, 3, 33, 33, 4, 22, 16, 5, 34, 24, 6, 23, 34, 7, 29, 18, 8, 24, 35, 9, 35,
    36, 10, 25, 20, 11, 36, 37, 12, 26, 37, 13, 0, 22, 1, 27, 2, 15, 3, 38, 4, 28, 5, 17, 6, 38, 7, 29, 8, 19,
    9, 26, 10, 30, 11, 21, 12, 39, 13, 31, 14, 23, 15, 32, 16, 32, 17, 25, 18, 30, 19, 39,
  ];
  const rows = [
    0, 40, 3, 42, 6, 44, 9, 46, 12, 48, 15, 50, 18, 52, 21, 54, 24, 56, 27, 58, 30, 60, 33, 62, 64, 36, 66,
    39, 68, 5, 70, 45, 14, 72, 74, 51, 76, 23, 57, 78, 32, 1, 7, 63, 41, 13, 19, 69, 17, 25, 31, 75, 59, 37,
    4, 43, 49, 8, 22, 55, 61, 77, 2, 67, 73, 71, 10, 11, 16, 20, 28, 26, 34, 29, 38, 35, 47, 53, 65, 79,
  ];
  assert.deepEqual(orderOf(values).rows, rows);
});

test('the frontier gives the largest improvement first', () => {
  let tried = 0;
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 60 }), (improvements) => {
      const frontier = new Frontier<{ improvement: number }>();
      for (const improvement of improvements) frontier.push({ improvement });
      const popped = improvements.map(() => frontier.pop()!.improvement);
      assert.deepEqual(
        popped,
        improvements.slice().sort((a, b) => b - a),
      );
      assert.equal(frontier.pop(), undefined);
      tried++;
    }),
  );
  assert.ok(tried >= 100);
});
