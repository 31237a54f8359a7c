import { checkParams, TREE_DEFAULTS, type TreeRegressorParams } from './parameters';
import { RegressionModel } from './regression';

/**
 * A single regression tree (Breiman, Friedman, Olshen and Stone 1984), scikit-learn's `DecisionTreeRegressor`
 * node for node. It learns from all rows; `splitter: 'random'` makes it scikit-learn's `ExtraTreeRegressor`.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const tree = await new DecisionTreeRegressor({ maxDepth: 3 }).fit(X, y);
 * tree.predict(X);
 */
export class DecisionTreeRegressor extends RegressionModel<TreeRegressorParams> {
  constructor(params: Partial<TreeRegressorParams> = {}) {
    super('DecisionTreeRegressor', checkParams('DecisionTreeRegressor', params, TREE_DEFAULTS));
  }

  protected get splitter(): 'best' | 'random' {
    return this.params.splitter;
  }

  /** The same tree with other parameters, not fitted. */
  withParams(params: Partial<TreeRegressorParams>): DecisionTreeRegressor {
    return new DecisionTreeRegressor({ ...this.params, ...params });
  }
}
