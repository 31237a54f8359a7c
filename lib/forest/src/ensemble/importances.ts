import { sum } from '../metrics/metrics';
import type { ForestArrays } from '../types';

/**
 * Returns the share of each feature in lowering the training rows' variance, scikit-learn's `feature_importances_`.
 * Each tree's weighted impurity decreases are normalised to 1. Their mean over the trees that split at all is
 * normalised again. All are zero when no tree splits. They favour features of many values and say
 * nothing about unseen rows.
 */
export function featureImportances(forest: ForestArrays): Float64Array {
  const total = new Float64Array(forest.nFeatures);
  let splitting = 0;
  for (let tree = 0; tree < forest.treeCount; tree++) {
    if (forest.rootOf[tree + 1] - forest.rootOf[tree] === 1) continue;
    splitting++;
    treeImportances(forest, tree).forEach((value, feature) => {
      total[feature] += value;
    });
  }
  if (splitting === 0) return total;
  const average = total.map((value) => value / splitting);
  const all = sum(average);
  return average.map((value) => value / all);
}

/** The same of one tree. */
export function treeImportances(forest: ForestArrays, tree: number): Float64Array {
  const decrease = treeDecreases(forest, tree);
  const all = sum(decrease);
  return decrease.map((value) => (all > 0 ? value / all : value));
}

/** Returns the amount by which each feature lowers the impurity of one tree's rows, as a share of their weight. */
export function treeDecreases(forest: ForestArrays, tree: number): Float64Array {
  const decrease = new Float64Array(forest.nFeatures);
  const from = forest.rootOf[tree];
  for (let node = from; node < forest.rootOf[tree + 1]; node++) {
    if (forest.feature[node] < 0) continue;
    decrease[forest.feature[node]] +=
      spread(forest, node) - spread(forest, forest.left[node]) - spread(forest, forest.right[node]);
  }
  return decrease.map((value) => value / forest.weightedNNodeSamples[from]);
}

const spread = (forest: ForestArrays, node: number) =>
  forest.weightedNNodeSamples[node] * forest.impurity[node];
