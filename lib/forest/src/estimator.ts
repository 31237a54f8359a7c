import type { RunOptions, Split, Table } from './types';

/** Anything that learns from rows and predicts. `Y` is a target: a number, or a class by number or text. */
export interface Regressor<Y = number> {
  fit(X: Table, y: ArrayLike<Y>, options?: RunOptions): unknown;
  predict(X: Table): ArrayLike<Y>;
}

/**
 * A regressor or classifier whose parameters can be tuned, e.g. one of your own:
 *
 *     class Shrunken implements Estimator<{ shrinkage: number }> {
 *       constructor(readonly params = { shrinkage: 0.5 }) {}
 *       withParams(params) { return new Shrunken({ ...this.params, ...params }); }
 *       fit(X, y) { ... }
 *       predict(X) { ... }
 *     }
 */
export interface Estimator<Params extends object = object, Y = number> extends Regressor<Y> {
  /** All parameters by name. */
  readonly params: Readonly<Params>;
  /**
   * An unfitted copy with these parameters in the place of its own.
   * @throws where there is no such parameter, or a value is out of range
   */
  withParams(params: Partial<Params>): Estimator<Params, Y>;
  /** Classifiers are scored by accuracy and divided by class where nothing else is said. */
  readonly estimatorType?: 'regressor' | 'classifier';
  /** An offer to fit several candidates on several folds at once; without it each is fitted by itself. */
  readonly sharedGrowth?: SharedGrowth<Params>;
}

/** The rows that all jobs of a search learn from, and how they are divided. */
export interface FoldData {
  X: Table;
  y: ArrayLike<unknown>;
  splits: readonly Split[];
}

/** Candidates to fit on folds in one go: indices into the candidates and the splits of a search. */
export interface FoldJob {
  candidates: readonly number[];
  folds: readonly number[];
}

/** A job's predictions: `predictions[i][k]` are those of its i-th candidate for the test rows of its k-th fold. */
export type FoldPredictions = ArrayLike<unknown>[][];

/** Options of a job: progress counts whatever the job counts; `nJobs` threads at most, null for all cores. */
export interface JobOptions extends RunOptions {
  nJobs?: number | null;
}

/** An estimator's offer to fit several candidates together. */
export interface SharedGrowth<Params extends object> {
  /**
   * Divides the work so that each candidate meets each fold in exactly one job.
   * @throws InputError where the estimator could not learn from the data
   */
  plan(data: FoldData, candidates: readonly Params[]): FoldJob[];
  /** A job's predictions, or null where it is too much at once and has to be halved. */
  predict(
    data: FoldData,
    candidates: readonly Params[],
    job: FoldJob,
    options: JobOptions,
  ): Promise<FoldPredictions | null>;
}

/** Any estimator, whatever its parameters and targets are. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript has no other word for it
export type AnyEstimator = Estimator<any, any>;
/** The parameters of an estimator, e.g. `ParamsOf<RandomForestRegressor>`. */
export type ParamsOf<E extends AnyEstimator> = E extends {
  readonly params: Readonly<infer Params extends object>;
}
  ? Params
  : never;
/** The predictions of an estimator: numbers, or classes. */
export type TargetOf<E extends AnyEstimator> = ReturnType<E['predict']>[number];
