import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { DEFAULTS, rulesFor } from '../ensemble/parameters';
import { answerLength, cut, FoldSums, isWholeFold } from './parts';
import type { Work } from './protocol';

/** Work on folds of equal size, of which only the sizes matter here. */
function workOf(rows: number, folds: number, trees: number, configs: number, prefixes: number[]): Work {
  const train = new Int32Array(rows - rows / folds);
  const test = new Int32Array(rows / folds);
  const rule = rulesFor({ ...DEFAULTS, maxDepth: 5 }, rows, 3);
  return {
    folds: Array.from({ length: folds }, () => ({ train, test })),
    seeds: new Uint32Array(trees),
    rules: Array.from({ length: configs }, () => rule),
    prefixes,
    bootstrap: true,
    maxFeatures: 3,
    storing: false,
  } as Work;
}

test('the jobs hold every tree of every fold once, for any number of workers', () => {
  let tried = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 2, max: 10 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 10, max: 50_000 }),
      (trees, folds, workers, rows) => {
        const work = workOf(rows * folds, folds, trees, 9, [trees]);
        const jobs = cut(work, 11, workers);
        const seen = work.folds.map(() => new Uint8Array(trees));
        for (const { fold, from, to } of jobs) for (let tree = from; tree < to; tree++) seen[fold][tree] += 1;
        for (const fold of seen) assert.ok(fold.every((times) => times === 1));
        tried++;
      },
    ),
  );
  assert.ok(tried >= 100);
});

test('enough jobs for many workers, and few for small work', () => {
  const large = workOf(114_000, 5, 200, 9, [50, 100, 200]);
  assert.ok(cut(large, 14, 50).length >= 200);
  assert.ok(cut(large, 14, 2).length >= 8);
  assert.equal(cut(workOf(100, 5, 200, 9, [200]), 11, 50).length, 5);
});

test('a part of a fold answers with single trees and never with more than 48 MB', () => {
  const work = workOf(1_000_000, 5, 200, 9, [50, 100, 200]);
  const jobs = cut(work, 14, 4);
  assert.ok(jobs.length > 5);
  for (const job of jobs) {
    assert.ok(!isWholeFold(job, work));
    assert.ok(answerLength(job, work) * 8 <= 48 * 2 ** 20);
  }
});

test('ranges that come in any order are added in the order of the trees', () => {
  const work = workOf(4, 2, 3, 1, [1, 3]);
  const sums = new FoldSums(work, 0);
  // 0.1 + 0.2 + 0.3 differs from 0.3 + 0.2 + 0.1 in its last bit.
  sums.add({ fold: 0, from: 1, to: 3 }, Float64Array.of(0.2, 2, 0.3, 3));
  sums.add({ fold: 0, from: 0, to: 1 }, Float64Array.of(0.1, 1));
  assert.deepEqual(sums.predictions, Float64Array.of(0.1, 1, (0.1 + 0.2 + 0.3) / 3, 2));
});
