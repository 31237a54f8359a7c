/**
 * The weighted median of a growing set of targets, and how far they are from it in all. A tree of partial sums
 * (Fenwick 1994) over the targets' ranks answers in logarithmic time; its sums run in scikit-learn's order.
 */
export class GrowingMedian {
  private readonly weights: Float64Array;
  private readonly weighted: Float64Array;
  private size = 0;
  private highestBit = 0;
  private totalWeight = 0;
  private totalWeighted = 0;
  /** The weight below the median: see `find`. */
  private weightBelow = 0;
  private weightedBelow = 0;
  /** The median of all targets added so far. */
  median = 0;
  /** Sum of the weighted distances from it. */
  error = 0;

  constructor(capacity: number) {
    this.weights = new Float64Array(capacity + 1);
    this.weighted = new Float64Array(capacity + 1);
  }

  /** Empties the set; `size` ranks will be in use. */
  clear(size: number): void {
    this.size = size;
    this.highestBit = size > 0 ? 1 << (31 - Math.clz32(size)) : 0;
    this.weights.fill(0, 0, size + 1);
    this.weighted.fill(0, 0, size + 1);
    this.totalWeight = 0;
    this.totalWeighted = 0;
  }

  /** Adds the target of a rank, and finds the median and the error anew. */
  add(sorted: Float64Array, rank: number, weight: number): void {
    const weighted = weight * sorted[rank];
    for (let node = rank + 1; node <= this.size; node += node & -node) {
      this.weights[node] += weight;
      this.weighted[node] += weighted;
    }
    this.totalWeight += weight;
    this.totalWeighted += weighted;
    const { at, before } = this.find(0.5 * this.totalWeight);
    const median = at === before ? sorted[at] : (sorted[before] + sorted[at]) / 2;
    const weightAbove = this.totalWeight - this.weightBelow;
    const weightedAbove = this.totalWeighted - this.weightedBelow;
    this.median = median;
    this.error = weightedAbove - median * weightAbove + (median * this.weightBelow - this.weightedBelow);
  }

  /** The rank where half the weight is reached, and another one before it when exactly half lies below. */
  private find(target: number): { at: number; before: number } {
    let node = 0;
    let bit = this.highestBit;
    this.weightBelow = 0;
    this.weightedBelow = 0;
    for (; bit > 0; bit >>= 1) {
      const next = node + bit;
      if (next > this.size) continue;
      if (target === this.weights[next]) break;
      if (target < this.weights[next]) continue;
      target -= this.weights[next];
      node = this.step(next);
    }
    const before = this.last(node, bit, target);
    for (; bit > 0; bit >>= 1) {
      const next = node + bit;
      if (next > this.size || target < this.weights[next]) continue;
      target -= this.weights[next];
      node = this.step(next);
    }
    return { at: node, before };
  }

  /** The last rank from `node` on with less than `target` below it. */
  private last(node: number, bit: number, target: number): number {
    for (; bit > 0; bit >>= 1) {
      const next = node + bit;
      if (next > this.size || target <= this.weights[next]) continue;
      target -= this.weights[next];
      node = next;
    }
    return node;
  }

  private step(next: number): number {
    this.weightBelow += this.weights[next];
    this.weightedBelow += this.weighted[next];
    return next;
  }
}
