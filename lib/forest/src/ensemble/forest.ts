import { growForest } from '../engine/engine';
import { InputError } from '../errors';
import { float32Columns, targetOf } from '../matrix';
import { r2Score } from '../metrics/metrics';
import { bootstrapCounts, treeSeeds } from '../tree/reference';
import { checkTrees } from '../tree/trees';
import type { ForestArrays, Matrix, RunOptions } from '../types';
import { featureImportances } from './importances';
import { checkParams, checkRunOptions, type ForestParams, rulesFor } from './parameters';
import { predictEachTree, predictForest, predictOutOfBag } from './predict';

/**
 * A random forest (Breiman 2001) that equals scikit-learn's `RandomForestRegressor` node for node: the same
 * seed, rows and parameters give the same trees, bit for bit, whatever the target is.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const forest = await new RandomForestRegressor({ nEstimators: 100, randomState: 42 }).fit(X, y);
 * forest.predict([[0.7, 0.4, 120]]); // Float64Array [ 63.2 ]
 */
export class RandomForestRegressor {
  readonly params: Readonly<ForestParams>;
  private fitted: ForestArrays | null = null;
  private training: { columns: Float32Array[]; y: Float64Array } | null = null;

  constructor(params: Partial<ForestParams> = {}) {
    this.params = checkParams('RandomForestRegressor', params);
  }

  /**
   * A forest from trees grown before, here or by scikit-learn.
   * @throws InputError where a row could not walk down every tree to a leaf
   */
  static fromArrays(arrays: ForestArrays, params: Partial<ForestParams> = {}): RandomForestRegressor {
    checkTrees('fromArrays', arrays);
    const forest = new RandomForestRegressor({ ...params, nEstimators: arrays.treeCount });
    forest.fitted = arrays;
    return forest;
  }

  /**
   * Grows the trees, in worker threads where that pays, and answers the event loop meanwhile.
   * @param X rows x features, or a column-wise table; finite numbers, rounded to float32
   * @param y one finite target per row
   * @param options progress counts trees; an aborted fit rejects with the signal's reason and leaves this
   * forest as it was
   * @returns this forest
   */
  async fit(X: Matrix, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    const columns = float32Columns('fit', X);
    const target = targetOf('fit', y, columns[0].length);
    checkRunOptions('fit', options);
    const { nEstimators, bootstrap, randomState, nJobs } = this.params;
    const rules = rulesFor(this.params, target.length, columns.length);
    const seeds = treeSeeds(randomState, nEstimators);
    this.fitted = await growForest({ columns, y: target }, rules, seeds, bootstrap, nJobs, options);
    this.training = { columns, y: target };
    return this;
  }

  /** The trees as plain typed arrays. */
  get arrays(): ForestArrays {
    if (!this.fitted) throw new InputError('RandomForestRegressor requires fit before use, got no trees');
    return this.fitted;
  }

  /** The mean of the trees' predictions for each row of X. */
  predict(X: Matrix): Float64Array {
    return predictForest('predict', this.arrays, X, this.params.nJobs);
  }

  /** Every tree's prediction: `result[tree][row]`. */
  predictTrees(X: Matrix): Float64Array[] {
    return predictEachTree('predictTrees', this.arrays, X);
  }

  /** How far the trees disagree about each row: the standard deviation of their predictions. */
  predictSpread(X: Matrix): Float64Array {
    const trees = predictEachTree('predictSpread', this.arrays, X);
    const over = (value: (tree: Float64Array, row: number) => number) =>
      trees[0].map((_, row) => trees.reduce((total, tree) => total + value(tree, row), 0) / trees.length);
    const centre = over((tree, row) => tree[row]);
    return over((tree, row) => (tree[row] - centre[row]) ** 2).map(Math.sqrt);
  }

  /** scikit-learn's `feature_importances_`, which sum to 1. */
  get featureImportances(): Float64Array {
    return featureImportances(this.arrays);
  }

  /**
   * Each training row's prediction by the trees whose bootstrap left it out, an honest one without a test set.
   * NaN for a row that no tree left out (scikit-learn says 0 there, and warns).
   * @throws InputError when there is no bootstrap, or the forest was not fitted here
   */
  get oobPrediction(): Float64Array {
    if (!this.params.bootstrap || !this.training) {
      throw new InputError('oobPrediction requires a forest fitted here with bootstrap, got one without');
    }
    const { nEstimators, randomState } = this.params;
    const seeds = treeSeeds(randomState, nEstimators);
    const { columns, y } = this.training;
    return predictOutOfBag(this.arrays, columns, (tree) => bootstrapCounts(seeds[tree], y.length));
  }

  /** R2 of the out-of-bag predictions, over the rows that have one. */
  get oobScore(): number {
    const prediction = this.oobPrediction;
    const known = prediction.map((_, row) => row).filter((row) => !Number.isNaN(prediction[row]));
    const at = (values: Float64Array) => known.map((row) => values[row]);
    return known.length === 0 ? Number.NaN : r2Score(at(this.training!.y), at(prediction));
  }
}
