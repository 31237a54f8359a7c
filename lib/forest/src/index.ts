// biome-ignore-all assist/source/organizeImports: by scikit-learn's modules
/** All that the package offers, by the modules of scikit-learn that have it. */

// Tables, randomness and errors
export { InputError, shorten, valueText } from './errors';
export { rowsByGroup, take, takeRows } from './matrix';
export { isSeed, RandomState } from './randomState';
export type { ForestArrays, Matrix, Progress, RunOptions, Split, Table } from './types';

// sklearn.base
export type {
  AnyEstimator,
  Estimator,
  FoldData,
  FoldJob,
  FoldPredictions,
  JobOptions,
  ParamsOf,
  Regressor,
  SharedGrowth,
  TargetOf,
} from './estimator';

// sklearn.ensemble
export { RandomForestRegressor } from './ensemble/forest';
export type { ForestParams } from './ensemble/parameters';
export { fromSklearn, toSklearn } from './ensemble/sklearn';
export {
  coverageOf,
  fitIntervals,
  type IntervalRule,
  outOfBag,
  predictInterval,
  predictWithSpread,
  shortestRange,
} from './ensemble/intervals';

// sklearn.model_selection
export { GroupKFold, KFold, RepeatedKFold, type Splitter } from './modelSelection/folds';
export { StratifiedKFold } from './modelSelection/stratified';
export { ShuffleSplit, trainTestSplit } from './modelSelection/shuffleSplit';
export { repeatedGroupKFold } from './modelSelection/groupFolds';
export {
  type CvResults,
  GridSearchCV,
  type GridSearchOptions,
  type ParamGrid,
} from './modelSelection/gridSearch';
export { type NestedScores, nestedCrossValidation } from './modelSelection/nestedCrossValidation';
export {
  correctedInterval,
  crossValidate,
  crossValScore,
  type Estimate,
  pairedDifference,
  type Scores,
  scoresOf,
  summarizeScores,
} from './modelSelection/crossValidation';
export { type ModelOrMaker, predictFolds } from './modelSelection/foldPredictions';
export { type LearningCurve, learningCurve } from './modelSelection/learningCurve';

// sklearn.metrics, and numpy's mean, standard deviation and quantile
export {
  accuracyScore,
  linearQuantile,
  mean,
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
  standardDeviation,
  sum,
} from './metrics/metrics';
export type { Scorer, ScorerName } from './metrics/scorers';
export { type BootstrapOptions, bootstrap, bootstrapInterval } from './metrics/bootstrap';

// sklearn.inspection
export { type Importance, permutationImportance } from './inspection/permutationImportance';
export { type PartialDependence, partialDependence } from './inspection/partialDependence';
