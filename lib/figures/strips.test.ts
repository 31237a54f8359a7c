import assert from 'node:assert/strict';
import test from 'node:test';
import { figureTitle } from '../cells/figure';
import { awkwardTracks } from '../workshop/samples/figures';
import { popularityByCategory, stripFigure, stripsOf } from './strips';

const mark = (values: Float64Array) => ({ mark: values[values.length - 1], note: `${values.length}` });

test('a strip per group, the highest mark or order first, without missing values and groups', () => {
  const strips = stripsOf([3, 1, Number.NaN, 9, 5], ['a', 'a', 'a', 'b', ''], mark);
  assert.deepEqual(strips, [
    { name: 'b', rows: [3], mark: 9, order: 9, note: '1' },
    { name: 'a', rows: [1, 0], mark: 3, order: 3, note: '2' },
  ]);
  const shortest = stripsOf([3, 1, 9], ['a', 'a', 'b'], (values) => ({
    ...mark(values),
    order: values.length,
  }));
  assert.deepEqual(
    shortest.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('of many groups the highest and the lowest are drawn', () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const strips = stripsOf(values, values.map(String), mark);
  assert.deepEqual([strips.length, strips[0].name, strips.at(-1)?.name], [20, '99', '0']);
});

test('of many rows a strip draws an even sample that has both ends, and equal values lie side by side', () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i < 2500 ? 0 : i));
  const strips = stripsOf(
    values,
    values.map(() => 'all'),
    mark,
  );
  const words = { title: 'T', subtitle: '', axis: 'A', alt: 'A.' };
  const { data } = stripFigure(strips, values, (row, group) => `${group} ${row}`, words);
  const points = data[0] as unknown as { x: number[]; y: number[]; text: string[] };
  assert.equal(points.x.length, 600);
  assert.deepEqual([points.x[0], points.x.at(-1)], [0, 4999]);
  const atZero = points.y.filter((_, i) => points.x[i] === 0);
  assert.equal(atZero.length, 300);
  assert.equal(new Set(atZero).size, 300);
  assert.ok(Math.max(...atZero) <= 0.4 && Math.min(...atZero) >= -0.4);
  assert.equal(points.text[0], 'all 0');
});

test('the title says between which means the categories lie, of texts and of codes', () => {
  const titleOf = (by: string | undefined) => figureTitle(popularityByCategory(awkwardTracks(), by));
  assert.match(titleOf('track_genre'), /Popularity by genre: on average from \d+ \(.*\) to \d+ \(.*\)/);
  assert.match(titleOf('mode'), /Popularity by mode: .*(minor|major)/);
  assert.match(titleOf(undefined), /Popularity by all tracks: \d+ on average/);
});
