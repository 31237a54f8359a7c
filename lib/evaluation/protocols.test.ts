import assert from 'node:assert/strict';
import test from 'node:test';
import type { Table } from '../forest/src/index';
import { AUDIO_TOLERANCE } from '../tracks/audioTwins';
import type { Tracks } from '../tracks/types';
import { artistGroups, artistSplits, compareProtocols } from './protocols';

/** 60 songs of 12 artists with the guests of a few, one row each; their popularity cannot be forecast. */
function manySongs(): Tracks {
  const rows = Array.from({ length: 60 }, (_, row) => row);
  const columns: Record<string, Float64Array | string[]> = {
    track_id: rows.map((row) => `id${row}`),
    track_name: rows.map((row) => `Song ${row}`),
    artists: rows.map((row) => `Artist ${row % 12}` + (row % 7 === 0 ? `;ARTIST ${(row + 1) % 12}` : '')),
    popularity: Float64Array.from(rows, (row) => (row * 37) % 101),
  };
  for (const [name, tolerance] of Object.entries(AUDIO_TOLERANCE)) {
    columns[name] = Float64Array.from(rows, (row) => row * tolerance * 3);
  }
  return {
    source: 'test',
    sha256: '',
    rowCount: 60,
    columns,
    lines: Int32Array.from(rows),
    notes: [],
    readings: [],
  };
}

/** Each row three times. */
function thrice(tracks: Tracks): Tracks {
  const again = (column: Float64Array | string[]) =>
    Array.isArray(column)
      ? [...column, ...column, ...column]
      : Float64Array.from([...column, ...column, ...column]);
  const columns = Object.fromEntries(Object.entries(tracks.columns).map(([name, c]) => [name, again(c)]));
  return { ...tracks, columns, rowCount: 3 * tracks.rowCount };
}

const temposOf = (X: Table) => X.columns[X.names.indexOf('tempo')];

/** Remembers every song it was taught, and says the mean of all for others. */
function memory() {
  const known = new Map<number, number>();
  return {
    fit: (X: Table, y: ArrayLike<number>) =>
      temposOf(X).forEach((tempo, row) => {
        known.set(tempo, y[row]);
      }),
    predict: (X: Table) => temposOf(X).map((tempo) => known.get(tempo) ?? 50),
  };
}

test('compareProtocols unmasks a model that only remembers songs', async () => {
  const songs = manySongs();
  const all = thrice(songs);
  const energy = Float64Array.from(all.columns.energy as Float64Array);
  energy[179] = Number.NaN; // a row that no encoder would take
  const withHole = { ...all, columns: { ...all.columns, energy } };
  const settings = { nSplits: 4, nRepeats: 2, randomState: 1 };
  const results = await compareProtocols(memory, withHole, songs, settings);
  const [asTheyCome, songsApart, perSong, apart] = results;
  assert.deepEqual(
    results.map(({ protocol, rows }) => [protocol, rows]),
    [
      ['rows split as they come', 179],
      ['songs kept apart', 179],
      ['one row per song', 60],
      ['artists kept apart', 60],
    ],
  );
  assert.ok(asTheyCome!.sameSong > 0.8 && asTheyCome!.model.r2.value > 0.7);
  assert.ok(songsApart!.sameSong === 0 && songsApart!.model.r2.value < 0);
  assert.ok(perSong!.sameSong === 0 && perSong!.sameArtist > 0.9 && perSong!.model.r2.value < 0);
  assert.ok(apart!.sameSong === 0 && apart!.sameArtist === 0 && apart!.model.r2.value < 0);
  for (const { model, baseline } of results) {
    assert.ok(baseline.r2.value <= 0 && baseline.mae.value > 0);
    for (const name of ['r2', 'mae', 'rmse'] as const) {
      assert.ok(model[name].lower <= model[name].value && model[name].value <= model[name].upper);
    }
  }
});

test('a table of one artist, or of one song, goes without the protocols that need more', async () => {
  const songs = manySongs();
  const protocolsOf = async (columns: Tracks['columns']) => {
    const tracks = { ...songs, columns: { ...songs.columns, ...columns } };
    const results = await compareProtocols(memory, tracks, tracks, { nSplits: 4 });
    return results.map(({ protocol }) => protocol);
  };
  const artists = songs.lines.map(() => 0);
  const one = Array.from(artists, () => 'One');
  const others = ['rows split as they come', 'songs kept apart', 'one row per song'];
  assert.deepEqual(await protocolsOf({ artists: one }), others);
  // Always together: what one artist's songs could be learnt from is the other's too.
  assert.deepEqual(
    await protocolsOf({ artists: one.map((_, i) => ['A;B;C;D', 'B;A;C;D', 'C;A;B;D', 'D;A;B;C'][i % 4]) }),
    others,
  );
  const sameSong = { track_id: one, track_name: one, artists: one };
  assert.deepEqual(await protocolsOf(sameSong), ['rows split as they come', 'one row per song']);
});

test('artistSplits keeps every credited artist on one side, and tests each row once a repeat', () => {
  const songs = manySongs();
  const names = (songs.columns.artists as string[]).map((text) => text.toLowerCase().split(';'));
  const splits = artistSplits(songs, { nSplits: 4, nRepeats: 2, randomState: 3 });
  assert.equal(splits.length, 8);
  let leftOut = 0;
  for (const { train, test } of splits) {
    const tested = new Set(Array.from(test, (row) => names[row]).flat());
    assert.ok(train.every((row) => names[row].every((name) => !tested.has(name))));
    leftOut += 60 - train.length - test.length;
  }
  assert.ok(leftOut > 0); // guests: rows that are in neither part
  const times = splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
  assert.deepEqual(
    times,
    Array.from({ length: 120 }, (_, i) => Math.floor(i / 2)),
  );
});

test('artistGroups: the first artist, whatever its case; without artists a row is alone', () => {
  const artists = ['Ann;Ben', 'ben', 'ANN', 'nan', 'nan', ''];
  const tracks = { ...manySongs(), rowCount: 6, columns: { artists } };
  assert.deepEqual([...artistGroups(tracks)], [0, 1, 0, 2, 3, 4]);
  assert.deepEqual([...artistGroups({ ...tracks, columns: {} })], [0, 1, 2, 3, 4, 5]);
});
