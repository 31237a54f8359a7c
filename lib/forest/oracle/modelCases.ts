import type { ForestParams, TreeRegressorParams } from '../src/ensemble/parameters';
import { Draw, drawCase, drawTable } from './cases';

type Estimator = 'RandomForestRegressor' | 'ExtraTreesRegressor' | 'DecisionTreeRegressor';

/** A random model to be fitted here and there. */
export interface ModelCase {
  estimator: Estimator;
  params: ForestParams | TreeRegressorParams;
  /** NaN where a value is missing. */
  rows: number[][];
  y: number[] | number[][];
  outputs: number;
  test: number[][];
  sampleWeight: number[] | null;
  /** Trees after a second fit with warmStart; 0 for none. */
  more: number;
  isExact: boolean;
}

/** Case `number` of the run of `seed`: of five, two have only what the kernel knows, the others everything. */
export function drawModel(seed: number, number: number): ModelCase {
  if (number % 5 < 2) {
    const plain = drawCase(seed, number);
    return { ...plain, estimator: 'RandomForestRegressor', outputs: 1, sampleWeight: null, more: 0 };
  }
  return drawAny(new Draw((seed * 1000003 + number + 250000007) % 2 ** 32));
}

function drawAny(draw: Draw): ModelCase {
  const estimator = draw.of<Estimator>([
    'RandomForestRegressor',
    'ExtraTreesRegressor',
    'DecisionTreeRegressor',
  ]);
  const rowCount = draw.size(1, 600);
  const featureCount = draw.size(1, 12);
  const { makers, rows, y, isExact } = drawTable(draw, rowCount, featureCount);
  const missing = draw.share() < 0.35 ? draw.of([0.02, 0.2, 0.7]) : 0;
  const withGaps = (row: number[]) => row.map((value) => (draw.share() < missing ? Number.NaN : value));
  const outputs = draw.share() < 0.2 ? draw.whole(2, 4) : 1;
  const params = drawAnyParams(draw, estimator, featureCount, outputs);
  const isPoisson = params.criterion === 'poisson';
  const target = isPoisson ? positive(y) : y;
  const several = target.map((value) =>
    Array.from({ length: outputs }, (_, k) => (k === 0 ? value : draw.whole(0, 9) / (isPoisson ? 1 : 4 - k))),
  );
  const fresh = Array.from({ length: 20 }, () => makers.map((make) => make()));
  const warm = 'warmStart' in params && params.warmStart;
  return {
    estimator,
    params,
    rows: rows.map(withGaps),
    y: outputs > 1 ? several : target,
    outputs,
    test: [...fresh, ...rows.slice(0, 20)].map((row) => (draw.share() < 0.3 ? withSome(draw, row) : row)),
    sampleWeight: draw.share() < 0.35 ? drawWeights(draw, rowCount) : null,
    more: warm ? (params as ForestParams).nEstimators + draw.whole(1, 3) : 0,
    isExact: isExact && outputs === 1,
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

/** What all estimators have beside the parameters of the plain forest. */
function drawGrowth(draw: Draw, featureCount: number, outputs: number) {
  return {
    maxLeafNodes: mostly<number | null>(draw, null, [2, 5, 20, 200]),
    minWeightFractionLeaf: mostly(draw, 0, [0.002, 0.01, 0.1, 0.5]),
    minImpurityDecrease: mostly(draw, 0, [1e-5, 1e-3, 0.1, 5]),
    ccpAlpha: mostly(draw, 0, [1e-6, 1e-4, 0.01, 1]),
    monotonicCst:
      outputs === 1 && draw.share() < 0.2
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

function drawAnyParams(draw: Draw, estimator: Estimator, featureCount: number, outputs: number) {
  const growth = drawGrowth(draw, featureCount, outputs);
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
