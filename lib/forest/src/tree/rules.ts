import type { CriterionName } from './criteria/makeCriterion';

/** All that decides how a tree grows on given data, as numbers for one table. */
export interface Rules {
  maxDepth: number;
  minSamplesSplit: number;
  minSamplesLeaf: number;
  maxFeatures: number;
  criterion: CriterionName;
  splitter: 'best' | 'random';
  /** Leaves at most, the best split first; null for no limit, and depth first. */
  maxLeafNodes: number | null;
  /** Share of all weight that each side of a split must keep. */
  minWeightFractionLeaf: number;
  /** The least decrease of impurity that a split must reach. */
  minImpurityDecrease: number;
  /** The cost of a leaf when the grown tree is pruned. */
  ccpAlpha: number;
  /** Per feature 1 where the prediction must not fall with it, -1 where it must not rise, else 0. */
  monotonicCst: readonly number[] | null;
}

/** The rules that the fast kernel does not know, as it takes them to be. */
const UNKNOWN_RULES = {
  maxLeafNodes: null,
  minWeightFractionLeaf: 0,
  minImpurityDecrease: 0,
  ccpAlpha: 0,
  monotonicCst: null,
} as const;
const KNOWN_CRITERIA: readonly CriterionName[] = ['squared_error', 'friedman_mse', 'gini'];

/** Whether the fast kernel grows what these rules say. */
export function isKnown(rules: Rules): boolean {
  const names = Object.keys(UNKNOWN_RULES) as (keyof typeof UNKNOWN_RULES)[];
  return (
    names.every((name) => rules[name] === UNKNOWN_RULES[name]) && KNOWN_CRITERIA.includes(rules.criterion)
  );
}
