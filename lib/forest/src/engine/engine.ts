/**
 * Makes jobs for the kernel from a table and parameters, and trees from its results. Some work the kernel cannot
 * take, so the reference grows it, more slowly and with the same result: a table beyond 4 GB of WebAssembly memory,
 * several targets, classes with weights in all sums, and rules that it does not know.
 */
import { hasMissing } from '../matrix';
import { plainBag, runningShares } from '../tree/bag';
import { hasExactSums } from '../tree/exactSums';
import { growSeeded, type TrainingData } from '../tree/reference';
import { isKnown, type Rules } from '../tree/rules';
import { type TreeArrays, TreeCollector } from '../tree/trees';
import type { ForestArrays, RunOptions, Split } from '../types';
import { type ForestTask, growPlainly } from './plain';
import { loadQueue } from './platform';
import { openJobs, runJobs, type Share } from './shares';
import { type KernelJob, openJob, type Settings } from './threads';

/** Configurations that one growth can serve: the bits of a 64-bit word. */
export const MOST_CONFIGS = 64;

/** From so many rows times features times trees a single forest is worth a queue. */
const QUEUE_PAYS = 5e7;

/** Several forests over several folds that differ only in limits of their trees. */
export interface Growth {
  data: TrainingData;
  folds: readonly Split[];
  seeds: Uint32Array;
  bootstrap: boolean;
  maxFeatures: number;
  /** At most 64, all different. */
  rules: readonly Rules[];
  /** Numbers of trees after which predictions are wanted, ascending. */
  prefixes: readonly number[];
  storing: boolean;
  /** Rows that a bootstrap draws, as many as a fold has when not given. */
  draws?: number | null;
  /** Each row's weight, 1 when not given. */
  sampleWeight?: Float64Array | null;
  /** Whether the seeds are the splitters' own, and not the trees'. */
  splitterSeeds?: boolean;
  /** Whether sums keep scikit-learn's order even where these targets do not need it. */
  keepsOrder?: boolean;
  /** How often the job will be run, each time with other targets; once when not given. */
  repeats?: number;
  /** Whether predictions are each tree's own; then `prefixes` counts every tree. */
  separate?: boolean;
  nJobs: number | null;
}

/** Whether the last bits of sums depend on their order, which then has to be scikit-learn's. */
function isOrdered({ data, bootstrap, draws, sampleWeight, keepsOrder }: Growth): boolean {
  if (keepsOrder) return true;
  if (sampleWeight && !bootstrap) return true; // a bootstrap draws by weights, and counts rows
  return !data.classCounts && !hasExactSums(data.y, draws ?? data.y.length);
}

/** Whether the kernel can take a growth, as far as its memory suffices. */
export function isFast(growth: Growth): boolean {
  const { data, rules, storing } = growth;
  if ((data.outputs ?? 1) > 1 || !rules.every(isKnown)) return false;
  const isClassifier = Boolean(data.classCounts);
  const isGini = rules.every(({ criterion }) => criterion === 'gini');
  const isRandom = rules.some(({ splitter }) => splitter === 'random');
  if (isClassifier !== isGini) return false;
  if ((isClassifier || isRandom) && !(storing && rules.length === 1)) return false;
  return !(isClassifier && isOrdered(growth));
}

/** Whether a queue can take a growth: it sends numbers as targets. */
const fitsQueue = (growth: Growth) => isFast(growth) && !growth.data.classCounts;

/**
 * As many different rows as draws with replacement can give: their mean, and 20 standard deviations more, which no
 * seed reaches.
 */
const mostDrawn = (rowCount: number, draws: number) =>
  Math.min(rowCount, draws, Math.ceil(rowCount * -Math.expm1(-draws / rowCount) + 10 * Math.sqrt(rowCount)));

/** The kernel's memory for a growth, filled; null when the kernel cannot take it. */
function open(growth: Growth) {
  const { data, folds, rules, seeds, sampleWeight } = growth;
  if (!isFast(growth)) return null;
  const lengths = (part: 'train' | 'test') => folds.map((fold) => fold[part].length);
  const total = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0);
  const leafSizes = [...new Set(rules.map((rule) => rule.minSamplesLeaf))].sort((a, b) => a - b);
  const largestTrain = Math.max(...lengths('train'));
  const settings: Settings = {
    rowCount: data.y.length,
    featureCount: data.columns.length,
    treeCount: seeds.length,
    foldCount: folds.length,
    trainTotal: total(lengths('train')),
    testTotal: total(lengths('test')),
    largestTrain,
    largestTest: Math.max(...lengths('test')),
    largestBag: growth.bootstrap ? mostDrawn(largestTrain, growth.draws ?? largestTrain) : largestTrain,
    bootstrap: Number(growth.bootstrap),
    maxFeatures: growth.maxFeatures,
    storing: Number(growth.storing),
    ordered: Number(isOrdered(growth)),
    weighted: Number(Boolean(sampleWeight)),
    missing: Number(hasMissing(data.columns)),
    randomly: Number(rules[0].splitter === 'random'),
    classCount: data.classCounts?.[0] ?? 0,
    draws: growth.draws ?? 0,
    splitterSeeds: Number(growth.splitterSeeds ?? false),
    configCount: rules.length,
    levelCount: leafSizes.length,
    prefixCount: growth.prefixes.length,
    separate: Number(growth.separate ?? false),
  };
  const job = openJob(settings, growth.nJobs, growth.repeats);
  if (!job) return null;
  const columns = job.singles('columnsAt', settings.rowCount * settings.featureCount);
  data.columns.forEach((column, j) => {
    columns.set(column, j * settings.rowCount);
  });
  job.floats('targetAt', settings.rowCount).set(data.y);
  if (sampleWeight) {
    const weights = growth.bootstrap ? runningShares(sampleWeight) : sampleWeight;
    job.floats('weightAt', settings.rowCount).set(weights);
  }
  job.integers('seedsAt', seeds.length).set(seeds);
  for (const part of ['train', 'test'] as const) {
    const offsets = job.integers(`${part}OffsetsAt`, folds.length + 1);
    const rows = job.integers(`${part}RowsAt`, total(lengths(part)));
    folds.forEach((fold, i) => {
      rows.set(fold[part], offsets[i]);
      offsets[i + 1] = offsets[i] + fold[part].length;
    });
  }
  job.integers('maxDepthAt', rules.length).set(rules.map((rule) => rule.maxDepth));
  job.integers('minSplitAt', rules.length).set(rules.map((rule) => rule.minSamplesSplit));
  job.integers('levelAt', rules.length).set(rules.map((rule) => leafSizes.indexOf(rule.minSamplesLeaf)));
  job.integers('leafSizesAt', leafSizes.length).set(leafSizes);
  job.integers('prefixesAt', growth.prefixes.length).set(growth.prefixes);
  return { job, settings };
}

/** Grows one forest on all rows. */
export async function growForest(task: ForestTask, options: RunOptions): Promise<ForestArrays> {
  const { data, seeds } = task;
  const growth = task.bag.balancedClasses ? null : growthOf(task);
  const isLarge = data.y.length * data.columns.length * seeds.length > QUEUE_PAYS;
  if (growth && options.queue && isLarge && fitsQueue(growth)) {
    const { growForestOnQueue } = await loadQueue();
    const forest = await growForestOnQueue(growth, options.queue, options);
    if (forest) return forest;
  }
  const trees = new TreeCollector(seeds.length, data.columns.length);
  const onTree = (unit: number, tree: TreeArrays) => trees.add(unit, tree);
  const jobs =
    growth && isFast(growth) ? openJobs(seeds.length, task.nJobs, (share) => openShare(growth, share)) : null;
  if (jobs) await runJobs(jobs, seeds.length, options, onTree);
  else await growPlainly(task, options, onTree);
  return trees.forest();
}

/** Trees on the same columns, each with targets and weights of its own. */
export interface TreeSeries {
  /**
   * Grows the tree whose splitter has the given seed, on the rows whose weight is above 0.
   * @param weights each row's weight, null for 1
   */
  grow(
    y: Float64Array,
    weights: Float64Array | null,
    splitterSeed: number,
    options: RunOptions,
  ): Promise<ForestArrays>;
}

/**
 * Prepares a series of trees, so that their columns are sorted only once.
 * @param isWeighted whether a tree may have weights
 * @param trees how many there will be, about
 */
export function openSeries(
  columns: readonly Float32Array[],
  rules: Rules,
  isWeighted: boolean,
  trees: number,
): TreeSeries {
  const rowCount = columns[0].length;
  const ones = new Float64Array(rowCount).fill(1);
  const data = { columns, y: ones };
  const bag = { ...plainBag(rowCount, false), sampleWeight: isWeighted ? ones : null };
  const growth = growthOf({ data, rules, seeds: new Uint32Array(1), bag, nJobs: 1 });
  const opened = open({ ...growth, splitterSeeds: true, keepsOrder: true, repeats: trees });
  if (!opened) {
    return {
      grow: async (y, weights, splitterSeed) =>
        growSeeded({ columns, y }, weights ?? ones, rules, splitterSeed),
    };
  }
  const { job } = opened;
  return {
    async grow(y, weights, splitterSeed, options) {
      job.floats('targetAt', rowCount).set(y);
      if (isWeighted) job.floats('weightAt', rowCount).set(weights ?? ones);
      job.integers('seedsAt', 1)[0] = splitterSeed;
      job.rewind();
      const collector = new TreeCollector(1, columns.length);
      await job.run(options, (unit, tree) => collector.add(unit, tree));
      return collector.forest();
    },
  };
}

/** The kernel's memory for some of a forest's trees. */
function openShare(growth: Growth, { first, step, nJobs }: Share): KernelJob | null {
  const seeds = growth.seeds.filter((_, tree) => tree % step === first);
  return open({ ...growth, seeds, nJobs })?.job ?? null;
}

/** A forest on all rows as a growth. */
export function growthOf({ data, rules, seeds, bag, nJobs }: ForestTask): Growth {
  const train = Int32Array.from({ length: bag.rowCount }, (_, row) => row);
  return {
    data,
    folds: [{ train, test: new Int32Array() }],
    seeds,
    bootstrap: bag.draws !== null,
    draws: bag.draws,
    sampleWeight: bag.sampleWeight,
    maxFeatures: rules.maxFeatures,
    rules: [rules],
    prefixes: [],
    storing: true,
    nJobs,
  };
}

/**
 * Predicts every fold's test rows with a forest of each configuration and each number of trees.
 * @returns `predictions(fold, configuration, prefix)`, views of the growth's memory, or null when the kernel cannot
 * take the growth
 */
export async function growFolds(growth: Growth, options: RunOptions) {
  if (options.queue && fitsQueue(growth)) {
    const { growFoldsOnQueue } = await loadQueue();
    return growFoldsOnQueue(growth, options.queue, options);
  }
  const opened = open(growth);
  if (!opened) return null;
  const { job, settings } = opened;
  await job.run(options);
  const { testTotal, configCount, prefixCount } = settings;
  const all = job.floats('predictionsAt', prefixCount * configCount * testTotal);
  const offsets = job.integers('testOffsetsAt', growth.folds.length + 1);
  return (fold: number, config: number, prefix: number) => {
    const start = (prefix * configCount + config) * testTotal;
    return all.subarray(start + offsets[fold], start + offsets[fold + 1]);
  };
}

/** Some trees of one fold: `from` to `to - 1`. */
export interface Part {
  fold: number;
  from: number;
  to: number;
}

/**
 * A part of a growth, as a worker of a queue grows it. A stored part gives its trees. A whole fold gives the forests'
 * predictions by prefix, configuration and test row; a range of trees gives each tree's own, by tree, configuration and
 * test row. Null where it does not fit the kernel.
 */
export async function growPart(
  growth: Growth,
  { fold, from, to }: Part,
  options: RunOptions,
): Promise<Float64Array | TreeArrays[] | null> {
  const isWhole = from === 0 && to === growth.seeds.length;
  const each = Array.from({ length: to - from }, (_, tree) => tree + 1);
  const opened = open({
    ...growth,
    folds: [growth.folds[fold]],
    seeds: growth.seeds.slice(from, to),
    prefixes: isWhole ? growth.prefixes : each,
    separate: !isWhole,
  });
  if (!opened) return null;
  const { job, settings } = opened;
  const trees: TreeArrays[] = [];
  await job.run(options, (unit, tree) => {
    trees[unit] = tree;
  });
  if (growth.storing) return trees;
  const { testTotal, configCount, prefixCount } = settings;
  return job.floats('predictionsAt', prefixCount * configCount * testTotal).slice();
}
