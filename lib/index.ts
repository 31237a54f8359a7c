/** All that the notebook imports, in the order of its stages. */

// Settings and errors
export { InputError } from './errors';

// Load and clean: lib/tracks

// Show
export { type Showable, show } from './jupyter/display';
export { type Figure, figureSvg } from './jupyter/figure';
export { task } from './jupyter/progress';
export { type TableOptions, type TableView, table } from './jupyter/table';

// Explore: lib/eda

export { type IntervalRule, predictInterval } from './evaluation/intervals';
// Evaluate: lib/evaluation
export { meanAbsoluteError, r2Score, rootMeanSquaredError } from './evaluation/metrics';
// Split, tune, train: lib/forest
export { GroupKFold, KFold, RepeatedKFold, type Splitter, trainTestSplit } from './forest/folds';
export { RandomForestRegressor } from './forest/forest';
export { type CvResults, GridSearchCV, type ParamGrid } from './forest/gridSearch';
export { take, takeRows } from './forest/matrix';
export type { ForestParams } from './forest/parameters';
export { RandomState } from './forest/randomState';
export type { ForestArrays, Matrix, Progress, RunOptions, Split, Table } from './forest/types';

// Export and serve: lib/model, lib/demo
export { buildModel, type ModelParts } from './model/build';
export { loadModel, saveModel } from './model/file';
export { type MlRandomForest, toMlRandomForest } from './model/mlRandomForest';
export { type Answer, Model } from './model/model';
export type { TrackInput } from './model/track';
export type { Explanation } from './model/treeShap';
