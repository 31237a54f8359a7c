import { InputError } from '../errors';
import { float32Columns, targetsOf, weightsOf } from '../matrix';
import { r2Score } from '../metrics/metrics';
import { checkRunOptions } from '../options';
import type { Matrix } from '../types';
import type { BaggingParams, ForestParams } from './parameters';
import { type FitOptions, TreeModel, type TreeModelParams } from './treeModel';

/** One target a row, or rows of several. */
export type TargetValues = ArrayLike<number> | readonly (readonly number[])[];

/** @throws InputError where a Poisson deviance has no meaning */
function checkPoisson(y: Float64Array): void {
  const negative = y.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new InputError(`fit requires targets of at least 0 for poisson, got ${y[negative]}`);
  }
  if (!y.some((value) => value > 0)) {
    throw new InputError('fit requires a target above 0 for poisson, got none');
  }
}

/** The base of trees and forests that predict numbers. */
export abstract class RegressionModel<P extends TreeModelParams> extends TreeModel<P> {
  readonly estimatorType = 'regressor';

  /**
   * Grows the trees, in worker threads where that pays, and answers the event loop meanwhile.
   * @param X rows x features, or a column-wise table; numbers, rounded to float32; NaN is a missing value
   * @param y one finite target per row, or a list of rows of several targets
   * @param options sampleWeight; progress counts trees; an aborted fit rejects with the signal's reason and
   * leaves this model as it was
   * @returns this model
   */
  async fit(X: Matrix, y: TargetValues, options: FitOptions = {}): Promise<this> {
    const columns = float32Columns('fit', X, { mayMiss: true });
    const targets = targetsOf('fit', y, columns[0].length);
    checkRunOptions('fit', options, ['sampleWeight']);
    const { criterion, monotonicCst } = this.params;
    if (criterion === 'poisson') checkPoisson(targets.y);
    if (monotonicCst && targets.outputs > 1) {
      throw new InputError(`fit with monotonicCst requires one target a row, got ${targets.outputs}`);
    }
    const weights = weightsOf('fit', options.sampleWeight, columns[0].length);
    await this.grow({ columns, ...targets }, this.makeBag(columns[0].length, weights), options);
    return this;
  }

  /**
   * Returns the mean prediction of the trees for each row of X.
   * @throws InputError where the model was fitted on several targets a row
   */
  predict(X: Matrix): Float64Array {
    this.requireOneTarget('predict', 'predictTargets');
    return this.predictValues('predict', X);
  }

  /** The same of a model of one target or several: `result[target][row]`. */
  predictTargets(X: Matrix): Float64Array[] {
    return this.byTarget(this.predictValues('predictTargets', X));
  }

  /**
   * R2 of the predictions for X.
   * @param sampleWeight each row's weight
   */
  score(X: Matrix, y: ArrayLike<number>, sampleWeight?: ArrayLike<number>): number {
    return r2Score(y, this.predict(X), sampleWeight);
  }

  protected requireOneTarget(caller: string, other: string): void {
    const { valuesPerNode = 1 } = this.arrays;
    if (valuesPerNode === 1) return;
    throw new InputError(
      `${caller} requires a model of one target, got ${valuesPerNode}; ${other} gives them all`,
    );
  }

  protected byTarget(values: Float64Array): Float64Array[] {
    const { valuesPerNode = 1 } = this.arrays;
    const rowCount = values.length / valuesPerNode;
    return Array.from({ length: valuesPerNode }, (_, target) =>
      Float64Array.from({ length: rowCount }, (_, row) => values[row * valuesPerNode + target]),
    );
  }
}

/** The base of forests that predict numbers. */
export abstract class RegressionForest extends RegressionModel<ForestParams> {
  protected override bagging(): BaggingParams {
    return this.params;
  }

  /** Every tree's prediction: `result[tree][row]`. */
  predictTrees(X: Matrix): Float64Array[] {
    this.requireOneTarget('predictTrees', 'predictTargets');
    return this.predictTreeValues('predictTrees', X);
  }

  /** Returns the trees' disagreement about each row: the standard deviation of their predictions. */
  predictSpread(X: Matrix): Float64Array {
    this.requireOneTarget('predictSpread', 'predictTargets');
    const trees = this.predictTreeValues('predictSpread', X);
    const over = (value: (tree: Float64Array, row: number) => number) =>
      trees[0].map((_, row) => trees.reduce((total, tree) => total + value(tree, row), 0) / trees.length);
    const centre = over((tree, row) => tree[row]);
    return over((tree, row) => (tree[row] - centre[row]) ** 2).map(Math.sqrt);
  }

  /**
   * Each training row's prediction by the trees whose bootstrap left it out, an honest one without a test set.
   * NaN for a row that no tree left out (scikit-learn says 0 there, and warns).
   * @throws InputError when there is no bootstrap, or the forest was not fitted here
   */
  get oobPrediction(): Float64Array {
    this.requireOneTarget('oobPrediction', 'oobPredictionTargets');
    return this.outOfBagValues('oobPrediction');
  }

  /** The same of a forest of one target or several: `result[target][row]`. */
  get oobPredictionTargets(): Float64Array[] {
    return this.byTarget(this.outOfBagValues('oobPredictionTargets'));
  }

  /** R2 of the out-of-bag predictions, over the rows that have one. */
  get oobScore(): number {
    const prediction = this.oobPrediction;
    const known = prediction.map((_, row) => row).filter((row) => !Number.isNaN(prediction[row]));
    const at = (values: Float64Array) => known.map((row) => values[row]);
    return known.length === 0 ? Number.NaN : r2Score(at(this.training!.data.y), at(prediction));
  }

  /**
   * Counts how often each tree has drawn each of the rows that the forest was fitted on: `counts(tree)[row]`.
   * @param rowCount the number of those rows
   */
  drawnCounts(rowCount: number): (tree: number) => Uint32Array {
    const bag = this.training?.bag ?? this.makeBag(rowCount, null);
    if (bag.rowCount !== rowCount) {
      throw new InputError(`drawnCounts requires the ${bag.rowCount} rows of fit, got ${rowCount}`);
    }
    return this.countsOf(bag);
  }
}
