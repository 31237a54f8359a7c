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
export { ExtraTreesRegressor, RandomForestRegressor } from './ensemble/forest';
export { GradientBoostingRegressor } from './ensemble/gradientBoosting';
export { ExtraTreesClassifier, RandomForestClassifier } from './ensemble/forestClassifiers';
export type {
  BoostingParams,
  ClassifierForestParams,
  ClassWeight,
  ForestParams,
  TreeClassifierParams,
  TreeRegressorParams,
} from './ensemble/parameters';
export type { ClassName } from './ensemble/classes';
export type { RegressionForest, TargetValues } from './ensemble/regression';
export type { FitOptions } from './ensemble/treeModel';
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

// sklearn.tree
export { DecisionTreeClassifier, DecisionTreeRegressor } from './ensemble/decisionTree';

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
export {
  accuracyScore,
  brierScoreLoss,
  logLoss,
  type ProbabilityOptions,
} from './metrics/classification';
export {
  auc,
  averagePrecisionScore,
  type CalibrationCurve,
  calibrationCurve,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RankingOptions,
  type RocCurve,
  rocAucScore,
  rocCurve,
} from './metrics/ranking';
export { type BootstrapOptions, bootstrap, bootstrapInterval } from './metrics/bootstrap';

// sklearn.inspection
export { type Importance, permutationImportance } from './inspection/permutationImportance';
export { type PartialDependence, partialDependence } from './inspection/partialDependence';
