import type { Tracks } from './types';

/**
 * The largest distance in every audio feature at which two rows still count as one recording, in the features' own
 * units. On the shipped table all pairs of different names this close, and up to twice as far apart, were the
 * same recording, judged by their titles ("Shivering", "Shivering (feat. Spiritbox)"). At ten times the distance few
 * were.
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

/** With fewer features many tracks are near each other by chance. */
const FEWEST_FEATURES = 6;

/** The columns of the table by which recordings are compared; none where they are too few to tell them apart. */
function comparedColumns(tracks: Tracks): { values: Float64Array; tolerance: number }[] {
  const columns = Object.entries(AUDIO_TOLERANCE).flatMap(([name, tolerance]) => {
    const values = tracks.columns[name];
    return values instanceof Float64Array ? [{ values, tolerance }] : [];
  });
  const hasFine = ['tempo', 'duration_ms'].some((name) => tracks.columns[name] instanceof Float64Array);
  return hasFine && columns.length >= FEWEST_FEATURES ? columns : [];
}

/** Whether the table's audio features say which rows are the same recording. */
export const hasAudioTwins = (tracks: Tracks): boolean => comparedColumns(tracks).length > 0;

/**
 * A text per row, equal for rows linked by near-identical audio. The first three features divide the tracks into
 * cells a little wider than the tolerances, so that each row is compared only with those of its own cell and of
 * the cells around it.
 * @returns '' for every row where the table has too few audio features
 */
export function audioTwins(tracks: Tracks): string[] {
  const { rowCount } = tracks;
  const columns = comparedColumns(tracks);
  if (columns.length === 0) return new Array<string>(rowCount).fill('');
  const near = (a: number, b: number) =>
    columns.every(({ values, tolerance }) => Math.abs(values[a] - values[b]) <= tolerance);
  const same = (a: number, b: number) => columns.every(({ values }) => values[a] === values[b]);
  // Every link points to an earlier-found row of the same recording; the chain's end names the group.
  const linked = Int32Array.from({ length: rowCount }, (_, row) => row);
  const end = (row: number): number => {
    while (linked[row] !== row) row = linked[row] = linked[linked[row]];
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
    // An exact copy has the same neighbours as the row that it copies, so only that row is compared with the others.
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
