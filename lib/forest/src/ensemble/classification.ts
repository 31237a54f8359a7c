import { InputError } from '../errors';
import { float32Columns, weightsOf } from '../matrix';
import { accuracyScore } from '../metrics/classification';
import { checkRunOptions } from '../options';
import type { Rules } from '../tree/rules';
import type { Matrix } from '../types';
import { type Classes, type ClassName, classesOf, classWeights } from './classes';
import type { BaggingParams, ClassifierForestParams, ClassWeight } from './parameters';
import { type FitOptions, TreeModel, type TreeModelParams } from './treeModel';

/** The base of trees and forests that predict classes. `C` is the type of a class's name. */
export abstract class ClassificationModel<
  P extends TreeModelParams & { classWeight: ClassWeight | null },
  C extends ClassName,
> extends TreeModel<P> {
  readonly estimatorType = 'classifier';
  private names: C[] | null = null;

  /**
   * Grows the trees and answers the event loop meanwhile.
   * @param X rows x features, or a column-wise table; numbers, rounded to float32; NaN is a missing value
   * @param y one class per row, all finite numbers or all texts
   * @param options sampleWeight; progress counts trees; an aborted fit rejects with the signal's reason and
   * leaves this model as it was
   * @returns this model
   */
  async fit(X: Matrix, y: ArrayLike<C>, options: FitOptions = {}): Promise<this> {
    const columns = float32Columns('fit', X, { mayMiss: true });
    const classes = classesOf('fit', y, columns[0].length);
    checkRunOptions('fit', options, ['sampleWeight']);
    if (this.params.monotonicCst && classes.names.length > 2) {
      throw new InputError(`fit with monotonicCst requires two classes, got ${classes.names.length}`);
    }
    const kept = this.bagging()?.warmStart && this.names;
    if (kept && kept.join('\n') !== classes.names.join('\n')) {
      throw new InputError(
        `fit with warmStart requires the classes of the first fit, got ${classes.names.length} for ${kept.length}, or others`,
      );
    }
    const given = weightsOf('fit', options.sampleWeight, columns[0].length);
    const bootstrap = this.bagging()?.bootstrap ?? false;
    const balancesTrees = this.params.classWeight === 'balanced_subsample' && bootstrap;
    const weights = balancesTrees ? given : this.weighted(classes, given);
    const bag = this.makeBag(columns[0].length, weights, balancesTrees ? classes.codes : null);
    const data = { columns, y: Float64Array.from(classes.codes), classCounts: [classes.names.length] };
    await this.grow(data, bag, options);
    this.names = classes.names;
    return this;
  }

  /** Rows' weights times those of their classes. */
  private weighted(classes: Classes<C>, given: Float64Array | null): Float64Array | null {
    const classWeight: ClassWeight | null = this.params.classWeight;
    if (classWeight === null) return given;
    // Without a bootstrap the whole table is each tree's sample. A single tree balances rows, not their weights.
    const weight = classWeight === 'balanced_subsample' ? 'balanced' : classWeight;
    const ofClasses = classWeights('fit', classes, weight, this.bagging() ? given : null);
    return given ? given.map((value, row) => value * ofClasses[row]) : ofClasses;
  }

  /** Constraints are on the probability of the second class, and trees look at the first one's. */
  protected override adapt(rules: Rules): Rules {
    return { ...rules, monotonicCst: rules.monotonicCst?.map((direction) => -direction) ?? null };
  }

  /** The classes in order: that of the probabilities. */
  get classes(): readonly C[] {
    if (!this.names) throw new InputError(`${this.name} requires fit before use, got no classes`);
    return this.names;
  }

  /** The most probable class of each row of X; of equally probable ones the first. */
  predict(X: Matrix): C[] {
    return this.predictProba(X).map((shares) => this.classes[mostProbable(shares)]);
  }

  /** Returns the mean share of each class in the trees' leaves: `result[row][class]`. */
  predictProba(X: Matrix): Float64Array[] {
    return this.byRow(this.predictValues('predictProba', X));
  }

  /**
   * The share of rows whose class is predicted.
   * @param sampleWeight each row's weight
   */
  score(X: Matrix, y: ArrayLike<C>, sampleWeight?: ArrayLike<number>): number {
    return accuracyScore(y, this.predict(X), sampleWeight);
  }

  protected byRow(values: Float64Array): Float64Array[] {
    const count = this.classes.length;
    return Array.from({ length: values.length / count }, (_, row) =>
      values.subarray(row * count, (row + 1) * count),
    );
  }
}

function mostProbable(shares: Float64Array): number {
  let best = 0;
  for (let code = 1; code < shares.length; code++) if (shares[code] > shares[best]) best = code;
  return best;
}

/** The base of forests that predict classes. */
export abstract class ClassificationForest<C extends ClassName> extends ClassificationModel<
  ClassifierForestParams,
  C
> {
  protected override bagging(): BaggingParams {
    return this.params;
  }

  /**
   * Each training row's probabilities by the trees whose bootstrap left it out: `result[row][class]`. NaN for a
   * row that no tree left out (scikit-learn says 0 there, and warns).
   * @throws InputError when there is no bootstrap, or the forest was not fitted here
   */
  get oobDecisionFunction(): Float64Array[] {
    return this.byRow(this.outOfBagValues('oobDecisionFunction'));
  }

  /** The share of rows whose class the trees that left them out predict, over the rows that have such trees. */
  get oobScore(): number {
    const shares = this.oobDecisionFunction;
    const { y } = this.training!.data;
    let known = 0;
    let right = 0;
    shares.forEach((ofRow, row) => {
      if (Number.isNaN(ofRow[0])) return;
      known++;
      if (mostProbable(ofRow) === y[row]) right++;
    });
    return right / known;
  }
}
