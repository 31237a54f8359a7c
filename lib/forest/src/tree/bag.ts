import { sum } from '../metrics/metrics';
import { RandomState } from '../randomState';

/** The rows that a forest's trees learn from, and their weights. */
export interface Bag {
  rowCount: number;
  /** Rows that each tree draws with replacement; null where every tree learns from all rows. */
  draws: number | null;
  /** With `draws` a row is drawn by its weight; without, its weight counts in every sum. Null for equal ones. */
  sampleWeight: Float64Array | null;
  /** Each row's class, where a tree's rows are weighted so that all classes that it drew weigh the same. */
  balancedClasses: Int32Array | null;
}

/** Rows with equal weights, drawn as often as there are rows, or not drawn at all. */
export const plainBag = (rowCount: number, bootstrap: boolean): Bag => ({
  rowCount,
  draws: bootstrap ? rowCount : null,
  sampleWeight: null,
  balancedClasses: null,
});

/** Counts how often each row is in a tree's bootstrap; the tree's seed decides. */
export function bootstrapCounts(seed: number, rowCount: number, draws = rowCount): Uint32Array {
  const random = new RandomState(seed);
  const counts = new Uint32Array(rowCount);
  for (let i = 0; i < draws; i++) counts[random.randint(rowCount)] += 1;
  return counts;
}

/** The running sum of rows' weights, as shares of the whole: numpy's `choice` draws a row by bisection of it. */
export function runningShares(weights: Float64Array): Float64Array {
  const total = sum(weights);
  const ends = new Float64Array(weights.length);
  let running = 0;
  for (let row = 0; row < ends.length; row++) {
    running += weights[row] / total;
    ends[row] = running;
  }
  for (let row = 0; row < ends.length; row++) ends[row] /= running;
  return ends;
}

/** Counts how often each row is drawn where its weight decides. */
function weightedCounts(seed: number, weights: Float64Array, draws: number): Uint32Array {
  const random = new RandomState(seed);
  const ends = runningShares(weights);
  const counts = new Uint32Array(weights.length);
  for (let i = 0; i < draws; i++) counts[firstAbove(ends, random.random())] += 1;
  return counts;
}

function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts how often the tree of this seed has drawn each row; once each without a bootstrap. */
export function drawnCounts({ rowCount, draws, sampleWeight }: Bag, seed: number): Uint32Array {
  if (draws === null) return new Uint32Array(rowCount).fill(1);
  return sampleWeight ? weightedCounts(seed, sampleWeight, draws) : bootstrapCounts(seed, rowCount, draws);
}

/** Each row's weight in the tree of this seed. */
export function treeWeights(bag: Bag, seed: number): ArrayLike<number> {
  if (bag.draws === null) return bag.sampleWeight ?? new Uint32Array(bag.rowCount).fill(1);
  const counts = drawnCounts(bag, seed);
  return bag.balancedClasses ? balanced(counts, bag.balancedClasses, bag.draws) : counts;
}

/** Counts weighted so that each class that was drawn weighs the same. */
function balanced(counts: Uint32Array, classes: Int32Array, draws: number): Float64Array {
  const drawn: number[] = [];
  counts.forEach((count, row) => {
    drawn[classes[row]] = (drawn[classes[row]] ?? 0) + count;
  });
  const present = drawn.filter((count) => count > 0).length;
  return Float64Array.from(counts, (count, row) =>
    count === 0 ? 0 : count * (draws / (present * drawn[classes[row]])),
  );
}
