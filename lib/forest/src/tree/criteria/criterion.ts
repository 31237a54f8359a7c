import type { TrainingData } from '../reference';

/**
 * Judges the splits of a node. A criterion looks at one stretch of the tree's row array, the node, and
 * divides it at a position into a left and a right part. Sums run over the rows in the order in which they
 * stand, because the last bit of a sum depends on it.
 */
export interface Criterion {
  /** Sums of weights: of the node, and of the two parts. */
  weightNode: number;
  weightLeft: number;
  weightRight: number;
  /** The results of `measureParts`. */
  impurityLeft: number;
  impurityRight: number;
  /** Takes up the node of the rows `start` to `end - 1`, with an empty left part. */
  enter(start: number, end: number): void;
  /** Empties the left part, after the rows of the node were reordered. */
  reset(): void;
  /** Moves the border of the parts forward to a position. */
  moveTo(position: number): void;
  nodeImpurity(): number;
  /** Finds the impurities of both parts. */
  measureParts(): void;
  /** A number that is the larger the better the split is; only its order within a node has a meaning. */
  proxy(): number;
  /** Writes what a leaf of the node's rows predicts, `valuesPerNode` numbers. */
  writeValue(values: number[]): void;
  /** The predictions of the two parts, for constraints on their order. */
  leftValue(): number;
  rightValue(): number;
  /** The border between both predictions, which descendants must keep on their side of. */
  middleValue(): number;
}

/** The input of every criterion: the tree's data, and its rows, which the splitter reorders. */
export interface CriterionData {
  data: TrainingData;
  weights: ArrayLike<number>;
  rows: Int32Array;
}

/** A criterion whose parts are described by sums over their rows. */
export abstract class SumsCriterion implements Criterion {
  weightNode = 0;
  weightLeft = 0;
  weightRight = 0;
  impurityLeft = 0;
  impurityRight = 0;
  protected start = 0;
  protected end = 0;
  protected position = 0;
  protected readonly total: Float64Array;
  protected readonly left: Float64Array;
  protected readonly right: Float64Array;
  protected readonly y: Float64Array;
  protected readonly weights: ArrayLike<number>;
  protected readonly rows: Int32Array;
  protected readonly outputs: number;

  constructor({ data, weights, rows }: CriterionData, sumCount: number) {
    this.y = data.y;
    this.outputs = data.outputs ?? 1;
    this.weights = weights;
    this.rows = rows;
    this.total = new Float64Array(sumCount);
    this.left = new Float64Array(sumCount);
    this.right = new Float64Array(sumCount);
  }

  /** Adds a row to sums with this weight, which is negative where the row is taken away. */
  protected abstract add(sums: Float64Array, row: number, weight: number): void;
  /** The same for the node as a whole, where a criterion may need more. */
  protected addToNode(row: number, weight: number): void {
    this.add(this.total, row, weight);
  }
  abstract nodeImpurity(): number;
  abstract measureParts(): void;
  abstract proxy(): number;

  enter(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.weightNode = 0;
    this.total.fill(0);
    for (let p = start; p < end; p++) {
      const weight = this.weights[this.rows[p]];
      this.addToNode(this.rows[p], weight);
      this.weightNode += weight;
    }
    this.reset();
  }

  reset(): void {
    this.position = this.start;
    this.left.fill(0);
    this.weightLeft = 0;
    this.right.set(this.total);
    this.weightRight = this.weightNode;
  }

  /** Adds the rows that come in, or takes those to the right of the position from all, whichever are fewer. */
  moveTo(position: number): void {
    const { rows, weights } = this;
    if (position - this.position <= this.end - position) {
      for (let p = this.position; p < position; p++) {
        const weight = weights[rows[p]];
        this.add(this.left, rows[p], weight);
        this.weightLeft += weight;
      }
    } else {
      this.left.set(this.total);
      this.weightLeft = this.weightNode;
      for (let p = this.end - 1; p >= position; p--) {
        const weight = weights[rows[p]];
        this.add(this.left, rows[p], -weight);
        this.weightLeft -= weight;
      }
    }
    this.weightRight = this.weightNode - this.weightLeft;
    for (let k = 0; k < this.total.length; k++) this.right[k] = this.total[k] - this.left[k];
    this.position = position;
  }

  writeValue(values: number[]): void {
    for (const total of this.total) values.push(total / this.weightNode);
  }

  leftValue(): number {
    return this.left[0] / this.weightLeft;
  }

  rightValue(): number {
    return this.right[0] / this.weightRight;
  }

  middleValue(): number {
    return this.left[0] / (2 * this.weightLeft) + this.right[0] / (2 * this.weightRight);
  }
}

/** By how much a split lowers the impurity, as a share of all rows' weight. */
export function improvementOf(criterion: Criterion, impurity: number, weightOfAll: number): number {
  const { weightNode, weightLeft, weightRight, impurityLeft, impurityRight } = criterion;
  return (
    (weightNode / weightOfAll) *
    (impurity - (weightRight / weightNode) * impurityRight - (weightLeft / weightNode) * impurityLeft)
  );
}
