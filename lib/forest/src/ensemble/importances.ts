import { sum } from '../metrics/metrics';
import type { ForestArrays } from '../types';

/**
 * How much each feature lowers the training rows' variance, scikit-learn's `feature_importances_`: per tree
 * the weighted impurity decreases, normalised to 1, then the mean over the trees that split at all, normalised.
 * All zero when no tree does. They favour features of many values and say nothing about unseen rows.
 */
export function featureImportances(forest: ForestArrays): Float64Array {
  const total = new Float64Array(forest.nFeatures);
  let splitting = 0;
  for (let tree = 0; tree < forest.treeCount; tree++) {
    const from = forest.rootOf[tree];
    const to = forest.rootOf[tree + 1];
    if (to - from === 1) continue;
    splitting++;
    const decrease = new Float64Array(forest.nFeatures);
    for (let node = from; node < to; node++) {
      if (forest.feature[node] < 0) continue;
      decrease[forest.feature[node]]! +=
        spread(forest, node) - spread(forest, forest.left[node]) - spread(forest, forest.right[node]);
    }
    const perRow = decrease.map((value) => value / forest.weightedNNodeSamples[from]);
    const all = sum(perRow);
    perRow.forEach((value, feature) => {
      total[feature] += all > 0 ? value / all : value;
    });
  }
  if (splitting === 0) return total;
  const average = total.map((value) => value / splitting);
  const all = sum(average);
  return average.map((value) => value / all);
}

const spread = (forest: ForestArrays, node: number) =>
  forest.weightedNNodeSamples[node] * forest.impurity[node];
