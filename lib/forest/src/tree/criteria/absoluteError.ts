import { sortTogether } from '../sort';
import type { Criterion, CriterionData } from './criterion';
import { GrowingMedian } from './medians';

/**
 * Mean distance from the weighted median. The errors of all left and right parts that a node can have are
 * found at once, when the order of its rows is known.
 */
export class AbsoluteError implements Criterion {
  weightNode = 0;
  weightLeft = 0;
  weightRight = 0;
  impurityLeft = 0;
  impurityRight = 0;
  private start = 0;
  private end = 0;
  private position = 0;
  private readonly y: Float64Array;
  private readonly outputs: number;
  private readonly weights: ArrayLike<number>;
  private readonly rows: Int32Array;
  private readonly nodeMedians: Float64Array;
  /** By position: of the part that ends with this row, and of the one that begins with it. */
  private readonly leftErrors: Float64Array;
  private readonly rightErrors: Float64Array;
  private readonly leftMedians: Float64Array;
  private readonly rightMedians: Float64Array;
  private readonly sorted: Float64Array;
  private readonly order: Int32Array;
  private readonly ranks: Int32Array;
  private readonly growing: GrowingMedian;

  constructor({ data, weights, rows }: CriterionData) {
    const count = rows.length;
    this.y = data.y;
    this.outputs = data.outputs ?? 1;
    this.weights = weights;
    this.rows = rows;
    this.nodeMedians = new Float64Array(this.outputs);
    this.leftErrors = new Float64Array(count);
    this.rightErrors = new Float64Array(count);
    this.leftMedians = new Float64Array(count);
    this.rightMedians = new Float64Array(count);
    this.sorted = new Float64Array(count);
    this.order = new Int32Array(count);
    this.ranks = new Int32Array(count);
    this.growing = new GrowingMedian(count);
  }

  enter(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.weightNode = 0;
    for (let p = start; p < end; p++) this.weightNode += this.weights[this.rows[p]];
    this.reset();
  }

  reset(): void {
    const { start, end } = this;
    this.position = start;
    this.weightLeft = 0;
    this.weightRight = this.weightNode;
    this.leftErrors.fill(0, start, end);
    this.rightErrors.fill(0, start, end);
    for (let k = 0; k < this.outputs; k++) {
      this.rank(k);
      this.growing.clear(end - start);
      for (let p = start; p < end; p++) this.addRow(p, this.leftErrors, this.leftMedians);
      this.growing.clear(end - start);
      for (let p = end - 1; p >= start; p--) this.addRow(p, this.rightErrors, this.rightMedians);
      this.nodeMedians[k] = this.rightMedians[start];
    }
  }

  /** Sorts the node's targets of an output, and notes each row's rank among them. */
  private rank(output: number): void {
    const order = this.order;
    const { start, sorted, ranks } = this;
    const count = this.end - start;
    for (let i = 0; i < count; i++) {
      sorted[i] = this.y[this.rows[start + i] * this.outputs + output];
      order[i] = i;
    }
    sortTogether(sorted, order, 0, count);
    for (let i = 0; i < count; i++) ranks[start + order[i]] = i;
  }

  private addRow(position: number, errors: Float64Array, medians: Float64Array): void {
    this.growing.add(this.sorted, this.ranks[position], this.weights[this.rows[position]]);
    medians[position] = this.growing.median;
    errors[position] += this.growing.error;
  }

  moveTo(position: number): void {
    for (let p = this.position; p < position; p++) this.weightLeft += this.weights[this.rows[p]];
    this.weightRight = this.weightNode - this.weightLeft;
    this.position = position;
  }

  nodeImpurity(): number {
    return this.rightErrors[this.start] / (this.weightNode * this.outputs);
  }

  measureParts(): void {
    const { position, outputs } = this;
    const left = position > this.start ? this.leftErrors[position - 1] : 0;
    const right = position < this.end ? this.rightErrors[position] : 0;
    this.impurityLeft = left / (this.weightLeft * outputs);
    this.impurityRight = right / (this.weightRight * outputs);
  }

  proxy(): number {
    this.measureParts();
    return -this.weightRight * this.impurityRight - this.weightLeft * this.impurityLeft;
  }

  writeValue(values: number[]): void {
    values.push(...this.nodeMedians);
  }

  leftValue(): number {
    return this.leftMedians[this.position - 1];
  }

  rightValue(): number {
    return this.rightMedians[this.position];
  }

  middleValue(): number {
    return (this.leftValue() + this.rightValue()) / 2;
  }
}
