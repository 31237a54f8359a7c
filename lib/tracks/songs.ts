import { audioTwins, hasAudioTwins } from './audioTwins';
import { isMissingWord } from './numbers';
import type { Tracks } from './types';

/**
 * Finds the rows of the same song. One song often has many rows: single, album, compilation, re-release, remaster.
 * Their audio features are nearly the same, so a song on both sides of a split would be known in advance.
 */

/** Guests that a name mentions: `(feat. X)`, `[with X]`, `- ft. X`, ` feat. X`; they vary between releases. */
const GUESTS =
  /\s*[([]\s*(?:feat|ft|featuring|with)\b[^)\]]*[)\]]|\s+-\s+(?:feat|ft|featuring|with)\b.*$|\s(?:feat|ft)\.\s.*$/g;

/** Remaster notes: `- Remastered 2011`, `(2012 - Remaster)`, `- 50th Anniversary Edition / Remastered 2018`. */
const REMASTER = /\s*[([][^)\]]*\bremaster[^)\]]*[)\]]|\s+-\s(?:(?!\s-\s).)*\bremaster.*$/g;

/** Longer names are not names: the patterns above would take hours for a million brackets. */
const LONGEST_NAME = 1000;

/** Lower case, Latin, Greek and Cyrillic letters without accents; the marks of other scripts carry meaning. */
const fold = (text: string) =>
  (/^[\x00-\x7f]*$/.test(text)
    ? text
    : text
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFC')
  ).toLowerCase();

/** Letters and digits only, words apart by one space; a name that is all signs stays as it is. */
const words = (text: string) =>
  text
    .replace(/['\u2019`\u00b4]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim() || text.replace(/\s+/g, ' ').trim();

/**
 * Makes the key that all rows of a song have in common: the name without guests and remaster notes, and the first
 * artist, both without case, accents and punctuation. Other notes (live, acoustic, remix, radio edit) stay:
 * those are other recordings. Only the first artist counts, since releases differ in naming guests.
 * @param trackName name of the track as in the table
 * @param artists its artists, apart by `;` or `,`
 * @returns the key, or '' (the same as nothing) where the name or the artists are missing
 * @example songKey('Layla - 2010 Remaster', 'Eric Clapton;Duane Allman') // 'layla | eric clapton'
 */
export function songKey(trackName: string, artists: string): string {
  const name = fold(trackName.slice(0, LONGEST_NAME));
  const artist = words(fold(artists.slice(0, LONGEST_NAME).split(/[;,]/)[0]));
  const short = name.replace(GUESTS, '').replace(REMASTER, '');
  const song = words(short) || words(name);
  return song && artist ? `${song} | ${artist}` : '';
}

/**
 * Numbers the groups of rows that belong together: rows with the same value in any of the lists are in one
 * group, and so are rows linked through others (A and B share an id, B and C a name: A, B, C are one group).
 * @param keys one or more lists with one text per row; '' links nothing
 * @returns the group of each row, numbered 0, 1, 2, ... by first appearance
 * @throws Error unless the lists are equally long
 * @example groupRows(['a', 'b', 'a', ''], ['x', 'y', 'z', 'y']) // [0, 1, 0, 1]
 */
export function groupRows(...keys: readonly (readonly string[])[]): Int32Array {
  const rowCount = keys[0]?.length ?? 0;
  if (keys.some((list) => list.length !== rowCount)) {
    throw new Error(
      `groupRows requires lists of one length, got ${keys.map((list) => list.length).join(', ')}`,
    );
  }
  // Union-find: every row points at an earlier row of its group, the first row of a group at itself.
  const parent = Int32Array.from({ length: rowCount }, (_, row) => row);
  const find = (row: number) => {
    let root = row;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  for (const list of keys) {
    const firstRow = new Map<string, number>();
    for (let row = 0; row < rowCount; row++) {
      const key = list[row];
      if (key === '') continue;
      const earlier = firstRow.get(key);
      if (earlier === undefined) firstRow.set(key, row);
      else {
        const a = find(earlier);
        const b = find(row);
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
  }
  const group = new Int32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) group[row] = parent[row] === row ? count++ : group[find(row)];
  return group;
}

/**
 * The song of each row: rows with the same `songKey` or the same track id, also through other rows, share a
 * number. For a row without a name or artists near-identical audio stands in (see `audioTwins`), as a name alone
 * is that of many songs. A row that has nothing of these is a song of its own.
 * @param rows which rows, all by default
 * @returns one number per row asked for, 0, 1, 2, ... by first appearance
 */
export function findSongs(
  tracks: Tracks,
  rows: ArrayLike<number> = tracks.lines.map((_, row) => row),
): Int32Array {
  const [names, artists, ids] = ['track_name', 'artists', 'track_id'].map((name) => knownTexts(tracks, name));
  const keys = Array.from(rows, (row) => songKey(names![row], artists![row]));
  const sameId = Array.from(rows, (row) => bareId(ids![row]));
  if (!keys.includes('')) return groupRows(keys, sameId);
  const twins = audioTwins(tracks);
  const sameAudio = Array.from(rows, (row, i) => (keys[i] === '' ? twins[row] : ''));
  return groupRows(keys, sameId, sameAudio);
}

/** Spotify's identifier out of an address such as `spotify:track:...`; any other identifier as it is. */
const bareId = (id: string) =>
  id.replace(/^(?:spotify:track:|https?:\/\/open\.spotify\.com\/.*track\/)(\w+).*$/, '$1');

/** By what `findSongs` tells the songs of a table apart; '' where the table has nothing of the kind. */
export function songsToldBy(tracks: Tracks): string {
  const has = (name: string) => knownTexts(tracks, name).some(Boolean);
  const told = [];
  if (has('track_name') && has('artists')) told.push('same name and first artist');
  else if (hasAudioTwins(tracks)) told.push('near-identical audio');
  if (has('track_id')) told.push('same track id');
  return told.join(', or ');
}

/** A column of text with '' for words such as `nan` that stand for nothing; all '' where there is no such column. */
export function knownTexts(tracks: Tracks, name: string): string[] {
  const column = tracks.columns[name];
  return Array.isArray(column)
    ? column.map((text) => (isMissingWord(text) ? '' : text))
    : new Array<string>(tracks.rowCount).fill('');
}
