import type { Table } from '../forest/src/index';
import type { Trees } from './packedTrees';

/** A prediction taken apart: `expected` and the contributions add up to it. */
export interface Explanation {
  /** The forest's average prediction over its training rows. */
  expected: number;
  /** Per feature: points of popularity that its value moves the prediction up or down. */
  contributions: Float64Array;
}

/**
 * Exact Shapley values of a forest's predictions, where a feature that is not known sends a row both ways in
 * proportion to the training rows (path-dependent TreeSHAP of Lundberg et al. 2020; `shap.TreeExplainer` with
 * `feature_perturbation='tree_path_dependent'` gives the same numbers).
 *
 * How: for one leaf, let o_j be 1 if the row passes all questions on feature j along its path, else 0, and z_j
 * the share of training rows that passes them. The leaf's game is then a product over features, so its
 * Shapley values are an integral of a polynomial (Owen 1972):
 * phi_i = value * integral from 0 to 1 of (o_i - z_i) * product over j != i of (t o_j + (1 - t) z_j) dt.
 * Gauss-Legendre quadrature with half as many points as the path has features is exact for it, and products
 * at a point can be shared by all leaves below an edge: O(nodes x points) instead of O(leaves x depth^2).
 * If the row itself lacks the feature, o_j is z_j: the row goes both ways with it as without it.
 */
export class TreeExplainer {
  /** The forest's average prediction over its training rows. */
  readonly expected: number;
  readonly #explain: (row: Float32Array) => Float64Array;

  constructor(trees: Trees) {
    let sum = 0;
    for (let tree = 0; tree < trees.treeCount; tree++) sum += trees.value[trees.rootOf[tree]]!;
    this.expected = sum / trees.treeCount;
    this.#explain = explainer(trees);
  }

  /** @param row one encoded row, in the order of the forest's features; a missing value (NaN) contributes 0 */
  explain(row: ArrayLike<number>): Explanation {
    return { expected: this.expected, contributions: this.#explain(Float32Array.from(row)) };
  }
}

/** Every row of a table taken apart, in its order (shap: `explainer(X)`). */
export function explainTable(trees: Trees, { columns, rowCount }: Table): Explanation[] {
  const explainer = new TreeExplainer(trees);
  return Array.from({ length: rowCount }, (_, row) =>
    explainer.explain(columns.map((values) => values[row])),
  );
}

/** The loop of `explain` with its arrays at hand: it visits every node of the forest. */
function explainer(trees: Trees): (row: Float32Array) => Float64Array {
  const { rootOf, feature, threshold, left, right, value, weightedNNodeSamples: weight, nFeatures } = trees;
  const { depth, features } = extent(trees);
  const count = Math.max(1, Math.ceil(features / 2));
  const [points, weights] = gaussLegendre(count);
  const rest = points.map((t) => 1 - t);
  const inverseRest = rest.map((u) => 1 / u);
  // One slot per level of the path, slot 0 above the root. Per question: z and o of its feature so far, and
  // at every point 1 / p and (o - z) / p of its factor p = t o + (1 - t) z.
  const share = new Float64Array(depth + 1).fill(1);
  const passes = new Uint8Array(depth + 1).fill(1);
  const inverse = new Float64Array((depth + 1) * count).fill(1);
  const gain = new Float64Array((depth + 1) * count);
  // At every point: the product of all features' factors, and that times value summed over the leaves below.
  const product = new Float64Array((depth + 1) * count);
  const sums = new Float64Array((depth + 1) * count);
  product.set(weights);
  /** Per feature the slot of the last question on it; 0 when there was none. */
  const slotOf = new Int32Array(nFeatures);
  let row = new Float32Array(nFeatures);
  let contributions = new Float64Array(nFeatures);

  const visit = (node: number, level: number) => {
    const j = feature[node];
    const goesLeft = row[j] <= threshold[node];
    const isMissing = Number.isNaN(row[j]);
    const here = level * count;
    const below = here + count;
    const before = slotOf[j];
    const was = before * count;
    let moved = 0;
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? left[node] : right[node];
      const z = (share[before] * weight[child]) / weight[node];
      const passed = passes[before] === 1 && (side === 0) === goesLeft;
      share[level + 1] = z;
      passes[level + 1] = passed ? 1 : 0;
      slotOf[j] = level + 1;
      for (let q = 0; q < count; q++) {
        const p = isMissing ? z : passed ? points[q] + rest[q] * z : rest[q] * z;
        product[below + q] = product[here + q] * inverse[was + q] * p;
        inverse[below + q] = 1 / p;
        gain[below + q] = isMissing ? 0 : passed ? (1 - z) / p : -inverseRest[q];
      }
      if (left[child] < 0) {
        for (let q = 0; q < count; q++) sums[below + q] = value[child] * product[below + q];
      } else visit(child, level + 1);
      slotOf[j] = before;
      // A question on j replaces what the questions on j above it said about these leaves.
      for (let q = 0; q < count; q++) {
        const sum = sums[below + q];
        moved += sum * (gain[below + q] - gain[was + q]);
        sums[here + q] = side === 0 ? sum : sums[here + q] + sum;
      }
    }
    contributions[j] += moved;
  };

  return (wanted) => {
    row = wanted;
    contributions = new Float64Array(nFeatures);
    for (let tree = 0; tree < trees.treeCount; tree++) {
      if (left[rootOf[tree]]! >= 0) visit(rootOf[tree], 0);
    }
    return contributions.map((sum) => sum / trees.treeCount);
  };
}

/** The forest's depth and the largest number of different features on one path. */
function extent({ treeCount, rootOf, left, right, feature, nFeatures }: Trees) {
  const asked = new Int32Array(nFeatures);
  let [depth, features, different] = [0, 0, 0];
  const visit = (node: number, level: number) => {
    depth = Math.max(depth, level);
    if (left[node] < 0) {
      features = Math.max(features, different);
      return;
    }
    const j = feature[node];
    if (asked[j]++ === 0) different++;
    visit(left[node], level + 1);
    visit(right[node], level + 1);
    if (--asked[j] === 0) different--;
  };
  for (let tree = 0; tree < treeCount; tree++) visit(rootOf[tree], 0);
  return { depth, features };
}

/**
 * Points and weights on 0 to 1 that integrate polynomials of degree 2n - 1 exactly: the roots of Legendre's
 * polynomial by Newton's method.
 */
export function gaussLegendre(n: number): [Float64Array, Float64Array] {
  const points = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= n; k++)
        [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (n * (x * value - before)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    points[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return [points, weights];
}
