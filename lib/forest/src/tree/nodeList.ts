import type { ForestArrays } from '../types';

/** The properties of a node that are known when it is made. */
export interface NewNode {
  /** The parent's number, -1 for the root. */
  parent: number;
  isLeft: boolean;
  rows: number;
  weight: number;
  impurity: number;
}

/** Collects the nodes of one tree in the order in which they are made. */
export class NodeList {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly missingGoToLeft: number[] = [];
  /** `valuesPerNode` numbers a node, which the criterion appends. */
  readonly value: number[] = [];
  private readonly rows: number[] = [];
  private readonly weight: number[] = [];
  private readonly impurity: number[] = [];

  constructor(private readonly valuesPerNode: number) {}

  /** Adds a leaf and returns its number. */
  add(node: NewNode): number {
    const id = this.feature.length;
    if (node.parent >= 0) (node.isLeft ? this.left : this.right)[node.parent] = id;
    this.feature.push(-2);
    this.threshold.push(-2);
    this.left.push(-1);
    this.right.push(-1);
    this.missingGoToLeft.push(0);
    this.rows.push(node.rows);
    this.weight.push(node.weight);
    this.impurity.push(node.impurity);
    return id;
  }

  /** Makes a leaf an inner node. */
  split(id: number, feature: number, threshold: number, missingGoToLeft: boolean): void {
    this.feature[id] = feature;
    this.threshold[id] = threshold;
    this.missingGoToLeft[id] = Number(missingGoToLeft);
  }

  /** @param hasMissing whether the directions of missing values say more than the sizes of the children */
  toArrays(nFeatures: number, hasMissing: boolean): ForestArrays {
    return {
      nFeatures,
      treeCount: 1,
      ...(this.valuesPerNode > 1 && { valuesPerNode: this.valuesPerNode }),
      rootOf: Int32Array.of(0, this.feature.length),
      feature: Int32Array.from(this.feature),
      threshold: Float64Array.from(this.threshold),
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      ...(hasMissing && { missingGoToLeft: Uint8Array.from(this.missingGoToLeft) }),
      value: Float64Array.from(this.value),
      nNodeSamples: Int32Array.from(this.rows),
      weightedNNodeSamples: Float64Array.from(this.weight),
      impurity: Float64Array.from(this.impurity),
    };
  }
}
