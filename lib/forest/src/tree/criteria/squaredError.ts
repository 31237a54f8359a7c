import { type CriterionData, SumsCriterion } from './criterion';

/** Variance around the mean: what a regression forest lowers unless it is told otherwise. */
export class SquaredError extends SumsCriterion {
  private squares = 0;

  constructor(from: CriterionData) {
    super(from, from.data.outputs ?? 1);
  }

  protected add(sums: Float64Array, row: number, weight: number): void {
    const { outputs, y } = this;
    for (let k = 0; k < outputs; k++) sums[k] += weight * y[row * outputs + k];
  }

  protected override addToNode(row: number, weight: number): void {
    const { outputs, y, total } = this;
    for (let k = 0; k < outputs; k++) {
      const value = y[row * outputs + k];
      const weighted = weight * value;
      total[k] += weighted;
      this.squares += weighted * value;
    }
  }

  override enter(start: number, end: number): void {
    this.squares = 0;
    super.enter(start, end);
  }

  nodeImpurity(): number {
    return this.variance(this.total, this.squares, this.weightNode);
  }

  measureParts(): void {
    const { outputs, y, rows, weights } = this;
    let squares = 0;
    for (let p = this.start; p < this.position; p++) {
      const row = rows[p];
      for (let k = 0; k < outputs; k++) {
        const value = y[row * outputs + k];
        squares += weights[row] * value * value;
      }
    }
    this.impurityLeft = this.variance(this.left, squares, this.weightLeft);
    this.impurityRight = this.variance(this.right, this.squares - squares, this.weightRight);
  }

  private variance(sums: Float64Array, squares: number, weight: number): number {
    let impurity = squares / weight;
    for (const sum of sums) impurity -= (sum / weight) * (sum / weight);
    return impurity / this.outputs;
  }

  /** Returns the term of the squared deviation around the parts' means that is left to maximise. */
  proxy(): number {
    let left = 0;
    let right = 0;
    for (let k = 0; k < this.outputs; k++) {
      left += this.left[k] * this.left[k];
      right += this.right[k] * this.right[k];
    }
    return left / this.weightLeft + right / this.weightRight;
  }
}
