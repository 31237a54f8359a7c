import { InputError } from '../errors';
import type { ClassName } from './classes';
import { ClassificationModel } from './classification';
import {
  checkParams,
  TREE_CLASSIFIER_DEFAULTS,
  TREE_DEFAULTS,
  type TreeClassifierParams,
  type TreeRegressorParams,
} from './parameters';
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

/**
 * A single tree of classes, scikit-learn's `DecisionTreeClassifier` node for node; `splitter: 'random'` makes it
 * scikit-learn's `ExtraTreeClassifier`.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const tree = await new DecisionTreeClassifier({ maxDepth: 3 }).fit(X, ['a', 'b', 'a']);
 * tree.predict(X);
 */
export class DecisionTreeClassifier<C extends ClassName = ClassName> extends ClassificationModel<
  TreeClassifierParams,
  C
> {
  constructor(params: Partial<TreeClassifierParams> = {}) {
    super('DecisionTreeClassifier', checkParams('DecisionTreeClassifier', params, TREE_CLASSIFIER_DEFAULTS));
    if (params.classWeight === 'balanced_subsample') {
      throw new InputError(
        'DecisionTreeClassifier requires classWeight of null, \'balanced\' or weights, got "balanced_subsample", which needs a bootstrap',
      );
    }
  }

  protected get splitter(): 'best' | 'random' {
    return this.params.splitter;
  }

  /** The same tree with other parameters, not fitted. */
  withParams(params: Partial<TreeClassifierParams>): DecisionTreeClassifier<C> {
    return new DecisionTreeClassifier({ ...this.params, ...params });
  }
}
