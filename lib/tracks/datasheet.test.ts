import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { cleanTracks } from './clean';
import { numbers, texts } from './columns';
import { readTracks } from './read';
import { SCHEMA } from './schema';
import { groupRows } from './songs';

const folder = join(__dirname, '..', '..', 'dataset');
const datasheet = readFileSync(join(folder, 'README.md'), 'utf8');
const cells = datasheet
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the datasheet says of each column what the schema and the file say', async () => {
  const tracks = await readTracks(join(folder, 'spotify_tracks.csv'));
  assert.ok(datasheet.includes(`\`${tracks.sha256}\``));
  const rows = cells.filter(([, name]) => name.startsWith('`'));
  assert.deepEqual(
    rows.map(([, name]) => name.slice(1, -1)),
    Object.keys(tracks.columns),
  );
  for (const [, name, meaning, unit, range] of rows) {
    const values = tracks.columns[name.slice(1, -1)];
    const known = SCHEMA.find((column) => column.name === name.slice(1, -1));
    if (known) assert.deepEqual([meaning, unit], [known.description, known.unit]);
    const sorted = values instanceof Float64Array ? values.slice().sort() : [];
    const measured =
      known?.kind === 'boolean'
        ? 'False or True'
        : values instanceof Float64Array
          ? `${sorted[0]} to ${sorted.at(-1)}`
          : `${new Set(values).size} values`;
    assert.equal(range, measured, name);
  }
});

test('and its counts are true', async () => {
  const tracks = await readTracks(join(folder, 'spotify_tracks.csv'));
  const { tracks: clean } = cleanTracks(tracks);
  const repeats = (keys: string[]) => keys.length - (Math.max(...groupRows(keys)) + 1);
  const zeros = (popularity: Float64Array) => popularity.filter((value) => value === 0).length;
  const artists = texts(tracks, 'artists');
  const counts = [
    tracks.rowCount,
    zeros(numbers(tracks, 'popularity')),
    repeats(texts(tracks, 'track_id')),
    repeats(texts(tracks, 'track_name').map((name, row) => `${name}\n${artists[row]}`)),
    tracks.rowCount - clean.rowCount,
    clean.rowCount,
    zeros(numbers(clean, 'popularity')),
  ];
  const told = cells.filter((row) => row.length === 4 && /^\d+$/.test(row[2])).map((row) => Number(row[2]));
  assert.deepEqual(told, counts);
});
