import { InputError, type Regressor, type RunOptions, type Table, take, takeRows } from '../forest/src/index';

/**
 * A model in two parts for a target with many zeros (a hurdle model, Cragg 1971): one part learns the probability
 * that the target is above 0, the other its mean where it is. The prediction is their product.
 */
export class TwoPartRegressor implements Regressor {
  private share = Number.NaN;
  private hasParts = { chance: false, height: false };

  /**
   * @param chance learns 1 for a target above 0 and 0 else; its predictions are held between 0 and 1
   * @param height learns the targets above 0
   */
  constructor(
    private readonly chance: Regressor,
    private readonly height: Regressor,
  ) {}

  /** @throws InputError where there are no rows, or a target below 0 */
  async fit(X: Table, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    const targets = Array.from(y);
    const below = targets.find((target) => !(target >= 0));
    if (targets.length === 0 || below !== undefined) {
      throw new InputError(`TwoPartRegressor.fit requires targets of at least 0, got ${below ?? 'none'}`);
    }
    const above = targets.flatMap((target, row) => (target > 0 ? [row] : []));
    this.share = above.length / targets.length;
    // If all targets are on one side of the hurdle, there is nothing to learn about it.
    this.hasParts = { chance: this.share > 0 && this.share < 1, height: above.length > 0 };
    const isAbove = Float64Array.from(targets, (target) => Number(target > 0));
    if (this.hasParts.chance) await this.chance.fit(X, isAbove, options);
    if (this.hasParts.height) await this.height.fit(takeRows(X, above), take(y, above), options);
    return this;
  }

  predict(X: Table): Float64Array {
    const constant = (value: number) => new Float64Array(X.rowCount).fill(value);
    const chances = this.hasParts.chance ? this.chance.predict(X) : constant(this.share);
    const heights = this.hasParts.height ? this.height.predict(X) : constant(0);
    return Float64Array.from(heights, (height, row) => Math.min(1, Math.max(0, chances[row])) * height);
  }
}
