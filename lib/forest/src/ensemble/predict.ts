import { addTreesTogether, openMemory } from '../engine/threads';
import { float32Columns, hasMissing } from '../matrix';
import { missingDirections } from '../tree/trees';
import type { ForestArrays, Matrix } from '../types';

/** Rows that go down the trees together: as many as need this much memory. */
const ROWS_BYTES = 2 ** 28;
/** Limits of the numbers that share 32 bits of a node, see assembly/predict.ts. */
const MOST_FEATURES = 1024;
const LONGEST_STEP = 2 ** 22 - 1;

/** Adds the leaf values of trees `from` to `to - 1`, in their order, to `sums`, `valuesPerNode` sums per row. */
type AddTrees = (sums: Float64Array, from: number, to: number) => void;

/** A forest laid out for the kernel, with room for some rows. */
interface Prepared {
  capacity: number;
  /** Takes rows in; what it returns serves until the next rows are taken in. */
  take(columns: readonly Float32Array[], nJobs: number | null): AddTrees;
}

const prepared = new WeakMap<ForestArrays, Prepared>();

/** Calls `visit` for as many rows at a time as fit; `start` is the first of them. */
function visitRows(
  forest: ForestArrays,
  columns: readonly Float32Array[],
  nJobs: number | null,
  visit: (add: AddTrees, start: number, end: number) => void,
): void {
  const rowCount = columns[0].length;
  if ((forest.valuesPerNode ?? 1) > 1 || hasMissing(columns)) {
    visit((sums, from, to) => walk(forest, columns, sums, from, to), 0, rowCount);
    return;
  }
  const most = Math.max(8, Math.floor(ROWS_BYTES / (forest.nFeatures * 4 + 8)));
  let ready = prepared.get(forest);
  if (!ready || ready.capacity < Math.min(rowCount, most)) {
    const capacity = Math.min(most, Math.max(rowCount, 2 * (ready?.capacity ?? 0)));
    ready = prepareKernel(forest, capacity) ?? {
      capacity: Number.POSITIVE_INFINITY,
      take: (columns) => (sums, from, to) => walk(forest, columns, sums, from, to),
    };
    prepared.set(forest, ready);
  }
  for (let start = 0; start < rowCount; start += ready.capacity) {
    const end = Math.min(start + ready.capacity, rowCount);
    const rows = end - start === rowCount ? columns : columns.map((column) => column.subarray(start, end));
    visit(ready.take(rows, nJobs), start, end);
  }
}

/**
 * The definition: a row goes left when its value, rounded to float32, is at most the threshold, and where the
 * node says so when it has none.
 */
export function walk(
  forest: ForestArrays,
  columns: readonly Float32Array[],
  ...[sums, from, to]: Parameters<AddTrees>
): void {
  const { feature, threshold, left, right, value, valuesPerNode = 1 } = forest;
  let missingGoToLeft: Uint8Array | undefined;
  const rowCount = sums.length / valuesPerNode;
  for (let tree = from; tree < to; tree++) {
    for (let i = 0; i < rowCount; i++) {
      let node = forest.rootOf[tree];
      while (left[node] >= 0) {
        const asked = columns[feature[node]][i];
        const isMissing = Number.isNaN(asked);
        if (isMissing) missingGoToLeft ??= missingDirections(forest);
        const goesLeft = isMissing ? missingGoToLeft![node] === 1 : asked <= threshold[node];
        node = goesLeft ? left[node] : right[node];
      }
      for (let k = 0; k < valuesPerNode; k++) {
        sums[i * valuesPerNode + k] += value[node * valuesPerNode + k];
      }
    }
  }
}

/** The same by the kernel (see assembly/predict.ts for the layout), or null when the forest does not fit it. */
function prepareKernel(forest: ForestArrays, capacity: number): Prepared | null {
  const { left, right, feature, threshold, nFeatures, treeCount } = forest;
  const count = forest.value.length;
  const most = Math.max(16, Math.ceil(capacity / 8) * 8);
  const nodesAt = 1024;
  const valuesAt = nodesAt + count * 8;
  const rootsAt = valuesAt + count * 8;
  const sumsAt = Math.ceil((rootsAt + (treeCount + 8) * 4) / 16) * 16;
  const rowsAt = sumsAt + most * 8;
  const opened = nFeatures <= MOST_FEATURES ? openMemory(rowsAt + nFeatures * most * 4) : null;
  if (!opened) return null;
  const { kernel, memory } = opened;
  const { buffer } = memory;
  const nodes = new Int32Array(buffer, nodesAt, count * 2);
  new Float64Array(buffer, valuesAt, count).set(forest.value);
  for (let node = 0; node < count; node++) {
    const isLeaf = left[node] < 0;
    const step = isLeaf ? 0 : right[node] - node;
    if (step > LONGEST_STEP || (!isLeaf && left[node] !== node + 1)) return null;
    nodes[node * 2] = isLeaf ? -(2 ** 31) : order(bitsOf(roundDown(threshold[node])));
    nodes[node * 2 + 1] = (step << 10) | (isLeaf ? 0 : feature[node]);
  }
  // Eight roots more than trees: see addTrees.
  const roots = new Uint32Array(buffer, rootsAt, treeCount + 8).fill(nodesAt);
  for (let tree = 0; tree < treeCount; tree++) roots[tree] = nodesAt + forest.rootOf[tree] * 8;
  const values = new Int32Array(buffer, rowsAt, nFeatures * most);
  const totals = new Float64Array(buffer, sumsAt, most);
  const take = (columns: readonly Float32Array[], nJobs: number | null): AddTrees => {
    const rows = columns[0].length;
    for (let j = 0; j < nFeatures; j++) {
      if (rows === 1) values.fill(order(bitsOf(columns[j][0])), j * 8, j * 8 + 8);
      else {
        const bits = new Int32Array(columns[j].buffer, columns[j].byteOffset, rows);
        for (let i = 0; i < rows; i++) values[((i >> 3) * nFeatures + j) * 8 + (i & 7)] = order(bits[i]);
      }
    }
    const blocks = rows === 1 ? 0 : Math.ceil(rows / 8);
    return (sums, from, to) => {
      totals.set(sums);
      const trees = { roots: rootsAt + from * 4, trees: to - from, means: valuesAt - nodesAt };
      const place = { rows: rowsAt, blocks, features: nFeatures, sums: sumsAt };
      addTreesTogether(kernel, memory, { ...trees, ...place }, nJobs);
      sums.set(totals.subarray(0, rows));
    };
  };
  return { capacity, take };
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

function bitsOf(value: number): number {
  single[0] = value;
  return bits[0];
}

/** Whole numbers from the bits of float32 numbers, in the order of their values; -0 is 0. */
const order = (bits: number) => (bits === -(2 ** 31) ? 0 : bits ^ ((bits >> 31) & 0x7fffffff));

/** The largest float32 that is at most `value`: of all float32 numbers the same ones are at most it. */
function roundDown(value: number): number {
  single[0] = value;
  if (single[0] <= value) return single[0];
  if (single[0] === 0) return -(2 ** -149);
  bits[0] += single[0] > 0 ? -1 : 1;
  return single[0];
}

/**
 * The trees' values added in tree order, divided by their number: `valuesPerNode` numbers a row.
 * @param nJobs threads at most, null for all cores
 */
export function predictForest(
  caller: string,
  forest: ForestArrays,
  X: Matrix,
  nJobs: number | null,
): Float64Array {
  const { valuesPerNode = 1, treeCount } = forest;
  const columns = float32Columns(caller, X, { features: forest.nFeatures, mayMiss: true });
  const total = new Float64Array(columns[0].length * valuesPerNode);
  visitRows(forest, columns, nJobs, (add, start, end) => {
    add(total.subarray(start * valuesPerNode, end * valuesPerNode), 0, treeCount);
  });
  for (let i = 0; i < total.length; i++) total[i] /= treeCount;
  return total;
}

/** Every tree's own prediction: `result[tree]` has `valuesPerNode` numbers a row. */
export function predictEachTree(caller: string, forest: ForestArrays, X: Matrix): Float64Array[] {
  const { valuesPerNode = 1, treeCount } = forest;
  const columns = float32Columns(caller, X, { features: forest.nFeatures, mayMiss: true });
  const length = columns[0].length * valuesPerNode;
  const predictions = Array.from({ length: treeCount }, () => new Float64Array(length));
  visitRows(forest, columns, 1, (add, start, end) => {
    for (const [tree, prediction] of predictions.entries()) {
      add(prediction.subarray(start * valuesPerNode, end * valuesPerNode), tree, tree + 1);
    }
  });
  return predictions;
}

/** Each row's prediction by the trees that did not learn from it; NaN where every tree did. */
export function predictOutOfBag(
  forest: ForestArrays,
  columns: readonly Float32Array[],
  countsOf: (tree: number) => Uint32Array,
): Float64Array {
  const { valuesPerNode = 1, treeCount } = forest;
  const total = new Float64Array(columns[0].length * valuesPerNode);
  const trees = new Float64Array(columns[0].length);
  visitRows(forest, columns, 1, (add, start, end) => {
    const prediction = new Float64Array((end - start) * valuesPerNode);
    for (let tree = 0; tree < treeCount; tree++) {
      const counts = countsOf(tree);
      add(prediction.fill(0), tree, tree + 1);
      for (let row = start; row < end; row++) {
        if (counts[row] !== 0) continue;
        trees[row] += 1;
        for (let k = 0; k < valuesPerNode; k++) {
          total[row * valuesPerNode + k] += prediction[(row - start) * valuesPerNode + k];
        }
      }
    }
  });
  return total.map((sum, i) => sum / trees[Math.floor(i / valuesPerNode)]);
}
