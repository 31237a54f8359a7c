/**
 * The definition of a tree: scikit-learn's rules, one function each, in plain TypeScript. It is written to be
 * read and to be trusted; `assembly/kernel.ts` is the fast twin, which tests hold to this one node for node.
 *
 * With targets whose weighted sums and sums of squares are exact in float64 (whole numbers, or multiples of
 * one power of two, while the sums stay below 2^53 units) the order of summation cannot matter and the trees
 * are scikit-learn's, bit for bit. With other targets the last bit of a sum depends on the order, which
 * scikit-learn leaves to its sorting algorithm; here it is fixed: see `growTree` and `scanFeature`.
 */
import type { Rules } from '../ensemble/parameters';
import { RandomState } from '../randomState';
import type { ForestArrays } from '../types';

/** Values closer than this are one value, in float32 arithmetic. */
const FEATURE_THRESHOLD = Math.fround(1e-7);
/** A node whose impurity is at most this is pure; a split may lose this much to rounding. */
export const EPSILON = 2 ** -52;
/** Number of values of a seed that a forest draws for its trees. */
export const SEED_RANGE = 0x7fffffff;

export interface TrainingData {
  /** Features, rounded to float32. */
  columns: readonly Float32Array[];
  y: Float64Array;
}

/** The seeds of a forest's trees; those of a smaller forest are the first of a larger one's. */
export function treeSeeds(randomState: number, nEstimators: number): Uint32Array {
  const random = new RandomState(randomState);
  return Uint32Array.from({ length: nEstimators }, () => random.randint(SEED_RANGE));
}

/** How often each row is in a tree's bootstrap: n draws with replacement from n rows. */
export function bootstrapCounts(seed: number, rowCount: number): Uint32Array {
  const random = new RandomState(seed);
  const counts = new Uint32Array(rowCount);
  for (let i = 0; i < rowCount; i++) counts[random.randint(rowCount)] += 1;
  return counts;
}

/** The splitter's own generator: xorshift32, of which 31 bits are used. */
export class Xorshift {
  constructor(private state: number) {}

  /** A whole number from low to high - 1. */
  between(low: number, high: number): number {
    let x = this.state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return low + ((x & 0x7fffffff) % (high - low));
  }
}

/** Whether a value counts as equal to a smaller one. */
const sameValue = (smaller: number, larger: number) => larger <= Math.fround(smaller + FEATURE_THRESHOLD);

/** Sums over rows, each counted as often as the bootstrap drew it. */
interface Sums {
  weight: number;
  y: number;
}

interface Best {
  feature: number;
  /** Rows of the left child. */
  position: number;
  proxy: number;
  left: Sums;
  threshold: number;
  /** The node's rows in order of the feature. */
  order: Int32Array;
}

/** What the squared deviation around the children's means leaves to maximise. */
const proxyImprovement = (left: Sums, right: Sums) =>
  (left.y * left.y) / left.weight + (right.y * right.y) / right.weight;

const variance = (sums: Sums, squares: number) =>
  squares / sums.weight - (sums.y / sums.weight) * (sums.y / sums.weight);

/**
 * Grows one tree on the rows that `counts` has above 0.
 * @param counts how often each row is drawn
 * @param seed the tree's seed, which also drew the counts
 * @returns the tree, as a forest of one
 */
export function growTree(data: TrainingData, counts: Uint32Array, rules: Rules, seed: number): ForestArrays {
  const { columns, y } = data;
  const nodes = new NodeList();
  const random = new Xorshift(new RandomState(seed).randint(SEED_RANGE));
  const features = Int32Array.from(columns, (_, j) => j);
  /** The known constant features of the path from the root; a sibling overwrites what it does not share. */
  const constants = new Int32Array(columns.length);
  const inBag = Int32Array.from(counts.keys()).filter((row) => counts[row] > 0);
  const total = sumRows(inBag);
  const stack = [
    {
      rows: inBag,
      depth: 0,
      impurity: variance(total, sumSquares(inBag)),
      known: 0,
      parent: -1,
      isLeft: false,
    },
  ];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const { rows, depth, impurity } = node;
    // Sums of a node run over its rows in the order in which its parent's split left them: by the value of
    // the feature that was split, equal values by row number; at the root by row number.
    const sums = sumRows(rows);
    const id = nodes.add(node.parent, node.isLeft, sums.y / sums.weight, rows.length, sums.weight, impurity);
    const isLeaf =
      depth >= rules.maxDepth ||
      rows.length < rules.minSamplesSplit ||
      rows.length < 2 * rules.minSamplesLeaf ||
      impurity <= EPSILON;
    if (isLeaf) continue;
    const search = findBest(rows, sums, node.known);
    if (!search.best) continue;
    const { feature, position, order, left, threshold } = search.best;
    const right = { weight: sums.weight - left.weight, y: sums.y - left.y };
    const leftRows = order.subarray(0, position);
    const leftSquares = sumSquares(leftRows);
    const leftImpurity = variance(left, leftSquares);
    const rightImpurity = variance(right, sumSquares(rows) - leftSquares);
    const improvement =
      (sums.weight / total.weight) *
      (impurity - (right.weight / sums.weight) * rightImpurity - (left.weight / sums.weight) * leftImpurity);
    if (improvement + EPSILON < 0) continue;
    nodes.split(id, feature, threshold);
    const child = { depth: depth + 1, known: search.known, parent: id };
    stack.push({ ...child, rows: order.subarray(position), impurity: rightImpurity, isLeft: false });
    stack.push({ ...child, rows: leftRows, impurity: leftImpurity, isLeft: true });
  }
  return nodes.toArrays(columns.length);

  function sumRows(rows: Int32Array): Sums {
    const sums = { weight: 0, y: 0 };
    for (const row of rows) {
      sums.weight += counts[row];
      sums.y += counts[row] * y[row];
    }
    return sums;
  }

  function sumSquares(rows: Int32Array): number {
    let squares = 0;
    for (const row of rows) squares += counts[row] * y[row] * y[row];
    return squares;
  }

  /**
   * The best split over features drawn without replacement, until max_features were visited and at least one
   * of them was not constant. `features` is kept in this order: known constants drawn, known constants not
   * drawn, constants found here, not drawn yet, drawn.
   */
  function findBest(rows: Int32Array, sums: Sums, known: number): { best: Best | null; known: number } {
    let best: Best | null = null;
    let undrawn = features.length;
    let visited = 0;
    let drawnConstants = 0;
    let found = 0;
    while (undrawn > known + found && (visited < rules.maxFeatures || visited <= found + drawnConstants)) {
      visited++;
      let drawn = random.between(drawnConstants, undrawn - found);
      if (drawn < known) {
        swap(features, drawnConstants++, drawn);
        continue;
      }
      drawn += found;
      const feature = features[drawn];
      const order = inOrder(rows, columns[feature]);
      if (sameValue(columns[feature][order[0]]!, columns[feature][order[order.length - 1]]!)) {
        swap(features, drawn, known + found++);
        continue;
      }
      swap(features, drawn, --undrawn);
      best = scanFeature(feature, order, sums, best);
    }
    // Relatives must find the known constants in the order in which they were found.
    features.set(constants.subarray(0, known));
    constants.set(features.subarray(known, known + found), known);
    return { best, known: known + found };
  }

  /**
   * Tries every position between two different values, summing from the smallest value up. Only a strictly
   * greater improvement replaces the best, so ties go to the feature drawn first and to the smallest value.
   */
  function scanFeature(feature: number, order: Int32Array, sums: Sums, best: Best | null): Best | null {
    const column = columns[feature];
    const left = { weight: 0, y: 0 };
    for (let position = 1; position < order.length; position++) {
      const row = order[position - 1];
      left.weight += counts[row];
      left.y += counts[row] * y[row];
      const below = column[row];
      const above = column[order[position]]!;
      if (sameValue(below, above)) continue;
      if (position < rules.minSamplesLeaf || order.length - position < rules.minSamplesLeaf) continue;
      const proxy = proxyImprovement(left, { weight: sums.weight - left.weight, y: sums.y - left.y });
      if (proxy > (best?.proxy ?? Number.NEGATIVE_INFINITY)) {
        best = { feature, position, proxy, left: { ...left }, threshold: below / 2 + above / 2, order };
      }
    }
    return best;
  }
}

/** Rows by value, equal values by row number. */
function inOrder(rows: Int32Array, column: Float32Array): Int32Array {
  return rows.slice().sort((a, b) => column[a] - column[b] || a - b);
}

function swap(array: Int32Array, i: number, j: number): void {
  const other = array[i];
  array[i] = array[j];
  array[j] = other;
}

/** Collects the nodes of one tree in the order in which they are made. */
class NodeList {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly value: number[] = [];
  private readonly rows: number[] = [];
  private readonly weight: number[] = [];
  private readonly impurity: number[] = [];

  /** Adds a leaf below `parent` and returns its number. */
  add(
    parent: number,
    isLeft: boolean,
    value: number,
    rows: number,
    weight: number,
    impurity: number,
  ): number {
    const id = this.value.length;
    if (parent >= 0) (isLeft ? this.left : this.right)[parent] = id;
    this.feature.push(-2);
    this.threshold.push(-2);
    this.left.push(-1);
    this.right.push(-1);
    this.value.push(value);
    this.rows.push(rows);
    this.weight.push(weight);
    this.impurity.push(impurity);
    return id;
  }

  /** Makes a leaf an inner node. */
  split(id: number, feature: number, threshold: number): void {
    this.feature[id] = feature;
    this.threshold[id] = threshold;
  }

  toArrays(nFeatures: number): ForestArrays {
    return {
      nFeatures,
      treeCount: 1,
      rootOf: Int32Array.of(0, this.value.length),
      feature: Int32Array.from(this.feature),
      threshold: Float64Array.from(this.threshold),
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      value: Float64Array.from(this.value),
      nNodeSamples: Int32Array.from(this.rows),
      weightedNNodeSamples: Float64Array.from(this.weight),
      impurity: Float64Array.from(this.impurity),
    };
  }
}
