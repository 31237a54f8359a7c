// biome-ignore-all assist/source/organizeImports: the order is the notebook's
/** All that the notebook imports, in the order of its stages. */

// 1. Settings: one class for the user's mistakes
export { InputError } from './errors';

// What cells show, and how long work says how far it is
export { type Showable, show } from './jupyter/display';
export { type Figure, figureSvg } from './jupyter/figure';
export { task } from './jupyter/progress';
export { type TableOptions, type TableView, table } from './jupyter/table';

// 2. Load and look
export { readTracks } from './tracks/read';
export { toDataFrame } from './tracks/frame';
export { firstRows, numbers, selectRows, texts } from './tracks/columns';
export { type Column, SCHEMA } from './tracks/schema';
export type { CleaningStep, Feature, TrackRecord, Tracks } from './tracks/types';
export { columnsTable, describeTable } from './eda/summary';

// 3. Explore
export {
  correlationHeatmap,
  featureHistograms,
  popularityByFeature,
  popularityDistribution,
} from './eda/explore';
export { popularityByCategory } from './eda/boxes';

// 4. The same song twice
export { findRepeats, type RepeatKind, twinsAcross } from './evaluation/repeats';
export { findSongs, groupRows, songKey } from './tracks/songs';
export { cleanTracks } from './tracks/clean';
export { artistGroups, artistSplits, compareProtocols, type ProtocolResult } from './evaluation/protocols';
export { protocolTable } from './eda/scoreTables';
export { withInterval } from './numberText';
export { dotPlot, protocolScores } from './eda/scores';

// 5. Split, encode, standardise
export { GroupKFold, KFold, RepeatedKFold, type Splitter, trainTestSplit } from './forest/folds';
export { FeatureEncoder, oneHot } from './tracks/features';
export { take, takeRows } from './forest/matrix';
export { RandomState } from './forest/randomState';

// 6. Tune
export { type CvResults, GridSearchCV, type ParamGrid } from './forest/gridSearch';
export type { Matrix, Progress, RunOptions, Split, Table } from './forest/types';
export { gridTable } from './eda/scoreTables';
export { gridHeatmaps, scoreByTreesFigure } from './eda/tuning';
export { type NestedScores, nestedCrossValidation } from './evaluation/nestedCrossValidation';

// 7. Train
export { RandomForestRegressor } from './forest/forest';
export type { ForestParams } from './forest/parameters';
export type { ForestArrays } from './forest/types';
export { fromSklearn, toSklearn } from './forest/sklearn';
export {
  correctedInterval,
  crossValidate,
  type Estimate,
  pairedDifference,
  type Regressor,
  type Scores,
  scoresOf,
  summarizeScores,
} from './evaluation/crossValidation';
export { repeatedGroupKFold } from './evaluation/groupFolds';
export { errorsByGroup, type GroupErrors } from './evaluation/errorsByGroup';
export { estimateTable } from './eda/scoreTables';

// 8. Test
export { meanAbsoluteError, r2Score, rootMeanSquaredError } from './evaluation/metrics';
export { bootstrapInterval } from './evaluation/bootstrap';
export {
  CategoryRegressor,
  ConstantRegressor,
  MlForestRegressor,
  OneHotRegressor,
  RidgeRegression,
  toRows,
} from './evaluation/baselines';
export { baselines } from './evaluation/baselineSet';
export { compareModels, type ModelScores, testScores } from './evaluation/comparison';
export { modelTable } from './eda/scoreTables';
export { trackNames } from './eda/columns';
export { predictedAgainstActual, residualsByGroup } from './eda/predictions';

// 9. How sure is it?
export {
  coverageOf,
  fitIntervals,
  type IntervalRule,
  predictInterval,
  predictWithSpread,
  shortestRange,
} from './evaluation/intervals';
export { intervalFigure } from './eda/predictions';

// 10. What does it go by?
export { type Importance, permutationImportance } from './evaluation/permutationImportance';
export { type PartialDependence, partialDependence } from './evaluation/partialDependence';
export { type ImportanceRow, importanceTable } from './evaluation/report';
export { importances, partialDependenceFigure } from './eda/explain';

// 11. Would more tracks help?
export { type LearningCurve, learningCurve } from './evaluation/learningCurve';
export { learningCurveFigure } from './eda/scores';

// 12. Would it be a hit?
export { crossValidateHits, type HitReport } from './evaluation/hits';
export { confusionMatrix } from './eda/predictions';
export { hitTable } from './eda/scoreTables';

// 13. Export
export { buildModel, type ModelParts } from './model/build';
export { writeFileAtomic } from './files';
export { loadModel, saveModel } from './model/file';
export { type EvaluationReport, evaluationReport } from './evaluation/report';
export { type MlRandomForest, toMlRandomForest } from './model/mlRandomForest';
export { modelCard } from './model/modelCard';
export { type Answer, Model } from './model/model';
export type { TrackInput } from './model/track';
export type { Explanation } from './model/treeShap';

// 14. Demo
export { type Demo, launchDemo } from './demo/launch';
