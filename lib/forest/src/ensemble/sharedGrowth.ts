/**
 * Grows candidates of a grid together where they share trees. A smaller forest is the beginning of a larger one, so
 * n_estimators costs nothing; candidates that differ in max_depth, min_samples_split and min_samples_leaf grow
 * as one tree until they part (assembly/grow.ts). Sharing never changes a candidate's scores.
 */
import { growFolds, MOST_CONFIGS } from '../engine/engine';
import type { FoldData, FoldJob, FoldPredictions, JobOptions, SharedGrowth } from '../estimator';
import { float32Columns, targetsOf } from '../matrix';
import { type TrainingData, treeSeeds } from '../tree/reference';
import { isKnown, type Rules } from '../tree/rules';
import { type ForestParams, rulesFor } from './parameters';
import type { TargetValues } from './regression';

/** Fits several candidates of a random forest on several folds at once. */
export const forestGrowth: SharedGrowth<ForestParams> = { plan, predict };

/** A table as the trees see it. */
interface Training {
  data: TrainingData;
  /** Whether the kernel knows such targets. */
  hasOneTarget: boolean;
}

const known = new WeakMap<FoldData, Training>();

/** Made once for all jobs. */
function trainingOf(given: FoldData): Training {
  let found = known.get(given);
  if (!found) {
    const columns = float32Columns('fit', given.X, { mayMiss: true });
    const targets = targetsOf('fit', given.y as TargetValues, columns[0].length);
    found = { data: { columns, ...targets }, hasOneTarget: targets.outputs === 1 };
    known.set(given, found);
  }
  return found;
}

/** Candidates whose trees draw the same rows and features on the same folds. */
interface Family {
  folds: Set<number>;
  /** The candidates by the limits of their trees, as text. */
  members: Map<string, Set<number>>;
}

/**
 * Candidates with the same random draws on the same folds, at most 64 different limits of trees at a time. A candidate
 * that the kernel cannot grow is fitted by itself.
 */
function plan(given: FoldData, candidates: readonly ForestParams[]): FoldJob[] {
  const { data, hasOneTarget } = trainingOf(given);
  const families = new Map<string, Family>();
  const alone: FoldJob[] = [];
  for (const [fold, { train }] of given.splits.entries()) {
    for (const [candidate, params] of candidates.entries()) {
      const rules = rulesFor(params, train.length, data.columns.length);
      if (!hasOneTarget || !isShared(params, rules)) {
        alone.push({ candidates: [candidate], folds: [fold] });
        continue;
      }
      const isFraction = params.minSamplesLeaf < 1 || params.minSamplesSplit < 1;
      // A fraction is another count where a fold has another number of rows.
      const rows = isFraction ? train.length : 'any';
      const draws = [params.bootstrap, params.randomState, rules.maxFeatures, rows].join();
      const family = families.get(draws) ?? { folds: new Set(), members: new Map() };
      families.set(draws, family);
      family.folds.add(fold);
      const limits = JSON.stringify(rules);
      const same = family.members.get(limits) ?? new Set();
      family.members.set(limits, same.add(candidate));
    }
  }
  const together = [...families.values()].flatMap(({ folds, members }) =>
    inParts([...members.values()], MOST_CONFIGS).map((part) => ({
      candidates: part.flatMap((same) => [...same]).sort((a, b) => a - b),
      folds: [...folds],
    })),
  );
  return [...together, ...alone];
}

/** Whether the kernel grows such trees, of as many rows as there are. */
const isShared = (params: ForestParams, rules: Rules) =>
  isKnown(rules) && params.maxSamples === null && !params.oobScore;

/** Equal parts of a list, as few as have at most `most` elements each. */
function inParts<T>(list: readonly T[], most: number): T[][] {
  const parts = Math.ceil(list.length / most);
  const size = Math.ceil(list.length / parts);
  return Array.from({ length: parts }, (_, part) => list.slice(part * size, (part + 1) * size));
}

async function predict(
  given: FoldData,
  candidates: readonly ForestParams[],
  job: FoldJob,
  options: JobOptions,
): Promise<FoldPredictions | null> {
  const { nJobs = null, ...runOptions } = options;
  const { data, hasOneTarget } = trainingOf(given);
  const members = job.candidates.map((candidate) => candidates[candidate]);
  const folds = job.folds.map((fold) => given.splits[fold]);
  const rulesOf = (params: ForestParams) => rulesFor(params, folds[0].train.length, data.columns.length);
  if (!hasOneTarget || !members.every((params) => isShared(params, rulesOf(params)))) return null;
  const rules: Rules[] = [];
  const configOf = new Map<string, number>();
  const configs = members.map((params) => {
    const found = rulesOf(params);
    const key = JSON.stringify(found);
    if (!configOf.has(key)) configOf.set(key, rules.push(found) - 1);
    return configOf.get(key)!;
  });
  const prefixes = [...new Set(members.map(({ nEstimators }) => nEstimators))].sort((a, b) => a - b);
  const { bootstrap, randomState } = members[0];
  const predictions = await growFolds(
    {
      data,
      folds,
      seeds: treeSeeds(randomState, prefixes[prefixes.length - 1]),
      bootstrap,
      maxFeatures: rules[0].maxFeatures,
      rules,
      prefixes,
      storing: false,
      nJobs,
    },
    runOptions,
  );
  return (
    predictions &&
    members.map(({ nEstimators }, i) =>
      folds.map((_, fold) => predictions(fold, configs[i], prefixes.indexOf(nEstimators))),
    )
  );
}
