import { DecisionTreeClassifier, DecisionTreeRegressor } from '../src/ensemble/decisionTree';
import { ExtraTreesRegressor, RandomForestRegressor } from '../src/ensemble/forest';
import { ExtraTreesClassifier, RandomForestClassifier } from '../src/ensemble/forestClassifiers';
import { GradientBoostingRegressor } from '../src/ensemble/gradientBoosting';
import { rulesFor } from '../src/ensemble/parameters';
import { InputError } from '../src/errors';
import { float32Columns } from '../src/matrix';
import { GroupKFold, KFold, RepeatedKFold } from '../src/modelSelection/folds';
import { GridSearchCV } from '../src/modelSelection/gridSearch';
import { plainBag, treeWeights } from '../src/tree/bag';
import { growTree, treeSeeds } from '../src/tree/reference';
import { joinTrees, missingDirections, type TreeArrays } from '../src/tree/trees';
import type { ForestArrays } from '../src/types';
import { type Case, drawSearch, type SearchCase } from './cases';
import { drawBoosting, drawClassifier, drawRegressor, type RegressorCase } from './modelCases';
import type { Peer } from './peer';

/** The number of comparisons in a run, and every difference in words. */
export interface Tally {
  cases: number;
  trees: number;
  /** Nodes by estimator and criterion. */
  nodes: Map<string, number>;
  scores: number;
  /** Cases whose sums depend on the order of rows. */
  inexact: number;
  differences: string[];
}

/** scikit-learn's names of parameters and its words for their values. */
function snakeCase(params: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      // 1 is all features here and one feature there, where 1.0 would be all; null is all as well.
      name === 'maxFeatures' ? (Array.isArray(value) ? value.map(orAll) : orAll(value)) : value,
    ]),
  );
}

const orAll = (value: unknown) => (value === 1 ? null : value);

/** The forest that the definition grows, one plain tree after the other. */
export function referenceForest({ rows, y, params }: Pick<Case, 'rows' | 'y' | 'params'>): ForestArrays {
  const columns = float32Columns('referenceForest', rows);
  const data = { columns, y: Float64Array.from(y) };
  const rules = rulesFor(params, y.length, columns.length);
  const bag = plainBag(y.length, params.bootstrap);
  const trees = [...treeSeeds(params.randomState, params.nEstimators)].map((seed) =>
    growTree(data, treeWeights(bag, seed), rules, seed),
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

/** The answer of peer.py to `fit`. */
interface FitAnswer {
  /** Why scikit-learn fits nothing; then there is nothing else. */
  refused?: string;
  trees: TreeArrays[];
  predictions: (number | string)[];
  probabilities: number[];
  importances: number[];
  oob_prediction_?: number[];
  oob_decision_function_?: number[];
  oob_score_?: number[];
  train_score_?: number[];
  oob_scores_?: number[];
  oob_improvement_?: number[];
  staged?: number[][];
}

type Differ = (what: string, difference: string | null) => void;

const differIn =
  (tally: Tally, place: string): Differ =>
  (what, difference) => {
    if (difference) tally.differences.push(`${place}: ${what}: ${difference}`);
  };

const REGRESSORS = {
  RandomForestRegressor: (params: object) => new RandomForestRegressor(params),
  ExtraTreesRegressor: (params: object) => new ExtraTreesRegressor(params),
  DecisionTreeRegressor: (params: object) => new DecisionTreeRegressor(params),
};
const CLASSIFIERS = {
  RandomForestClassifier: (params: object) => new RandomForestClassifier(params),
  ExtraTreesClassifier: (params: object) => new ExtraTreesClassifier(params),
  DecisionTreeClassifier: (params: object) => new DecisionTreeClassifier(params),
};

/** A case as peer.py is asked to fit it. */
function requestOf(drawn: {
  estimator: string;
  params: object;
  rows: number[][];
  y: unknown;
  test: number[][];
  sampleWeight: number[] | null;
  more: number;
}): object {
  const { estimator, rows, y, test, sampleWeight, more } = drawn;
  const { nJobs: _, ...params } = drawn.params as { nJobs?: number };
  const request = { do: 'fit', estimator, X: rows, y, test, sampleWeight, params: snakeCase(params) };
  return more ? { ...request, more } : request;
}

/** The message with which a fit refuses; null if it works. */
async function refusal(fit: () => Promise<void>): Promise<string | null> {
  try {
    await fit();
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function count(
  tally: Tally,
  drawn: { estimator: string; params: { criterion: string }; test: number[][] },
  arrays: ForestArrays,
): void {
  tally.cases++;
  tally.trees += arrays.treeCount;
  const kind = `${drawn.estimator}, ${drawn.params.criterion}`;
  tally.nodes.set(kind, (tally.nodes.get(kind) ?? 0) + arrays.feature.length);
  tally.scores += drawn.test.length;
}

/** Fits one random model of numbers here and there and notes what differs. */
async function compareRegressor(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawRegressor(seed, number);
  const { estimator, rows, y, params, sampleWeight, more } = drawn;
  const differ = differIn(tally, `seed ${seed}, case ${number}: ${estimator}`);
  const model = REGRESSORS[estimator](params);
  const answer = await peer.ask<FitAnswer>(requestOf(drawn));
  const refused = await refusal(async () => {
    await model.fit(rows, y, { sampleWeight });
    if (more && 'setParams' in model) {
      await model.setParams({ nEstimators: more }).fit(rows, y, { sampleWeight });
    }
  });
  if (refused || answer.refused) {
    differ('refused', refused && answer.refused ? null : `${refused} instead of ${answer.refused}`);
    return;
  }
  compareNodes(differ, model.arrays, answer.trees, rows[0].length);
  differ('predictions', firstDifference(predictionsOf(model, drawn), answer.predictions as number[]));
  differ('importances', firstDifference(model.featureImportances, answer.importances));
  if (!(model instanceof DecisionTreeRegressor)) compareOutOfBag(differ, model, answer, drawn.outputs);
  count(tally, drawn, model.arrays);
  if (!drawn.isExact) tally.inexact++;
}

/** The same for classes. */
async function compareClassifier(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawClassifier(seed, number);
  const { estimator, rows, y, test, params, sampleWeight, more } = drawn;
  const differ = differIn(tally, `seed ${seed}, case ${number}: ${estimator}`);
  const model = CLASSIFIERS[estimator](params);
  const answer = await peer.ask<FitAnswer>(requestOf(drawn));
  const refused = await refusal(async () => {
    await model.fit(rows, y, { sampleWeight });
    if (more && 'setParams' in model) {
      await model.setParams({ nEstimators: more }).fit(rows, y, { sampleWeight });
    }
  });
  if (refused || answer.refused) {
    differ('refused', refused && answer.refused ? null : `${refused} instead of ${answer.refused}`);
    return;
  }
  compareNodes(differ, model.arrays, answer.trees, rows[0].length);
  const flat = (shares: Float64Array[]) => shares.flatMap((ofRow) => [...ofRow]);
  differ('probabilities', firstDifference(flat(model.predictProba(test)), answer.probabilities));
  const wrong = model.predict(test).findIndex((name, row) => name !== answer.predictions[row]);
  differ('predictions', wrong < 0 ? null : `another class in row ${wrong}`);
  differ('importances', firstDifference(model.featureImportances, answer.importances));
  if (answer.oob_decision_function_ && !(model instanceof DecisionTreeClassifier)) {
    const ours = flat(model.oobDecisionFunction);
    const isComplete = ours.every((value) => !Number.isNaN(value));
    differ(
      'out-of-bag',
      firstDifference(
        ours.map((v) => v || 0),
        answer.oob_decision_function_,
      ),
    );
    if (isComplete) differ('out-of-bag score', firstDifference([model.oobScore], answer.oob_score_!));
  }
  count(tally, drawn, model.arrays);
}

/** The same for boosting. */
async function compareBoosting(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawBoosting(seed, number);
  const { estimator, rows, y, test, params, sampleWeight, more } = drawn;
  const differ = differIn(tally, `seed ${seed}, case ${number}: ${estimator}`);
  const model = await new GradientBoostingRegressor(params).fit(rows, y, { sampleWeight });
  if (more) await model.setParams({ nEstimators: more }).fit(rows, y, { sampleWeight });
  const answer = await peer.ask<FitAnswer>(requestOf(drawn));
  compareNodes(differ, model.arrays, answer.trees, rows[0].length);
  differ('predictions', firstDifference(model.predict(test), answer.predictions as number[]));
  const staged = model.stagedPredict(test).flatMap((stage) => [...stage]);
  differ('staged predictions', firstDifference(staged, answer.staged!.flat()));
  differ('importances', firstDifference(model.featureImportances, answer.importances));
  differ('training scores', firstDifference(model.trainScore, answer.train_score_!));
  if (params.subsample! < 1) {
    differ('out-of-bag scores', firstDifference(model.oobScores, answer.oob_scores_!));
    differ('out-of-bag improvement', firstDifference(model.oobImprovement, answer.oob_improvement_!));
  }
  count(tally, drawn, model.arrays);
}

function compareNodes(differ: Differ, ours: ForestArrays, trees: TreeArrays[], featureCount: number): void {
  const perTree = ours.valuesPerNode ?? 1;
  const theirs = joinTrees(
    trees.map((tree) => ({ ...tree, valuesPerNode: perTree })),
    featureCount,
  );
  for (const name of NODE_FIELDS) differ(name, firstDifference(ours[name], theirs[name]));
  differ('missingGoToLeft', firstDifference(missingDirections(ours), theirs.missingGoToLeft!));
}

function predictionsOf(
  model: RandomForestRegressor | ExtraTreesRegressor | DecisionTreeRegressor,
  { test, outputs }: RegressorCase,
): Float64Array {
  if (outputs === 1) return model.predict(test);
  const byTarget = model.predictTargets(test);
  return Float64Array.from(
    { length: test.length * outputs },
    (_, i) => byTarget[i % outputs][Math.floor(i / outputs)],
  );
}

function compareOutOfBag(
  differ: Differ,
  model: RandomForestRegressor | ExtraTreesRegressor,
  answer: FitAnswer,
  outputs: number,
): void {
  if (!answer.oob_prediction_) return;
  const byTarget = model.oobPredictionTargets;
  const ours = Float64Array.from(
    answer.oob_prediction_,
    (_, i) => byTarget[i % outputs][Math.floor(i / outputs)],
  );
  const isComplete = ours.every((value) => !Number.isNaN(value));
  // scikit-learn says 0 where no tree left a row out.
  differ(
    'out-of-bag',
    firstDifference(
      ours.map((value) => value || 0),
      answer.oob_prediction_,
    ),
  );
  if (isComplete && outputs === 1)
    differ('out-of-bag score', firstDifference([model.oobScore], answer.oob_score_!));
}

/** The splitter of a search, as here and as scikit-learn knows it. */
function splitterOf({ cv }: SearchCase) {
  const { n_splits: nSplits, n_repeats: nRepeats, random_state: randomState } = cv.options;
  if (cv.name === 'GroupKFold') return new GroupKFold(nSplits);
  return cv.name === 'KFold' ? new KFold(nSplits) : new RepeatedKFold({ nSplits, nRepeats, randomState });
}

/** Searches one random grid and notes what differs from scikit-learn. */
async function compareSearch(peer: Peer, tally: Tally, seed: number, number: number): Promise<void> {
  const drawn = drawSearch(seed, number);
  const { rows, y, params, grid, cv, groups, scoring, isExact } = drawn;
  const differ: Differ = (what, difference) => {
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
    params: snakeCase(theirs),
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

/** Runs `cases` random cases: of five a grid search, a model of classes or a boosting, and three of numbers. */
export async function runOracle(
  peer: Peer,
  cases: number,
  seed: number,
  onCase: (done: number, tally: Tally) => void = () => {},
): Promise<Tally> {
  const tally: Tally = { cases: 0, trees: 0, nodes: new Map(), scores: 0, inexact: 0, differences: [] };
  for (let number = 0; number < cases; number++) {
    await comparisonOf(number)(peer, tally, seed, number);
    onCase(number + 1, tally);
  }
  return tally;
}

function comparisonOf(number: number) {
  if (number % 5 === 4) return compareSearch;
  if (number % 5 < 3) return compareRegressor;
  return number % 3 === 0 ? compareBoosting : compareClassifier;
}
