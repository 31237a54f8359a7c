import type { Split } from '../forest/src/index';
import { audioTwins } from '../tracks/audioTwins';
import { groupRows, knownTexts, songKey } from '../tracks/songs';
import type { Tracks } from '../tracks/types';

/** One way in which rows can be the same song. */
export interface RepeatKind {
  kind: 'same track id' | 'same name and artist' | 'near-identical audio' | 'any of these';
  /** Rows beyond the first of each group: what would be left out to have each song once. */
  repeats: number;
  /** Songs that have more than one row. */
  songs: number;
  /** Rows of the largest group. */
  largest: number;
  /** The song of each row, numbered by first appearance. */
  groupOf: Int32Array;
}

/**
 * Rows that are the same song: same track id; same name and first artist after normalising (`songKey`); audio
 * features within `AUDIO_TOLERANCE`; and any of these, joined through chains. Time grows with the rows.
 * @param tracks any table; a kind for which it lacks the columns has no repeats
 * @returns the four kinds, `any of these` last
 */
export function findRepeats(tracks: Tracks): RepeatKind[] {
  const artists = knownTexts(tracks, 'artists');
  const ids = knownTexts(tracks, 'track_id');
  const songs = knownTexts(tracks, 'track_name').map((name, row) => songKey(name, artists[row]));
  const audio = audioTwins(tracks);
  return [
    repeatKind('same track id', groupRows(ids)),
    repeatKind('same name and artist', groupRows(songs)),
    repeatKind('near-identical audio', groupRows(audio)),
    repeatKind('any of these', groupRows(ids, songs, audio)),
  ];
}

function repeatKind(kind: RepeatKind['kind'], groupOf: Int32Array): RepeatKind {
  const sizes: number[] = [];
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1;
  return {
    kind,
    repeats: groupOf.length - sizes.length,
    songs: sizes.filter((size) => size > 1).length,
    largest: sizes.reduce((most, size) => Math.max(most, size), 0),
    groupOf,
  };
}

/**
 * Test rows that have a twin in training: a model that remembers it need not have learnt anything.
 * @param split row numbers
 * @param groupOf the group of each row, e.g. of `findRepeats`; a row of several groups has a list of them
 * @returns the test rows in question, and their share of all test rows (0 to 1)
 */
export function twinsAcross(
  split: Split,
  groupOf: ArrayLike<number | string | readonly string[]>,
): { rows: Int32Array; share: number } {
  const seen = new Set<number | string>();
  for (const row of split.train) {
    const groups = groupOf[row];
    if (typeof groups !== 'object') seen.add(groups);
    else for (const group of groups) seen.add(group);
  }
  const rows = split.test.filter((row) => {
    const groups = groupOf[row];
    return typeof groups !== 'object' ? seen.has(groups) : groups.some((group) => seen.has(group));
  });
  return { rows, share: rows.length / split.test.length };
}
