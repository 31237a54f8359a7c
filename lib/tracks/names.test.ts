import assert from 'node:assert/strict';
import test from 'node:test';
import { EXPORTIFY_NAMES } from './exportifyNames';
import { findColumn, matchName, plainName } from './names';
import { SCHEMA } from './schema';

test('prefixes and units are taken off, names of other things stay unknown', () => {
  const meant: Record<string, string | undefined> = {
    song_popularity: 'popularity',
    'Spotify Popularity': 'popularity',
    'popularity (0-100)': 'popularity',
    'danceability_%': 'danceability',
    'Loudness..dB..': 'loudness',
    'track.album.name': 'album_name',
    'Length (Duration)': 'duration_ms',
    trackName: 'track_name',
    'artist(s)_name': 'artists',
    'Beats Per Minute (BPM)': 'tempo',
    track_score: undefined,
    artist_popularity: undefined,
    album_id: undefined,
    track_number: undefined,
    playlist_name: undefined,
    track_href: undefined,
    '': undefined,
  };
  for (const [header, name] of Object.entries(meant)) assert.equal(findColumn(header)?.name, name, header);
});

test('units that a name says', () => {
  const units = [
    'song_duration_ms',
    'Duration (s)',
    'length_min',
    'duration_in min/ms',
    'energy_%',
    'tempo',
  ].map((header) => matchName(header)?.units);
  assert.deepEqual(units, [['ms'], ['s'], ['min'], ['min', 'ms'], ['percent'], []]);
});

test("every name of Exportify's is that of its column, with accents or without", () => {
  const names = Object.entries(EXPORTIFY_NAMES);
  assert.equal(names.length, SCHEMA.length);
  for (const [column, spellings] of names) {
    for (const spelling of spellings) {
      assert.equal(findColumn(spelling)?.name, column, spelling);
      const bare = spelling.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
      assert.equal(findColumn(bare)?.name, column, bare);
    }
  }
});

test('no spelling stands for two columns', () => {
  const seen = new Map<string, string>();
  for (const { name, aliases, weakAliases = [] } of SCHEMA) {
    for (const spelling of [name, ...aliases, ...weakAliases, ...(EXPORTIFY_NAMES[name] ?? [])]) {
      const before = seen.get(plainName(spelling)) ?? name;
      assert.equal(before, name, spelling);
      seen.set(plainName(spelling), name);
    }
  }
});
