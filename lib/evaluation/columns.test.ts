import assert from 'node:assert/strict';
import test from 'node:test';
import type { Table } from '../forest/src/index';
import type { Tracks } from '../tracks/types';
import { drawRows, firstRowsOf, numbersOrZeros, OnColumns, withColumns } from './columns';
import { attainableLevel, intervalsOf } from './intervals';

const X: Table = { names: ['a', 'b'], rowCount: 2, columns: [Float64Array.of(1, 2), Float64Array.of(3, 4)] };

test('columns are added at the right, and a model may be shown some of them only', () => {
  const wider = withColumns(X, { c: [5, 6] });
  assert.deepEqual(
    [wider.names, [...wider.columns[2]]],
    [
      ['a', 'b', 'c'],
      [5, 6],
    ],
  );
  const seen: (readonly string[])[] = [];
  const spy = {
    fit: ({ names }: Table) => seen.push(names),
    predict: ({ names }: Table) => {
      seen.push(names);
      return [0, 0];
    },
  };
  const model = new OnColumns(spy, ['a', 'c', 'elsewhere']);
  void model.fit(wider, [1, 2]);
  model.predict(wider);
  assert.deepEqual(seen, [
    ['a', 'c'],
    ['a', 'c'],
  ]);
});

test('the first rows, as many as there are, and a column or zeros', () => {
  assert.deepEqual([...firstRowsOf(X, 1).columns[1]], [3]);
  assert.equal(firstRowsOf(X, 9).rowCount, 2);
  const tracks = { rowCount: 2, columns: { tempo: X.columns[0] } } as unknown as Tracks;
  assert.deepEqual([...numbersOrZeros(tracks, 'tempo')], [1, 2]);
  assert.deepEqual([...numbersOrZeros(tracks, 'energy')], [0, 0]);
});

test('no more is promised than so many rows can hold', () => {
  assert.equal(attainableLevel(1000, 0.9), 0.9);
  assert.equal(attainableLevel(19, 0.9), 0.9);
  assert.equal(attainableLevel(9, 0.9), 0.8);
});

test('the interval of every prediction is the rule’s', () => {
  const rule = { method: '', level: 0.9, lower: -1, upper: 2, floor: 5 };
  const spread = { prediction: [50, 95], spread: [5, 5] };
  assert.deepEqual(intervalsOf(rule, spread), [
    [40, 70],
    [85, 100],
  ]);
});

test('of many rows some are drawn, the same for a seed, each at most once; of few all stay as they are', () => {
  assert.deepEqual([...drawRows(4, 4, 1)], [0, 1, 2, 3]);
  const rows = drawRows(1000, 300, 1);
  assert.deepEqual(rows, drawRows(1000, 300, 1));
  assert.notDeepEqual(rows, drawRows(1000, 300, 2));
  assert.equal(new Set(rows).size, 300);
  assert.ok(rows.every((row, i) => row >= 0 && row < 1000 && (i === 0 || row > rows[i - 1])));
  assert.ok(rows.filter((row) => row < 500).length > 100, 'from the whole length');
  assert.throws(
    () => drawRows(10, 0, 1),
    /^InputError: drawRows requires a whole number of at least 1 row, got 0$/,
  );
});
