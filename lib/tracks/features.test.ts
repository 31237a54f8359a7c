import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { sampleTracks } from '../workshop/samples/tracks';
import { yearOf } from './dates';
import { FeatureEncoder, oneHot } from './features';

test('codes, standardised numbers and years, learnt on the training rows', async () => {
  const tracks = await sampleTracks([
    { tempo: 100, key: 1, mode: 0, explicit: 'True', track_genre: 'rock', release_date: '2001-05-01' },
    { tempo: 120, key: 11, mode: 1, explicit: 'False', track_genre: 'Pop', release_date: '2003' },
    { tempo: 300, track_genre: 'jazz', release_date: '' },
  ]);
  const encoder = new FeatureEncoder().fit(tracks, [0, 1]);
  const X = encoder.transform(tracks);
  const column = (name: string) => [...X.columns[X.names.indexOf(name)]];
  assert.equal(X.rowCount, 3);
  assert.deepEqual(X.names.slice(0, 3), ['duration_ms', 'explicit', 'danceability']);
  assert.deepEqual(X.names.slice(-3), ['time_signature', 'track_genre', 'release_year']);
  assert.deepEqual(column('tempo'), [-1, 1, 19]);
  assert.deepEqual(column('key'), [1, 11, 0]);
  assert.deepEqual(column('explicit'), [1, 0, 0]);
  // Pop before rock, as scikit-learn sorts; jazz, unknown to the training rows, becomes the typical code 0.
  assert.deepEqual(column('track_genre'), [1, 0, 0]);
  assert.deepEqual(column('release_year'), [-1, 1, 0]);
  // A constant feature stays, with scale 1.
  assert.deepEqual(column('valence'), [0, 0, 0]);

  const tempo = encoder.features.find(({ name }) => name === 'tempo')!;
  assert.deepEqual(
    [
      tempo.kind,
      tempo.unit,
      tempo.min,
      tempo.max,
      tempo.seenMin,
      tempo.seenMax,
      tempo.typical,
      tempo.mean,
      tempo.scale,
    ],
    ['number', 'BPM', 0, 300, 100, 120, 110, 110, 10],
  );
  const genre = encoder.features.find(({ name }) => name === 'track_genre')!;
  assert.deepEqual(
    [genre.kind, genre.categories, genre.max, genre.typical],
    ['category', ['Pop', 'rock'], 1, 0],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(encoder.features)), encoder.features);
});

test("genres are sorted as OrdinalEncoder's categories", async () => {
  const { ordinal } = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'scaler.json'), 'utf8'));
  const tracks = await sampleTracks(ordinal.values.map((track_genre: string) => ({ track_genre })));
  const genre = new FeatureEncoder().fit(tracks).features.find(({ name }) => name === 'track_genre')!;
  assert.deepEqual(genre.categories, ordinal.categories);
});

test('missing optional values become typical before mean and scale are learnt', async () => {
  const tracks = await sampleTracks([
    { time_signature: 3 },
    { time_signature: 4 },
    { time_signature: 4 },
    { time_signature: '' },
  ]);
  const { mean, typical } = new FeatureEncoder()
    .fit(tracks)
    .features.find(({ name }) => name === 'time_signature')!;
  assert.deepEqual([typical, mean], [4, 3.75]);
});

test('an optional column without any value becomes one possible value', async () => {
  const tracks = await sampleTracks([
    { release_date: '', time_signature: '', explicit: '', track_genre: '' },
  ]);
  for (const { name, typical, min, max } of new FeatureEncoder().fit(tracks).features)
    assert.ok(typical >= min && typical <= max, name);
});

test('a feature that the table lacks is left out; chosen features come raw and in the order asked for', async () => {
  const tracks = await sampleTracks([{ tempo: 99, key: 3 }], ['track_genre', 'explicit', 'release_date']);
  const names = new FeatureEncoder().fit(tracks).features.map(({ name }) => name);
  assert.equal(names.length, 13);
  assert.ok(!names.includes('track_genre') && !names.includes('release_year') && !names.includes('explicit'));
  const raw = new FeatureEncoder({ scale: false, features: ['Tempo', 'Key', 'Duration (ms)'] }).fit(tracks);
  assert.deepEqual(raw.transform(tracks), {
    names: ['tempo', 'key', 'duration_ms'],
    rowCount: 1,
    columns: [Float64Array.of(99), Float64Array.of(3), Float64Array.of(200000)],
  });
  assert.throws(
    () => new FeatureEncoder({ features: ['track_genre'] }).fit(tracks),
    /requires features among duration_ms, .*, got "track_genre"/,
  );
  assert.throws(() => new FeatureEncoder({ features: ['popularity'] }).fit(tracks), /got "popularity"/);
});

test('a track in natural units is encoded as its row is', async () => {
  const tracks = await sampleTracks([
    { tempo: 100, key: 1, track_genre: 'pop', explicit: 'True' },
    {},
    { release_date: '2010-02-03' },
  ]);
  const encoder = new FeatureEncoder().fit(tracks);
  const X = encoder.transform(tracks);
  const track = {
    duration_ms: 200_000, explicit: true, danceability: 0.5, energy: 0.5, key: 'Db', loudness: -6, mode: 'major', speechiness: 0.05,
    acousticness: 0.1, instrumentalness: 0, liveness: 0.1, valence: 0.5, tempo: 100, track_genre: 'pop', release_date: '2020-01-01',
  }; // biome-ignore format: one track
  const row = X.columns.map((column) => column[0]);
  assert.deepEqual([...encoder.encodeTrack(track)], row);
  // A value that is missing, in whatever way, becomes the typical one.
  const typical = encoder.encodeTrack({ ...track, explicit: undefined });
  for (const nothing of ['', null])
    assert.deepEqual(encoder.encodeTrack({ ...track, explicit: nothing as string }), typical);
  assert.deepEqual(
    [
      ...encoder.encodeTrack({
        ...track,
        key: 1,
        mode: 1,
        explicit: 1,
        release_date: undefined,
        release_year: 2020,
        track_name: 'x',
      }),
    ],
    row,
  );

  const wrong: [change: object, message: string][] = [
    [{ key: 'H' }, 'A track\'s key must be one of C, C#, D, D#, E, F, F#, G, G#, A, A#, B, got "H"'],
    [{ key: 12 }, "A track's key must be one of C, C#, D, D#, E, F, F#, G, G#, A, A#, B, got 12"],
    [{ key: 1.5 }, "A track's key must be one of C, C#, D, D#, E, F, F#, G, G#, A, A#, B, got 1.5"],
    [{ tempo: 301 }, "A track's tempo must be a number from 0 to 300 BPM, got 301"],
    [{ tempo: '120' }, 'A track\'s tempo must be a number from 0 to 300 BPM, got "120"'],
    [{ tempo: Number.NaN }, "A track's tempo must be a number from 0 to 300 BPM, got null"],
    [{ tempo: undefined }, "A track's tempo must be a number from 0 to 300 BPM, got nothing"],
    [{ explicit: 'perhaps' }, 'A track\'s explicit must be true or false, got "perhaps"'],
    [{ track_genre: 'polka' }, 'A track\'s track_genre must be one of pop, rock, got "polka"'],
    [{ release_date: 'soon' }, 'A track\'s release_year must be a number from 1860 to 2100, got "soon"'],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => encoder.encodeTrack({ ...track, ...change }), { name: 'InputError', message });
  }
  assert.throws(
    () => encoder.encodeTrack({ ...track, temp: 1 }),
    /A track has no field "temp"; its fields are duration_ms/,
  );
});

test('what cannot be encoded is refused', async () => {
  const tracks = await sampleTracks([{}, { tempo: '' }]);
  assert.throws(() => new FeatureEncoder().fit(tracks), {
    name: 'InputError',
    message: /sample\.csv, line 3 has no tempo/,
  });
  assert.throws(() => new FeatureEncoder().fit(tracks, []), /requires at least one training row, got 0/);
  assert.throws(() => new FeatureEncoder().features, /requires fit before/);
});

test('one column per category but the first, after the numbers', () => {
  const feature = {
    label: '',
    unit: '',
    description: '',
    min: 0,
    max: 2,
    seenMin: 0,
    seenMax: 2,
    typical: 0,
    mean: 0,
    scale: 1,
  };
  const features = [
    { ...feature, name: 'mode', kind: 'category' as const, categories: ['minor', 'major'] },
    { ...feature, name: 'tempo', kind: 'number' as const },
    { ...feature, name: 'genre', kind: 'category' as const, categories: ['a', 'b', 'c'] },
  ];
  const table = {
    names: ['mode', 'tempo', 'genre'],
    rowCount: 3,
    columns: [
      [0, 1, 1],
      [0.5, -1, 0],
      [2, 0, 1],
    ].map((c) => Float64Array.from(c)),
  };
  assert.deepEqual(oneHot(table, features), {
    names: ['tempo', 'mode=major', 'genre=b', 'genre=c'],
    rowCount: 3,
    columns: [
      [0.5, -1, 0],
      [0, 1, 1],
      [0, 0, 1],
      [1, 0, 0],
    ].map((c) => Float64Array.from(c)),
  });
  assert.throws(() => oneHot(table, []), /oneHot requires one feature per column \(3\), got 0/);
});

test('the year of a date', () => {
  const years = [
    '2024-05-04',
    '2024',
    '1999-12',
    '04/05/2024',
    '2013.0',
    ' 1987 ',
    '2020-01-01T00:00:00Z',
    '5/4/2024 0:00',
  ].map(yearOf);
  assert.deepEqual(years, [2024, 2024, 1999, 2024, 2013, 1987, 2020, 2024]);
  for (const date of ['', 'soon', '87', '04/05/24', '20240504', '0000', '9999-12-31'])
    assert.ok(Number.isNaN(yearOf(date)), date);
});
