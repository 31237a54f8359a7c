import type { SharedGrowth } from '../estimator';
import { checkTrees } from '../tree/trees';
import type { ForestArrays } from '../types';
import { checkParams, DEFAULTS, EXTRA_DEFAULTS, type ForestParams } from './parameters';
import { RegressionForest } from './regression';
import { forestGrowth } from './sharedGrowth';

/**
 * A random forest (Breiman 2001) that equals scikit-learn's `RandomForestRegressor` node for node: the same
 * seed, rows and parameters give the same trees, bit for bit, whatever the target is.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const forest = await new RandomForestRegressor({ nEstimators: 100, randomState: 42 }).fit(X, y);
 * forest.predict([[0.7, 0.4, 120]]); // Float64Array [ 63.2 ]
 */
export class RandomForestRegressor extends RegressionForest {
  protected readonly splitter = 'best';

  constructor(params: Partial<ForestParams> = {}) {
    super('RandomForestRegressor', checkParams('RandomForestRegressor', params, DEFAULTS));
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

  /** An unfitted forest with these parameters in the place of its own. */
  withParams(params: Partial<ForestParams>): this {
    const Forest = this.constructor as new (params: Partial<ForestParams>) => this;
    return new Forest({ ...this.params, ...params });
  }

  /** Only the forest itself offers it: a class made from it may fit or predict in its own way. */
  get sharedGrowth(): SharedGrowth<ForestParams> | undefined {
    return this.constructor === RandomForestRegressor ? forestGrowth : undefined;
  }

  /**
   * Changes parameters of this forest, which keeps its trees: with warmStart the next `fit` adds to them.
   * @throws InputError for an unknown parameter or one out of range
   */
  setParams(params: Partial<ForestParams>): this {
    this.params = checkParams('setParams', params, this.params);
    return this;
  }
}

/**
 * Extremely randomised trees (Geurts, Ernst and Wehenkel 2006), scikit-learn's `ExtraTreesRegressor` node for
 * node: each feature drawn is tried at one random threshold, and all rows are used unless bootstrap is asked for.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const forest = await new ExtraTreesRegressor({ randomState: 42 }).fit(X, y);
 * forest.predict(X);
 */
export class ExtraTreesRegressor extends RegressionForest {
  protected readonly splitter = 'random';

  constructor(params: Partial<ForestParams> = {}) {
    super('ExtraTreesRegressor', checkParams('ExtraTreesRegressor', params, EXTRA_DEFAULTS));
  }

  /** The same forest with other parameters, not fitted. */
  withParams(params: Partial<ForestParams>): ExtraTreesRegressor {
    return new ExtraTreesRegressor({ ...this.params, ...params });
  }

  /**
   * Changes parameters of this forest, which keeps its trees: with warmStart the next `fit` adds to them.
   * @throws InputError for an unknown parameter or one out of range
   */
  setParams(params: Partial<ForestParams>): this {
    this.params = checkParams('setParams', params, this.params);
    return this;
  }
}
