import {
  type ForestParams,
  RandomForestClassifier,
  type Regressor,
  type RunOptions,
  type Table,
} from '../forest/src/index';

/**
 * The probability that a row is of class 1, from a `RandomForestClassifier` that learns the classes 0 and 1
 * (scikit-learn: `forest.predict_proba(X)[:, 1]`).
 */
export class HitProbability implements Regressor {
  private readonly forest: RandomForestClassifier<number>;

  /** @param params of the forest; the number of features that a split looks at is the classifier's own default */
  constructor({ nEstimators, maxDepth, minSamplesLeaf, randomState }: Partial<ForestParams>) {
    const given = Object.entries({ nEstimators, maxDepth, minSamplesLeaf, randomState });
    this.forest = new RandomForestClassifier(
      Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    );
  }

  async fit(X: Table, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    await this.forest.fit(X, Array.from(y), options);
    return this;
  }

  predict(X: Table): Float64Array {
    const column = this.forest.classes.indexOf(1);
    return Float64Array.from(this.forest.predictProba(X), (shares) => (column < 0 ? 0 : shares[column]));
  }
}
