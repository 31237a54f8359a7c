// biome-ignore-all assist/source/organizeImports: the order is the notebook's
/** All that the notebook imports, in the order of its stages. */

// 1. Settings: one class for the user's mistakes
export { InputError } from './forest/src/index';

// What cells show, and how long work says how far it is
export { addViewer, type Showable, show, type Viewer } from './cells/display';
export { say } from './cells/say';
export { type Figure, figureSvg } from './cells/figure';
export { task } from './cells/progress';
export { type TableOptions, type TableView, table } from './cells/table';

// 2. Load and look
export { columnMap } from './tracks/columnMap';
export { readTracks, type ReadOptions } from './tracks/read';
export { type ReadingRow, readingsTable } from './tracks/readings';
export { toDataFrame } from './tracks/frame';
export { firstRows, numbers, selectRows, texts } from './tracks/columns';
export { type Column, SCHEMA } from './tracks/schema';
export type { CleaningStep, ColumnReading, Feature, TrackRecord, Tracks } from './tracks/types';
export { columnsTable, describeTable } from './figures/summary';

// 3. Explore
export {
  correlationHeatmap,
  featureHistograms,
  popularityByFeature,
  popularityDistribution,
} from './figures/explore';
export { popularityByCategory } from './figures/strips';

// 4. The same song twice
export { findRepeats, type RepeatKind, twinsAcross } from './evaluation/repeats';
export { findSongs, groupRows, songKey } from './tracks/songs';
export { cleanTracks } from './tracks/clean';
export { artistGroups, artistSplits, compareProtocols, type ProtocolResult } from './evaluation/protocols';
export { protocolTable } from './figures/scoreTables';
export { withInterval } from './numberText';
export { dotPlot, protocolScores } from './figures/scores';

// 5. Split, encode, standardise
export { GroupKFold, KFold, RepeatedKFold, type Splitter, trainTestSplit } from './forest/src/index';
export { FeatureEncoder, oneHot } from './tracks/features';
export { take, takeRows } from './forest/src/index';
export { RandomState } from './forest/src/index';

// 6. Tune
export { type CvResults, GridSearchCV, type ParamGrid } from './forest/src/index';
export type { Matrix, Progress, RunOptions, Split, Table } from './forest/src/index';
export { gridTable } from './figures/scoreTables';
export { gridHeatmaps, scoreByTreesFigure } from './figures/tuning';
export { type NestedScores, nestedCrossValidation } from './forest/src/index';

// 7. Train
export { RandomForestRegressor } from './forest/src/index';
export type { ForestParams } from './forest/src/index';
export type { ForestArrays } from './forest/src/index';
export { fromSklearn, toSklearn } from './forest/src/index';
export {
  correctedInterval,
  crossValidate,
  type Estimate,
  pairedDifference,
  type Regressor,
  type Scores,
  scoresOf,
  summarizeScores,
} from './forest/src/index';
export { repeatedGroupKFold } from './forest/src/index';
export { errorsByGroup, type GroupErrors } from './evaluation/errorsByGroup';
export { estimateTable } from './figures/scoreTables';

// 8. Test
export { meanAbsoluteError, r2Score, rootMeanSquaredError } from './forest/src/index';
export { bootstrapInterval } from './forest/src/index';
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
export { modelTable } from './figures/scoreTables';
export { trackNames } from './figures/columns';
export { predictedAgainstActual, residualsByGroup } from './figures/predictions';

// 9. How sure is it?
export {
  coverageOf,
  fitIntervals,
  type IntervalRule,
  predictInterval,
  predictWithSpread,
  shortestRange,
} from './forest/src/index';
export { intervalFigure } from './figures/predictions';

// 10. What does it go by?
export { type Importance, permutationImportance } from './forest/src/index';
export { type PartialDependence, partialDependence } from './forest/src/index';
export { type ImportanceRow, importanceTable } from './evaluation/report';
export { importanceFigure, partialDependenceFigure } from './figures/explain';

// 11. Would more tracks help?
export { type LearningCurve, learningCurve } from './forest/src/index';
export { learningCurveFigure } from './figures/scores';

// 12. Would it be a hit?
export { crossValidateHits, type HitReport } from './evaluation/hits';
export { confusionMatrix } from './figures/predictions';
export { hitTable } from './figures/scoreTables';

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
