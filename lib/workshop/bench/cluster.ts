/**
 * `npm run bench -- cluster [--rows N]`: the notebook's grid search on a large table, with this machine's threads and with
 * 1, 2 and 4 workers of a queue on this machine, each with one thread and bound to one core. It compares the scores, and
 * from the times of the jobs it computes how long up to 200 workers would take. It needs redis-server, and taskset to
 * bind workers to cores.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GridSearchCV,
  InputError,
  KFold,
  RandomForestRegressor,
  type Table,
  take,
} from '../../forest/src/index';
import { cut, TestRedis, TestWorker } from '../../forest/testing/index';
import { cleanTracks } from '../../tracks/clean';
import { numbers } from '../../tracks/columns';
import { FeatureEncoder } from '../../tracks/features';
import { readTracks } from '../../tracks/read';
import { writeLargeTable } from './parts/largeTable';

const GRID = { nEstimators: [50, 100, 200], maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };
const FOLDS = 5;
const SIMULATED = [1, 2, 4, 8, 16, 50, 100, 200];

async function makeData(rows: number): Promise<{ X: Table; y: Float64Array }> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  try {
    const path = join(folder, 'tracks.csv');
    writeLargeTable(path, rows);
    const { tracks } = cleanTracks(await readTracks(path));
    const all = Int32Array.from({ length: tracks.rowCount }, (_, row) => row);
    const X = new FeatureEncoder().fit(tracks, all).transform(tracks, all);
    return { X, y: take(numbers(tracks, 'popularity'), all) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of a search without its last fit, and its scores. */
async function timed(X: Table, y: Float64Array, queue: string | null) {
  const forest = new RandomForestRegressor({ randomState: 42 });
  const search = new GridSearchCV(forest, GRID, { cv: FOLDS, refit: false, queue });
  const started = performance.now();
  await search.fit(X, y);
  return { seconds: (performance.now() - started) / 1000, scores: JSON.stringify(search.cvResults) };
}

/** The same with so many workers, and the seconds of each job. */
async function withWorkers(X: Table, y: Float64Array, count: number) {
  const redis = await TestRedis.open();
  const workers = Array.from({ length: count }, (_, i) => {
    const core = i % availableParallelism();
    return new TestWorker(redis.address, { within: ['taskset', '-c', `${core}`] });
  });
  try {
    for (const worker of workers) await worker.says(/takes jobs/);
    const result = await timed(X, y, redis.address);
    return { ...result, output: workers.map(({ output }) => output).join('\n') };
  } finally {
    for (const worker of workers) await worker.kill('SIGTERM');
    await redis.close();
  }
}

/** Seconds of a job, by fold and number of trees, from the mean of a tree in the workers' own words. */
function jobSeconds(output: string): (fold: number, trees: number) => number {
  const sums = Array.from({ length: FOLDS }, () => ({ seconds: 0, trees: 0 }));
  for (const [, fold, from, to, seconds] of output.matchAll(
    /fold (\d+), trees (\d+) to (\d+), ([\d.]+) s$/gm,
  )) {
    const sum = sums[Number(fold) - 1];
    sum.seconds += Number(seconds);
    sum.trees += Number(to) - Number(from) + 1;
  }
  return (fold, trees) => (sums[fold].seconds / sums[fold].trees) * trees;
}

/** The time that so many workers take, if each takes the next job as soon as it is free. */
function simulate(X: Table, secondsOf: (fold: number, trees: number) => number, workers: number): number {
  const trees = Math.max(...GRID.nEstimators);
  const rules = { length: GRID.maxDepth.length * GRID.minSamplesLeaf.length };
  const work = { folds: new KFold(FOLDS).split(X.rowCount), seeds: { length: trees }, rules, storing: false };
  const free = new Float64Array(workers);
  for (const { fold, from, to } of cut(work, X.columns.length, workers)) {
    free[free.indexOf(Math.min(...free))] += secondsOf(fold, to - from);
  }
  return Math.max(...free);
}

/** Measures, compares, and draws the simulation. */
export async function main(args: string[]): Promise<void> {
  const rows = args[0] === '--rows' ? Number(args[1]) : 114_000;
  if (!(rows >= 1000)) throw new InputError(`cluster requires --rows of at least 1000, got ${args[1]}`);
  const { X, y } = await makeData(rows);
  console.log(`${X.rowCount} songs x ${X.names.length} features, 27 candidates, ${FOLDS} folds`);
  const threads = await timed(X, y, null);
  console.log(`${availableParallelism()} threads: ${threads.seconds.toFixed(1)} s`);
  let output = '';
  for (const count of [1, 2, 4]) {
    const queue = await withWorkers(X, y, count);
    const over = 100 * (queue.seconds / threads.seconds - 1);
    const same = queue.scores === threads.scores ? 'the same scores' : 'OTHER SCORES';
    console.log(
      `${count} workers: ${queue.seconds.toFixed(1)} s, ${over.toFixed(0)}% more than threads, ${same}`,
    );
    if (queue.scores !== threads.scores) process.exitCode = 1;
    output += queue.output;
  }
  console.log('Computed from the times of the jobs, without handing out and joining:');
  const secondsOf = jobSeconds(output);
  const alone = simulate(X, secondsOf, 1);
  for (const count of SIMULATED) {
    const seconds = simulate(X, secondsOf, count);
    const bar = '#'.repeat(Math.max(1, Math.round((60 * seconds) / alone)));
    console.log(`${String(count).padStart(4)} ${seconds.toFixed(1).padStart(8)} s  ${bar}`);
  }
}
