import assert from 'node:assert/strict';
import test from 'node:test';
import threads, { Worker } from 'node:worker_threads';
import { RandomForestRegressor } from '../ensemble/forest';
import { r2Score } from '../metrics/metrics';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { RandomState } from '../randomState';

const random = new RandomState(5);
const X = Array.from({ length: 3000 }, () => Array.from({ length: 8 }, () => random.bits() / 2 ** 32));
const y = X.map((row) => Math.round(50 * row[0] + 30 * row[1] * row[2]));

/** Handles of worker threads that this process still has. */
const workersLeft = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

/** All workers started from here on. */
const started: Worker[] = [];
/** The number of threads that may start before the system has none left. */
let threadsLeft = Number.POSITIVE_INFINITY;
threads.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    if (threadsLeft-- <= 0) throw new Error('no thread left');
    super(...args);
    started.push(this);
  }
};

test('an aborted fit rejects with the reason at once and leaves no worker and no trees', async () => {
  for (const nJobs of [1, 2]) {
    const before = workersLeft();
    const forest = new RandomForestRegressor({ nEstimators: 5000, nJobs });
    const abort = new AbortController();
    const reason = new Error('stopped by the user');
    setTimeout(() => abort.abort(reason), 150);
    let grown = 0;
    const onProgress = (progress: { done: number }) => {
      grown = progress.done;
    };
    await assert.rejects(forest.fit(X, y, { signal: abort.signal, onProgress }), reason);
    assert.ok(grown < 5000, 'did not wait for the trees');
    assert.throws(() => forest.arrays, /requires fit before use/);
    assert.equal(workersLeft(), before);
  }
});

test('a signal aborted before the start grows nothing', async () => {
  const signal = AbortSignal.abort(new Error('too late'));
  await assert.rejects(new RandomForestRegressor().fit(X, y, { signal }), /too late/);
});

test('an aborted search rejects and a finished one leaves no worker', async () => {
  const before = workersLeft();
  const make = () =>
    new GridSearchCV(new RandomForestRegressor({ nJobs: 2 }), { nEstimators: [400, 800] }, { nJobs: 2 });
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('interrupted')), 100);
  await assert.rejects(make().fit(X, y, { signal: abort.signal }), /interrupted/);
  assert.equal(workersLeft(), before);
  const search = new GridSearchCV(new RandomForestRegressor(), { nEstimators: [10, 30] }, { nJobs: 2 });
  await search.fit(X, y);
  assert.equal(workersLeft(), before);
});

test('what onProgress throws ends a fit, whenever it throws', async () => {
  for (const nJobs of [1, 2]) {
    const forest = new RandomForestRegressor({ nEstimators: 2000, nJobs });
    const counts: number[] = [];
    const onProgress = ({ done }: { done: number }) => {
      counts.push(done);
      throw new Error('no more room on the screen');
    };
    await assert.rejects(forest.fit(X, y, { onProgress }), /no more room/);
    assert.ok(counts.length === 1 && counts[0] < 2000, `told ${counts}`);
  }
});

test('a worker that ends in the middle of its work fails the fit, and one that waits does no harm', async () => {
  const make = (nEstimators: number) => new RandomForestRegressor({ nEstimators, nJobs: 3 });
  const expected = (await make(60).fit(X, y)).predict(X);
  const waiting = started.filter((worker) => worker.threadId >= 0);
  for (const worker of waiting) worker.emit('error', new Error('of a worker that waits'));
  await Promise.all(waiting.map((worker) => worker.terminate()));
  started.length = 0;
  const fit = make(2000).fit(X, y);
  fit.catch(() => {}); // it is looked at below
  while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await started[0].terminate();
  await assert.rejects(fit, /ended before its work was done/);
  assert.deepEqual((await make(60).fit(X, y)).predict(X), expected);
});

test('no more workers are started than there are rows for', async () => {
  const forest = await new RandomForestRegressor({ nEstimators: 33_000, maxDepth: 1, nJobs: 1 }).fit(
    X.slice(0, 20),
    y.slice(0, 20),
  );
  await new Promise((resolve) => setTimeout(resolve, 1100)); // until none waits
  started.length = 0;
  RandomForestRegressor.fromArrays(forest.arrays, { nJobs: 9 }).predict(X.slice(0, 40));
  assert.equal(started.length, 4);
});

test('where workers cannot be started, those that there are give the same', async () => {
  const make = () => new RandomForestRegressor({ nEstimators: 500, nJobs: 4 });
  const forest = await make().fit(X, y);
  const expected = forest.predict(X);
  for (const workers of [1, 0]) {
    await new Promise((resolve) => setTimeout(resolve, 1100)); // until none waits
    const before = workersLeft();
    threadsLeft = workers;
    assert.deepEqual(forest.predict(X), expected);
    threadsLeft = workers;
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
    }, 5);
    assert.deepEqual((await make().fit(X, y)).predict(X), expected);
    clearInterval(timer);
    assert.ok(turns > 3, `${turns} turns of the event loop with ${workers} workers`);
    assert.ok(threadsLeft < 0, 'it asked for more workers than there were');
    assert.ok(workersLeft() <= before + workers);
  }
  threadsLeft = Number.POSITIVE_INFINITY;
});

test('the memory of past fits is given back', { skip: process.platform !== 'linux' }, async () => {
  const columns = Array.from({ length: 40 }, (_, j) =>
    Float64Array.from({ length: 40_000 }, (_, i) => i % (j + 9)),
  );
  const table = { names: [], rowCount: 40_000, columns };
  const before = process.memoryUsage.rss();
  let most = 0;
  for (let i = 0; i < 40; i++) {
    await new RandomForestRegressor({ nEstimators: 2, maxDepth: 1, nJobs: 2 }).fit(table, columns[0]);
    most = Math.max(most, process.memoryUsage.rss());
  }
  const more = Math.round((most - before) / 2 ** 20);
  assert.ok(more < 600, `${more} MB more, where one fit takes 50`);
});

test('the event loop answers while trees grow, and progress only rises to its total', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns++;
  }, 5);
  const seen: number[] = [];
  const search = new GridSearchCV(
    new RandomForestRegressor(),
    { nEstimators: [40, 80], maxDepth: [3, null] },
    { cv: 3 },
  );
  await search.fit(X, y, {
    onProgress: ({ done, total }) => {
      assert.equal(total, 12);
      seen.push(done);
    },
  });
  clearInterval(timer);
  assert.ok(turns > 3, `${turns} turns`);
  assert.equal(seen.at(-1), 12);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
});

test('threads that overtake each other leave no trace in the scores', async () => {
  const grid = { nEstimators: [20, 60], maxDepth: [2, 5, null], minSamplesLeaf: [1, 7] };
  const scoresWith = async (nJobs: number) => {
    const options = { cv: 3, nJobs, refit: false };
    const search = new GridSearchCV(new RandomForestRegressor({ randomState: 1 }), grid, options);
    return (await search.fit(X, y)).cvResults.splitTestScores;
  };
  const alone = await scoresWith(1);
  for (const nJobs of [2, 3, 7]) assert.deepEqual(await scoresWith(nJobs), alone);
  // Fold 0 tests the first 1,000 rows; the last candidate is that of most trees and largest leaves.
  const last = new RandomForestRegressor({ nEstimators: 60, minSamplesLeaf: 7, randomState: 1 });
  await last.fit(X.slice(1000), y.slice(1000));
  assert.equal(alone.at(-1)![0], r2Score(y.slice(0, 1000), last.predict(X.slice(0, 1000))));
});
