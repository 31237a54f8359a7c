import assert from 'node:assert/strict';
import test from 'node:test';
import { firstGenres, genreCategories, genreCoder, splitList } from './genres';

test('lists of genres in every usual form', () => {
  const forms = [
    'a,b c',
    "['a', 'b c']",
    '["a", "b c"]',
    'a / b c',
    'a; b c',
    'a|b c',
    "[u'a', u'b c']",
    '(a, b c)',
  ];
  for (const form of forms) assert.deepEqual(splitList(form), ['a', 'b c'], form);
  assert.deepEqual(splitList('[]'), []);
  // A slash without spaces is part of a name, and so is an apostrophe.
  assert.deepEqual(splitList('singer/songwriter'), ['singer/songwriter']);
  assert.deepEqual(splitList(`["children's music"]`), ["children's music"]);
});

test('the first genre of each list; a column without lists stays as it is', () => {
  assert.deepEqual(firstGenres(['a,b', '', '[]', 'c', "['d']"]), {
    genres: ['a', '', '', 'c', 'd'],
    lists: 3,
  });
  const plain = ['rock', '', 'pop'];
  assert.equal(firstGenres(plain).genres, plain);
});

test('a few genres are taken as they are, rows without one have their own', () => {
  assert.deepEqual(genreCategories(['b', 'a', 'b']), ['a', 'b']);
  assert.deepEqual(genreCategories(['b', '', 'a']), ['a', 'b', 'none given']);
  assert.deepEqual(genreCategories(['', '']), ['none given']);
  // By code point, as numpy sorts, and not by UTF-16 unit.
  assert.deepEqual(genreCategories(['\ufb01', '\u{1f3b5}', 'Z', 'a', 'ab']), [
    'Z',
    'a',
    'ab',
    '\ufb01',
    '\u{1f3b5}',
  ]);
});

test('of many genres the rare ones become one, and never are there more than a linear model can take', () => {
  const one = Array.from({ length: 1500 }, (_, i) => `genre ${i}`);
  const rock = new Array<string>(20).fill('rock');
  assert.deepEqual(genreCategories([...one, ...rock, '']), ['rock', 'other', 'none given']);
  const many = Array.from({ length: 20_000 }, (_, i) => `genre ${i % 1000}`);
  assert.equal(genreCategories(many).length, 121);
  const small = [...Array.from({ length: 14 }, (_, i) => `once ${i}`), 'twice', 'twice'];
  assert.deepEqual(genreCategories(small), ['twice', 'other']);
});

test('the code of an unknown genre is that of the others, else that of none given, else none', () => {
  const codes = (categories: string[]) => ['a', 'x', ''].map(genreCoder(categories));
  assert.deepEqual(codes(['a', 'other', 'none given']), [0, 1, 2]);
  assert.deepEqual(codes(['a', 'none given']), [0, 1, 1]);
  assert.deepEqual(codes(['a', 'other']), [0, 1, Number.NaN]);
  assert.deepEqual(codes(['a']), [0, Number.NaN, Number.NaN]);
});
