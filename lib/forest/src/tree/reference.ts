/**
 * The definition of a tree: scikit-learn's rules in plain TypeScript. It is written to be read and to be
 * trusted; `assembly/kernel.ts` is the fast twin of its common part, which tests hold to this one node for node.
 *
 * For any finite target and any weights the trees are scikit-learn's bit for bit, `impurity` and `value`
 * included, because every sum runs in scikit-learn's own order: see `sort.ts` and `criteria/criterion.ts`.
 */
import { hasMissing } from '../matrix';
import { sum } from '../metrics/metrics';
import { RandomState } from '../randomState';
import type { ForestArrays } from '../types';
import { BestFirstBuilder, DepthFirstBuilder } from './builder';
import { makeCriterion, valuesPerNodeOf } from './criteria/makeCriterion';
import { prune } from './pruning';
import type { Rules } from './rules';
import { BestSplitter, RandomSplitter } from './splitter';

/** A node whose impurity is at most this is pure; a split may lose this much to rounding. */
export const EPSILON = 2 ** -52;
/** Number of values of a seed that a forest draws for its trees. */
export const SEED_RANGE = 0x7fffffff;

export interface TrainingData {
  /** Features, rounded to float32; NaN where a value is missing. */
  columns: readonly Float32Array[];
  /** Targets, `outputs` numbers a row; of a classifier, numbers of classes from 0. */
  y: Float64Array;
  /** The number of a row's targets, 1 when not given. */
  outputs?: number;
  /** The number of classes of each output; not given for numbers. */
  classCounts?: readonly number[];
}

/** The seeds of a forest's trees; those of a smaller forest are the first of a larger one's. */
export function treeSeeds(randomState: number, nEstimators: number): Uint32Array {
  const random = new RandomState(randomState);
  return Uint32Array.from({ length: nEstimators }, () => random.randint(SEED_RANGE));
}

/** The splitter's own generator: xorshift32, of which 31 bits are used. */
export class Xorshift {
  constructor(private state: number) {}

  /** A whole number from low to high - 1. */
  between(low: number, high: number): number {
    let x = this.state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return low + ((x & 0x7fffffff) % (high - low));
  }

  /** A number from low to high. */
  uniform(low: number, high: number): number {
    return ((high - low) * this.between(0, 2 ** 31)) / SEED_RANGE + low;
  }
}

/**
 * Grows one tree on the rows whose weight is above 0.
 * @param weights each row's weight, finite and not negative; a bootstrap's counts are such weights
 * @param seed the tree's seed, which also drew the bootstrap
 * @returns the tree, as a forest of one
 */
export function growTree(
  data: TrainingData,
  weights: ArrayLike<number>,
  rules: Rules,
  seed: number,
): ForestArrays {
  return lastOf(growInSteps(data, weights, rules, seed));
}

/** The same node by node: it pauses after each, so that a long tree need not be grown in one go. */
export function growInSteps(
  data: TrainingData,
  weights: ArrayLike<number>,
  rules: Rules,
  seed: number,
): Generator<undefined, ForestArrays> {
  return growSeededInSteps(data, weights, rules, new RandomState(seed).randint(SEED_RANGE));
}

/** The same in one go, told the splitter's own seed. */
export function growSeeded(
  data: TrainingData,
  weights: ArrayLike<number>,
  rules: Rules,
  splitterSeed: number,
): ForestArrays {
  return lastOf(growSeededInSteps(data, weights, rules, splitterSeed));
}

function lastOf<T>(steps: Generator<undefined, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function* growSeededInSteps(
  data: TrainingData,
  weights: ArrayLike<number>,
  rules: Rules,
  splitterSeed: number,
): Generator<undefined, ForestArrays> {
  const { columns } = data;
  // One array of rows lasts for the whole tree. A node is a stretch of it, and each step finds the rows in the
  // order in which the last one left them, which decides the last bit of every sum.
  const rows = Int32Array.from(columns[0].keys()).filter((row) => weights[row] !== 0);
  const criterion = makeCriterion(rules.criterion, { data, weights, rows });
  let weightOfAll = 0;
  for (const row of rows) weightOfAll += weights[row];
  const minWeightLeaf = rules.minWeightFractionLeaf * sum(weights);
  const limits = { ...rules, minWeightLeaf };
  const random = new Xorshift(splitterSeed);
  const SplitterOfRules = rules.splitter === 'best' ? BestSplitter : RandomSplitter;
  const splitter = new SplitterOfRules({ columns, rows, criterion, limits, random, weightOfAll });
  const valuesPerNode = valuesPerNodeOf(data);
  const parts = { criterion, splitter, limits, valuesPerNode, rowCount: rows.length };
  const BuilderOfRules = rules.maxLeafNodes === null ? DepthFirstBuilder : BestFirstBuilder;
  const nodes = yield* new BuilderOfRules(parts).build();
  const tree = nodes.toArrays(columns.length, hasMissing(columns));
  return rules.ccpAlpha > 0 ? prune(tree, rules.ccpAlpha) : tree;
}
