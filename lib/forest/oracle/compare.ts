import { bagOf } from '../src/engine/engine';
import { RandomForestRegressor } from '../src/ensemble/forest';
import { rulesFor } from '../src/ensemble/parameters';
import { float32Columns } from '../src/matrix';
import { GroupKFold, KFold, RepeatedKFold } from '../src/modelSelection/folds';
import { GridSearchCV } from '../src/modelSelection/gridSearch';
import { growTree, treeSeeds } from '../src/tree/reference';
import { joinTrees, type TreeArrays } from '../src/tree/trees';
import type { ForestArrays } from '../src/types';
import { type Case, drawCase, drawSearch, type SearchCase } from './cases';
import type { Peer } from './peer';

/** What a run has compared, and every difference in words. */
export interface Tally {
  cases: number;
  trees: number;
  nodes: number;
  scores: number;
  /** Cases whose sums depend on the order of rows. */
  inexact: number;
  differences: string[];
}

/** scikit-learn's names of parameters and its words for their values. */
export function snakeCase(params: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      // 1 is all features here and one feature there, where 1.0 would be all; null is all as well.
      name === 'maxFeatures' ? [value].flat().map((v) => (v === 1 ? null : v)) : value,
    ]),
  );
}

/** The forest that the definition grows, one plain tree after the other. */
export function referenceForest({ rows, y, params }: Pick<Case, 'rows' | 'y' | 'params'>): ForestArrays {
  const columns = float32Columns('referenceForest', rows);
  const data = { columns, y: Float64Array.from(y) };
  const rules = rulesFor(params, y.length, columns.length);
  const trees = [...treeSeeds(params.randomState, params.nEstimators)].map((seed) =>
    growTree(data, bagOf(seed, y.length, params.bootstrap), rules, seed),
  );
  return joinTrees(trees, columns.length);
}

/** The first place where two lists of numbers are not the same bits; null when there is none. */
export function firstDifference(ours: ArrayLike<number>, theirs: ArrayLike<number | null>): string | null {
  if (ours.length !== theirs.length) return `${ours.length} instead of ${theirs.length} numbers`;
  for (let i = 0; i < ours.length; i++) {
    if (!Object.is(ours[i] + 0, (theirs[i] ?? Number.NaN) + 0))
      return `${ours[i]} instead of ${theirs[i]} at ${i}`;
  }
  return null;
}

const NODE_FIELDS = [
  'left',
  'right',
  'feature',
  'threshold',
  'value',
  'nNodeSamples',
  'weightedNNodeSamples',
  'impurity',
] as const;

/** Fits one random forest in three ways and notes what differs. */
export async function compareForest(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawCase(seed, number);
  const { rows, y, test, params, isExact } = drawn;
  const differ = (what: string, difference: string | null) => {
    if (difference) tally.differences.push(`seed ${seed}, case ${number}: ${what}: ${difference}`);
  };
  const forest = await new RandomForestRegressor(params).fit(rows, y);
  const reference = referenceForest(drawn);
  for (const name of NODE_FIELDS) {
    differ(`kernel and reference, ${name}`, firstDifference(forest.arrays[name], reference[name]));
  }
  tally.cases++;
  tally.trees += params.nEstimators;
  tally.nodes += forest.arrays.value.length;
  if (!isExact) tally.inexact++;
  const { nJobs: _, ...theirs } = params;
  const answer = await peer.ask<{
    trees: TreeArrays[];
    predictions: number[];
    importances: number[];
    oobPrediction: number[] | null;
    oobScore: number | null;
  }>({ do: 'fit', X: rows, y, test, params: { ...snakeCase(theirs), ...single(theirs.maxFeatures) } });
  const joined = joinTrees(answer.trees, rows[0].length);
  for (const name of NODE_FIELDS) differ(name, firstDifference(forest.arrays[name], joined[name]));
  differ('predictions', firstDifference(forest.predict(test), answer.predictions));
  differ('importances', firstDifference(forest.featureImportances, answer.importances));
  if (answer.oobPrediction) {
    const ours = forest.oobPrediction;
    const isComplete = ours.every((value) => !Number.isNaN(value));
    differ(
      'out-of-bag',
      firstDifference(
        ours.map((value) => value || 0),
        answer.oobPrediction,
      ),
    );
    if (isComplete) differ('out-of-bag score', firstDifference([forest.oobScore], [answer.oobScore]));
  }
  tally.scores += test.length;
}

const single = (value: unknown) => ({ max_features: value === 1 ? null : value });

/** The splitter of a search, as here and as scikit-learn knows it. */
export function splitterOf({ cv }: SearchCase) {
  const { n_splits: nSplits, n_repeats: nRepeats, random_state: randomState } = cv.options;
  if (cv.name === 'GroupKFold') return new GroupKFold(nSplits);
  return cv.name === 'KFold' ? new KFold(nSplits) : new RepeatedKFold({ nSplits, nRepeats, randomState });
}

/** Searches one random grid and notes what differs from scikit-learn. */
export async function compareSearch(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawSearch(seed, number);
  const { rows, y, params, grid, cv, groups, scoring, isExact } = drawn;
  const differ = (what: string, difference: string | null) => {
    if (difference) tally.differences.push(`seed ${seed}, search ${number}: ${what}: ${difference}`);
  };
  tally.cases++;
  if (!isExact) tally.inexact++;
  const search = new GridSearchCV(new RandomForestRegressor(params), grid, {
    cv: splitterOf(drawn),
    scoring,
  });
  await search.fit(rows, y, { groups });
  const { nJobs: _, ...theirs } = params;
  const answer = await peer.ask<{
    splitTestScores: number[][];
    meanTestScore: number[];
    stdTestScore: number[];
    rankTestScore: number[];
    bestIndex: number;
    predictions: number[];
  }>({
    do: 'search',
    X: rows,
    y,
    groups,
    cv,
    scoring,
    params: { ...snakeCase(theirs), ...single(theirs.maxFeatures) },
    grid: snakeCase(grid),
  });
  const { splitTestScores, meanTestScore, stdTestScore, rankTestScore } = search.cvResults;
  differ('scores', firstDifference(splitTestScores.flat(), answer.splitTestScores.flat()));
  differ('means', firstDifference(meanTestScore, answer.meanTestScore));
  differ('deviations', firstDifference(stdTestScore, answer.stdTestScore));
  differ('ranks', firstDifference(rankTestScore, answer.rankTestScore));
  differ('best', firstDifference([search.bestIndex], [answer.bestIndex]));
  differ('refit', firstDifference(search.bestEstimator.predict(rows), answer.predictions));
  tally.scores += splitTestScores.flat().length;
}

/** Runs `cases` random cases, every fifth a grid search. */
export async function runOracle(
  peer: Peer,
  cases: number,
  seed: number,
  onCase: (done: number, tally: Tally) => void = () => {},
): Promise<Tally> {
  const tally: Tally = { cases: 0, trees: 0, nodes: 0, scores: 0, inexact: 0, differences: [] };
  for (let number = 0; number < cases; number++) {
    await (number % 5 === 4 ? compareSearch : compareForest)(peer, tally, seed, number);
    onCase(number + 1, tally);
  }
  return tally;
}
