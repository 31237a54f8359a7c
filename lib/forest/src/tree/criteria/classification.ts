import { type CriterionData, SumsCriterion } from './criterion';
import { log2 } from './poisson';

/** Weights of classes: `mostClasses` sums an output, of which the first `classCounts[output]` are in use. */
abstract class ClassCriterion extends SumsCriterion {
  protected readonly classCounts: readonly number[];
  protected readonly mostClasses: number;

  constructor(from: CriterionData) {
    const counts = from.data.classCounts!;
    const most = Math.max(...counts);
    super(from, counts.length * most);
    this.classCounts = counts;
    this.mostClasses = most;
  }

  protected add(sums: Float64Array, row: number, weight: number): void {
    const { outputs, y } = this;
    for (let k = 0; k < outputs; k++) sums[k * this.mostClasses + y[row * outputs + k]] += weight;
  }

  nodeImpurity(): number {
    return this.impurity(this.total, this.weightNode);
  }

  measureParts(): void {
    this.impurityLeft = this.impurity(this.left, this.weightLeft);
    this.impurityRight = this.impurity(this.right, this.weightRight);
  }

  protected abstract impurity(sums: Float64Array, weight: number): number;

  proxy(): number {
    this.measureParts();
    return -this.weightRight * this.impurityRight - this.weightLeft * this.impurityLeft;
  }
}

/** The probability that two rows of the node, drawn at random, are of different classes. */
export class Gini extends ClassCriterion {
  protected impurity(sums: Float64Array, weight: number): number {
    let gini = 0;
    for (let k = 0; k < this.outputs; k++) {
      const first = k * this.mostClasses;
      let squares = 0;
      for (let c = first; c < first + this.classCounts[k]; c++) squares += sums[c] * sums[c];
      gini += 1 - squares / (weight * weight);
    }
    return gini / this.outputs;
  }
}

/** Shannon's entropy of the classes, in bits. */
export class Entropy extends ClassCriterion {
  protected impurity(sums: Float64Array, weight: number): number {
    let entropy = 0;
    for (let k = 0; k < this.outputs; k++) {
      const first = k * this.mostClasses;
      for (let c = first; c < first + this.classCounts[k]; c++) {
        if (sums[c] <= 0) continue;
        const share = sums[c] / weight;
        entropy -= share * log2(share);
      }
    }
    return entropy / this.outputs;
  }
}
