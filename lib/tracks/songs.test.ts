import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { readTracks } from './read';
import { findSongs, groupRows, songKey } from './songs';

test('the same song under other names', () => {
  const table: [name: string, artists: string, key: string][] = [
    ['Layla', 'Derek & The Dominos', 'layla | derek the dominos'],
    [
      'Layla - 40th Anniversary Version / 2010 Remastered',
      'Derek & The Dominos',
      'layla | derek the dominos',
    ],
    ['Paranoid (2012 - Remaster)', 'Black Sabbath', 'paranoid | black sabbath'],
    ['Hall of Fame (feat. will.i.am)', 'The Script;will.i.am', 'hall of fame | the script'],
    ['Hall of Fame', 'The Script', 'hall of fame | the script'],
    ['Enemy (with JID) - from Arcane', 'Imagine Dragons, JID', 'enemy from arcane | imagine dragons'],
    ['Stay [Ft. Mikky Ekko]', 'Rihanna', 'stay | rihanna'],
    ['Run feat. Someone', 'A', 'run | a'],
    ['D\u00e9j\u00e0 Vu', 'Beyonc\u00e9;JAY-Z', 'deja vu | beyonce'],
    ['De\u0301ja\u0300 vu', 'BEYONCE', 'deja vu | beyonce'],
    ['Don\u2019t Stop', 'A', 'dont stop | a'],
    ["Don't  stop!", 'a', 'dont stop | a'],
    ['???', '$$', '??? | $$'],
    ['\u30a2\u30eb\u30df\u30ca', 'Nightmare', '\u30a2\u30eb\u30df\u30ca | nightmare'],
    ['\u304c', 'A', '\u304c | a'],
  ];
  for (const [name, artists, key] of table) assert.equal(songKey(name, artists), key, name);
});

test('other songs and other recordings stay apart; what is missing is the same as nothing', () => {
  const keys = [
    'Layla',
    'Layla - Live',
    'Layla - Acoustic',
    'Layla - Radio Edit',
    'Layla (X Remix)',
    'With Or Without You',
  ].map((name) => songKey(name, 'A'));
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(songKey('With Or Without You', 'U2'), 'with or without you | u2');
  for (const sign of ['(', ' ', ' - ', '(remaster'])
    assert.ok(songKey(sign.repeat(1_000_000), 'A').length < 1100);
  assert.notEqual(songKey('\u304b', 'A'), songKey('\u304c', 'A'));
  assert.deepEqual([songKey('', 'A'), songKey('Layla', ''), songKey(' ', ' ')], ['', '', '']);
  assert.notEqual(songKey('(feat. B)', 'A'), '');
});

test('groups of rows join through other rows', () => {
  assert.deepEqual([...groupRows(['a', 'b', 'a', ''], ['x', 'y', 'z', 'y'])], [0, 1, 0, 1]);
  assert.deepEqual([...groupRows(['', '', ''])], [0, 1, 2]);
  assert.deepEqual([...groupRows(['a', 'b', 'c', 'b'], ['1', '2', '2', '1'])], [0, 0, 0, 0]);
  assert.deepEqual([...groupRows([])], []);
  assert.throws(() => groupRows(['a'], []), /groupRows requires lists of one length, got 1, 0/);
});

test('groups are what following every link finds', () => {
  const key = fc.constantFrom('', 'a', 'b', 'c', 'd', 'e');
  let seen = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key), { maxLength: 12 }), (rows) => {
      seen++;
      const group = groupRows(
        rows.map(([a]) => a),
        rows.map(([, b]) => b),
      );
      const linked = (i: number, j: number) => rows[i].some((one, k) => one !== '' && one === rows[j][k]);
      // The oracle floods from each row along the links.
      rows.forEach((_, i) => {
        const reached = new Set([i]);
        for (const at of reached) for (const j of rows.keys()) if (linked(at, j)) reached.add(j);
        for (const j of rows.keys()) assert.equal(group[i] === group[j], reached.has(j));
      });
      const firsts = [...new Set(group)];
      assert.deepEqual(
        firsts,
        firsts.map((_, n) => n),
      );
    }),
    { numRuns: 500 },
  );
  assert.ok(seen >= 500);
});

test('the shipped table: 6,000 rows, 4,468 songs', async () => {
  const tracks = await readTracks(join(__dirname, '..', '..', 'dataset', 'spotify_tracks.csv'));
  const groups = findSongs(tracks);
  assert.equal(Math.max(...groups) + 1, 4468);
  assert.deepEqual([...findSongs(tracks, [5, 0, 5])], [0, 1, 0]);
  const ids = groupRows(tracks.columns.track_id as string[]);
  assert.equal(tracks.rowCount - (Math.max(...ids) + 1), 151);
});
