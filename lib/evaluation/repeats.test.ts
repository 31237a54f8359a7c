import assert from 'node:assert/strict';
import test from 'node:test';
import { AUDIO_TOLERANCE } from '../tracks/audioTwins';
import { groupRows } from '../tracks/songs';
import type { Tracks } from '../tracks/types';
import { seeded } from '../workshop/samples/model';
import { findRepeats, twinsAcross } from './repeats';

const audio = Object.keys(AUDIO_TOLERANCE) as (keyof typeof AUDIO_TOLERANCE)[];

/** Clean tracks of which no two are alike: each has its own id, name and, far apart, audio features. */
function cleanTracks(rowCount: number): Tracks {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const columns: Record<string, Float64Array | string[]> = {
    track_id: rows.map((row) => `id${row}`),
    track_name: rows.map((row) => `Song ${row}`),
    artists: rows.map((row) => `Artist ${row}`),
  };
  // Only tempo is shared by many, so that the search has to look at the other features.
  for (const name of audio) {
    const values = rows.map((row) => (name === 'tempo' ? row % 5 : row * AUDIO_TOLERANCE[name] * 3));
    columns[name] = Float64Array.from(values);
  }
  return {
    source: 'test',
    sha256: '',
    rowCount,
    columns,
    lines: Int32Array.from(rows, (row) => row + 2),
    notes: [],
    readings: [],
  };
}

/** The same tracks with one value changed. */
function plant(tracks: Tracks, name: string, row: number, value: (of: Tracks) => number | string): Tracks {
  const column = tracks.columns[name].slice() as (number | string)[];
  column[row] = value(tracks);
  const columns = { ...tracks.columns, [name]: column as string[] | Float64Array };
  return { ...tracks, columns };
}

/** Row `to` gets row `from`'s audio features, `apart` tolerances away. */
function plantAudio(tracks: Tracks, from: number, to: number, apart: number): Tracks {
  return audio.reduce(
    (of, name) =>
      plant(of, name, to, (t) => (t.columns[name][from] as number) + apart * AUDIO_TOLERANCE[name]),
    tracks,
  );
}

const found = (tracks: Tracks) => findRepeats(tracks).map(({ repeats }) => repeats);

test('clean data has no repeats', () => {
  assert.deepEqual(found(cleanTracks(40)), [0, 0, 0, 0]);
});

test('each kind of planted repeat is found, and no other', () => {
  const clean = cleanTracks(40);
  const sameId = plant(clean, 'track_id', 31, () => 'id4');
  const sameName = plant(
    plant(clean, 'track_name', 9, () => 'SONG 22 (feat. Guest)'),
    'artists',
    9,
    () => 'artist 22;Guest',
  );
  const sameAudio = plantAudio(clean, 7, 35, 0.9);
  assert.deepEqual(found(sameId), [1, 0, 0, 1]);
  assert.deepEqual(found(sameName), [0, 1, 0, 1]);
  assert.deepEqual(found(sameAudio), [0, 0, 1, 1]);
  assert.deepEqual(found(plantAudio(clean, 7, 35, 1.1)), [0, 0, 0, 0]);
});

test('one feature beyond the tolerance is another recording', () => {
  for (const name of audio) {
    const close = plantAudio(cleanTracks(40), 7, 35, 0);
    const apart = plant(
      close,
      name,
      35,
      (t) => (t.columns[name][35] as number) + 1.5 * AUDIO_TOLERANCE[name],
    );
    assert.deepEqual(found(apart), [0, 0, 0, 0], name);
  }
});

test('repeats are joined through chains of different kinds', () => {
  let tracks = plant(cleanTracks(10), 'track_id', 5, () => 'id2');
  tracks = plantAudio(tracks, 5, 8, 0.5);
  tracks = plantAudio(tracks, 8, 3, 0.7); // 1.2 tolerances from row 5: linked to it only through row 8
  const kinds = findRepeats(tracks);
  assert.deepEqual(
    kinds.map(({ repeats, songs, largest }) => [repeats, songs, largest]),
    [
      [1, 1, 2],
      [0, 0, 1],
      [2, 1, 3],
      [3, 1, 4],
    ],
  );
  assert.deepEqual([...kinds[3].groupOf], [0, 1, 2, 2, 3, 2, 4, 5, 2, 6]);
});

test('missing names, ids and audio features are no repeats; too few columns tell no recordings apart', () => {
  const clean = cleanTracks(6);
  const { track_id: _id, track_name: _name, artists: _artists, ...rest } = clean.columns;
  assert.deepEqual(found({ ...clean, columns: rest }), [0, 0, 0, 0]);
  const none = ['nan', 'NaN', '', 'NULL', 'n/a', ''];
  const unknown = { ...clean.columns, track_id: none, track_name: none, artists: none };
  assert.deepEqual(found({ ...clean, columns: unknown }), [0, 0, 0, 0]);
  let holes = plantAudio(clean, 0, 1, 0);
  for (const name of ['tempo', 'energy']) holes = plant(holes, name, 1, () => Number.NaN);
  assert.deepEqual(found(holes), [0, 0, 0, 0]);
  const copies = plantAudio(clean, 0, 1, 0);
  const without = (...names: string[]) => {
    const left = Object.entries(copies.columns).filter(([name]) => !names.includes(name));
    return found({ ...copies, columns: Object.fromEntries(left) });
  };
  assert.deepEqual(without('energy', 'loudness', 'liveness', 'valence'), [0, 0, 1, 1]);
  assert.deepEqual(without('energy', 'loudness', 'liveness', 'valence', 'speechiness'), [0, 0, 0, 0]);
  assert.deepEqual(without('tempo', 'duration_ms'), [0, 0, 0, 0]);
});

test('near-identical audio is what comparing all pairs finds', () => {
  const random = seeded(1);
  const clean = cleanTracks(400);
  // Chains of rows up to 1.2 tolerances apart, across the borders of any cells and across zero; some exact copies.
  for (const name of audio) {
    const column = clean.columns[name] as Float64Array;
    for (let row = 0; row < 400; row++) {
      const before = row % 20 === 0 ? (random() - 0.5) * 40 * AUDIO_TOLERANCE[name] : column[row - 1];
      column[row] = before + (random() - 0.5) * 2.4 * AUDIO_TOLERANCE[name];
      if (row % 7 === 6) column[row] = column[row - 5];
    }
  }
  const near = (a: number, b: number) =>
    audio.every((name) => {
      const column = clean.columns[name] as Float64Array;
      return Math.abs(column[a] - column[b]) <= AUDIO_TOLERANCE[name];
    });
  const pairs: string[][] = [];
  for (let a = 0; a < 400; a++) {
    for (let b = 0; b < a; b++) {
      if (near(a, b))
        pairs.push(Array.from({ length: 400 }, (_, row) => (row === a || row === b ? 'pair' : '')));
    }
  }
  assert.ok(pairs.length > 40);
  assert.deepEqual([...findRepeats(clean)[2].groupOf], [...groupRows(...pairs)]);
});

test('twinsAcross: by hand, with groups and with lists of groups', () => {
  const split = { train: Int32Array.of(0, 1, 2), test: Int32Array.of(3, 4, 5, 6) };
  const { rows, share } = twinsAcross(split, [0, 1, 2, 1, 3, 3, 0]);
  assert.deepEqual([[...rows], share], [[3, 6], 0.5]);
  const artists = [['a', 'b'], ['c'], [], ['d'], ['x', 'b'], ['c'], []];
  assert.deepEqual([...twinsAcross(split, artists).rows], [4, 5]);
});
