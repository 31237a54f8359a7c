import type { TrainingData } from '../reference';
import type { Criterion, CriterionData } from './criterion';
import { SquaredError } from './squaredError';

/** The criteria by scikit-learn's names. */
const MAKERS = {
  squared_error: (from: CriterionData): Criterion => new SquaredError(from),
};

export type CriterionName = keyof typeof MAKERS;

export function makeCriterion(name: CriterionName, from: CriterionData): Criterion {
  return MAKERS[name](from);
}

/** Numbers that a node predicts: one an output, or one a class and output. */
export function valuesPerNodeOf({ outputs = 1, classCounts }: TrainingData): number {
  return classCounts ? outputs * Math.max(...classCounts) : outputs;
}
