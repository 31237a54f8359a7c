// biome-ignore-all assist/source/organizeImports: the order is the notebook's
/** All that the notebook imports, in the order of its sections. */

// 1. Settings: one class for the user's mistakes
export { InputError } from './forest/src/index';

// Showing things in cells, and the progress of long work
export { addViewer, type Showable, show, type Viewer } from './cells/display';
export { say } from './cells/say';
import './cells/views';
export { type Figure, figureSvg } from './cells/figure';
export { task } from './cells/progress';
export { type TableOptions, type TableView, table } from './cells/table';
export * as findings from './evaluation/findings';

// 2. Load and look
export { columnMap } from './tracks/columnMap';
export { readTracks, type ReadOptions } from './tracks/read';
export { type ReadingRow, readingsTable } from './tracks/readings';
export { toDataFrame } from './tracks/frame';
export { firstRows, numbers, selectRows, texts } from './tracks/columns';
export { type Column, SCHEMA } from './tracks/schema';
export type { CleaningStep, ColumnReading, Feature, TrackRecord, Tracks } from './tracks/types';
export { columnsTable, describeTable } from './figures/summary';

// 3. The same song twice
export { findRepeats, type RepeatKind, twinsAcross } from './evaluation/repeats';
export { findSongs, groupRows, songKey } from './tracks/songs';
export { cleanTracks } from './tracks/clean';
export { groupingColumn, usableFolds } from './evaluation/smallTables';
export {
  artistCount,
  artistGroups,
  artistSplits,
  compareProtocols,
  type ProtocolResult,
} from './evaluation/protocols';
export { protocolTable } from './figures/scoreTables';
export { dotPlot, protocolScores } from './figures/scores';

// 4. Split and explore
export { GroupKFold, KFold, RepeatedKFold, type Splitter, trainTestSplit } from './forest/src/index';
export {
  correlationHeatmap,
  featureHistograms,
  popularityByFeature,
  popularityDistribution,
} from './figures/explore';
export { categoryNames, popularityByCategory } from './figures/strips';

// 5. Encode
export { FeatureEncoder, oneHot } from './tracks/features';
export { RandomState, take, takeRows } from './forest/src/index';
export { drawRows, firstRowsOf, numbersOrZeros, OnColumns, withColumns } from './evaluation/columns';

// 6. Tune
export { type CvResults, GridSearchCV, type ParamGrid } from './forest/src/index';
export type { Matrix, Progress, RunOptions, Split, Table } from './forest/src/index';
export { gridTable, nestedTable } from './figures/scoreTables';
export { gridHeatmaps, scoreByTreesFigure } from './figures/tuning';
export { type NestedScores, nestedCrossValidation } from './forest/src/index';

// 7. Which model?
export { ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor } from './forest/src/index';
export type { ForestArrays, ForestParams } from './forest/src/index';
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
export { compareOnFolds, type FoldScores } from './evaluation/foldComparison';
export { TwoPartRegressor } from './evaluation/twoPart';
export { scoresByTreeCount } from './evaluation/treeCount';
export { comparisonTable } from './figures/scoreTables';
export { comparisonFigure } from './figures/scores';

// 8. The test
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
export { baselines, checkModelName, chosenModel, hitModels, otherModels } from './evaluation/modelSets';
export { compareModels, type ModelScores, testScores } from './evaluation/comparison';
export { errorsByGroup, type GroupErrors } from './evaluation/errorsByGroup';
export { errorTable, modelTable } from './figures/scoreTables';
export { trackNames } from './figures/columns';
export { predictedAgainstActual, residualsByGroup } from './figures/predictions';

// 9. How sure is it?
export {
  coverageOf,
  fitIntervals,
  type IntervalRule,
  outOfBag,
  predictInterval,
  predictWithSpread,
  shortestRange,
} from './forest/src/index';
export { attainableLevel, intervalsOf, learnIntervals } from './evaluation/intervals';
export { intervalFigure, intervalMaking } from './figures/predictions';

// 10. What does it go by?
export { type Importance, permutationImportance } from './forest/src/index';
export { type PartialDependence, partialDependence } from './forest/src/index';
export { correlatedGroups, groupImportance, importantDependence } from './evaluation/featureGroups';
export { type Explanation, explainTable } from './model/treeShap';
export { importanceFigure, partialDependenceFigure } from './figures/explain';
export { contributionFigure, contributionSummary, songFigure } from './figures/contributions';

// 11. Songs
export { findSong, mostSimilar, type SoundMap, songToShow, soundMap } from './evaluation/likeSongs';
export { similarTable } from './figures/scoreTables';
export { songMapFigure } from './figures/songMap';

// 12. Would it be a hit?
export { compareHits, crossValidateHits, type HitReport, usableThreshold } from './evaluation/hits';
export { confusionMatrix, hitCurvesFigure, hitViews } from './figures/hits';
export { hitTable } from './figures/scoreTables';

// 13. More songs, other features
export { type LearningCurve, learningCurve } from './forest/src/index';
export { learningCurveFigure } from './figures/scores';

// 14. Export
export { buildModel, type ModelParts } from './model/build';
export { prepareFile, writeFileAtomic } from './files';
export { loadModel, saveModel } from './model/file';
export { type MlRandomForest, toMlRandomForest } from './model/mlRandomForest';
export { type Evaluation, modelCard, saveModelCard } from './model/modelCard';
export { type Answer, Model } from './model/model';
export type { TrackInput } from './model/track';

// 15. Demo
export { type Demo, launchDemo } from './demo/launch';
