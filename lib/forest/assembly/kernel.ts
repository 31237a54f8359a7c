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
  prefixCount,
  prefixesAt,
  predictionsAt,
  seedsAt,
  separate,
  setF64,
  slotCount,
  slotsAt,
  storing,
  sumsAt,
  testOffsetsAt,
  testRowsAt,
  testTotal,
  trainOffsetsAt,
  trainRowsAt,
  treeCount,
  waitingAt,
} from './memory';

export * from './memory';
export { nodeCount } from './tasks';
export { addTrees } from './predict';

// Counters: the next column to sort, columns sorted, the next unit, units done; then per fold the trees added, and
// 1 while a thread is adding.
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
 * Draws the next tree to grow. Consecutive units belong to different folds.
 * @returns its number, -1 when none is left
 */
export function nextUnit(): i32 {
  const unit = atomic.add<i32>(countersAt + NEXT_UNIT, 1);
  return unit < treeCount * foldCount ? unit : -1;
}

/**
 * Grows a tree. Its predictions are added to its fold's in tree order, whichever thread grew it, because the order
 * of a sum decides its last bit. They wait for their turn in a slot, so no thread waits for another.
 * @returns 0 when all slots are taken, and nothing was done
 */
export function grow(unit: i32): i32 {
  const fold = unit % foldCount;
  const tree = unit / foldCount;
  const trainFrom = getI32(trainOffsetsAt, fold);
  if (!storing && tree - atomic.load<i32>(addedOf(fold)) >= slotCount) return 0;
  growTree(
    getI32(seedsAt, tree),
    trainRowsAt + ((<usize>trainFrom) << 2),
    getI32(trainOffsetsAt, fold + 1) - trainFrom,
    testRowsAt + ((<usize>getI32(testOffsetsAt, fold)) << 2),
    testsOf(fold),
    slotOf(fold, tree),
  );
  if (storing) atomic.add<i32>(countersAt + DONE, 1);
  else {
    atomic.store<i32>(waitingOf(fold, tree), tree + 1);
    addWaiting(fold);
  }
  return 1;
}

// @ts-ignore: decorator
@inline
function addedOf(fold: i32): usize {
  return countersAt + ADDED + ((<usize>fold) << 2);
}

/** Test rows of a fold. */
function testsOf(fold: i32): i32 {
  return getI32(testOffsetsAt, fold + 1) - getI32(testOffsetsAt, fold);
}

function slotOf(fold: i32, tree: i32): usize {
  const testFrom = <usize>getI32(testOffsetsAt, fold);
  const place = testFrom * <usize>slotCount + <usize>(tree % slotCount) * <usize>testsOf(fold);
  return slotsAt + ((<usize>configCount * place) << 3);
}

function waitingOf(fold: i32, tree: i32): usize {
  return waitingAt + ((<usize>(fold * slotCount + (tree % slotCount))) << 2);
}

/**
 * Adds the trees of a fold whose turn it is. One thread at a time does, for all: another that finds it at work
 * leaves, because its own tree, which is marked as waiting by then, is looked for once more after the end.
 */
function addWaiting(fold: i32): void {
  const added = addedOf(fold);
  const adding = addedOf(foldCount + fold);
  for (;;) {
    let tree = atomic.load<i32>(added);
    if (tree == treeCount || atomic.load<i32>(waitingOf(fold, tree)) != tree + 1) return;
    if (atomic.cmpxchg<i32>(adding, 0, 1) != 0) return;
    tree = atomic.load<i32>(added);
    while (tree < treeCount && atomic.load<i32>(waitingOf(fold, tree)) == tree + 1) {
      addPredictions(fold, tree);
      atomic.store<i32>(added, ++tree);
      atomic.add<i32>(countersAt + DONE, 1);
    }
    atomic.store<i32>(adding, 0);
  }
}

/** Adds a tree to its fold's sums, and notes the mean of all trees so far where it is asked for. */
function addPredictions(fold: i32, tree: i32): void {
  const testFrom = getI32(testOffsetsAt, fold);
  const testCount = testsOf(fold);
  const slot = slotOf(fold, tree);
  for (let config = 0; config < configCount; config++) {
    const means = slot + ((<usize>config * <usize>testCount) << 3);
    const sums = sumsAt + (((<usize>config * <usize>testTotal) + testFrom) << 3);
    for (let i = 0; i < testCount; i++) setF64(sums, i, (separate ? 0 : getF64(sums, i)) + getF64(means, i));
    for (let prefix = 0; prefix < prefixCount; prefix++) {
      const trees = getI32(prefixesAt, prefix);
      if (trees != tree + 1) continue;
      const to = predictionsAt + (((<usize>(prefix * configCount + config) * <usize>testTotal) + testFrom) << 3);
      for (let i = 0; i < testCount; i++) setF64(to, i, getF64(sums, i) / <f64>(separate ? 1 : trees));
    }
  }
}
