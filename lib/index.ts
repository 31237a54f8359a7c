/** All that the notebook imports, in the order of its stages. */

// Explore
export { popularityByCategory } from './eda/boxes';
export {
  correlationHeatmap,
  featureHistograms,
  popularityByFeature,
  popularityDistribution,
} from './eda/explore';
export { columnsTable, describeTable, headTable } from './eda/summary';
// Settings and errors
export { InputError } from './errors';
// Show
export { type Showable, show } from './jupyter/display';
export { type Figure, figureSvg } from './jupyter/figure';
export { task } from './jupyter/progress';
export { type TableOptions, type TableView, table } from './jupyter/table';
// Load and clean: lib/tracks
export { cleanTracks } from './tracks/clean';
export { numbers, selectRows, texts } from './tracks/columns';
// Encode: lib/tracks
export { FeatureEncoder, oneHot } from './tracks/features';
export { toDataFrame } from './tracks/frame';
export { readTracks } from './tracks/read';
export { type Column, SCHEMA } from './tracks/schema';
export { findSongs, groupRows, songKey } from './tracks/songs';
export type { CleaningStep, Feature, TrackRecord, Tracks } from './tracks/types';

// Split, tune, train: lib/forest

export { GroupKFold, KFold, RepeatedKFold, type Splitter, trainTestSplit } from './forest/folds';
export { RandomForestRegressor } from './forest/forest';
export { type CvResults, GridSearchCV, type ParamGrid } from './forest/gridSearch';
export { take, takeRows } from './forest/matrix';
export type { ForestParams } from './forest/parameters';
export { RandomState } from './forest/randomState';
export type { ForestArrays, Matrix, Progress, RunOptions, Split, Table } from './forest/types';

// Evaluate: lib/evaluation

export {
  CategoryMeanRegressor,
  ConstantRegressor,
  MlForestRegressor,
  OneHotRegressor,
  RidgeRegression,
} from './evaluation/baselines';
export { bootstrapInterval } from './evaluation/bootstrap';
export { compareModels, type ModelScores, testScores } from './evaluation/comparison';
export {
  correctedInterval,
  crossValidate,
  type Estimate,
  type Regressor,
  type Scores,
  scoresOf,
  summarizeScores,
} from './evaluation/crossValidation';
export { repeatedGroupKFold } from './evaluation/groupFolds';
export { crossValidateHits, type HitReport } from './evaluation/hits';
export {
  fitIntervals,
  type IntervalRule,
  intervalCoverage,
  predictInterval,
  predictWithSpread,
} from './evaluation/intervals';
export { type LearningCurve, learningCurve } from './evaluation/learningCurve';
export { meanAbsoluteError, r2Score, rootMeanSquaredError } from './evaluation/metrics';
export { type NestedScores, nestedCrossValidation } from './evaluation/nestedCrossValidation';
export { type PartialDependence, partialDependence } from './evaluation/partialDependence';
export { type Importance, permutationImportance } from './evaluation/permutationImportance';
export { artistSplits, compareProtocols, type ProtocolResult } from './evaluation/protocols';
export { findRepeats, type RepeatKind, twinsAcross } from './evaluation/repeats';
export {
  type EvaluationReport,
  evaluationReport,
  type ImportanceRow,
  importanceTable,
} from './evaluation/report';
export { errorsByGroup, type GridMap, type GroupErrors, gridMap, scoreByTrees } from './evaluation/summaries';

// Export and serve: lib/model, lib/demo
export { buildModel, type ModelParts } from './model/build';
export { loadModel, saveModel } from './model/file';
export { type MlRandomForest, toMlRandomForest } from './model/mlRandomForest';
export { type Answer, Model } from './model/model';
export type { TrackInput } from './model/track';
export type { Explanation } from './model/treeShap';
