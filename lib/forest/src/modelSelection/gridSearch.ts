import { RandomForestRegressor } from '../ensemble/forest';
import { checkParams, checkRunOptions, type ForestParams } from '../ensemble/parameters';
import { InputError, valueText } from '../errors';
import { float32Columns, take, targetOf } from '../matrix';
import {
  mean,
  meanAbsoluteError,
  r2Score,
  rootMeanSquaredError,
  standardDeviation,
} from '../metrics/metrics';
import type { Matrix, RunOptions, Split } from '../types';
import { KFold, type Splitter } from './folds';
import { scoreCandidates } from './sharedGrowth';

/** Values to try per parameter: every combination is a candidate. */
export type ParamGrid = { readonly [name in keyof ForestParams]?: readonly ForestParams[name][] };

/** Scores by scikit-learn's names; greater is better, so errors are negative. */
export const SCORERS = {
  r2: r2Score,
  neg_mean_absolute_error: (y: ArrayLike<number>, p: ArrayLike<number>) => -meanAbsoluteError(y, p),
  neg_root_mean_squared_error: (y: ArrayLike<number>, p: ArrayLike<number>) => -rootMeanSquaredError(y, p),
};

export interface GridSearchOptions {
  /** Folds: their number (contiguous blocks, as scikit-learn does for a regressor), or a splitter. */
  cv?: number | Splitter;
  scoring?: keyof typeof SCORERS;
  /** Whether to fit the best candidate on all rows at the end. */
  refit?: boolean;
  /** Worker threads at most; null for as many as there are cores. */
  nJobs?: number | null;
}

/** One row per candidate, in scikit-learn's order: names alphabetical, the last name changing fastest. */
export interface CvResults {
  params: Partial<ForestParams>[];
  /** `splitTestScores[candidate][split]` */
  splitTestScores: number[][];
  meanTestScore: number[];
  stdTestScore: number[];
  /** 1 is best; equal means have the same, lowest rank. */
  rankTestScore: number[];
}

/**
 * Cross-validated search over every combination of a grid, scikit-learn's `GridSearchCV`: the same candidates,
 * folds, scores and choice (of equals the first). What candidates have in common is grown once, see engine.ts.
 * @throws InputError for an empty grid, an unknown parameter or a value out of range
 * @example
 * const search = new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), { maxDepth: [null, 10] }, { cv: 5 });
 * await search.fit(X, y);
 * search.bestParams; // { maxDepth: 10 }
 */
export class GridSearchCV {
  readonly candidates: Partial<ForestParams>[];
  private readonly settings: Required<GridSearchOptions>;
  private results: CvResults | null = null;
  private best: RandomForestRegressor | null = null;

  constructor(
    readonly estimator: RandomForestRegressor,
    paramGrid: ParamGrid | readonly ParamGrid[],
    options: GridSearchOptions = {},
  ) {
    const defaults = { cv: 5, scoring: 'r2' as const, refit: true, nJobs: null };
    const unknown = Object.keys(options ?? {}).find((name) => !Object.hasOwn(defaults, name));
    if (unknown !== undefined) {
      throw new InputError(
        `GridSearchCV requires options of ${Object.keys(defaults).join(', ')}, got ${unknown}`,
      );
    }
    this.settings = { ...defaults, ...options };
    const { cv, refit, nJobs } = this.settings;
    if (typeof refit !== 'boolean') {
      throw new InputError(`GridSearchCV requires refit to be true or false, got ${valueText(refit)}`);
    }
    if (!estimator?.params) {
      throw new InputError(
        `GridSearchCV requires a RandomForestRegressor first, got ${valueText(estimator)}`,
      );
    }
    // A text has a function of that name too.
    if (typeof cv !== 'number' && (typeof cv !== 'object' || typeof cv?.split !== 'function')) {
      throw new InputError(
        `GridSearchCV requires cv to be a number of folds or a splitter, got ${valueText(cv)}`,
      );
    }
    checkParams('GridSearchCV', { nJobs });
    if (!Object.hasOwn(SCORERS, this.settings.scoring)) {
      throw new InputError(
        `GridSearchCV requires scoring to be one of ${Object.keys(SCORERS).join(', ')}, got ${valueText(this.settings.scoring)}`,
      );
    }
    this.candidates = [paramGrid].flat().flatMap(combinations);
    if (this.candidates.length === 0)
      throw new InputError('GridSearchCV requires at least one grid, got none');
    for (const candidate of this.candidates) checkParams('GridSearchCV', candidate);
  }

  /**
   * Scores every candidate on every fold.
   * @param X rows x features, or a column-wise table
   * @param y one target per row
   * @param options groups: each row's group, for a splitter by groups; progress counts fits
   * @returns this search
   */
  async fit(
    X: Matrix,
    y: ArrayLike<number>,
    options: RunOptions & { groups?: ArrayLike<number | string> } = {},
  ): Promise<this> {
    const columns = float32Columns('GridSearchCV.fit', X, { mayMiss: true });
    const target = targetOf('GridSearchCV.fit', y, columns[0].length);
    checkRunOptions('GridSearchCV.fit', options);
    const { cv, scoring, refit, nJobs } = this.settings;
    const splits = (typeof cv === 'number' ? new KFold(cv) : cv).split(target.length, options.groups);
    checkSplits(splits, target.length);
    const actual = splits.map((split) => take(target, split.test));
    const all = this.candidates.map((candidate) => ({ ...this.estimator.params, ...candidate }));
    const splitTestScores = await scoreCandidates(
      { data: { columns, y: target }, splits, candidates: all, nJobs },
      (split, predicted) => SCORERS[scoring](actual[split], predicted),
      options,
    );
    const results = summarise(this.candidates, splitTestScores);
    const best = results.rankTestScore.indexOf(1);
    const bestForest = refit
      ? await this.make({ ...this.candidates[best], nJobs }).fit(X, y, { signal: options.signal })
      : null;
    this.results = results;
    this.best = bestForest;
    return this;
  }

  get cvResults(): CvResults {
    if (!this.results) throw new InputError('GridSearchCV requires fit before use, got no scores');
    return this.results;
  }

  /** The first of the candidates with the greatest mean score. */
  get bestIndex(): number {
    return this.cvResults.rankTestScore.indexOf(1);
  }

  get bestParams(): Partial<ForestParams> {
    return this.candidates[this.bestIndex];
  }

  get bestScore(): number {
    return this.cvResults.meanTestScore[this.bestIndex];
  }

  /** The best candidate, fitted on all rows. */
  get bestEstimator(): RandomForestRegressor {
    if (!this.best) throw new InputError('bestEstimator requires a fitted search with refit, got none');
    return this.best;
  }

  private make(candidate: Partial<ForestParams>): RandomForestRegressor {
    return new RandomForestRegressor({ ...this.estimator.params, ...candidate });
  }
}

/** A custom splitter may be wrong in ways that would go unnoticed in the scores. */
function checkSplits(splits: readonly Split[], rowCount: number): void {
  if (!Array.isArray(splits) || splits.length === 0) {
    throw new InputError(`GridSearchCV requires cv to give at least one split, got ${valueText(splits)}`);
  }
  for (const rows of splits.flatMap((split) => [split?.train, split?.test])) {
    const numbers: number[] = typeof rows === 'object' ? Array.from(rows) : [];
    const wrong = numbers.findIndex(
      (row, i) => !(Number.isInteger(row) && row < rowCount && row > (i > 0 ? numbers[i - 1] : -1)),
    );
    if (numbers.length === 0 || wrong >= 0) {
      throw new InputError(
        `GridSearchCV requires cv to give ascending row numbers below ${rowCount}, got ${numbers.length > 0 ? valueText(numbers[wrong]) : 'none'}`,
      );
    }
  }
}

function combinations(grid: ParamGrid): Partial<ForestParams>[] {
  if (typeof grid !== 'object' || grid === null) {
    throw new InputError(`GridSearchCV requires a grid of values by parameter, got ${valueText(grid)}`);
  }
  let all: Partial<ForestParams>[] = [{}];
  for (const name of Object.keys(grid).sort()) {
    const values = grid[name as keyof ForestParams] as readonly unknown[];
    if (!Array.isArray(values) || values.length === 0) {
      throw new InputError(`GridSearchCV requires a list of values for ${name}, got ${valueText(values)}`);
    }
    all = all.flatMap((candidate) => Array.from(values, (value) => ({ ...candidate, [name]: value })));
  }
  return all;
}

/** Mean, standard deviation and rank of each candidate's scores; a mean of NaN ranks last. */
function summarise(params: Partial<ForestParams>[], splitTestScores: number[][]): CvResults {
  const meanTestScore = splitTestScores.map(mean);
  const comparable = meanTestScore.map((score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score));
  return {
    params,
    splitTestScores,
    meanTestScore,
    stdTestScore: splitTestScores.map(standardDeviation),
    rankTestScore: comparable.map((score) => 1 + comparable.filter((other) => other > score).length),
  };
}
