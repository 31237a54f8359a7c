import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleTracks } from '../workshop/samples/tracks';
import { cleanTracks } from './clean';
import { numbers, selectRows, texts } from './columns';

test('each rule takes its rows and says so', async () => {
  const tracks = await sampleTracks([
    { popularity: 10, track_id: 'x' },
    { popularity: '' },
    { tempo: 'NA' },
    { key: -1 },
    { danceability: 1.5 },
    { duration_ms: 0 },
    { time_signature: 3.5 },
    { popularity: 80, track_id: 'x', track_name: 'Other name' },
    { popularity: 80, track_name: 'Other Name (feat. B)', artists: 'Artist 7;B' },
    { track_genre: '', release_date: '' },
  ]);
  const before = structuredClone(tracks);
  const { tracks: clean, report } = cleanTracks(tracks);
  assert.deepEqual(tracks, before);
  assert.deepEqual(texts(clean, 'track_name'), ['Other name', 'Song 9']);
  assert.deepEqual([...numbers(clean, 'popularity')], [80, 50]);
  assert.deepEqual([...clean.lines], [9, 11]);
  assert.equal(clean.sha256, tracks.sha256);
  assert.deepEqual(
    report.map(({ step, rowsBefore, rowsRemoved }) => [step, rowsBefore, rowsRemoved]),
    [
      ['popularity missing', 10, 1],
      ['key missing', 9, 1],
      ['tempo missing', 8, 1],
      ['duration_ms out of range', 7, 1],
      ['danceability out of range', 6, 1],
      ['time_signature out of range', 5, 1],
      ['track_genre missing', 4, 0],
      ['release_date missing', 4, 0],
      ['song repeated', 4, 2],
    ],
  );
  assert.match(report[1].why, /-1 counts as missing/);
  assert.match(report[3].why, /possible are 1000 to 86400000 ms/);
  assert.match(report[6].why, /1 row stays: the missing values count as "none given"/);
  assert.match(report[7].why, /1 row stays: the missing values get what is typical/);
});

test('nothing to clean is said too, and the rows are the same', async () => {
  const tracks = await sampleTracks([{}, {}, {}]);
  const { tracks: clean, report } = cleanTracks(tracks);
  assert.deepEqual(clean, tracks);
  assert.deepEqual(
    report.map(({ step, rowsRemoved }) => [step, rowsRemoved]),
    [
      ['needed value missing', 0],
      ['value out of range', 0],
      ['song repeated', 0],
    ],
  );
});

test('-1 is a missing key, and a loudness like any other', async () => {
  const tracks = await sampleTracks([{ loudness: -1 }, { key: -1 }, { mode: -1 }, {}]);
  const { tracks: clean } = cleanTracks(tracks);
  assert.deepEqual([...numbers(clean, 'loudness')], [-1, -6]);
});

test('of equally popular rows the first stays; cleaning twice changes nothing', async () => {
  const same = { track_name: 'Same', artists: 'One' };
  const tracks = await sampleTracks([
    { ...same, tempo: 100 },
    { ...same, tempo: 101 },
    {},
    { ...same, popularity: 49 },
  ]);
  const once = cleanTracks(tracks).tracks;
  assert.deepEqual([...numbers(once, 'tempo')], [100, 120]);
  assert.deepEqual(cleanTracks(once).tracks, once);
});

test('a table without names is cleaned by its ids and by near-identical audio', async () => {
  const rows: Record<string, string | number>[] = [
    { track_id: 'x', tempo: 100 },
    { track_id: 'x', tempo: 140 },
    { track_id: 'NA', tempo: 180 },
    { track_id: 'NA', tempo: 190, duration_ms: 190_000 },
    { track_id: 'z', tempo: 190.05, duration_ms: 191_000 },
  ];
  const { tracks, report } = cleanTracks(await sampleTracks(rows, ['track_name', 'artists']));
  assert.deepEqual([...tracks.lines], [2, 4, 5]);
  assert.match(report.at(-1)!.why, /^near-identical audio, or same track id: the most popular/);
  // A name alone is that of many songs.
  const named = cleanTracks(
    await sampleTracks(
      rows.map((row) => ({ ...row, track_name: 'Home' })),
      ['artists'],
    ),
  );
  assert.deepEqual([...named.tracks.lines], [2, 4, 5]);
  const few = await sampleTracks(
    [{ energy: 0.1 }, { energy: 0.1 }],
    [...['track_id', 'track_name', 'artists', 'tempo', 'duration_ms', 'liveness', 'valence']],
  );
  assert.match(cleanTracks(few).report.at(-1)!.why, /^nothing in the table tells songs apart/);
});

test('a feature that most rows lack goes in place of the rows', async () => {
  const tracks = await sampleTracks([{ key: '' }, { key: -1 }, {}]);
  const { tracks: clean, report } = cleanTracks(tracks);
  assert.equal(clean.rowCount, 3);
  assert.equal(clean.columns.key, undefined);
  assert.deepEqual([report[0].step, report[0].rowsRemoved], ['key left out', 0]);
});

test('an optional feature that all rows lack is no feature', async () => {
  const rows = [{}, { track_genre: 'rock' }, {}].map((row) => ({
    track_genre: '',
    ...row,
    release_date: 'soon',
    explicit: '',
  }));
  const tracks = await sampleTracks(rows);
  const { tracks: clean, report } = cleanTracks(tracks);
  assert.deepEqual(tracks.columns.release_date, ['', '', '']);
  assert.equal(clean.rowCount, 3);
  for (const name of ['release_date', 'explicit']) {
    assert.equal(clean.columns[name], undefined);
    const { why } = report.find(({ step }) => step === `${name} left out`)!;
    assert.equal(why, '3 of 3 rows lack it: the features do without it');
  }
  assert.deepEqual(texts(clean, 'track_genre'), ['', 'rock', '']);
});

test('a table without a usable row, or of one song only, is refused', async () => {
  const seconds = await sampleTracks([{ duration_ms: 200 }, { duration_ms: 180 }, { tempo: '' }]);
  assert.throws(() => cleanTracks(seconds), {
    name: 'InputError',
    message:
      'sample.csv has no usable row: of its 3 rows 2 have duration_ms out of range (possible are 1000 to 86400000 ms)',
  });
  const same = { track_name: 'Same', artists: 'One' };
  const one = await sampleTracks([same, same, same]);
  assert.throws(() => cleanTracks(one), {
    name: 'InputError',
    message: /^sample\.csv has only one song: of its 3 rows 2 /,
  });
});

test('rows and columns', async () => {
  const tracks = await sampleTracks([{ tempo: 1 }, { tempo: 2 }, { tempo: 3 }]);
  const picked = selectRows(tracks, [2, 0, 2]);
  assert.deepEqual([...numbers(picked, 'tempo')], [3, 1, 3]);
  assert.deepEqual(texts(picked, 'track_name'), ['Song 2', 'Song 0', 'Song 2']);
  assert.deepEqual([...picked.lines], [4, 2, 4]);
  for (const row of [-1, 3, 0.5])
    assert.throws(() => selectRows(tracks, [row]), /selectRows requires row numbers from 0 to 2, got/);
  assert.throws(
    () => numbers(tracks, 'track_name'),
    /numbers requires a column of numbers, got "track_name"/,
  );
  assert.throws(() => texts(tracks, 'tempo'), /texts requires a column of text, got "tempo"/);
});
