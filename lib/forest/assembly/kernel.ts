/**
 * The fast twin of ../reference.ts: the same trees, for many configurations at once, by any number of threads
 * on one shared memory. Threads draw units of work from counters in that memory, so none has to be told what
 * to do, and the result does not depend on their number.
 */
import { growTree } from './grow';
import { sortColumn } from './lists';
import {
  configCount,
  countersAt,
  featureCount,
  foldCount,
  getF64,
  getI32,
  leafMeansAt,
  prefixCount,
  prefixesAt,
  predictionsAt,
  seedsAt,
  setF64,
  storing,
  sumsAt,
  testOffsetsAt,
  testRowsAt,
  testTotal,
  trainOffsetsAt,
  trainRowsAt,
  treeCount,
} from './memory';

export * from './memory';
export { nodeCount } from './tasks';
export { addTrees } from './predict';

// Counters: the next column to sort, columns sorted, the next unit, units done; then per fold the trees added.
const NEXT_COLUMN: usize = 0;
const SORTED: usize = 4;
const NEXT_UNIT: usize = 8;
const DONE: usize = 12;
const ADDED: usize = 16;

/** Sorts columns, together with the other threads, until none is left to begin with. */
export function sortColumns(): void {
  for (;;) {
    const feature = atomic.add<i32>(countersAt + NEXT_COLUMN, 1);
    if (feature >= featureCount) return;
    sortColumn(feature);
    atomic.add<i32>(countersAt + SORTED, 1);
  }
}

/** Whether the other threads have sorted their columns too; before that no tree can be grown. */
export function areSorted(): bool {
  return atomic.load<i32>(countersAt + SORTED) == featureCount;
}

/**
 * Grows the next tree. Consecutive units belong to different folds, so that threads seldom wait for each other
 * in adding up a fold's trees.
 * @returns its number, -1 when none is left
 */
export function growNext(): i32 {
  const unit = atomic.add<i32>(countersAt + NEXT_UNIT, 1);
  if (unit >= treeCount * foldCount) return -1;
  const fold = unit % foldCount;
  const trainFrom = getI32(trainOffsetsAt, fold);
  const testFrom = getI32(testOffsetsAt, fold);
  growTree(
    getI32(seedsAt, unit / foldCount),
    trainRowsAt + ((<usize>trainFrom) << 2),
    getI32(trainOffsetsAt, fold + 1) - trainFrom,
    testRowsAt + ((<usize>testFrom) << 2),
    getI32(testOffsetsAt, fold + 1) - testFrom,
  );
  return unit;
}

/**
 * Counts the unit just grown as done and adds its predictions to its fold's, in tree order, whichever thread
 * grew them: the order of a sum decides its last bit.
 * @returns 0 when it is not yet its turn
 */
export function addGrown(unit: i32): i32 {
  const fold = unit % foldCount;
  const tree = unit / foldCount;
  const added = countersAt + ADDED + ((<usize>fold) << 2);
  if (!storing) {
    if (atomic.load<i32>(added) < tree) return 0;
    const testFrom = getI32(testOffsetsAt, fold);
    addPredictions(tree, testFrom, getI32(testOffsetsAt, fold + 1) - testFrom);
    atomic.add<i32>(added, 1);
  }
  atomic.add<i32>(countersAt + DONE, 1);
  return 1;
}

/** Adds a tree to its fold's sums, and notes the mean of all trees so far where it is asked for. */
function addPredictions(tree: i32, testFrom: i32, testCount: i32): void {
  for (let config = 0; config < configCount; config++) {
    const means = leafMeansAt + ((<usize>config * <usize>testCount) << 3);
    const sums = sumsAt + (((<usize>config * <usize>testTotal) + testFrom) << 3);
    for (let i = 0; i < testCount; i++) setF64(sums, i, getF64(sums, i) + getF64(means, i));
    for (let prefix = 0; prefix < prefixCount; prefix++) {
      const trees = getI32(prefixesAt, prefix);
      if (trees != tree + 1) continue;
      const to = predictionsAt + (((<usize>(prefix * configCount + config) * <usize>testTotal) + testFrom) << 3);
      for (let i = 0; i < testCount; i++) setF64(to, i, getF64(sums, i) / <f64>trees);
    }
  }
}
