/**
 * Which candidates of a grid can be grown together. A smaller forest is the beginning of a larger one, so
 * n_estimators costs nothing; candidates that differ in max_depth, min_samples_split and min_samples_leaf grow
 * as one tree until they part (assembly/grow.ts). What a candidate shares with others never changes its scores.
 */
import { growFolds, MOST_CONFIGS } from '../engine/engine';
import { RandomForestRegressor } from '../ensemble/forest';
import { type ForestParams, rulesFor } from '../ensemble/parameters';
import { takeRows } from '../matrix';
import { type TrainingData, treeSeeds } from '../tree/reference';
import type { Rules } from '../tree/rules';
import type { RunOptions, Split } from '../types';

export interface Candidates {
  data: TrainingData;
  splits: readonly Split[];
  candidates: readonly ForestParams[];
  nJobs: number | null;
}

/** Candidates that grow together on some of the folds. */
interface Family {
  /** Indices into the candidates and the splits. */
  members: number[];
  folds: number[];
  /** The different limits among the members, and which of them each member has. */
  rules: Rules[];
  ruleOf: Map<number, number>;
}

/**
 * Fits and scores every candidate on every split.
 * @param score the score of a split's predictions
 * @param options progress counts fits
 * @returns `scores[candidate][split]`
 */
export async function scoreCandidates(
  work: Candidates,
  score: (split: number, predicted: Float64Array) => number,
  options: RunOptions,
): Promise<number[][]> {
  const { data, splits, candidates } = work;
  const scores = candidates.map(() => new Array<number>(splits.length));
  const total = candidates.length * splits.length;
  let fits = 0;
  const grow = async (family: Family): Promise<void> => {
    const { members, folds, rules } = family;
    const prefixes = [...new Set(members.map((member) => candidates[member].nEstimators))].sort(
      (a, b) => a - b,
    );
    const { bootstrap, randomState } = candidates[members[0]]!;
    const share = (members.length * folds.length) / total;
    const predictions = await growFolds(
      {
        data,
        folds: folds.map((fold) => splits[fold]),
        seeds: treeSeeds(randomState, prefixes[prefixes.length - 1]),
        bootstrap,
        maxFeatures: rules[0].maxFeatures,
        rules,
        prefixes,
        storing: false,
        nJobs: work.nJobs,
      },
      {
        signal: options.signal,
        onProgress:
          options.onProgress &&
          ((p) =>
            options.onProgress!({ done: fits + Math.floor((p.done / p.total) * share * total), total })),
      },
    );
    if (!predictions) {
      // Too much for one memory: half of the configurations at a time, at last each candidate by itself.
      if (rules.length === 1) await fitOneByOne(family);
      else for (const half of halves(family)) await grow(half);
      return;
    }
    for (const member of members) {
      const prefix = prefixes.indexOf(candidates[member].nEstimators);
      folds.forEach((fold, i) => {
        scores[member][fold] = score(fold, predictions(i, family.ruleOf.get(member)!, prefix));
      });
    }
    fits += members.length * folds.length;
  };
  const fitOneByOne = async ({ members, folds }: Family) => {
    const table = {
      names: [],
      rowCount: data.y.length,
      columns: data.columns.map((c) => Float64Array.from(c)),
    };
    for (const member of members) {
      for (const fold of folds) {
        const { train, test } = splits[fold];
        const y = [...train].map((row) => data.y[row]);
        const forest = new RandomForestRegressor(candidates[member]);
        await forest.fit(takeRows(table, train), y, { signal: options.signal });
        scores[member][fold] = score(fold, forest.predict(takeRows(table, test)));
        options.onProgress?.({ done: ++fits, total });
      }
    }
  };
  for (const family of families(work)) await grow(family);
  return scores;
}

/** Candidates with the same random draws on the same folds, at most 64 different limits at a time. */
function families({ data, splits, candidates }: Candidates): Family[] {
  const found = new Map<string, Family>();
  for (const [fold, split] of splits.entries()) {
    for (const [member, params] of candidates.entries()) {
      const rules = rulesFor(params, split.train.length, data.columns.length);
      const isFraction = params.minSamplesLeaf < 1 || params.minSamplesSplit < 1;
      // A fraction is another count where a fold has another number of rows.
      const rows = isFraction ? split.train.length : 'any';
      const key = [params.bootstrap, params.randomState, rules.maxFeatures, rows].join();
      const family: Family = found.get(key) ?? { members: [], folds: [], rules: [], ruleOf: new Map() };
      found.set(key, family);
      if (!family.folds.includes(fold)) family.folds.push(fold);
      if (family.ruleOf.has(member)) continue;
      const same = family.rules.findIndex((other) => JSON.stringify(other) === JSON.stringify(rules));
      family.members.push(member);
      family.ruleOf.set(member, same < 0 ? family.rules.push(rules) - 1 : same);
    }
  }
  return [...found.values()].flatMap((family) =>
    family.rules.length > MOST_CONFIGS ? halves(family) : [family],
  );
}

/** The same work as two families, each with half of the limits; more where that is still too many. */
function halves(family: Family): Family[] {
  const middle = Math.ceil(family.rules.length / 2);
  const part = (from: number, to: number): Family[] => {
    const members = family.members.filter((m) => family.ruleOf.get(m)! >= from && family.ruleOf.get(m)! < to);
    const ruleOf = new Map(members.map((member) => [member, family.ruleOf.get(member)! - from]));
    const half = { members, folds: family.folds, rules: family.rules.slice(from, to), ruleOf };
    return half.rules.length > MOST_CONFIGS ? halves(half) : [half];
  };
  return [...part(0, middle), ...part(middle, family.rules.length)];
}
