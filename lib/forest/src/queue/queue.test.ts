import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { Redis } from 'ioredis';
import { without } from '../../testing/peers';
import { TestRedis, TestWorker } from '../../testing/redis';
import { type Growth, growFolds, growForest } from '../engine/engine';
import { DEFAULTS, rulesFor } from '../ensemble/parameters';
import { KFold } from '../modelSelection/folds';
import { RandomState } from '../randomState';
import { plainBag } from '../tree/bag';
import { treeSeeds } from '../tree/reference';
import type { Progress } from '../types';
import { publicAddress } from './connection';
import { KEEP_S, keys, NAME } from './protocol';
import { growFoldsOnQueue, growForestOnQueue } from './search';

/** A table of random numbers, 30 trees of three configurations on three folds. */
function growthOf(rowCount: number, seed = 1): Growth {
  const random = new RandomState(seed);
  const share = () => random.bits() / 2 ** 32;
  const columns = Array.from({ length: 4 }, () => Float32Array.from({ length: rowCount }, share));
  const y = Float64Array.from(columns[0], (x, i) => Math.round(40 * x + 20 * columns[1][i] + 40 * share()));
  const params = [DEFAULTS, { ...DEFAULTS, maxDepth: 3 }, { ...DEFAULTS, minSamplesLeaf: 4 }];
  return {
    data: { columns, y },
    folds: new KFold(3).split(rowCount),
    seeds: treeSeeds(7, 30),
    bootstrap: true,
    maxFeatures: 4,
    rules: params.map((each) => rulesFor(each, rowCount, 4)),
    prefixes: [10, 30],
    storing: false,
    nJobs: 1,
  };
}

/** Compares every prediction of two ways to grow, bit for bit. */
async function assertSame(growth: Growth, address: string, onProgress?: (progress: Progress) => void) {
  const here = await growFolds(growth, {});
  const there = await growFoldsOnQueue(growth, address, { onProgress });
  let compared = 0;
  for (let fold = 0; fold < 3; fold++) {
    for (let config = 0; config < 3; config++) {
      for (let prefix = 0; prefix < 2; prefix++) {
        assert.deepEqual(there!(fold, config, prefix), here!(fold, config, prefix));
        compared++;
      }
    }
  }
  assert.equal(compared, 18);
}

test('a message shows an address without its password', () => {
  assert.equal(publicAddress('redis://me:secret@host:6379/1'), 'redis://host:6379/1');
  assert.equal(publicAddress('rediss://:p@ss@host'), 'rediss://host');
});

describe('the queue', { skip: without('redis-server') }, () => {
  let redis: TestRedis;
  before(async () => {
    redis = await TestRedis.open();
  });
  after(() => redis.close());

  test('one worker and three give the same digits as threads, and no key is left behind', async () => {
    const workers = [new TestWorker(redis.address)];
    await workers[0].says(/takes jobs/);
    await assertSame(growthOf(600), redis.address);
    for (let i = 0; i < 2; i++) workers.push(new TestWorker(redis.address));
    for (const worker of workers) await worker.says(/takes jobs/);
    await assertSame(growthOf(20_000, 2), redis.address);
    for (const worker of workers)
      assert.match(worker.output, /^job \d+: fold \d, trees \d+ to \d+, [\d.]+ s$/m);
    for (const worker of workers) assert.equal(await worker.kill('SIGTERM'), 0);
    assert.deepEqual(await redis.keys(), []);
  });

  test('a forest grown in ranges of trees is the forest', async () => {
    const worker = new TestWorker(redis.address);
    await worker.says(/takes jobs/);
    const growth = growthOf(20_000, 3);
    const { data } = growth;
    const rows = Int32Array.from(data.y.keys());
    const folds = [{ train: rows, test: new Int32Array() }];
    const gaps = data.columns.map((column, j) =>
      column.map((value, row) => ((row + j) % 9 ? value : Number.NaN)),
    );
    const sampleWeight = Float64Array.from(rows, (row) => (row % 5) + 1);
    const rule = growth.rules[2];
    let compared = 0;
    for (const [columns, rules, weights] of [
      [data.columns, rule, null],
      [gaps, rule, sampleWeight],
      [gaps, { ...rule, splitter: 'random' as const }, null],
    ] as const) {
      const given = { ...data, columns };
      const work = { ...growth, data: given, folds, rules: [rules], prefixes: [], storing: true };
      const there = await growForestOnQueue({ ...work, sampleWeight: weights }, redis.address, {});
      const bag = { ...plainBag(rows.length, true), sampleWeight: weights };
      const here = await growForest({ data: given, seeds: growth.seeds, rules, bag, nJobs: 1 }, {});
      assert.deepEqual(there, here);
      compared++;
    }
    assert.equal(compared, 3);
    assert.equal(await worker.kill('SIGTERM'), 0);
  });

  test('where a killed search still seems to live, the last worker lets the keys of the queue lapse', async () => {
    const client = new Redis(redis.address);
    await client.set(keys.search('killed'), NAME);
    const worker = new TestWorker(redis.address);
    await worker.says(/takes jobs/);
    await assertSame(growthOf(600), redis.address);
    assert.equal(await worker.kill('SIGTERM'), 0);
    await client.del(keys.search('killed'));
    const left = await redis.keys();
    assert.ok(left.length > 0);
    for (const key of left) {
      const seconds = await client.ttl(key);
      assert.ok(seconds > 0 && seconds <= KEEP_S, `${key}: ${seconds}`);
    }
    await client.flushall();
    client.disconnect();
  });

  test('a search waits for a worker, says so, and can be stopped', async () => {
    const labels: string[] = [];
    const stop = new AbortController();
    const onProgress = ({ label }: Progress) => {
      labels.push(label!);
      if (labels.length > 3) stop.abort(new Error('enough'));
    };
    const options = { onProgress, signal: stop.signal };
    await assert.rejects(async () => growFoldsOnQueue(growthOf(200), redis.address, options), /enough/);
    assert.match(labels[0], /^3 jobs wait for a worker$/);
    assert.deepEqual(await redis.keys(), []);
  });

  test('the job of a killed worker goes to another one', async () => {
    const doomed = new TestWorker(redis.address);
    await doomed.says(/takes jobs/);
    let isKilled = false;
    const other = () => {
      isKilled = true;
      void doomed.kill('SIGKILL');
      return new TestWorker(redis.address);
    };
    const spare: TestWorker[] = [];
    await assertSame(growthOf(100_000, 4), redis.address, ({ done }) => {
      if (done > 0 && !isKilled) spare.push(other());
    });
    assert.ok(isKilled);
    assert.equal(await spare[0].kill('SIGTERM'), 0);
  });
});
