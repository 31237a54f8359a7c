import { naturalLog } from '../naturalLog';
import { type CriterionData, SumsCriterion } from './criterion';

/** A sum of targets at most this large counts as none. */
const NO_TARGET = 10 * 2 ** -52;

/** scikit-learn divides by the logarithm of 2 here, and in the entropy. */
export const log2 = (x: number) => naturalLog(x) / Math.LN2;

/** Half the mean Poisson deviance from the mean, for counts and other targets that are not negative. */
export class Poisson extends SumsCriterion {
  constructor(from: CriterionData) {
    super(from, from.data.outputs ?? 1);
  }

  protected add(sums: Float64Array, row: number, weight: number): void {
    const { outputs, y } = this;
    for (let k = 0; k < outputs; k++) sums[k] += weight * y[row * outputs + k];
  }

  nodeImpurity(): number {
    return this.deviance(this.start, this.end, this.total, this.weightNode);
  }

  measureParts(): void {
    this.impurityLeft = this.deviance(this.start, this.position, this.left, this.weightLeft);
    this.impurityRight = this.deviance(this.position, this.end, this.right, this.weightRight);
  }

  private deviance(start: number, end: number, sums: Float64Array, weight: number): number {
    const { outputs, y, rows, weights } = this;
    let deviance = 0;
    for (let k = 0; k < outputs; k++) {
      if (sums[k] <= NO_TARGET) return Number.POSITIVE_INFINITY;
      const mean = sums[k] / weight;
      for (let p = start; p < end; p++) {
        const value = y[rows[p] * outputs + k];
        if (value !== 0) deviance += weights[rows[p]] * (value * naturalLog(value / mean));
      }
    }
    return deviance / (weight * outputs);
  }

  proxy(): number {
    let left = 0;
    let right = 0;
    for (let k = 0; k < this.outputs; k++) {
      if (this.left[k] <= NO_TARGET || this.right[k] <= NO_TARGET) return Number.NEGATIVE_INFINITY;
      left -= this.left[k] * log2(this.left[k] / this.weightLeft);
      right -= this.right[k] * log2(this.right[k] / this.weightRight);
    }
    return -left - right;
  }
}
