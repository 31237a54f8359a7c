/** Every kind of table that people have: made-up copies here, and the collection beside the project where it is. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { KINDS_OF_TABLES } from '../workshop/samples/kinds';
import { cleanTracks } from './clean';
import { texts } from './columns';
import { genreCategories } from './genres';
import { parseTracks, readTracks } from './read';
import { readingsTable } from './readings';
import type { Tracks } from './types';

const cellOf = (tracks: Tracks, name: string, row: number) => tracks.columns[name]?.[row];

for (const { kind, text, row = {}, said, genres, songs, refused } of KINDS_OF_TABLES) {
  test(`kind of table: ${kind}`, async () => {
    const reading = parseTracks(Buffer.from(text), 'kind.csv');
    if (refused) {
      await assert.rejects(reading, { name: 'InputError', message: refused });
      return;
    }
    const tracks = await reading;
    for (const [name, value] of Object.entries(row)) assert.equal(cellOf(tracks, name, 1), value, name);
    if (said) assert.match(tracks.notes.join('\n'), said);
    if (genres) assert.deepEqual(genreCategories(texts(tracks, 'track_genre')), genres);
    if (songs) assert.equal(cleanTracks(tracks).tracks.rowCount, songs);
  });
}

test('the readings say of each column what it is taken for and what was done', async () => {
  const text =
    'name,nrgy,val,Length,pop,mine,key\nA,60,30,200,50,x,-\nB,61,40,210,60,y,C\nC,62,50,220,70,z,D\n';
  const tracks = await parseTracks(Buffer.from(text), 'a.csv');
  assert.deepEqual(
    readingsTable(tracks).map((row) => [
      row.column,
      row['taken as'],
      row['unit found'],
      row.converted,
      row.missing,
    ]),
    [
      ['name', 'track_name', '', '', 0],
      ['nrgy', 'energy', 'percent', 'divided by 100', 0],
      ['val', 'valence', 'percent', 'divided by 100', 0],
      ['Length', 'duration_ms', 's', 'turned from seconds into milliseconds', 0],
      ['pop', 'popularity', '', '', 0],
      ['mine', 'kept as text', '', '', 0],
      ['key', 'key', '', '', 1],
    ],
  );
});

test('columns by hand: another name, a unit, a column that is not to be used', async () => {
  const text =
    'popularity,energy,valence,liveness,beats,time_total,key\n50,0.5,0.6,0.1,120,200,x\n60,0.4,0.6,0.1,90,210,x\n';
  const read = (columns: Record<string, string>) => parseTracks(Buffer.from(text), 'a.csv', { columns });
  const { columns } = await read({ tempo: 'beats', duration_s: 'time_total', key: '' });
  assert.deepEqual([columns.tempo[1], columns.duration_ms[1], columns.key[1]], [90, 210_000, 'x']);
  await assert.rejects(read({ tempo: 'bpm' }), {
    message: /has no column "bpm", which the option columns names; it has popularity, energy/,
  });
  await assert.rejects(read({ speed: 'beats' }), {
    message: /^columns requires names among track_id, .*, got "speed"$/,
  });
});

test('a table without popularity is read where none is asked for', async () => {
  const text = 'energy,valence\n65,30\n';
  const tracks = await parseTracks(Buffer.from(text), 'a.csv', { needsPopularity: false });
  assert.deepEqual([...Object.keys(tracks.columns)], ['energy', 'valence']);
});

/** INDEX.md's right answers, for the tables whose columns and values matter: songs after cleaning, or a refusal. */
const SHARED: Readonly<Record<string, number | RegExp>> = {
  '01-track-artist.csv': 24,
  '02-song-prefix-no-artist.csv': 24,
  '03-one-artist-no-artist-column.csv': 14,
  '04-no-key-no-mode.csv': 14,
  '05-all-popular.csv': 40,
  '06-all-unpopular.csv': 40,
  '07-exportify-genre-lists.csv': 40,
  '08-quotes-not-doubled.csv': 14,
  '09-time-signature-4-4.csv': 12,
  '10-key-both-names-4-beats.csv': 12,
  '11-duration-ms-plain-header.csv': 12,
  '12-duration-m-ss.csv': 12,
  '13-duration-min-or-ms.csv': /mixes units of time/,
  '14-seconds-called-ms.csv': /they look like seconds/,
  '15-percent-r-names.csv': 12,
  '16-abbreviated.csv': 12,
  '17-title-line-above.csv': 12,
  '18-r-write-table.txt': 10,
  '19-row-names-header-one-short.csv': 10,
  '20-mojibake-bom.csv': 10,
  '21-two-digit-years.csv': 10,
  '22-exportify-french.csv': 10,
  '23-exportify-artist-genres.csv': 10,
  '24-chosic.csv': 10,
  '25-popularity-0-to-1.csv': /multiply it by 100/,
  '26-standardised.csv': /perhaps it is standardised/,
  '27-a-row-per-genre.csv': 30,
  '28-genres-python-lists.csv': 30,
  '29-array.json': 8,
  '30-lines.ndjson': 8,
  '31-points-taken-for-thousands.csv': /decimal points for signs of thousands/,
  '32-upload-unknown-genres.csv': 10,
  '33-playlist-year.csv': 12,
  '34-gbk.csv': 10,
  '35-parquet.parquet': 12,
  '36-workbook.xlsx': 12,
};
const FOLDER = join(__dirname, '..', '..', '..', 'shared', 'tables');

for (const [name, right] of Object.entries(SHARED)) {
  const path = join(FOLDER, name);
  test(`collected table ${name}`, { skip: !existsSync(path) && 'needs ../shared/tables' }, async () => {
    if (right instanceof RegExp) {
      await assert.rejects(readTracks(path), { name: 'InputError', message: right });
      return;
    }
    const tracks = await readTracks(path);
    assert.equal(cleanTracks(tracks).tracks.rowCount, right);
  });
}
