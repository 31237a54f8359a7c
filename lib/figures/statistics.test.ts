import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { numbers } from '../tracks/columns';
import { readTracks } from '../tracks/read';
import pandas from './fixtures/recorded.json'; // by fixtures/record.py
import { correlations, heapsAlong, histogram, ranks, twoHeaps } from './statistics';

test("correlations are pandas' on the shipped table, ranks are scipy's", async () => {
  const tracks = await readTracks(join(__dirname, '..', '..', 'dataset', 'spotify_tracks.csv'));
  const columns = ['popularity', 'energy', 'loudness'].map((name) => numbers(tracks, name));
  for (const method of ['pearson', 'spearman'] as const) {
    const off = correlations(columns, method).flatMap((row, i) =>
      row.map((value, j) => value - pandas[method][i][j]),
    );
    assert.equal(off.length, 9);
    assert.ok(Math.max(...off.map(Math.abs)) < 1e-12, method);
  }
  assert.deepEqual([...ranks([2, 7, 2, 1, 7, 7])], pandas.ranks);
});

test('a correlation is taken over the rows that have both values; of a constant there is none', () => {
  const matrix = correlations([
    [1, 2, 3, Number.NaN],
    [2, 4, 6, 100],
    [5, 5, 5, 5],
  ]);
  assert.deepEqual(
    matrix[0].map((value) => Number(value.toFixed(9))),
    [1, 1, Number.NaN],
  );
  assert.deepEqual(matrix[2][2], Number.NaN);
  assert.deepEqual(
    correlations([
      [1, Number.NaN],
      [Number.NaN, 2],
    ])[0][1],
    Number.NaN,
  );
});

test('bins have round edges and hold every value once', () => {
  assert.deepEqual(histogram([]), { edges: [0, 1], counts: [0] });
  assert.deepEqual(histogram([0, 0, 1, 2, 9.99, 10], 10), {
    edges: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    counts: [2, 1, 1, 0, 0, 0, 0, 0, 0, 2],
  });
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (values) => {
        const { edges, counts } = histogram(values, 20);
        assert.equal(
          counts.reduce((a, b) => a + b, 0),
          values.length,
        );
        assert.equal(edges.length, counts.length + 1);
        assert.ok(counts.length <= 62, `${counts.length} bins`);
      },
    ),
  );
});

test('an outlier neither squeezes the other values into one bin nor makes a thousand bins', () => {
  const values = [...Array.from({ length: 999 }, (_, i) => i / 999), 1000];
  const { counts } = histogram(values, 20);
  assert.ok(counts.length <= 61);
  const durations = [...Array.from({ length: 999 }, (_, i) => 2 + i / 999), 6];
  assert.ok(histogram(durations, 20).counts.filter((count) => count > 0).length >= 10);
});

test('two heaps: the share at 0, and the mean of the others', () => {
  assert.deepEqual(twoHeaps([0, 0, 10, 30]), { zeros: 0.5, rest: 20 });
  assert.deepEqual(twoHeaps([5]), { zeros: 0, rest: 5 });
  assert.deepEqual(twoHeaps([0]), { zeros: 1, rest: Number.NaN });
});

test('the heaps along x have bins of equally many rows; equal values of x stay in one', () => {
  const x = [1, 2, 3, 4, 5, 6];
  const y = [0, 20, 30, 0, 0, Number.NaN];
  assert.deepEqual(heapsAlong(x, y, 2), [
    { x: 2, zeros: 1 - 2 / 3, rest: 25 },
    { x: 4.5, zeros: 1, rest: Number.NaN },
  ]);
  assert.deepEqual(
    heapsAlong([0, 0, 0, 0, 9], [1, 2, 3, 4, 5], 4).map((point) => point.x),
    [0, 9],
  );
  // Behind 35 equal values comes no bin of a single row.
  const ties = Array.from({ length: 100 }, (_, i) => Math.max(0, i - 34));
  assert.equal(heapsAlong(ties, ties, 10).length, 7);
});
