import type { Trees } from './packedTrees';

/**
 * Walks every tree with some encoded rows, rounded to float32 as scikit-learn does. Tree by tree, because a
 * tree fits into the processor's cache and the forest does not.
 * @param rows row after row; NaN for a value that is not given
 * @returns the trees' predictions, row after row
 */
export function vote(trees: Trees, rows: Float32Array): Float64Array {
  const { rootOf, feature, threshold, right, value, treeCount, nFeatures } = trees;
  const rowCount = rows.length / nFeatures;
  const votes = new Float64Array(rowCount * treeCount);
  const isWhole = Array.from({ length: rowCount }, (_, row) => {
    return !rows.subarray(row * nFeatures, (row + 1) * nFeatures).some(Number.isNaN);
  });
  for (let tree = 0; tree < treeCount; tree++) {
    for (let row = 0; row < rowCount; row++) {
      const start = row * nFeatures;
      let node = rootOf[tree];
      if (!isWhole[row]) {
        votes[row * treeCount + tree] = mixture(trees, rows.subarray(start, start + nFeatures), node).mean;
        continue;
      }
      // In a model file's order the left child is the next node.
      for (let asked = feature[node]; asked >= 0; asked = feature[node]) {
        node = rows[start + asked] <= threshold[node] ? node + 1 : right[node];
      }
      votes[row * treeCount + tree] = value[node];
    }
  }
  return votes;
}

/** A tree's prediction for a row that reaches several leaves. */
interface Mixture {
  mean: number;
  variance: number;
}

/**
 * A row that lacks the value that a node asks about goes both ways, in proportion to the training rows that
 * went there: what stands in for a genre is the mix of the genres of similar tracks. (Friedman 2001, section 8.2;
 * TreeSHAP takes a feature away in the same way.)
 * @param row one encoded row
 * @param node where the walk begins
 */
function mixture(trees: Trees, row: Float32Array, node: number): Mixture {
  const { feature, threshold, left, right, value, weightedNNodeSamples: weight } = trees;
  const asked = feature[node];
  if (asked < 0) return { mean: value[node], variance: 0 };
  const given = row[asked];
  if (!Number.isNaN(given)) return mixture(trees, row, given <= threshold[node] ? left[node] : right[node]);
  const [l, r] = [mixture(trees, row, left[node]), mixture(trees, row, right[node])];
  const [shareLeft, shareRight] = [weight[left[node]] / weight[node], weight[right[node]] / weight[node]];
  return {
    mean: shareLeft * l.mean + shareRight * r.mean,
    variance:
      shareLeft * l.variance + shareRight * r.variance + shareLeft * shareRight * (l.mean - r.mean) ** 2,
  };
}

/** How far the leaves that an incomplete row reaches lie apart within a tree: their variance, on average over the trees. */
export function mixtureVariance(trees: Trees, row: Float32Array): number {
  let sum = 0;
  for (let tree = 0; tree < trees.treeCount; tree++) sum += mixture(trees, row, trees.rootOf[tree]).variance;
  return sum / trees.treeCount;
}
