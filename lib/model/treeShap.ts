import type { Trees } from './trees';

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
 */
export class TreeExplainer {
  readonly expected: number;
  readonly #trees: Trees;
  readonly #points: Float64Array;
  readonly #weights: Float64Array;
  /** Per feature: share z of training rows and outcome o of the row, over the questions asked so far. */
  readonly #share: Float64Array;
  readonly #passes: Uint8Array;
  /** Stacks by depth: the product over features, and the weighted sum over leaves below, at every point. */
  readonly #product: Float64Array;
  readonly #sums: Float64Array;
  #row = new Float32Array(0);
  #contributions = new Float64Array(0);

  constructor(trees: Trees) {
    this.#trees = trees;
    const { depth, features } = extent(trees);
    [this.#points, this.#weights] = gaussLegendre(Math.max(1, Math.ceil(features / 2)));
    this.#share = new Float64Array(trees.nFeatures).fill(1);
    this.#passes = new Uint8Array(trees.nFeatures).fill(1);
    this.#product = new Float64Array((depth + 1) * this.#points.length).fill(1);
    this.#sums = new Float64Array((depth + 1) * this.#points.length);
    let sum = 0;
    for (let tree = 0; tree < trees.treeCount; tree++) sum += trees.value[trees.rootOf[tree]!]!;
    this.expected = sum / trees.treeCount;
  }

  /** @param row one encoded row, in the order of the forest's features */
  explain(row: ArrayLike<number>): Explanation {
    const { treeCount, rootOf, nFeatures } = this.#trees;
    this.#row = Float32Array.from(row);
    this.#contributions = new Float64Array(nFeatures);
    for (let tree = 0; tree < treeCount; tree++) this.#visit(rootOf[tree]!, 0);
    const contributions = this.#contributions.map((sum) => sum / treeCount);
    return { expected: this.expected, contributions };
  }

  /** Leaves in `#sums` at `depth`: per point, the sum over the leaves below of weight * value * product. */
  #visit(node: number, depth: number): void {
    const { feature, threshold, left, right, value } = this.#trees;
    const count = this.#points.length;
    const here = depth * count;
    if (left[node]! < 0) {
      for (let q = 0; q < count; q++) {
        this.#sums[here + q] = this.#weights[q]! * value[node]! * this.#product[here + q]!;
      }
      return;
    }
    const goesLeft = this.#row[feature[node]!]! <= threshold[node]!;
    this.#descend(node, left[node]!, goesLeft, depth, true);
    this.#descend(node, right[node]!, !goesLeft, depth, false);
  }

  #descend(node: number, child: number, passes: boolean, depth: number, first: boolean): void {
    const { feature, weightedNNodeSamples: weight } = this.#trees;
    const j = feature[node]!;
    const count = this.#points.length;
    const here = depth * count;
    const below = here + count;
    const [oldShare, oldPasses] = [this.#share[j]!, this.#passes[j]!];
    const newShare = (oldShare * weight[child]!) / weight[node]!;
    const newPasses = passes ? oldPasses : 0;
    for (let q = 0; q < count; q++) {
      const t = this.#points[q]!;
      const was = t * oldPasses + (1 - t) * oldShare;
      const is = t * newPasses + (1 - t) * newShare;
      this.#product[below + q] = (this.#product[here + q]! * is) / was;
    }
    this.#share[j] = newShare;
    this.#passes[j] = newPasses;
    this.#visit(child, depth + 1);
    this.#share[j] = oldShare;
    this.#passes[j] = oldPasses;
    // Each question on j replaces what the questions on j above it said about these leaves.
    let gain = 0;
    for (let q = 0; q < count; q++) {
      const t = this.#points[q]!;
      const was = (oldPasses - oldShare) / (t * oldPasses + (1 - t) * oldShare);
      const is = (newPasses - newShare) / (t * newPasses + (1 - t) * newShare);
      const sum = this.#sums[below + q]!;
      gain += sum * (is - was);
      this.#sums[here + q] = first ? sum : this.#sums[here + q]! + sum;
    }
    this.#contributions[j]! += gain;
  }
}

/** The forest's depth and the largest number of different features on one path. */
function extent({ treeCount, rootOf, left, right, feature, nFeatures }: Trees) {
  const asked = new Int32Array(nFeatures);
  let [depth, features, different] = [0, 0, 0];
  const visit = (node: number, level: number) => {
    depth = Math.max(depth, level);
    if (left[node]! < 0) {
      features = Math.max(features, different);
      return;
    }
    const j = feature[node]!;
    if (asked[j]!++ === 0) different++;
    visit(left[node]!, level + 1);
    visit(right[node]!, level + 1);
    if (--asked[j]! === 0) different--;
  };
  for (let tree = 0; tree < treeCount; tree++) visit(rootOf[tree]!, 0);
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
