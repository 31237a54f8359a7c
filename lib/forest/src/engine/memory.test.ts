import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { X, y } from '../../oracle/recorded';
import { RandomForestRegressor } from '../ensemble/forest';
import { KFold } from '../modelSelection/folds';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { RandomState } from '../randomState';
import { openMemory } from './threads';

type MemoryClass = new (wanted: { initial: number }) => object;
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: MemoryClass } };
const { Memory } = WebAssembly;
after(() => {
  WebAssembly.Memory = Memory;
});

/** From here on no memory of more pages than this is to be had; what was given and what refused is counted. */
function leave(pages: number) {
  const count = { refused: 0, given: 0, largest: 0 };
  WebAssembly.Memory = class extends Memory {
    constructor(wanted: { initial: number }) {
      if (wanted.initial > pages) {
        count.refused++;
        throw new RangeError('could not allocate memory');
      }
      super(wanted);
      count.given++;
      count.largest = Math.max(count.largest, wanted.initial);
    }
  };
  return count;
}

const grow = async () => {
  const done: number[] = [];
  const forest = new RandomForestRegressor({ nEstimators: 5, randomState: 3 });
  await forest.fit(X, y, { onProgress: (progress) => done.push(progress.done / progress.total) });
  return { forest: { ...forest.arrays }, end: done.at(-1) };
};
const search = async () => {
  const grid = { nEstimators: [2, 4], maxDepth: [1, 2, null], minSamplesLeaf: [1, 0.1] };
  const found = new GridSearchCV(new RandomForestRegressor({ randomState: 1 }), grid, { cv: new KFold(3) });
  const done: number[] = [];
  await found.fit(X, y, { onProgress: (progress) => done.push(progress.done / progress.total) });
  assert.deepEqual(
    done,
    [...done].sort((a, b) => a - b),
  );
  return { cvResults: found.cvResults, end: done.at(-1) };
};

test('with little memory, or none, the forest and the grid search give the same', async () => {
  const expected = [await grow(), await search()];
  assert.equal(expected[1].end, 1);
  let pages = 0;
  // From none to enough: all candidates at once, halves of them, each by itself.
  for (let isEnough = false; !isEnough; pages = pages * 2 + 1) {
    const memory = leave(pages);
    assert.deepEqual([await grow(), await search()], expected, `with ${pages} pages`);
    isEnough = memory.refused === 0;
  }
  assert.ok(pages > 3, 'it never lacked memory');
});

test('threads that find no room in one memory have one each', async () => {
  const random = new RandomState(4);
  const rows = Array.from({ length: 4000 }, () => Array.from({ length: 6 }, () => random.randint(500)));
  const target = rows.map((row) => row[0] + random.randint(20));
  const fit = async () => {
    const forest = await new RandomForestRegressor({ nEstimators: 100, nJobs: 3 }).fit(rows, target);
    return { ...forest.arrays };
  };
  const whole = leave(2 ** 16);
  const expected = await fit();
  // A little less than what the threads together asked for.
  const memory = leave(whole.largest - 1);
  assert.deepEqual(await fit(), expected);
  assert.equal(memory.refused, 1);
  assert.equal(memory.given, 3);
});

test('more than WebAssembly can address is refused before it is asked for', () => {
  leave(0);
  assert.equal(openMemory(2 ** 32), null);
});
