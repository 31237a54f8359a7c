import type { RandomForestRegressor } from '../ensemble/forest';
import { InputError, valueText } from '../errors';
import type { AnyEstimator, ParamsOf, TargetOf } from '../estimator';
import { tableOf, takeTargets } from '../matrix';
import { mean, standardDeviation } from '../metrics/metrics';
import { type Scorer, type ScorerName, scorerOf } from '../metrics/scorers';
import { checkOptions, checkQueue, checkRunOptions } from '../options';
import type { Matrix, RunOptions, Split } from '../types';
import { predictCandidates } from './foldJobs';
import { checkTargets, isEstimator } from './foldPredictions';
import { checkSplits, KFold, type Splitter } from './folds';
import { StratifiedKFold } from './stratified';

/** Texts of any kind: a list in a variable has lost which texts it may hold. The estimator checks them. */
type Wide<T> = T extends string ? string : T;

/** Values to try per parameter: every combination is a candidate. */
export type ParamGrid<Params extends object = RandomForestRegressor['params']> = {
  readonly [name in keyof Params]?: readonly Wide<Params[name]>[];
};

export interface GridSearchOptions<Y = number> {
  /**
   * Folds: their number (contiguous blocks for a regressor, each class divided for a classifier, as scikit-learn
   * has it), or a splitter.
   */
  cv?: number | Splitter;
  /** A name of scikit-learn's, or a function of targets and predictions whose greater values are better. */
  scoring?: ScorerName | Scorer<Y>;
  /** Whether to fit the best candidate on all rows at the end. */
  refit?: boolean;
  /** Worker threads at most; null for as many as there are cores. */
  nJobs?: number | null;
  /** The address of a queue whose workers do the work, see `RunOptions`; null for this machine's threads. */
  queue?: string | null;
}

/** One row per candidate, in scikit-learn's order: names alphabetical, the last name changing fastest. */
export interface CvResults<Params extends object = RandomForestRegressor['params']> {
  params: Partial<Params>[];
  /** `splitTestScores[candidate][split]` */
  splitTestScores: number[][];
  meanTestScore: number[];
  stdTestScore: number[];
  /** 1 is best; equal means have the same, lowest rank. */
  rankTestScore: number[];
}

/**
 * Cross-validated search over every combination of a grid, scikit-learn's `GridSearchCV`: the same candidates,
 * folds, scores and choice (of equals the first). It tunes any estimator; what candidates of a forest have in
 * common is grown once (see `sharedGrowth`).
 * @throws InputError for an empty grid, an unknown parameter or a value out of range
 * @example
 * const search = new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), { maxDepth: [null, 10] }, { cv: 5 });
 * await search.fit(X, y);
 * search.bestParams; // { maxDepth: 10 }
 */
export class GridSearchCV<E extends AnyEstimator = RandomForestRegressor> {
  readonly candidates: Partial<ParamsOf<E>>[];
  private readonly settings: Required<GridSearchOptions<TargetOf<E>>>;
  private readonly scorer: Scorer<TargetOf<E>>;
  private results: CvResults<ParamsOf<E>> | null = null;
  private best: E | null = null;

  constructor(
    readonly estimator: E,
    paramGrid: ParamGrid<ParamsOf<E>> | readonly ParamGrid<ParamsOf<E>>[],
    options: GridSearchOptions<TargetOf<E>> = {},
  ) {
    const isClassifier = estimator?.estimatorType === 'classifier';
    const defaults = {
      cv: 5,
      scoring: isClassifier ? 'accuracy' : 'r2',
      refit: true,
      nJobs: null,
      queue: null,
    } as const;
    checkOptions('GridSearchCV', options, Object.keys(defaults));
    this.settings = { ...defaults, ...options };
    const { cv, refit, nJobs, scoring } = this.settings;
    if (typeof refit !== 'boolean') {
      throw new InputError(`GridSearchCV requires refit to be true or false, got ${valueText(refit)}`);
    }
    if (!isEstimator(estimator)) {
      throw new InputError(
        `GridSearchCV requires an estimator with fit, predict, params and withParams first, got ${valueText(estimator)}`,
      );
    }
    // A text has a function of that name too.
    if (typeof cv !== 'number' && (typeof cv !== 'object' || typeof cv?.split !== 'function')) {
      throw new InputError(
        `GridSearchCV requires cv to be a number of folds or a splitter, got ${valueText(cv)}`,
      );
    }
    if (nJobs !== null && !(Number.isInteger(nJobs) && nJobs >= 1)) {
      throw new InputError(
        `GridSearchCV requires nJobs to be null or a whole number of at least 1, got ${valueText(nJobs)}`,
      );
    }
    checkQueue('GridSearchCV', this.settings.queue);
    this.scorer = scorerOf('GridSearchCV', scoring);
    const grids = (Array.isArray(paramGrid) ? paramGrid : [paramGrid]) as readonly ParamGrid<ParamsOf<E>>[];
    this.candidates = grids.flatMap((grid) => combinations<ParamsOf<E>>(grid));
    if (this.candidates.length === 0)
      throw new InputError('GridSearchCV requires at least one grid, got none');
    for (const candidate of this.candidates) this.make(candidate);
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
    y: ArrayLike<TargetOf<E>>,
    options: RunOptions & { groups?: ArrayLike<number | string> } = {},
  ): Promise<this> {
    const table = tableOf('GridSearchCV.fit', X);
    checkTargets('GridSearchCV.fit', y, table.rowCount);
    checkRunOptions('GridSearchCV.fit', options, ['groups']);
    const { groups, ...others } = options;
    const runOptions = { ...others, queue: options.queue ?? this.settings.queue };
    const splits = this.splitter().split(table.rowCount, groups, y as ArrayLike<number | string>);
    checkSplits('GridSearchCV', splits, table.rowCount);
    const scores = await this.scoreCandidates({ X: table, y, splits }, runOptions);
    const results = summarise(this.candidates, scores);
    let best: E | null = null;
    if (this.settings.refit) {
      best = this.make(this.candidates[results.rankTestScore.indexOf(1)]);
      await best.fit(table, y, {
        signal: options.signal,
        ...(runOptions.queue && { queue: runOptions.queue }),
      });
    }
    this.results = results;
    this.best = best;
    return this;
  }

  private splitter(): Splitter {
    const { cv } = this.settings;
    if (typeof cv !== 'number') return cv;
    return this.estimator.estimatorType === 'classifier' ? new StratifiedKFold(cv) : new KFold(cv);
  }

  /** `scores[candidate][split]` */
  private async scoreCandidates(
    data: { X: ReturnType<typeof tableOf>; y: ArrayLike<TargetOf<E>>; splits: readonly Split[] },
    options: RunOptions,
  ): Promise<number[][]> {
    const { estimator } = this;
    const actual = data.splits.map(({ test }) => takeTargets(data.y, test));
    const candidates = this.candidates.map((candidate) => ({ ...estimator.params, ...candidate }));
    const scores = candidates.map(() => new Array<number>(data.splits.length));
    const work = { estimator, candidates, data, nJobs: this.settings.nJobs };
    for await (const job of predictCandidates(work, options)) {
      for (const [i, candidate] of job.candidates.entries()) {
        for (const [k, fold] of job.folds.entries()) {
          scores[candidate][fold] = this.scorer(
            actual[fold],
            job.predictions[i][k] as ArrayLike<TargetOf<E>>,
          );
        }
      }
    }
    return scores;
  }

  get cvResults(): CvResults<ParamsOf<E>> {
    if (!this.results) throw new InputError('GridSearchCV requires fit before use, got no scores');
    return this.results;
  }

  /** The first of the candidates with the greatest mean score. */
  get bestIndex(): number {
    return this.cvResults.rankTestScore.indexOf(1);
  }

  get bestParams(): Partial<ParamsOf<E>> {
    return this.candidates[this.bestIndex];
  }

  get bestScore(): number {
    return this.cvResults.meanTestScore[this.bestIndex];
  }

  /** The best candidate, fitted on all rows. */
  get bestEstimator(): E {
    if (!this.best) throw new InputError('bestEstimator requires a fitted search with refit, got none');
    return this.best;
  }

  /** The best candidate's predictions. */
  predict(X: Matrix): ReturnType<E['predict']> {
    return this.bestEstimator.predict(tableOf('GridSearchCV.predict', X)) as ReturnType<E['predict']>;
  }

  /** The search's own score of the best candidate on other rows. */
  score(X: Matrix, y: ArrayLike<TargetOf<E>>): number {
    return this.scorer(y, this.predict(X));
  }

  private make(candidate: Partial<ParamsOf<E>>): E {
    return this.estimator.withParams(candidate) as E;
  }
}

function combinations<Params extends object>(grid: ParamGrid<Params>): Partial<Params>[] {
  if (typeof grid !== 'object' || grid === null) {
    throw new InputError(`GridSearchCV requires a grid of values by parameter, got ${valueText(grid)}`);
  }
  let all: Partial<Params>[] = [{}];
  for (const name of Object.keys(grid).sort()) {
    const values: unknown = grid[name as keyof Params];
    if (!Array.isArray(values) || values.length === 0) {
      throw new InputError(`GridSearchCV requires a list of values for ${name}, got ${valueText(values)}`);
    }
    all = all.flatMap((candidate) => Array.from(values, (value) => ({ ...candidate, [name]: value })));
  }
  return all;
}

/** Mean, standard deviation and rank of each candidate's scores; a mean of NaN ranks last. */
function summarise<Params extends object>(
  params: Partial<Params>[],
  splitTestScores: number[][],
): CvResults<Params> {
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
