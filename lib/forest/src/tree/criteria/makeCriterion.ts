import type { TrainingData } from '../reference';
import { AbsoluteError } from './absoluteError';
import { Entropy, Gini } from './classification';
import type { Criterion, CriterionData } from './criterion';
import { Poisson } from './poisson';
import { SquaredError } from './squaredError';

type Maker = new (from: CriterionData) => Criterion;

/** The criteria by scikit-learn's names; since its version 1.9 friedman_mse is the squared error. */
const REGRESSION = {
  squared_error: SquaredError,
  friedman_mse: SquaredError,
  absolute_error: AbsoluteError,
  poisson: Poisson,
} satisfies Record<string, Maker>;
const CLASSIFICATION = { gini: Gini, entropy: Entropy, log_loss: Entropy } satisfies Record<string, Maker>;
const MAKERS: Record<CriterionName, Maker> = { ...REGRESSION, ...CLASSIFICATION };

export type RegressionCriterion = keyof typeof REGRESSION;
export type ClassificationCriterion = keyof typeof CLASSIFICATION;
export type CriterionName = RegressionCriterion | ClassificationCriterion;

export const REGRESSION_CRITERIA = Object.keys(REGRESSION);
export const CLASSIFICATION_CRITERIA = Object.keys(CLASSIFICATION);

export function makeCriterion(name: CriterionName, from: CriterionData): Criterion {
  return new MAKERS[name](from);
}

/** Numbers that a node predicts: one an output, or one a class and output. */
export function valuesPerNodeOf({ outputs = 1, classCounts }: TrainingData): number {
  return classCounts ? outputs * Math.max(...classCounts) : outputs;
}
