import type { ClassName } from './classes';
import { ClassificationForest } from './classification';
import {
  CLASSIFIER_DEFAULTS,
  type ClassifierForestParams,
  checkParams,
  EXTRA_CLASSIFIER_DEFAULTS,
} from './parameters';

/**
 * A random forest of classes (Breiman 2001) that equals scikit-learn's `RandomForestClassifier` node for node.
 * Classes are numbers or texts, two or many.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const forest = await new RandomForestClassifier({ randomState: 42 }).fit(X, ['hit', 'miss', 'hit']);
 * forest.predictProba(X); // [ Float64Array [ 0.9, 0.1 ], ... ], in the order of forest.classes
 */
export class RandomForestClassifier<C extends ClassName = ClassName> extends ClassificationForest<C> {
  protected readonly splitter = 'best';

  constructor(params: Partial<ClassifierForestParams> = {}) {
    super('RandomForestClassifier', checkParams('RandomForestClassifier', params, CLASSIFIER_DEFAULTS));
  }

  /** The same forest with other parameters, not fitted. */
  withParams(params: Partial<ClassifierForestParams>): RandomForestClassifier<C> {
    return new RandomForestClassifier({ ...this.params, ...params });
  }

  /**
   * Changes parameters of this forest, which keeps its trees: with warmStart the next `fit` adds to them.
   * @throws InputError for an unknown parameter or one out of range
   */
  setParams(params: Partial<ClassifierForestParams>): this {
    this.params = checkParams('setParams', params, this.params);
    return this;
  }
}

/**
 * Extremely randomised trees of classes (Geurts, Ernst and Wehenkel 2006), scikit-learn's `ExtraTreesClassifier`
 * node for node.
 * @throws InputError for an unknown parameter or one out of range
 * @example await new ExtraTreesClassifier({ randomState: 42 }).fit(X, y)
 */
export class ExtraTreesClassifier<C extends ClassName = ClassName> extends ClassificationForest<C> {
  protected readonly splitter = 'random';

  constructor(params: Partial<ClassifierForestParams> = {}) {
    super('ExtraTreesClassifier', checkParams('ExtraTreesClassifier', params, EXTRA_CLASSIFIER_DEFAULTS));
  }

  /** The same forest with other parameters, not fitted. */
  withParams(params: Partial<ClassifierForestParams>): ExtraTreesClassifier<C> {
    return new ExtraTreesClassifier({ ...this.params, ...params });
  }

  /**
   * Changes parameters of this forest, which keeps its trees: with warmStart the next `fit` adds to them.
   * @throws InputError for an unknown parameter or one out of range
   */
  setParams(params: Partial<ClassifierForestParams>): this {
    this.params = checkParams('setParams', params, this.params);
    return this;
  }
}
