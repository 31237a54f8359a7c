import type { ForestArrays } from '../types';
import { NodeList } from './nodeList';

/**
 * Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone 1984): the branch that gains least per
 * leaf is cut until the least gain is above `alpha`.
 * @param tree a forest of one tree
 */
export function prune(tree: ForestArrays, alpha: number): ForestArrays {
  const pruning = new Pruning(tree);
  while (pruning.canCut()) {
    const { node, gain } = pruning.weakest();
    if (alpha < gain) break;
    pruning.cut(node);
  }
  return pruning.result();
}

class Pruning {
  private readonly parent: Int32Array;
  /** A node's share of the tree's impurity were it a leaf, and that of its leaves. */
  private readonly own: Float64Array;
  private readonly ofLeaves: Float64Array;
  private readonly leafCount: Int32Array;
  private readonly isLeaf: Uint8Array;
  private readonly isCandidate: Uint8Array;
  private readonly isKept: Uint8Array;

  constructor(private readonly tree: ForestArrays) {
    const { left, right, impurity, weightedNNodeSamples } = tree;
    const count = left.length;
    this.own = impurity.map((value, node) => (weightedNNodeSamples[node] * value) / weightedNNodeSamples[0]);
    this.ofLeaves = new Float64Array(count);
    this.leafCount = new Int32Array(count);
    this.isLeaf = Uint8Array.from(left, (child) => Number(child < 0));
    this.isCandidate = this.isLeaf.map((leaf) => 1 - leaf);
    this.isKept = new Uint8Array(count).fill(1);
    this.parent = new Int32Array(count).fill(-1);
    for (let node = 0; node < count; node++) {
      if (this.isLeaf[node]) continue;
      this.parent[left[node]] = node;
      this.parent[right[node]] = node;
    }
    for (let node = 0; node < count; node++) if (this.isLeaf[node]) this.addLeaf(node);
  }

  private addLeaf(leaf: number): void {
    this.ofLeaves[leaf] = this.own[leaf];
    for (let above = this.parent[leaf]; above >= 0; above = this.parent[above]) {
      this.ofLeaves[above] += this.own[leaf];
      this.leafCount[above]++;
    }
  }

  canCut(): boolean {
    return this.isCandidate[0] === 1;
  }

  /** The branch that gains least per leaf that it has more than one. */
  weakest(): { node: number; gain: number } {
    let gain = Number.MAX_VALUE;
    let weakest = 0;
    for (let node = 0; node < this.own.length; node++) {
      if (!this.isCandidate[node]) continue;
      const value = (this.own[node] - this.ofLeaves[node]) / (this.leafCount[node] - 1);
      if (value >= gain) continue;
      gain = value;
      weakest = node;
    }
    return { node: weakest, gain };
  }

  /** Makes an inner node a leaf. */
  cut(branch: number): void {
    this.drop(branch);
    this.isLeaf[branch] = 1;
    this.isKept[branch] = 1;
    const fewer = this.leafCount[branch] - 1;
    const more = this.own[branch] - this.ofLeaves[branch];
    this.leafCount[branch] = 0;
    this.ofLeaves[branch] = this.own[branch];
    for (let above = this.parent[branch]; above >= 0; above = this.parent[above]) {
      this.leafCount[above] -= fewer;
      this.ofLeaves[above] += more;
    }
  }

  private drop(branch: number): void {
    const { left, right } = this.tree;
    const below = [branch];
    for (let node = below.pop(); node !== undefined; node = below.pop()) {
      if (!this.isKept[node]) continue;
      this.isCandidate[node] = 0;
      this.isLeaf[node] = 0;
      this.isKept[node] = 0;
      if (left[node] >= 0) below.push(left[node], right[node]);
    }
  }

  /** Copies the nodes that are left of the tree, depth first. */
  result(): ForestArrays {
    const { tree } = this;
    const perNode = tree.valuesPerNode ?? 1;
    const nodes = new NodeList(perNode);
    const stack = [{ from: 0, parent: -1, isLeft: false }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { from, parent, isLeft } = next;
      const id = nodes.add({
        parent,
        isLeft,
        rows: tree.nNodeSamples[from],
        weight: tree.weightedNNodeSamples[from],
        impurity: tree.impurity[from],
      });
      nodes.value.push(...tree.value.subarray(from * perNode, (from + 1) * perNode));
      if (this.isLeaf[from]) continue;
      nodes.split(id, tree.feature[from], tree.threshold[from], tree.missingGoToLeft?.[from] === 1);
      stack.push({ from: tree.right[from], parent: id, isLeft: false });
      stack.push({ from: tree.left[from], parent: id, isLeft: true });
    }
    return nodes.toArrays(tree.nFeatures, tree.missingGoToLeft !== undefined);
  }
}
