import { openSeries, type TreeSeries } from '../engine/engine';
import { nextTurn } from '../engine/platform';
import { InputError } from '../errors';
import type { SharedGrowth } from '../estimator';
import { float32Columns, targetOf, weightsOf } from '../matrix';
import { average, r2Score, sum } from '../metrics/metrics';
import { checkRunOptions } from '../options';
import { RandomState } from '../randomState';
import { SEED_RANGE } from '../tree/reference';
import { joinTrees } from '../tree/trees';
import type { ForestArrays, Matrix } from '../types';
import { boostingGrowth } from './boostingGrowth';
import { treeDecreases } from './importances';
import { BOOSTING_DEFAULTS, type BoostingParams, checkParams, rulesFor } from './parameters';
import { walk } from './predict';
import type { FitOptions } from './treeModel';

/** A fit in progress, or done: what a warm start goes on from. */
interface Boosting {
  /** The mean target, from which the trees go on. */
  initial: number;
  random: RandomState;
  trees: ForestArrays[];
  trainScore: number[];
  /** Of the rows that a tree left out; 0 for a tree that left out none. */
  oobScores: number[];
  oobImprovement: number[];
}

/** The rows that a boosting learns from. */
interface Rows {
  columns: Float32Array[];
  y: Float64Array;
  weights: Float64Array | null;
  /** Grows the trees, each on targets of its own. */
  series: TreeSeries;
}

/**
 * Gradient boosting of squared errors (Friedman 2001, 2002), scikit-learn's `GradientBoostingRegressor` node for
 * node: each tree learns what the ones before it left over. Rows may not have missing values, as there. Other
 * losses, `init` and early stopping (`n_iter_no_change`) are not offered, and refused as unknown.
 * @throws InputError for an unknown parameter or one out of range
 * @example
 * const model = await new GradientBoostingRegressor({ nEstimators: 200, learningRate: 0.05 }).fit(X, y);
 * model.predict(X);
 */
export class GradientBoostingRegressor {
  readonly estimatorType = 'regressor';
  params: Readonly<BoostingParams>;
  private boosting: Boosting | null = null;
  private joined: ForestArrays | null = null;

  constructor(params: Partial<BoostingParams> = {}) {
    this.params = checkParams('GradientBoostingRegressor', params, BOOSTING_DEFAULTS);
  }

  /** Only this class itself offers it: one made from it may fit or predict in its own way. */
  get sharedGrowth(): SharedGrowth<BoostingParams> | undefined {
    const isItself = this.constructor === GradientBoostingRegressor;
    return isItself ? boostingGrowth((params) => new GradientBoostingRegressor(params)) : undefined;
  }

  /** The same model with other parameters, not fitted. */
  withParams(params: Partial<BoostingParams>): GradientBoostingRegressor {
    return new GradientBoostingRegressor({ ...this.params, ...params });
  }

  /**
   * Changes parameters of this model, which keeps its trees: with warmStart the next `fit` adds to them.
   * @throws InputError for an unknown parameter or one out of range
   */
  setParams(params: Partial<BoostingParams>): this {
    this.params = checkParams('setParams', params, this.params);
    return this;
  }

  /**
   * Grows one tree after the other, and answers the event loop between them.
   * @param X rows x features, or a column-wise table; finite numbers, rounded to float32
   * @param y one finite target per row
   * @param options sampleWeight; progress counts trees; an aborted fit rejects with the signal's reason and
   * leaves this model as it was
   * @returns this model
   */
  async fit(X: Matrix, y: ArrayLike<number>, options: FitOptions = {}): Promise<this> {
    const columns = float32Columns('fit', X);
    const target = targetOf('fit', y, columns[0].length);
    checkRunOptions('fit', options, ['sampleWeight']);
    const weights = weightsOf('fit', options.sampleWeight, target.length);
    const { nEstimators, warmStart, criterion, subsample } = this.params;
    const rules = rulesFor({ ...this.params, monotonicCst: null, criterion }, target.length, columns.length);
    const isWeighted = weights !== null || subsample < 1;
    const series = openSeries(columns, rules, isWeighted, nEstimators);
    const rows = { columns, y: target, weights, series };
    const boosting = warmStart && this.boosting ? copyOf(this.boosting) : this.begin(rows);
    if (boosting.trees.length > nEstimators) {
      throw new InputError(
        `fit with warmStart requires at least as many trees as there are, got ${nEstimators} for ${boosting.trees.length}`,
      );
    }
    const raw = this.add(boosting, columns);
    while (boosting.trees.length < nEstimators) {
      options.signal?.throwIfAborted();
      await this.addTree(boosting, rows, raw, options.signal);
      options.onProgress?.({ done: boosting.trees.length, total: nEstimators });
      await nextTurn();
    }
    this.boosting = boosting;
    this.joined = joinTrees(boosting.trees, columns.length);
    return this;
  }

  private begin({ y, weights }: Rows): Boosting {
    const random = new RandomState(this.params.randomState);
    const scores = { trainScore: [], oobScores: [], oobImprovement: [] };
    return { initial: average(y, weights), random, trees: [], ...scores };
  }

  /** Grows the next tree on what is left over, and adds its predictions to `raw`. */
  private async addTree(
    boosting: Boosting,
    { columns, y, weights, series }: Rows,
    raw: Float64Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const { subsample } = this.params;
    const { random } = boosting;
    const inBag = subsample < 1 ? drawBag(random, y.length, subsample) : null;
    const leftOver = y.map((value, row) => -(raw[row] - value));
    const inTree = inBag ? Float64Array.from(inBag, (count, row) => count * (weights?.[row] ?? 1)) : weights;
    const isLearnt = (_: unknown, row: number) => !inBag || inBag[row] === 1;
    const isLeftOut = (_: unknown, row: number) => inBag?.[row] === 0;
    const score = (isScored: (_: unknown, row: number) => boolean) => {
      const errors = y.map((value, row) => 0.5 * (raw[row] - value) * (raw[row] - value));
      if (!inBag) return 2 * average(errors, weights);
      return 2 * average(errors.filter(isScored), weights?.filter(isScored));
    };
    const before = boosting.oobScores.at(-1) ?? (inBag ? score(isLeftOut) : 0);
    const seed = random.randint(SEED_RANGE);
    const tree = await series.grow(leftOver, inTree, seed, { signal });
    boosting.trees.push(tree);
    this.addOne(tree, columns, raw);
    boosting.trainScore.push(score(isLearnt));
    const after = inBag ? score(isLeftOut) : 0;
    boosting.oobScores.push(after);
    boosting.oobImprovement.push(inBag ? before - after : 0);
  }

  private addOne(tree: ForestArrays, columns: readonly Float32Array[], raw: Float64Array): void {
    const { learningRate } = this.params;
    const said = new Float64Array(raw.length);
    walk(tree, columns, said, 0, 1);
    for (let row = 0; row < raw.length; row++) raw[row] += learningRate * said[row];
  }

  /** The mean target and what all trees add to it. */
  private add({ initial, trees }: Boosting, columns: readonly Float32Array[]): Float64Array {
    const raw = new Float64Array(columns[0].length).fill(initial);
    for (const tree of trees) this.addOne(tree, columns, raw);
    return raw;
  }

  private get fitted(): Boosting {
    if (!this.boosting)
      throw new InputError('GradientBoostingRegressor requires fit before use, got no trees');
    return this.boosting;
  }

  private columnsOf(caller: string, X: Matrix): Float32Array[] {
    return float32Columns(caller, X, { features: this.arrays.nFeatures });
  }

  /** The trees as plain typed arrays; a leaf's value is added times the learning rate to `initialPrediction`. */
  get arrays(): ForestArrays {
    if (!this.joined) throw new InputError('GradientBoostingRegressor requires fit before use, got no trees');
    return this.joined;
  }

  /** The prediction before the first tree: the mean target. */
  get initialPrediction(): number {
    return this.fitted.initial;
  }

  /** The mean squared error on the training rows after each tree; with subsample on those that it learnt from. */
  get trainScore(): Float64Array {
    return Float64Array.from(this.fitted.trainScore);
  }

  /**
   * The mean squared error, after each tree, on the training rows that it left out; 0 for a tree that a warm start
   * kept and that left out none.
   * @throws InputError without subsample
   */
  get oobScores(): Float64Array {
    this.requireSubsample('oobScores');
    return Float64Array.from(this.fitted.oobScores);
  }

  /**
   * How far each tree lowered that error.
   * @throws InputError without subsample
   */
  get oobImprovement(): Float64Array {
    this.requireSubsample('oobImprovement');
    return Float64Array.from(this.fitted.oobImprovement);
  }

  private requireSubsample(caller: string): void {
    if (this.params.subsample === 1) throw new InputError(`${caller} requires subsample below 1, got 1`);
  }

  /** scikit-learn's `feature_importances_`, which sum to 1. */
  get featureImportances(): Float64Array {
    const { arrays } = this;
    const trees = Array.from({ length: arrays.treeCount }, (_, tree) => tree);
    const splitting = trees.filter((tree) => arrays.rootOf[tree + 1] - arrays.rootOf[tree] > 1);
    const total = new Float64Array(arrays.nFeatures);
    if (splitting.length === 0) return total;
    for (const tree of splitting) {
      treeDecreases(arrays, tree).forEach((value, feature) => {
        total[feature] += value;
      });
    }
    const mean = total.map((value) => value / splitting.length);
    const all = sum(mean);
    return mean.map((value) => value / all);
  }

  /** The prediction for each row of X. */
  predict(X: Matrix): Float64Array {
    return this.add(this.fitted, this.columnsOf('predict', X));
  }

  /** The predictions after each tree: `result[tree][row]`, the last of which are those of `predict`. */
  stagedPredict(X: Matrix): Float64Array[] {
    const columns = this.columnsOf('stagedPredict', X);
    const raw = new Float64Array(columns[0].length).fill(this.fitted.initial);
    return this.fitted.trees.map((tree) => {
      this.addOne(tree, columns, raw);
      return raw.slice();
    });
  }

  /**
   * R2 of the predictions for X.
   * @param sampleWeight each row's weight
   */
  score(X: Matrix, y: ArrayLike<number>, sampleWeight?: ArrayLike<number>): number {
    return r2Score(y, this.predict(X), sampleWeight);
  }
}

/** A boosting to go on with, while the first one stays as it is should the fit be aborted. */
function copyOf({ initial, random, trees, ...scores }: Boosting): Boosting {
  const { trainScore, oobScores, oobImprovement } = scores;
  return {
    ...{ initial, random: random.copy(), trees: [...trees], trainScore: [...trainScore] },
    ...{ oobScores: [...oobScores], oobImprovement: [...oobImprovement] },
  };
}

/** 1 for each row that a tree learns from, so that there are `share` of them, else 0. */
function drawBag(random: RandomState, rowCount: number, share: number): Uint8Array {
  const wanted = Math.max(1, Math.floor(share * rowCount));
  const draws = Array.from({ length: rowCount }, () => random.random());
  const inBag = new Uint8Array(rowCount);
  let drawn = 0;
  for (let row = 0; row < rowCount; row++) {
    if (draws[row] * (rowCount - row) >= wanted - drawn) continue;
    inBag[row] = 1;
    drawn++;
  }
  return inBag;
}
