import { InputError, valueText } from '../errors';
import { isSeed } from '../randomState';
import {
  CLASSIFICATION_CRITERIA,
  type ClassificationCriterion,
  type CriterionName,
  REGRESSION_CRITERIA,
  type RegressionCriterion,
} from '../tree/criteria/makeCriterion';
import type { Rules } from '../tree/rules';

/** Parameters of a tree's growth: scikit-learn's names in camelCase, with its meanings. */
export interface GrowthParams {
  /** Largest depth of a tree, the root being at 0; null for no limit. */
  maxDepth: number | null;
  /** Rows a node must have to be split: a count of at least 2, or a fraction of all rows below 1. */
  minSamplesSplit: number;
  /** Rows that each side of a split must keep: a count of at least 1, or a fraction of all rows below 1. */
  minSamplesLeaf: number;
  /** Share of all rows' weight that each side of a split must keep, from 0 to 0.5. */
  minWeightFractionLeaf: number;
  /**
   * Features examined per split: a count of at least 2, or a fraction of all features up to 1 (1 is all of
   * them: JavaScript has no 1 apart from 1.0; for a single feature give any small fraction), or 'sqrt', 'log2'.
   */
  maxFeatures: number | 'sqrt' | 'log2';
  /** Leaves at most, at least 2; the tree then grows best split first. Null for no limit. */
  maxLeafNodes: number | null;
  /** The least decrease of impurity that a split must reach, weighted by its share of the rows. */
  minImpurityDecrease: number;
  /** The cost of a leaf when the grown tree is pruned (minimal cost-complexity pruning); 0 prunes nothing. */
  ccpAlpha: number;
  /** Per feature 1 where predictions must not fall with it, -1 where they must not rise, 0 for neither. */
  monotonicCst: readonly number[] | null;
  /** Seed of all random draws; the same seed gives the same trees. */
  randomState: number;
}

/** The number of a forest's trees, and the rows that each of them learns from. */
export interface BaggingParams {
  /** Trees, at least 1. */
  nEstimators: number;
  /** Whether each tree learns from rows drawn with replacement, or from all rows. */
  bootstrap: boolean;
  /**
   * Rows that a tree draws: a count of at least 2, or a fraction of all rows' weight (1 is as many as there
   * are rows, when all weigh the same); null for as many as there are rows. Only with bootstrap.
   */
  maxSamples: number | null;
  /** Whether `fit` finds the out-of-bag score at once; `oobScore` gives it at any time. Only with bootstrap. */
  oobScore: boolean;
  /** Whether the next `fit` keeps the trees there are and adds those that nEstimators has more. */
  warmStart: boolean;
  /** Worker threads at most; null for as many as there are cores. The result never depends on it. */
  nJobs: number | null;
}

/** The settings of a `RandomForestRegressor`, and of an `ExtraTreesRegressor`. */
export interface ForestParams extends GrowthParams, BaggingParams {
  /** The impurity that a split lowers: 'squared_error' (also called 'friedman_mse'), 'absolute_error' or 'poisson'. */
  criterion: RegressionCriterion;
}

/** Weights of classes: by the class as a text, or found from the data so that all classes weigh the same. */
export type ClassWeight = Readonly<Record<string, number>> | 'balanced' | 'balanced_subsample';

/** The settings of a `RandomForestClassifier`, and of an `ExtraTreesClassifier`. */
export interface ClassifierForestParams extends GrowthParams, BaggingParams {
  /** The impurity that a split lowers: 'gini', or 'entropy', also called 'log_loss'. */
  criterion: ClassificationCriterion;
  /** Null for 1 each; 'balanced_subsample' looks at each tree's own bootstrap. */
  classWeight: ClassWeight | null;
}

/** The settings of a single tree. */
export interface TreeRegressorParams extends GrowthParams {
  criterion: RegressionCriterion;
  /** Whether each feature's best threshold is searched, or one is drawn at random. */
  splitter: 'best' | 'random';
}
export interface TreeClassifierParams extends GrowthParams {
  criterion: ClassificationCriterion;
  splitter: 'best' | 'random';
  classWeight: ClassWeight | null;
}

/** The settings of a `GradientBoostingRegressor`. */
export interface BoostingParams extends Omit<GrowthParams, 'monotonicCst'> {
  loss: 'squared_error';
  /** Both names are the squared error, since scikit-learn 1.9. */
  criterion: 'friedman_mse' | 'squared_error';
  /** Trees, at least 1. */
  nEstimators: number;
  /** The factor for the values that a tree adds. */
  learningRate: number;
  /** Share of the rows that each tree learns from, drawn without replacement: above 0, at most 1. */
  subsample: number;
  /** Whether the next `fit` keeps the trees there are and adds those that nEstimators has more. */
  warmStart: boolean;
}

const GROWTH: Readonly<GrowthParams> = {
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  minWeightFractionLeaf: 0,
  maxFeatures: 1.0,
  maxLeafNodes: null,
  minImpurityDecrease: 0,
  ccpAlpha: 0,
  monotonicCst: null,
  randomState: 0,
};
const BAGGING: Readonly<BaggingParams> = {
  nEstimators: 100,
  bootstrap: true,
  maxSamples: null,
  oobScore: false,
  warmStart: false,
  nJobs: null,
};

/** scikit-learn's defaults; only the seed is fixed here, which scikit-learn draws anew when it is not given. */
export const DEFAULTS: Readonly<ForestParams> = { ...BAGGING, ...GROWTH, criterion: 'squared_error' };
export const EXTRA_DEFAULTS: Readonly<ForestParams> = { ...DEFAULTS, bootstrap: false };
export const CLASSIFIER_DEFAULTS: Readonly<ClassifierForestParams> = {
  ...BAGGING,
  ...GROWTH,
  maxFeatures: 'sqrt',
  criterion: 'gini',
  classWeight: null,
};
export const EXTRA_CLASSIFIER_DEFAULTS: Readonly<ClassifierForestParams> = {
  ...CLASSIFIER_DEFAULTS,
  bootstrap: false,
};
export const TREE_DEFAULTS: Readonly<TreeRegressorParams> = {
  ...GROWTH,
  criterion: 'squared_error',
  splitter: 'best',
};
export const TREE_CLASSIFIER_DEFAULTS: Readonly<TreeClassifierParams> = {
  ...GROWTH,
  criterion: 'gini',
  splitter: 'best',
  classWeight: null,
};

const { monotonicCst: _, ...BOOSTED } = GROWTH;
export const BOOSTING_DEFAULTS: Readonly<BoostingParams> = {
  ...BOOSTED,
  loss: 'squared_error',
  learningRate: 0.1,
  nEstimators: 100,
  subsample: 1,
  criterion: 'friedman_mse',
  maxDepth: 3,
  warmStart: false,
};

/** The largest number that the kernel can take. */
const LARGEST = 0x7fffffff;
const isWhole = (value: unknown, least: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST;
const isFraction = (value: unknown) => typeof value === 'number' && value > 0 && value < 1;
const isNotNegative = (value: unknown) =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isListOf = (value: unknown, isRight: (item: unknown) => boolean) =>
  Array.isArray(value) && value.every(isRight);

const isClassWeight = (value: unknown) =>
  value === null ||
  value === 'balanced' ||
  value === 'balanced_subsample' ||
  (typeof value === 'object' && Object.values(value as object).every(isNotNegative));

const CRITERIA = [...REGRESSION_CRITERIA, ...CLASSIFICATION_CRITERIA];
const COUNT_OR_NULL = 'null or a whole number of at least 1';

/** Per parameter, what it requires in words and as a test. */
const REQUIRED: Record<string, [string, (value: unknown) => boolean]> = {
  nEstimators: ['a whole number of at least 1', (v) => isWhole(v, 1)],
  maxDepth: [COUNT_OR_NULL, (v) => v === null || isWhole(v, 1)],
  minSamplesSplit: [
    'a whole number of at least 2 or a fraction between 0 and 1',
    (v) => isWhole(v, 2) || isFraction(v),
  ],
  minSamplesLeaf: [
    'a whole number of at least 1 or a fraction between 0 and 1',
    (v) => isWhole(v, 1) || isFraction(v),
  ],
  minWeightFractionLeaf: ['a number from 0 to 0.5', (v) => isNotNegative(v) && (v as number) <= 0.5],
  maxFeatures: [
    "'sqrt', 'log2', a whole number of at least 1 or a fraction between 0 and 1",
    (v) => v === 'sqrt' || v === 'log2' || isWhole(v, 1) || isFraction(v),
  ],
  maxLeafNodes: ['null or a whole number of at least 2', (v) => v === null || isWhole(v, 2)],
  minImpurityDecrease: ['a finite number of at least 0', isNotNegative],
  ccpAlpha: ['a finite number of at least 0', isNotNegative],
  monotonicCst: [
    'null or a list of -1, 0 and 1',
    (v) => v === null || isListOf(v, (item) => [-1, 0, 1].includes(item as number)),
  ],
  bootstrap: ['true or false', isBoolean],
  maxSamples: [
    'null, a whole number of at least 1 or a fraction above 0',
    (v) => v === null || (isNotNegative(v) && (v as number) > 0 && (v as number) <= LARGEST),
  ],
  oobScore: ['true or false', isBoolean],
  warmStart: ['true or false', isBoolean],
  randomState: ['a whole number from 0 to 2^32 - 1', isSeed],
  nJobs: [COUNT_OR_NULL, (v) => v === null || isWhole(v, 1)],
  splitter: ["'best' or 'random'", (v) => v === 'best' || v === 'random'],
  classWeight: ["null, 'balanced', 'balanced_subsample' or a weight of at least 0 per class", isClassWeight],
  learningRate: ['a finite number of at least 0', isNotNegative],
  subsample: [
    'a number above 0 and at most 1',
    (v) => isNotNegative(v) && (v as number) > 0 && (v as number) <= 1,
  ],
  loss: ["'squared_error'", (v) => v === 'squared_error'],
};

/** The criteria of the estimator's kind. */
function requiredOf(name: string, base: object): [string, (value: unknown) => boolean] {
  if (name !== 'criterion') return REQUIRED[name];
  if ('learningRate' in base) {
    const known = ['friedman_mse', 'squared_error'];
    return [`one of ${known.join(', ')}`, (value) => known.includes(value as string)];
  }
  const isClassifier = CLASSIFICATION_CRITERIA.includes((base as { criterion: string }).criterion);
  const known = isClassifier ? CLASSIFICATION_CRITERIA : REGRESSION_CRITERIA;
  return [
    `one of ${known.join(', ')}`,
    (value) => CRITERIA.includes(value as string) && known.includes(value as string),
  ];
}

/**
 * The whole set of parameters: those given over `base`.
 * @param caller named in the message
 * @param base the estimator's defaults, whose names are the ones that it knows
 * @throws InputError for an unknown name or a value out of range
 */
export function checkParams<P extends object = ForestParams>(
  caller: string,
  given: Partial<P>,
  base: Readonly<P> = DEFAULTS as unknown as P,
): P {
  if (typeof given !== 'object' || given === null) {
    throw new InputError(`${caller} requires parameters by name, got ${valueText(given)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(base, name)) {
      throw new InputError(`${caller} requires one of ${Object.keys(base).join(', ')}, got ${name}`);
    }
    const [words, isRight] = requiredOf(name, base);
    if (!isRight(value)) {
      throw new InputError(`${caller} requires ${name} to be ${words}, got ${valueText(value)}`);
    }
  }
  return { ...base, ...given };
}

/** Resolves fractions and names against the table's size, rounding as scikit-learn does. */
export function rulesFor(
  params: GrowthParams & { criterion: CriterionName; splitter?: 'best' | 'random' },
  rowCount: number,
  featureCount: number,
): Rules {
  const { maxDepth, maxFeatures, criterion, splitter = 'best' } = params;
  const { maxLeafNodes, minWeightFractionLeaf, minImpurityDecrease, ccpAlpha, monotonicCst } = params;
  const count = (value: number, least: number) =>
    value < 1 ? Math.max(least, Math.ceil(value * rowCount)) : value;
  const minSamplesLeaf = count(params.minSamplesLeaf, 1);
  const features =
    maxFeatures === 'sqrt'
      ? Math.sqrt(featureCount)
      : maxFeatures === 'log2'
        ? Math.log2(featureCount)
        : maxFeatures <= 1
          ? maxFeatures * featureCount
          : maxFeatures;
  if (monotonicCst && monotonicCst.length !== featureCount) {
    throw new InputError(
      `monotonicCst requires a number for each of the ${featureCount} features, got ${monotonicCst.length}`,
    );
  }
  return {
    maxDepth: maxDepth ?? LARGEST,
    minSamplesLeaf,
    minSamplesSplit: Math.min(Math.max(count(params.minSamplesSplit, 2), 2 * minSamplesLeaf), LARGEST),
    maxFeatures: Math.max(1, Math.floor(features)),
    criterion,
    splitter,
    maxLeafNodes,
    minWeightFractionLeaf,
    minImpurityDecrease,
    ccpAlpha,
    monotonicCst,
  };
}
