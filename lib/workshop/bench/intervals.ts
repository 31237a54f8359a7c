/**
 * `npm run bench -- intervals [splits]` compares kinds of prediction intervals. Every candidate learns from the training rows
 * of repeated random splits (one row per song) and is measured on the unseen songs: by the share inside, which
 * should be 90%, and by the mean width, where less is better. The chosen rule is also measured in each genre.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  InputError,
  linearQuantile,
  mean,
  predictWithSpread,
  RandomForestRegressor,
  shortestRange,
  standardDeviation,
  type Table,
  take,
  takeRows,
  trainTestSplit,
} from '../../forest/src/index';
import {
  bootstrapCounts,
  conformalQuantiles,
  outOfBag,
  type Spread,
  TUTORIAL_TABLE,
  treeSeeds,
} from '../../forest/testing/index';
import { cleanTracks } from '../../tracks/clean';
import { numbers } from '../../tracks/columns';
import { FeatureEncoder } from '../../tracks/features';
import { readTracks } from '../../tracks/read';

const LEVEL = 0.9;

/** The input of every candidate: the fitted forest, both parts, and the trees' predictions for their rows. */
interface Case {
  forest: RandomForestRegressor;
  train: { X: Table; y: Float64Array; out: Spread };
  test: { X: Table; out: Spread };
}

type Ends = { lower: ArrayLike<number>; upper: ArrayLike<number> };

/** Prediction plus two quantiles of the out-of-bag errors, times a scale that each row has. */
const scaled =
  (scaleOf: (out: Spread, row: number) => number) =>
  ({ train, test }: Case): Ends => {
    const errors = train.out.prediction.map((p, row) => (train.y[row] - p) / scaleOf(train.out, row)).sort();
    const [low, high] = conformalQuantiles(errors, LEVEL);
    const end = (factor: number) => test.out.prediction.map((p, row) => p + factor * scaleOf(test.out, row));
    return { lower: end(low), upper: end(high) };
  };

/** Other quantiles of the errors in each fifth of the predictions (Boström and Johansson 2020, Mondrian). */
function byFifths({ train, test }: Case): Ends {
  const sorted = train.out.prediction.slice().sort();
  const cuts = [0.2, 0.4, 0.6, 0.8].map((p) => linearQuantile(sorted, p));
  const binOf = (p: number) => cuts.filter((cut) => p >= cut).length;
  const factors = [0, 1, 2, 3, 4].map((bin) =>
    conformalQuantiles(
      train.out.prediction
        .map((p, row) => (binOf(p) === bin ? train.y[row] - p : Number.NaN))
        .filter((error) => !Number.isNaN(error))
        .sort(),
      LEVEL,
    ),
  );
  const end = (side: 0 | 1) => test.out.prediction.map((p) => p + factors[binOf(p)][side]);
  return { lower: end(0), upper: end(1) };
}

/** Quantiles of the trees' predictions, widened as far as the out-of-bag rows need (Romano et al. 2019, CQR). */
const conformalized =
  (tail: number) =>
  ({ forest, train, test }: Case): Ends => {
    const { nEstimators, randomState } = forest.params;
    const counts = Array.from(treeSeeds(randomState, nEstimators), (seed) =>
      bootstrapCounts(seed, train.X.rowCount),
    );
    const quantiles = (X: Table, keep: (tree: number, row: number) => boolean) => {
      const trees = forest.predictTrees(X);
      const sorted = Array.from({ length: X.rowCount }, (_, row) =>
        Float64Array.from(trees.flatMap((tree, t) => (keep(t, row) ? [tree[row]] : []))).sort(),
      );
      return [tail, 1 - tail].map((p) => sorted.map((values) => linearQuantile(values, p)));
    };
    const [low, high] = quantiles(train.X, (t, row) => counts[t][row] === 0);
    const needed = Float64Array.from(train.y, (y, row) => Math.max(low![row] - y, y - high![row])).sort();
    const extra = needed[Math.min(needed.length, Math.ceil((needed.length + 1) * LEVEL)) - 1];
    const [lower, upper] = quantiles(test.X, () => true);
    return { lower: lower!.map((end) => end - extra), upper: upper!.map((end) => end + extra) };
  };

/** Quantiles of the training targets that share a leaf with the row (Meinshausen 2006, quantile forests). */
function quantileForest({ forest, train, test }: Case): Ends {
  const { arrays, params } = forest;
  const members = new Map<number, { row: number; share: number }[]>();
  treeSeeds(params.randomState, params.nEstimators).forEach((seed, tree) => {
    const counts = bootstrapCounts(seed, train.X.rowCount);
    leavesOf(arrays, tree, train.X).forEach((leaf, row) => {
      if (counts[row] === 0) return;
      if (!members.has(leaf)) members.set(leaf, []);
      members.get(leaf)!.push({ row, share: counts[row] / arrays.weightedNNodeSamples[leaf] });
    });
  });
  const leaves = Array.from({ length: arrays.treeCount }, (_, tree) => leavesOf(arrays, tree, test.X));
  const byTarget = Int32Array.from(train.y.keys()).sort((a, b) => train.y[a] - train.y[b]);
  const ends = Array.from({ length: test.X.rowCount }, (_, row) => {
    const weight = new Float64Array(train.X.rowCount);
    for (const leaf of leaves) for (const { row: r, share } of members.get(leaf[row])!) weight[r] += share;
    const quantile = (p: number) => {
      let sum = 0;
      const at = byTarget.find((r) => {
        sum += weight[r] / arrays.treeCount;
        return sum >= p - 1e-12;
      });
      return train.y[at!];
    };
    return [quantile((1 - LEVEL) / 2), quantile((1 + LEVEL) / 2)];
  });
  return { lower: ends.map((end) => end[0]), upper: ends.map((end) => end[1]) };
}

function leavesOf(
  { rootOf, feature, threshold, left, right }: RandomForestRegressor['arrays'],
  tree: number,
  X: Table,
) {
  return Int32Array.from({ length: X.rowCount }, (_, row) => {
    let node = rootOf[tree];
    while (left[node] >= 0) {
      const goesLeft = Math.fround(X.columns[feature[node]][row]) <= threshold[node];
      node = goesLeft ? left[node] : right[node];
    }
    return node;
  });
}

/** The baseline: the shortest range that holds 90% of the training songs. */
function oneRange({ train, test }: Case): Ends {
  const [low, high] = shortestRange(train.y, LEVEL);
  return { lower: test.out.prediction.map(() => low), upper: test.out.prediction.map(() => high) };
}

export const CANDIDATES: Record<string, (of: Case) => Ends> = {
  'one range for all songs': oneRange,
  'out-of-bag errors': scaled(() => 1),
  'the same in each fifth of the predictions': byFifths,
  'over the spread of the trees + 2': scaled(({ spread }, row) => spread[row] + 2),
  'over the spread of the trees + 5': scaled(({ spread }, row) => spread[row] + 5),
  'over the spread of the trees + 10': scaled(({ spread }, row) => spread[row] + 10),
  'conformalized quantiles of the trees, 5%': conformalized(0.05),
  'conformalized quantiles of the trees, 20%': conformalized(0.2),
  'quantile forest, as it is': quantileForest,
};

/** The rule of `fitIntervals`. */
const CHOSEN = 'over the spread of the trees + 5';

/** The figures of one candidate over all splits. */
export interface Measured {
  candidate: string;
  /** Mean share of unseen songs inside, its standard deviation over the splits, and the mean width in points. */
  coverage: number;
  deviation: number;
  width: number;
  /** Share inside of each genre's songs, over all splits; empty where there are no genres. */
  ofGenre: Record<string, number>;
}

/**
 * Measures every candidate on repeated 75/25 splits.
 * @param X features, one row per song; y popularity
 * @param params of the forest; its randomState is the split's number
 * @param genres of the songs, where the table has them
 */
export async function measureIntervals(
  X: Table,
  y: ArrayLike<number>,
  params: { nEstimators?: number; maxDepth?: number; minSamplesLeaf?: number },
  splits: number,
  genres: readonly string[] = [],
  candidates = CANDIDATES,
): Promise<Measured[]> {
  const measured = Object.keys(candidates).map(() => ({
    coverage: [] as number[],
    width: [] as number[],
    insideOf: new Map<string, { inside: number; all: number }>(),
  }));
  for (let randomState = 0; randomState < splits; randomState++) {
    const split = trainTestSplit(X.rowCount, { randomState });
    const forest = new RandomForestRegressor({ ...params, randomState });
    const train = { X: takeRows(X, split.train), y: take(y, split.train) };
    const test = { X: takeRows(X, split.test), y: take(y, split.test) };
    await forest.fit(train.X, train.y);
    const of: Case = {
      forest,
      train: { ...train, out: outOfBag(forest, train.X) },
      test: { X: test.X, out: predictWithSpread(forest, test.X) },
    };
    Object.values(candidates).forEach((candidate, i) => {
      const { lower, upper } = candidate(of);
      const ends = Array.from(
        test.y,
        (_, row) => [Math.max(0, lower[row]), Math.min(100, upper[row])] as const,
      );
      const inside = ends.map(([a, b], row) => Number(a <= test.y[row] && test.y[row] <= b));
      const { coverage, width, insideOf } = measured[i];
      coverage.push(mean(inside));
      width.push(mean(ends.map(([a, b]) => b - a)));
      if (genres.length === 0) return;
      split.test.forEach((song, row) => {
        const counts = insideOf.get(genres[song]) ?? { inside: 0, all: 0 };
        insideOf.set(genres[song], { inside: counts.inside + inside[row], all: counts.all + 1 });
      });
    });
  }
  return Object.keys(candidates).map((candidate, i) => ({
    candidate,
    coverage: mean(measured[i].coverage),
    deviation: standardDeviation(measured[i].coverage),
    width: mean(measured[i].width),
    ofGenre: Object.fromEntries(
      Array.from(measured[i].insideOf, ([genre, { inside, all }]) => [genre, inside / all]),
    ),
  }));
}

const SHIPPED = join(__dirname, '..', '..', '..', 'dataset', 'spotify_tracks.csv');

/** Measures on the shipped table and, where it is present, on the tutorial's. */
export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  const splits = args[0] === undefined ? 50 : Number(args[0]);
  if (!(Number.isInteger(splits) && splits >= 2)) {
    throw new InputError(`The intervals benchmark requires at least 2 splits, got ${args[0]}`);
  }
  const tables = [
    { name: 'shipped table', path: SHIPPED, params: { nEstimators: 200, maxDepth: 10, minSamplesLeaf: 4 } },
    { name: "tutorial's table", path: TUTORIAL_TABLE, params: { nEstimators: 100, minSamplesLeaf: 4 } },
  ].filter(({ path }) => existsSync(path));
  for (const { name, path, params } of tables) {
    const songs = cleanTracks(await readTracks(path)).tracks;
    const X = new FeatureEncoder().fit(songs).transform(songs);
    const genres = songs.columns.track_genre as string[] | undefined;
    const measured = await measureIntervals(X, numbers(songs, 'popularity'), params, splits, genres);
    console.log(
      `\n${name}: ${songs.rowCount} songs, ${splits} random splits 75/25, forest ${JSON.stringify(params)}`,
    );
    console.log('coverage of 90% intervals (standard deviation over splits), mean width in points');
    for (const { candidate, coverage, deviation, width } of measured) {
      const share = `${(100 * coverage).toFixed(1)}% (${(100 * deviation).toFixed(1)})`;
      console.log(`${candidate.padEnd(44)}${share.padStart(14)}${width.toFixed(1).padStart(8)}`);
    }
    const { ofGenre } = measured.find(({ candidate }) => candidate === CHOSEN)!;
    const shares = Object.entries(ofGenre).map(([genre, share]) => `${genre} ${(100 * share).toFixed(1)}%`);
    if (shares.length > 0) console.log(`${CHOSEN}, by genre: ${shares.join(', ')}`);
  }
}

if (require.main === module) void main();
