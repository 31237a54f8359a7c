/**
 * `npm run bench -- evaluation` measures the notebook's evaluation, with its own settings, here and in
 * scikit-learn on the shipped table, and compares the numbers. Costs are seconds of processor time of all threads,
 * because other work on the machine changes them little.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  crossValidate,
  GridSearchCV,
  KFold,
  learningCurve,
  nestedCrossValidation,
  partialDependence,
  permutationImportance,
  RandomForestRegressor,
  RepeatedKFold,
  take,
  takeRows,
  trainTestSplit,
} from '../../forest/src/index';
import { PYTHON, without } from '../../forest/testing/index';
import { cleanTracks } from '../../tracks/clean';
import { numbers } from '../../tracks/columns';
import { FeatureEncoder } from '../../tracks/features';
import { readTracks } from '../../tracks/read';

const SHIPPED = join(__dirname, '..', '..', '..', 'dataset', 'spotify_tracks.csv');
const TREES = 200;
const GRID_TREES = [50, 100, 200];
const CURVES = ['danceability', 'loudness', 'duration_ms', 'track_genre'];
const CURVE_ROWS = 200;

type Numbers = ArrayLike<number>[];

export async function main(): Promise<void> {
  const songs = cleanTracks(await readTracks(SHIPPED)).tracks;
  const { train, test } = trainTestSplit(songs.rowCount, { testSize: 0.25, randomState: 42 });
  const encoder = new FeatureEncoder().fit(songs, train);
  const [X, XTest] = [encoder.transform(songs, train), encoder.transform(songs, test)];
  const [y, yTest] = [train, test].map((rows) => take(numbers(songs, 'popularity'), rows)) as [
    Float64Array,
    Float64Array,
  ];
  const make = () =>
    new RandomForestRegressor({ nEstimators: TREES, maxDepth: 10, minSamplesLeaf: 4, randomState: 42 });
  const grid = { nEstimators: GRID_TREES, maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };
  const forest = await make().fit(X, y);
  const tasks: Record<string, () => Promise<Numbers>> = {
    'repeated cross-validation': async () => {
      const splits = new RepeatedKFold({ nSplits: 5, nRepeats: 3, randomState: 42 }).split(X.rowCount);
      return (await crossValidate(make, X, y, splits)).map(({ r2 }) => [r2]);
    },
    'nested cross-validation': async () => {
      const search = () => new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), grid, { cv: 5 });
      return (await nestedCrossValidation(search, X, y, new KFold(3).split(X.rowCount))).kept.map((r2) => [
        r2,
      ]);
    },
    'learning curve': async () =>
      (await learningCurve(make, X, y, new KFold(5).split(X.rowCount), { randomState: 42 })).testScores,
    'permutation importance': async () =>
      (await permutationImportance(forest, XTest, yTest, { nRepeats: 10, randomState: 42 })).map(
        ({ falls }) => falls,
      ),
    'partial dependence': async () => {
      const some = takeRows(
        XTest,
        Int32Array.from({ length: CURVE_ROWS }, (_, row) => row),
      );
      return CURVES.map((name) => partialDependence(forest, some, name, { gridResolution: 40 }).average);
    },
  };
  const missing = without('sklearn');
  if (missing) console.log(`scikit-learn's side ${missing}`);
  const input = {
    X: X.columns.map((column) => [...column]),
    y: [...y],
    XTest: XTest.columns.map((column) => [...column]),
    yTest: [...yTest],
    trees: TREES,
    gridTrees: GRID_TREES,
    curves: CURVES.map((name) => X.names.indexOf(name)),
    curveRows: CURVE_ROWS,
  };
  console.log(`${train.length} songs to learn from, ${test.length} to test on, ${X.names.length} features`);
  for (const [task, run] of Object.entries(tasks)) {
    const before = process.cpuUsage();
    const found = await run();
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    const peer = missing ? null : askPeer({ ...input, task });
    const beside = peer
      ? `scikit-learn ${peer.seconds.toFixed(1).padStart(6)} s, ratio ${(peer.seconds / seconds).toFixed(0).padStart(3)}, largest difference ${largestDifference(found, peer.numbers)}`
      : '';
    console.log(`${task.padEnd(26)} ${seconds.toFixed(1).padStart(5)} s  ${beside}`);
  }
}

function askPeer(input: object): { seconds: number; numbers: number[][] | number[] } {
  const run = spawnSync(PYTHON, [join(__dirname, 'evaluationPeer.py')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (run.status !== 0) throw new Error(`The evaluation benchmark requires its peer, got ${run.stderr}`);
  return JSON.parse(run.stdout);
}

function largestDifference(ours: Numbers, theirs: number[][] | number[]): number {
  const mine = ours.flatMap((row) => Array.from(row));
  const other = theirs.flat();
  if (mine.length === 0 || mine.length !== other.length) return Number.POSITIVE_INFINITY;
  return mine.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
}

if (require.main === module) void main();
