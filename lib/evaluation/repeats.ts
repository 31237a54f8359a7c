import { InputError, type Split } from '../forest/src/index';
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
 * How far two rows may be apart in every audio feature and still count as one recording, in the features' own
 * units. On the shipped table all pairs of different names this close, and up to twice as far apart, were the
 * same recording to judge by their titles ("Shivering", "Shivering (feat. Spiritbox)"); ten times as far, few.
 */
export const AUDIO_TOLERANCE = {
  tempo: 0.1,
  duration_ms: 2000,
  loudness: 0.1,
  danceability: 0.01,
  energy: 0.01,
  speechiness: 0.01,
  acousticness: 0.01,
  instrumentalness: 0.01,
  liveness: 0.01,
  valence: 0.01,
} as const;

/**
 * Rows that are the same song: same track id; same name and first artist after normalising (`songKey`); audio
 * features within `AUDIO_TOLERANCE`; and any of these, joined through chains. Time grows with the rows.
 * @param tracks any table with the audio features; ids and names where it has them
 * @returns the four kinds, `any of these` last
 */
export function findRepeats(tracks: Tracks): RepeatKind[] {
  const artists = knownTexts(tracks, 'artists');
  const ids = knownTexts(tracks, 'track_id');
  const songs = knownTexts(tracks, 'track_name').map((name, row) => songKey(name, artists[row]));
  const audio = nearIdentical(tracks);
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
 * A text per row, equal for rows linked by near-identical audio. The first three features divide the tracks into
 * cells a little wider than the tolerances, so that each row is compared only with those of its own cell and of
 * the cells around it.
 */
function nearIdentical(tracks: Tracks): string[] {
  const { rowCount } = tracks;
  const columns = Object.entries(AUDIO_TOLERANCE).map(([name, tolerance]) => {
    const values = tracks.columns[name];
    if (!(values instanceof Float64Array)) {
      throw new InputError(`findRepeats requires the column ${name} as numbers, got ${typeof values}`);
    }
    return { values, tolerance };
  });
  const near = (a: number, b: number) =>
    columns.every(({ values, tolerance }) => Math.abs(values[a] - values[b]) <= tolerance);
  const same = (a: number, b: number) => columns.every(({ values }) => values[a] === values[b]);
  // Every link points to an earlier-found row of the same recording; the chain's end names the group.
  const linked = Int32Array.from({ length: rowCount }, (_, row) => row);
  const end = (row: number): number => {
    while (linked[row] !== row) row = linked[row] = linked[linked[row]]!;
    return row;
  };
  const cells = columns
    .slice(0, 3)
    .map(({ values, tolerance }) => values.map((value) => Math.floor(value / (1.01 * tolerance))));
  // Cells share a place when their hashes do (Teschner and others 2003): that costs comparisons and misses none.
  const places = 2 ** Math.ceil(Math.log2(rowCount + 1));
  const last = new Int32Array(places).fill(-1); // the row that came last to each place,
  const previous = new Int32Array(rowCount); // and the one before each row
  for (let row = 0; row < rowCount; row++) {
    const [x, y, z] = [cells[0][row], cells[1][row], cells[2][row]];
    if (Number.isNaN(x + y + z)) continue;
    const placeOf = (i: number, j: number, k: number) =>
      (Math.imul(x + i, 73856093) ^ Math.imul(y + j, 19349663) ^ Math.imul(z + k, 83492791)) & (places - 1);
    const own = placeOf(0, 0, 0);
    let twin = last[own];
    while (twin >= 0 && !same(twin, row)) twin = previous[twin];
    // What is near an exact copy is near the row that it copies, which is compared with the others in its place.
    if (twin >= 0) {
      linked[end(row)] = end(twin);
      continue;
    }
    for (let around = 0; around < 27; around++) {
      const place = placeOf((around % 3) - 1, (Math.floor(around / 3) % 3) - 1, Math.floor(around / 9) - 1);
      for (let other = last[place]; other >= 0; other = previous[other]) {
        if (near(other, row)) linked[end(row)] = end(other);
      }
    }
    previous[row] = last[own];
    last[own] = row;
  }
  return Array.from(linked, (_, row) => String(end(row)));
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
