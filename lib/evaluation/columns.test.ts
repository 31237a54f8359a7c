import assert from 'node:assert/strict';
import test from 'node:test';
import type { Table } from '../forest/src/index';
import type { Tracks } from '../tracks/types';
import { firstRowsOf, numbersOrZeros, OnColumns, withColumns } from './columns';
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
