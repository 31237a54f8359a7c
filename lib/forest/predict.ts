import { float32Columns } from './matrix';
import type { ForestArrays, Matrix } from './types';

/**
 * Calls `visit(row, mean)` with the mean target of the leaf that each row reaches in one tree. A row goes left
 * when its value, rounded to float32, is at most the threshold.
 */
function walkTree(
  forest: ForestArrays,
  tree: number,
  columns: readonly Float32Array[],
  visit: (row: number, mean: number) => void,
): void {
  const { feature, threshold, left, right, value } = forest;
  const root = forest.rootOf[tree]!;
  const rowCount = columns[0]!.length;
  for (let row = 0; row < rowCount; row++) {
    let node = root;
    for (let asked = feature[node]!; asked >= 0; asked = feature[node]!) {
      node = columns[asked]![row]! <= threshold[node]! ? left[node]! : right[node]!;
    }
    visit(row, value[node]!);
  }
}

/** The trees' means added in tree order, divided by their number; only rows where `counts` allows it. */
export function predictForest(caller: string, forest: ForestArrays, X: Matrix): Float64Array {
  const columns = float32Columns(caller, X, forest.nFeatures);
  const prediction = new Float64Array(columns[0]!.length);
  for (let tree = 0; tree < forest.treeCount; tree++) {
    walkTree(forest, tree, columns, (row, mean) => {
      prediction[row]! += mean;
    });
  }
  return prediction.map((total) => total / forest.treeCount);
}

/** Every tree's own prediction: `result[tree][row]`. */
export function predictEachTree(caller: string, forest: ForestArrays, X: Matrix): Float64Array[] {
  const columns = float32Columns(caller, X, forest.nFeatures);
  return Array.from({ length: forest.treeCount }, (_, tree) => {
    const prediction = new Float64Array(columns[0]!.length);
    walkTree(forest, tree, columns, (row, mean) => {
      prediction[row] = mean;
    });
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
  for (let tree = 0; tree < forest.treeCount; tree++) {
    const counts = countsOf(tree);
    walkTree(forest, tree, columns, (row, mean) => {
      if (counts[row] !== 0) return;
      total[row]! += mean;
      trees[row]! += 1;
    });
  }
  return total.map((sum, row) => sum / trees[row]!);
}
