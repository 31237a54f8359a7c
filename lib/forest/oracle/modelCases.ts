import type {
  BoostingParams,
  ClassifierForestParams,
  ClassWeight,
  ForestParams,
  TreeClassifierParams,
  TreeRegressorParams,
} from '../src/ensemble/parameters';
import { Draw, drawCase, drawTable } from './cases';

const REGRESSORS = ['RandomForestRegressor', 'ExtraTreesRegressor', 'DecisionTreeRegressor'] as const;
const CLASSIFIERS = ['RandomForestClassifier', 'ExtraTreesClassifier', 'DecisionTreeClassifier'] as const;
type Regressor = (typeof REGRESSORS)[number];
type Classifier = (typeof CLASSIFIERS)[number];

/** The fields that all cases have: a table, rows to predict, and the number of fits. */
interface TableCase {
  /** NaN where a value is missing. */
  rows: number[][];
  test: number[][];
  sampleWeight: number[] | null;
  /** Trees after a second fit with warmStart; 0 for none. */
  more: number;
}

/** A random model of numbers to be fitted here and there. */
export interface RegressorCase extends TableCase {
  estimator: Regressor;
  params: ForestParams | TreeRegressorParams;
  y: number[] | number[][];
  outputs: number;
  isExact: boolean;
}

/** A random model of classes. */
export interface ClassifierCase extends TableCase {
  estimator: Classifier;
  params: ClassifierForestParams | TreeClassifierParams;
  y: (number | string)[];
}

/** A random boosting. */
export interface BoostingCase extends TableCase {
  estimator: 'GradientBoostingRegressor';
  params: BoostingParams;
  y: number[];
}

/** Case `number` of the run of `seed`: of five, two have only what the kernel knows, the others everything. */
export function drawRegressor(seed: number, number: number): RegressorCase {
  if (number % 5 < 2) {
    const plain = drawCase(seed, number);
    return { ...plain, estimator: 'RandomForestRegressor', outputs: 1, sampleWeight: null, more: 0 };
  }
  const draw = new Draw((seed * 1000003 + number + 250000007) % 2 ** 32);
  const estimator = draw.of(REGRESSORS);
  const { y, isExact, ...table } = drawGappyTable(draw);
  const outputs = draw.share() < 0.2 ? draw.whole(2, 4) : 1;
  const params = drawRegressorParams(draw, estimator, table.rows[0].length, outputs);
  const isPoisson = params.criterion === 'poisson';
  const target = isPoisson ? positive(y) : y;
  const others = () => draw.whole(0, 9) / (isPoisson ? 1 : draw.whole(1, 3));
  const several = target.map((value) => [value, ...Array.from({ length: outputs - 1 }, others)]);
  return {
    ...table,
    estimator,
    params,
    y: outputs > 1 ? several : target,
    outputs,
    more: moreTrees(draw, params),
    isExact: isExact && outputs === 1,
  };
}

/** The same for classes. */
export function drawClassifier(seed: number, number: number): ClassifierCase {
  const draw = new Draw((seed * 1000003 + number + 750000011) % 2 ** 32);
  const estimator = draw.of(CLASSIFIERS);
  const table = drawGappyTable(draw);
  const count = draw.of([1, 2, 2, 2, 3, 5, 12]);
  const texts = draw.share() < 0.4;
  const name = (code: number) => (texts ? ['ä', 'b', 'Z', '😀', '_'][code % 5] + code : code * 3 - 4);
  // Classes that the features say something about, so that trees have a shape.
  const codes = table.y.map((value, row) =>
    draw.share() < 0.3 ? draw.whole(0, count - 1) : Math.abs(Math.round(value * 7) + row) % count,
  );
  const y = codes.map(name);
  const params = drawClassifierParams(draw, estimator, table.rows[0].length, [...new Set(y)]);
  return { ...table, estimator, params, y, more: moreTrees(draw, params) };
}

/** The same for boosting, whose rows have no missing values. */
export function drawBoosting(seed: number, number: number): BoostingCase {
  const draw = new Draw((seed * 1000003 + number + 850000013) % 2 ** 32);
  const { makers, rows, y } = drawTable(draw, draw.size(2, 400), draw.size(1, 12));
  const { monotonicCst: _, maxDepth, ...growth } = drawGrowth(draw, rows[0].length, false);
  const nEstimators = draw.whole(1, 12);
  const warmStart = draw.share() < 0.2;
  const params: BoostingParams = {
    ...growth,
    maxDepth: maxDepth ?? draw.of([3, 3, null]),
    loss: 'squared_error',
    criterion: draw.of(['friedman_mse', 'squared_error'] as const),
    nEstimators,
    warmStart,
    learningRate: draw.of([0.1, 0.1, 0.03, 1, 0]),
    subsample: draw.of([1, 1, 0.5, 0.9, 0.01]),
  };
  return {
    estimator: 'GradientBoostingRegressor',
    params,
    rows,
    y,
    test: Array.from({ length: 20 }, () => makers.map((make) => make())),
    sampleWeight: draw.share() < 0.35 ? drawWeights(draw, rows.length).map((w) => w + 0.5) : null,
    more: moreTrees(draw, params),
  };
}

const moreTrees = (draw: Draw, params: object) =>
  'warmStart' in params && params.warmStart ? (params as ForestParams).nEstimators + draw.whole(1, 3) : 0;

/** A table of which some values may be missing, and weights. */
function drawGappyTable(draw: Draw) {
  const { makers, rows, y, isExact } = drawTable(draw, draw.size(1, 600), draw.size(1, 12));
  const missing = draw.share() < 0.35 ? draw.of([0.02, 0.2, 0.7]) : 0;
  const fresh = Array.from({ length: 20 }, () => makers.map((make) => make()));
  return {
    rows: rows.map((row) => row.map((value) => (draw.share() < missing ? Number.NaN : value))),
    y,
    isExact,
    test: [...fresh, ...rows.slice(0, 20)].map((row) => (draw.share() < 0.3 ? withSome(draw, row) : row)),
    sampleWeight: draw.share() < 0.35 ? drawWeights(draw, rows.length) : null,
  };
}

const withSome = (draw: Draw, row: number[]) => row.map((value) => (draw.share() < 0.2 ? Number.NaN : value));

/** Targets that a Poisson deviance has: none negative, one above 0. */
function positive(y: number[]): number[] {
  const absolute = y.map(Math.abs);
  return absolute.some((value) => value > 0) ? absolute : absolute.map((_, row) => row + 1);
}

function drawWeights(draw: Draw, rowCount: number): number[] {
  const make = draw.of([
    () => draw.whole(0, 3),
    draw.share,
    () => (draw.share() < 0.3 ? 0 : draw.share() * 100),
  ]);
  const weights = Array.from({ length: rowCount }, () => make());
  weights[draw.whole(0, rowCount - 1)] = 1;
  return weights;
}

/** Mostly the first value, so that a case rarely has more than a few parameters that make its trees small. */
const mostly = <T>(draw: Draw, usual: T, others: readonly T[]): T =>
  draw.share() < 0.8 ? usual : draw.of(others);

/** Parameters that all estimators have beside those of the plain forest. */
function drawGrowth(draw: Draw, featureCount: number, mayConstrain: boolean) {
  return {
    maxLeafNodes: mostly<number | null>(draw, null, [2, 5, 20, 200]),
    minWeightFractionLeaf: mostly(draw, 0, [0.002, 0.01, 0.1, 0.5]),
    minImpurityDecrease: mostly(draw, 0, [1e-5, 1e-3, 0.1, 5]),
    ccpAlpha: mostly(draw, 0, [1e-6, 1e-4, 0.01, 1]),
    monotonicCst:
      mayConstrain && draw.share() < 0.2
        ? Array.from({ length: featureCount }, () => draw.whole(-1, 1))
        : null,
    maxDepth: mostly<number | null>(draw, null, [1, 2, 5, 10]),
    minSamplesSplit: mostly(draw, 2, [3, 5, 10, 0.05, 0.3]),
    minSamplesLeaf: mostly(draw, 1, [2, 4, 20, 0.02, 0.2]),
    maxFeatures: draw.of<number | 'sqrt' | 'log2'>([1.0, 1.0, 'sqrt', 'log2', 0.5, 0.01, 2, 5]),
    randomState: draw.of([0, 42, draw.whole(0, 2 ** 31 - 2), 2 ** 32 - 1]),
  };
}

function drawBagging(draw: Draw, isRandomForest: boolean) {
  const bootstrap = draw.share() < (isRandomForest ? 0.7 : 0.3);
  return {
    nEstimators: draw.whole(1, 6),
    bootstrap,
    oobScore: bootstrap,
    warmStart: draw.share() < 0.2,
    maxSamples: bootstrap ? mostly<number | null>(draw, null, [0.5, 0.9, 7, 1]) : null,
    nJobs: draw.of([1, 2]),
  };
}

function drawRegressorParams(draw: Draw, estimator: Regressor, featureCount: number, outputs: number) {
  const growth = drawGrowth(draw, featureCount, outputs === 1);
  const criterion = draw.of([
    'squared_error',
    'squared_error',
    'absolute_error',
    'poisson',
    'friedman_mse',
  ] as const);
  if (estimator === 'DecisionTreeRegressor') {
    return { ...growth, criterion, splitter: draw.of(['best', 'best', 'random'] as const) };
  }
  return { ...growth, criterion, ...drawBagging(draw, estimator === 'RandomForestRegressor') };
}

function drawClassifierParams(
  draw: Draw,
  estimator: Classifier,
  featureCount: number,
  names: readonly (number | string)[],
) {
  const growth = drawGrowth(draw, featureCount, names.length <= 2);
  const criterion = draw.of(['gini', 'gini', 'entropy', 'log_loss'] as const);
  const byName = Object.fromEntries(names.map((name) => [name, draw.whole(1, 20) / 4]));
  const classWeight = draw.of<ClassWeight | null>([null, null, 'balanced', byName]);
  if (estimator === 'DecisionTreeClassifier') {
    return { ...growth, criterion, classWeight, splitter: draw.of(['best', 'best', 'random'] as const) };
  }
  return {
    ...growth,
    criterion,
    classWeight: draw.share() < 0.2 ? ('balanced_subsample' as const) : classWeight,
    ...drawBagging(draw, estimator === 'RandomForestClassifier'),
  };
}
