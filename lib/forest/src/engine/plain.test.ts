import assert from 'node:assert/strict';
import test from 'node:test';
import threads, { Worker } from 'node:worker_threads';
import { RandomForestRegressor } from '../ensemble/forest';
import { RandomForestClassifier } from '../ensemble/forestClassifiers';
import { RandomState } from '../randomState';
import type { ForestArrays, RunOptions } from '../types';
import { SHARING_PAYS_MS } from './plain';

SHARING_PAYS_MS.starting = 0;
SHARING_PAYS_MS.waiting = 0;

const random = new RandomState(9);
const share = () => random.bits() / 2 ** 32;
const X = Array.from({ length: 3000 }, () => Array.from({ length: 6 }, share));
const y = X.map((row) => Math.round(50 * row[0] + 30 * row[1] * row[2] + 9 * share()));
const classes = y.map((value) => (value < 25 ? 'low' : value < 45 ? 'middle' : 'high'));
const gappy = X.map((row) => row.map((value) => (value > 0.9 ? Number.NaN : value)));

/** Handles of worker threads that this process still has. */
const workersLeft = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

/** All workers started from here on. */
const started: Worker[] = [];
/** How many more may start before the system has no thread left. */
let threadsLeft = Number.POSITIVE_INFINITY;
threads.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    if (threadsLeft-- <= 0) throw new Error('no thread left');
    super(...args);
    started.push(this);
  }
};

const untilNoneWaits = () => new Promise((resolve) => setTimeout(resolve, 1100));

type Fit = (nJobs: number, options?: RunOptions) => Promise<{ arrays: ForestArrays }>;
const fitClasses = (nEstimators: number): Fit => {
  const params = { nEstimators, criterion: 'entropy' as const };
  return (nJobs, options) => new RandomForestClassifier({ ...params, nJobs }).fit(X, classes, options);
};
const FITS: [string, Fit][] = [
  ['entropy', fitClasses(40)],
  [
    'missing values and constraints',
    (nJobs) =>
      new RandomForestRegressor({ nEstimators: 24, monotonicCst: [1, 0, 0, 0, 0, 0], nJobs }).fit(gappy, y),
  ],
  [
    'the best leaves first',
    (nJobs) => new RandomForestRegressor({ nEstimators: 24, maxLeafNodes: 300, nJobs }).fit(X, y),
  ],
];

for (const [name, fit] of FITS) {
  test(`forests of the plain definition do not depend on the number of threads: ${name}`, async () => {
    started.length = 0;
    const alone = (await fit(1)).arrays;
    assert.equal(started.length, 0);
    for (const nJobs of [2, 3]) {
      await untilNoneWaits();
      started.length = 0;
      assert.deepEqual((await fit(nJobs)).arrays, alone);
      assert.equal(started.length, nJobs - 1);
    }
  });
}

test('an aborted fit of the plain definition rejects at once and leaves no worker', async () => {
  await untilNoneWaits();
  const before = workersLeft();
  for (const nJobs of [1, 3]) {
    const abort = new AbortController();
    const reason = new Error('stopped by the user');
    let grown = 0;
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      assert.equal(total, 3000);
      grown = done;
    };
    setTimeout(() => abort.abort(reason), 700);
    await assert.rejects(fitClasses(3000)(nJobs, { signal: abort.signal, onProgress }), reason);
    assert.ok(grown > 0 && grown < 3000, `${grown} trees`);
    assert.equal(workersLeft(), before);
  }
});

test('progress rises tree by tree, and what onProgress throws ends the fit', async () => {
  const seen: number[] = [];
  await fitClasses(40)(2, { onProgress: ({ done }) => seen.push(done) });
  assert.deepEqual(
    seen,
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  for (const last of [1, 30]) {
    const onProgress = ({ done }: { done: number }) => {
      if (done === last) throw new Error('no more room on the screen');
    };
    await assert.rejects(fitClasses(40)(2, { onProgress }), /no more room/);
  }
});

test('a worker that ends in the middle of its work fails the fit', async () => {
  await untilNoneWaits();
  started.length = 0;
  const fit = fitClasses(3000)(2);
  fit.catch(() => {}); // it is looked at below
  while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await started[0].terminate();
  await assert.rejects(fit, /ended before its work was done/);
});

test('where no worker can be started, the main thread gives the same', async () => {
  await untilNoneWaits();
  const expected = (await fitClasses(40)(1)).arrays;
  threadsLeft = 0;
  assert.deepEqual((await fitClasses(40)(3)).arrays, expected);
  assert.ok(threadsLeft < 0, 'it asked for a worker');
  threadsLeft = Number.POSITIVE_INFINITY;
});

test('the event loop answers within a long tree', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns++;
  }, 1);
  const rows = Array.from({ length: 15 }, () => X).flat();
  const labels = rows.map((_, i) => classes[(i * 7) % 3000]);
  await new RandomForestClassifier({ nEstimators: 1, criterion: 'entropy', nJobs: 1 }).fit(rows, labels);
  clearInterval(timer);
  assert.ok(turns > 3, `${turns} turns`);
});
