import { growForest } from '../engine/engine';
import { InputError } from '../errors';
import { sum } from '../metrics/metrics';
import { type Bag, drawnCounts } from '../tree/bag';
import { type CriterionName, valuesPerNodeOf } from '../tree/criteria/makeCriterion';
import { type TrainingData, treeSeeds } from '../tree/reference';
import type { Rules } from '../tree/rules';
import { appendTrees } from '../tree/trees';
import type { ForestArrays, Matrix, RunOptions } from '../types';
import { featureImportances, treeImportances } from './importances';
import { type BaggingParams, type GrowthParams, rulesFor } from './parameters';
import { predictEachTree, predictForest, predictOutOfBag } from './predict';

/** The last argument of `fit`. */
export interface FitOptions extends RunOptions {
  /** Each row's weight, at least 0. With bootstrap rows are drawn by it, without it counts in every sum. */
  sampleWeight?: ArrayLike<number> | null;
}

/** The parameters that all models of trees have. */
export type TreeModelParams = GrowthParams & { criterion: CriterionName };

/** A single tree, as a forest that draws no rows. */
const ONE_TREE: Readonly<BaggingParams> = {
  nEstimators: 1,
  bootstrap: false,
  maxSamples: null,
  oobScore: false,
  warmStart: false,
  nJobs: 1,
};

/** The base of single trees and forests: their arrays, their growth, and the values of their leaves. */
export abstract class TreeModel<P extends TreeModelParams> {
  protected fitted: ForestArrays | null = null;
  protected training: { data: TrainingData; bag: Bag } | null = null;

  /**
   * @param name for messages
   * @param params checked
   */
  protected constructor(
    protected readonly name: string,
    public params: Readonly<P>,
  ) {}

  /** The trees as plain typed arrays. */
  get arrays(): ForestArrays {
    if (!this.fitted) throw new InputError(`${this.name} requires fit before use, got no trees`);
    return this.fitted;
  }

  /** scikit-learn's `feature_importances_`, which sum to 1. */
  get featureImportances(): Float64Array {
    return this.bagging() ? featureImportances(this.arrays) : treeImportances(this.arrays, 0);
  }

  /** The trees' way to choose thresholds. */
  protected abstract get splitter(): 'best' | 'random';

  /** The forest's way to draw rows; null for a single tree. */
  protected bagging(): BaggingParams | null {
    return null;
  }

  /** The seeds of the first trees. */
  private seeds(): Uint32Array {
    const { randomState } = this.params;
    const bagging = this.bagging();
    return bagging ? treeSeeds(randomState, bagging.nEstimators) : Uint32Array.of(randomState);
  }

  /** The rules as the trees have to see them. */
  protected adapt(rules: Rules): Rules {
    return rules;
  }

  /** Grows the trees, or with warmStart those that are wanting. */
  protected async grow(data: TrainingData, bag: Bag, options: RunOptions): Promise<void> {
    const { warmStart, nJobs } = this.bagging() ?? ONE_TREE;
    const kept = warmStart && this.fitted ? this.fitted : null;
    const first = kept?.treeCount ?? 0;
    const seeds = this.seeds();
    if (kept && (seeds.length < first || kept.nFeatures !== data.columns.length)) {
      throw new InputError(
        `fit with warmStart requires the same features and at least as many trees, got ${data.columns.length} features for ${kept.nFeatures} and ${seeds.length} trees for ${first}`,
      );
    }
    const own = { ...this.params, splitter: this.splitter };
    if (kept && (kept.valuesPerNode ?? 1) !== valuesPerNodeOf(data)) {
      throw new InputError(
        `fit with warmStart requires as many targets as before, got ${valuesPerNodeOf(data)} for ${kept.valuesPerNode ?? 1}`,
      );
    }
    const rules = this.adapt(rulesFor(own, bag.rowCount, data.columns.length));
    if (seeds.length > first) {
      const grown = await growForest({ data, rules, seeds: seeds.slice(first), bag, nJobs }, options);
      this.fitted = kept ? appendTrees(kept, grown) : grown;
    }
    this.training = { data, bag };
  }

  /** Describes the rows that each tree learns from. */
  protected makeBag(
    rowCount: number,
    sampleWeight: Float64Array | null,
    balancedClasses: Int32Array | null = null,
  ): Bag {
    const { bootstrap, maxSamples, oobScore } = this.bagging() ?? ONE_TREE;
    if (!bootstrap && (maxSamples !== null || oobScore)) {
      const name = oobScore ? 'oobScore' : 'maxSamples';
      throw new InputError(`${this.name} requires bootstrap where ${name} is given, got none`);
    }
    const total = sampleWeight ? sum(sampleWeight) : rowCount;
    const isFraction = maxSamples !== null && (maxSamples <= 1 || !Number.isInteger(maxSamples));
    const drawn = isFraction ? Math.max(1, Math.floor(maxSamples * total)) : (maxSamples ?? rowCount);
    return { rowCount, draws: bootstrap ? drawn : null, sampleWeight, balancedClasses };
  }

  /** The mean of the trees' values, `valuesPerNode` numbers a row. */
  protected predictValues(caller: string, X: Matrix): Float64Array {
    return predictForest(caller, this.arrays, X, (this.bagging() ?? ONE_TREE).nJobs);
  }

  /** Every tree's values. */
  protected predictTreeValues(caller: string, X: Matrix): Float64Array[] {
    return predictEachTree(caller, this.arrays, X);
  }

  /** The values of the trees that left a training row out, for every row; NaN where none did. */
  protected outOfBagValues(caller: string): Float64Array {
    if (!this.bagging()?.bootstrap || !this.training) {
      throw new InputError(`${caller} requires a forest fitted here with bootstrap, got one without`);
    }
    const { data, bag } = this.training;
    return predictOutOfBag(this.arrays, data.columns, this.countsOf(bag));
  }

  /** Counts how often each tree has drawn each row that it was fitted on: `counts(tree)[row]`. */
  protected countsOf(bag: Bag): (tree: number) => Uint32Array {
    const seeds = this.seeds();
    return (tree) => drawnCounts(bag, seeds[tree]);
  }
}
