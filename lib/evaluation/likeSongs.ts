/** Single songs: which one is meant, which ones sound like it, and a map of all. */
import { Matrix, SVD } from 'ml-matrix';
import { InputError, mean, standardDeviation, type Table } from '../forest/src/index';
import { literally } from '../numberText';
import { knownTexts } from '../tracks/songs';
import type { Feature, Tracks } from '../tracks/types';

/** Case, accents and signs do not matter when a song is looked for. */
const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * The row of a song by its name: of all tracks whose name and artists hold the words, the most popular.
 * @param words part of the name, the artist or both; '' finds the most popular of all
 * @returns its row, or -1 where there is none
 * @example findSong(tracks, 'bohemian rhapsody queen')
 */
export function findSong(tracks: Tracks, words: string): number {
  const wanted = plain(words).split(' ');
  const names = knownTexts(tracks, 'track_name');
  const artists = knownTexts(tracks, 'artists');
  const popularity = tracks.columns.popularity;
  let found = -1;
  for (let row = 0; row < tracks.rowCount; row++) {
    const text = plain(`${names[row]} ${artists[row]}`);
    if (!wanted.every((word) => text.includes(word))) continue;
    if (found < 0 || popularity[row] > popularity[found]) found = row;
  }
  return found;
}

/**
 * A song to look at: the one with these words, or where there is none the most popular.
 * @param tracks those that the model has not learnt from
 * @returns its row, its name, and a sentence of Markdown that says which it is
 */
export function songToShow(tracks: Tracks, words: string): { row: number; name: string; said: string } {
  const wanted = findSong(tracks, words);
  const row = wanted >= 0 ? wanted : findSong(tracks, '');
  const title = knownTexts(tracks, 'track_name')[row] || `the track of line ${tracks.lines[row]}`;
  const artists = knownTexts(tracks, 'artists')[row].replaceAll(';', ', ');
  const name = artists ? `${title} by ${artists}` : title;
  const said =
    wanted >= 0
      ? `**${literally(name)}** has a popularity of ${tracks.columns.popularity[row]}.`
      : `No test song is called "${literally(words)}"; the most popular one stands in: **${literally(name)}**, popularity ${tracks.columns.popularity[row]}.`;
  return { row, name, said };
}

/** The columns of X that are amounts, each with mean 0 and standard deviation 1; constant ones are left out. */
function standardised(
  X: Table,
  features: readonly Feature[],
): { features: Feature[]; columns: Float64Array[] } {
  const found: { features: Feature[]; columns: Float64Array[] } = { features: [], columns: [] };
  for (const [j, column] of X.columns.entries()) {
    const feature = features.find(({ name }) => name === X.names[j]);
    const deviation = standardDeviation(column);
    if (feature?.kind !== 'number' || !(deviation > 0)) continue;
    const centre = mean(column);
    found.features.push(feature);
    found.columns.push(column.map((value) => (value - centre) / deviation));
  }
  return found;
}

/**
 * The rows that sound most like one: the nearest by the features that are amounts, each standardised
 * (scikit-learn: `NearestNeighbors` after `StandardScaler`).
 * @param row a row of X; it is not among the answers
 * @returns rows and distances, the nearest first
 * @throws InputError for a row that X does not have
 */
export function mostSimilar(
  X: Table,
  features: readonly Feature[],
  row: number,
  count = 5,
): { row: number; distance: number }[] {
  if (!(Number.isInteger(row) && row >= 0 && row < X.rowCount)) {
    throw new InputError(`mostSimilar requires a row from 0 to ${X.rowCount - 1}, got ${row}`);
  }
  const { columns } = standardised(X, features);
  const distances = Array.from({ length: X.rowCount }, (_, other) => ({
    row: other,
    distance: Math.sqrt(columns.reduce((sum, values) => sum + (values[other] - values[row]) ** 2, 0)),
  }));
  return distances
    .filter((one) => one.row !== row)
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, count);
}

/** Every row on a plane, and what its two directions are made of. */
export interface SoundMap {
  x: Float64Array;
  y: Float64Array;
  /** Share of the variance along x and along y. */
  explained: [number, number];
  /** Each feature's arrow along x and y, from -1 to 1, the longest along x first. */
  loadings: { feature: Feature; x: number; y: number }[];
}

/**
 * The two directions along which the standardised amounts vary most (principal components; scikit-learn: `PCA(2)`
 * after `StandardScaler`, the largest loading of each component positive, as its `svd_flip` has it).
 * @throws InputError for fewer than two features that vary, or fewer than two rows
 */
export function soundMap(X: Table, features: readonly Feature[]): SoundMap {
  const amounts = standardised(X, features);
  const width = amounts.columns.length;
  if (width < 2 || X.rowCount < 2) {
    throw new InputError(
      `soundMap requires two features that vary and two rows, got ${width} and ${X.rowCount}`,
    );
  }
  // The right singular vectors of the table are the eigenvectors of its small square of products.
  const products = amounts.columns.map((a) =>
    amounts.columns.map((b) => a.reduce((sum, value, row) => sum + value * b[row], 0)),
  );
  const svd = new SVD(new Matrix(products));
  const total = svd.diagonal.reduce((sum, value) => sum + value, 0);
  const component = (k: number) => {
    const vector = svd.rightSingularVectors.getColumn(k);
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    return vector.map((value) => value * Math.sign(largest));
  };
  const [first, second] = [component(0), component(1)];
  const along = (vector: readonly number[]) =>
    Float64Array.from({ length: X.rowCount }, (_, row) =>
      amounts.columns.reduce((sum, column, j) => sum + column[row] * vector[j], 0),
    );
  const loadings = amounts.features.map((feature, j) => ({ feature, x: first[j], y: second[j] }));
  loadings.sort((a, b) => Math.abs(b.x) - Math.abs(a.x));
  return {
    x: along(first),
    y: along(second),
    explained: [svd.diagonal[0] / total, svd.diagonal[1] / total],
    loadings,
  };
}
