import { float32Columns } from './matrix';
import { openMemory } from './threads';
import type { ForestArrays, Matrix } from './types';

/** Rows that go through all trees together; few enough to stay in the processor's cache. */
const BLOCK = 8192;
const NODE_BYTES = 16;

/** Adds the leaf means of trees `from` to `to - 1`, in their order, to `sums`, a sum per row. */
type AddTrees = (columns: readonly Float32Array[], sums: Float64Array, from: number, to: number) => void;

/** Forests that have predicted before, laid out for the kernel. */
const prepared = new WeakMap<ForestArrays, AddTrees>();

function addTreesOf(forest: ForestArrays): AddTrees {
  let add = prepared.get(forest);
  if (!add) {
    add = prepareKernel(forest) ?? ((...args) => walk(forest, ...args));
    prepared.set(forest, add);
  }
  return add;
}

/** The definition: a row goes left when its value, rounded to float32, is at most the threshold. */
export function walk(forest: ForestArrays, ...[columns, sums, from, to]: Parameters<AddTrees>): void {
  const { feature, threshold, left, right, value } = forest;
  for (let tree = from; tree < to; tree++) {
    for (let i = 0; i < sums.length; i++) {
      let node = forest.rootOf[tree]!;
      while (left[node]! >= 0) {
        const goesLeft = columns[feature[node]!]![i]! <= threshold[node]!;
        node = goesLeft ? left[node]! : right[node]!;
      }
      sums[i]! += value[node]!;
    }
  }
}

/** The same by the kernel (see assembly/predict.ts for the layout), or null when it does not fit its memory. */
function prepareKernel(forest: ForestArrays): AddTrees | null {
  const count = forest.value.length;
  const nodesAt = 1024;
  const valuesAt = nodesAt + count * NODE_BYTES;
  const rootsAt = valuesAt + count * 8;
  const sumsAt = Math.ceil((rootsAt + (forest.treeCount + 8) * 4) / 16) * 16;
  const columnsAt = sumsAt + BLOCK * 8;
  const opened = openMemory(columnsAt + forest.nFeatures * BLOCK * 4);
  if (!opened) return null;
  const { kernel, buffer } = opened;
  const words = new Uint32Array(buffer, nodesAt, count * (NODE_BYTES / 4));
  const singles = new Float32Array(buffer, nodesAt, count * (NODE_BYTES / 4));
  new Float64Array(buffer, valuesAt, count).set(forest.value);
  const place = (node: number) => nodesAt + node * NODE_BYTES;
  for (let node = 0; node < count; node++) {
    const isLeaf = forest.left[node]! < 0;
    singles[node * 4] = roundDown(forest.threshold[node]!);
    words[node * 4 + 1] = columnsAt + (isLeaf ? 0 : forest.feature[node]! * BLOCK * 4);
    words[node * 4 + 2] = place(isLeaf ? node : forest.left[node]!);
    words[node * 4 + 3] = place(isLeaf ? node : forest.right[node]!);
  }
  // Eight roots more than trees: see addTrees.
  const roots = new Uint32Array(buffer, rootsAt, forest.treeCount + 8).fill(nodesAt);
  for (let tree = 0; tree < forest.treeCount; tree++) roots[tree] = place(forest.rootOf[tree]!);
  const inputs = Array.from(
    { length: forest.nFeatures },
    (_, j) => new Float32Array(buffer, columnsAt + j * BLOCK * 4, BLOCK),
  );
  const outputs = new Float64Array(buffer, sumsAt, BLOCK);
  return (columns, sums, from, to) => {
    for (let start = 0; start < sums.length; start += BLOCK) {
      const rows = Math.min(BLOCK, sums.length - start);
      for (let j = 0; j < inputs.length; j++) inputs[j]!.set(columns[j]!.subarray(start, start + rows));
      outputs.set(sums.subarray(start, start + rows));
      const walkers = rows === 1 ? 1 : Math.ceil(rows / 8) * 8;
      kernel.addTrees(rootsAt + from * 4, to - from, nodesAt, valuesAt, walkers, sumsAt);
      sums.set(outputs.subarray(0, rows), start);
    }
  };
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The largest float32 that is at most `value`: of all float32 numbers the same ones are at most it. */
function roundDown(value: number): number {
  single[0] = value;
  if (single[0]! <= value) return single[0]!;
  if (single[0] === 0) return -(2 ** -149);
  bits[0]! += single[0]! > 0 ? -1 : 1;
  return single[0]!;
}

/** The trees' means added in tree order, divided by their number. */
export function predictForest(caller: string, forest: ForestArrays, X: Matrix): Float64Array {
  const columns = float32Columns(caller, X, forest.nFeatures);
  const total = new Float64Array(columns[0]!.length);
  addTreesOf(forest)(columns, total, 0, forest.treeCount);
  for (let row = 0; row < total.length; row++) total[row]! /= forest.treeCount;
  return total;
}

/** Every tree's own prediction: `result[tree][row]`. */
export function predictEachTree(caller: string, forest: ForestArrays, X: Matrix): Float64Array[] {
  const columns = float32Columns(caller, X, forest.nFeatures);
  return Array.from({ length: forest.treeCount }, (_, tree) => {
    const prediction = new Float64Array(columns[0]!.length);
    addTreesOf(forest)(columns, prediction, tree, tree + 1);
    return prediction;
  });
}

/** Each row's prediction by the trees that did not learn from it; NaN where every tree did. */
export function predictOutOfBag(
  forest: ForestArrays,
  columns: readonly Float32Array[],
  countsOf: (tree: number) => Uint32Array,
): Float64Array {
  const total = new Float64Array(columns[0]!.length);
  const trees = new Float64Array(total.length);
  const prediction = new Float64Array(total.length);
  for (let tree = 0; tree < forest.treeCount; tree++) {
    const counts = countsOf(tree);
    addTreesOf(forest)(columns, prediction.fill(0), tree, tree + 1);
    for (let row = 0; row < total.length; row++) {
      if (counts[row] !== 0) continue;
      total[row]! += prediction[row]!;
      trees[row]! += 1;
    }
  }
  return total.map((sum, row) => sum / trees[row]!);
}
