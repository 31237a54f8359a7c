import assert from 'node:assert/strict';
import test from 'node:test';
import { closestNames, findColumn } from './names';
import { columnOf, SCHEMA } from './schema';

test('every column has one name, a meaning, and a range where it is a number', () => {
  const spellings = SCHEMA.flatMap(({ name, aliases }) => [name, ...aliases]);
  for (const column of SCHEMA) {
    assert.equal(findColumn(column.name), column);
    for (const alias of column.aliases) assert.equal(findColumn(alias), column, alias);
    assert.ok(column.description.length > 10 && !column.description.endsWith('.'), column.name);
    if (column.kind !== 'text' && column.name !== 'track_genre')
      assert.ok(column.min! < column.max!, column.name);
  }
  assert.equal(new Set(spellings).size, spellings.length);
});

test('case, spaces, underscores and punctuation of a header do not matter', () => {
  const spellings = ['Duration (ms)', 'duration_ms', ' DURATION MS ', 'DurationMs', '\ufeffduration_ms'];
  for (const header of spellings) assert.equal(findColumn(header)?.name, 'duration_ms', header);
  for (const header of ['', 'popular_or_not', 'toString', 'artist_popularity', 'track_number', 'playlist_id'])
    assert.equal(findColumn(header), undefined, header);
  assert.throws(() => columnOf('Tempo'), /columnOf requires a column of the schema, got "Tempo"/);
});

test('what a missing column may be meant by', () => {
  const names = ['Temp', 'Duration', 'dancability', 'bpm', 'x', 'Loud'];
  const guesses = ['tempo', 'duration_ms', 'danceability', 'loudness', 'valence'].map((name) =>
    closestNames(name, names),
  );
  assert.deepEqual(guesses, [['Temp'], ['Duration'], ['dancability'], ['Loud'], []]);
});
