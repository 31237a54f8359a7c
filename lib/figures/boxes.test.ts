import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleTracks } from '../workshop/samples/tracks';
import { boxesByGroup, byMedian, popularityByCategory } from './boxes';

test('a group has the finite values of its rows; a row without a group is left out', () => {
  const boxes = boxesByGroup([1, 2, 3, Number.NaN, 5, 6], ['a', 'b', 'a', 'a', '', undefined]);
  assert.deepEqual(
    boxes.map(({ name, count, median }) => [name, count, median]),
    [
      ['a', 2, 2],
      ['b', 1, 2],
    ],
  );
});

test('the highest median goes first, then the higher box, then the name; of many the outermost stay', () => {
  const names = (values: number[], groups: string[]) =>
    byMedian(boxesByGroup(values, groups)).map(({ name }) => name);
  assert.deepEqual(names([1, 5, 2, 4, 9, 3, 3], ['b', 'b', 'c', 'c', 'top', 'd', 'a']), [
    'top',
    'b',
    'c',
    'a',
    'd',
  ]);
  const many = Array.from({ length: 30 }, (_, i) => i);
  const kept = names(many, many.map(String));
  assert.deepEqual(kept, [...many.slice(20), ...many.slice(0, 10)].sort((a, b) => b - a).map(String));
});

test('popularityByCategory shows what the table has', async () => {
  const tracks = await sampleTracks([
    { key: 1, mode: 0, popularity: 10, track_genre: 'pop' },
    { key: 0, mode: 1, popularity: 30, track_genre: 'rock' },
    { key: -1, mode: 1, popularity: 40, track_genre: 'rock' },
  ]);
  const names = (figure: ReturnType<typeof popularityByCategory>) => figure.data.map(({ name }) => name);
  const all = popularityByCategory(tracks);
  // A key that was not recognised (-1) has no box.
  assert.deepEqual(names(all), [
    'C<br>(1)',
    'C#<br>(1)',
    'minor<br>(1)',
    'major<br>(2)',
    'rock<br>(2)',
    'pop<br>(1)',
  ]);
  assert.match(all.alt, /Median popularity by genre: rock 35, pop 10\.$/);
  const { track_genre: _, ...columns } = tracks.columns;
  const without = popularityByCategory({ ...tracks, columns });
  assert.deepEqual(names(without), names(all).slice(0, 4));
  assert.match(without.alt, /by key, mode and genre\.$/);
});
