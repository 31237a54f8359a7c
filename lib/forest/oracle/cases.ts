import { DEFAULTS, type ForestParams } from '../src/ensemble/parameters';
import type { ParamGrid } from '../src/modelSelection/gridSearch';
import { RandomState } from '../src/randomState';

/** A random table and parameters; the same number gives the same case. */
export interface Case {
  rows: number[][];
  y: number[];
  /** Rows to predict, some of them on thresholds' sides that no training row has. */
  test: number[][];
  params: ForestParams;
  /** Whether all weighted sums are exact, so that the order of rows cannot matter. */
  isExact: boolean;
}

export interface SearchCase extends Omit<Case, 'test'> {
  grid: ParamGrid;
  cv: { name: 'KFold' | 'GroupKFold' | 'RepeatedKFold'; options: Record<string, number> };
  groups: number[];
  scoring: 'r2' | 'neg_mean_absolute_error' | 'neg_root_mean_squared_error';
}

/** Random choices; the same seed gives the same. */
export class Draw {
  private readonly random: RandomState;

  constructor(seed: number) {
    this.random = new RandomState(seed);
  }

  /** From 0 to 1. */
  share = () => this.random.bits() / 2 ** 32;
  /** A whole number from `least` to `most`. */
  whole = (least: number, most: number) => least + this.random.randint(most - least + 1);
  of = <T>(values: readonly T[]): T => values[this.random.randint(values.length)];
  /** Small numbers more often than large ones. */
  size = (least: number, most: number) => Math.floor(least * (most / least) ** this.share() + 1e-9);
}

/** Kinds of columns, by what is hard about them. */
const COLUMNS: ((draw: Draw) => () => number)[] = [
  (draw) => draw.share,
  (draw) => () => Math.round(draw.share() * 1000) / 1000,
  (draw) => () => draw.whole(0, 11),
  (draw) => () => draw.whole(0, 1),
  () => () => 7,
  // Values within 1e-7 of each other count as one.
  (draw) => () => 1 + draw.whole(0, 9) * 0.6e-7,
  (draw) => () => draw.share() * 1e-6,
  (draw) => () => -draw.whole(0, 3) * 0,
  (draw) => () => (draw.share() - 0.5) * 10 ** draw.whole(-3, 12),
  // All but a few rows are equal.
  (draw) => () => (draw.share() < 0.03 ? draw.share() : 0),
];

const TARGETS: { isExact: boolean; make: (draw: Draw) => () => number }[] = [
  { isExact: true, make: (draw) => () => draw.whole(0, 100) },
  { isExact: true, make: (draw) => () => draw.whole(0, 2) },
  { isExact: true, make: (draw) => () => draw.whole(-20, 20) },
  { isExact: true, make: (draw) => () => draw.whole(-2000000, 2000000) },
  { isExact: true, make: (draw) => () => draw.whole(-40, 400) / 8 },
  { isExact: true, make: () => () => 5 },
  { isExact: true, make: (draw) => () => (draw.share() < 0.3 ? 0 : draw.whole(1, 100)) },
  { isExact: false, make: (draw) => () => draw.share() * 100 },
  { isExact: false, make: (draw) => () => Math.round(draw.share() * 10) / 10 },
  { isExact: false, make: (draw) => () => Math.round(draw.share() * 1000) / 1000 },
  { isExact: false, make: (draw) => () => (draw.share() < 0.5 ? 0 : draw.share()) },
  { isExact: false, make: (draw) => () => draw.whole(0, 2) / 3 },
  { isExact: false, make: (draw) => () => (draw.share() - 0.5) * 10 ** draw.whole(-3, 5) },
  { isExact: false, make: (draw) => () => 1e6 + draw.share() },
];

export function drawTable(draw: Draw, rowCount: number, featureCount: number) {
  const makers = Array.from({ length: featureCount }, () => draw.of(COLUMNS)(draw));
  const rows = Array.from({ length: rowCount }, () => makers.map((make) => make()));
  const target = draw.of(TARGETS);
  const make = target.make(draw);
  return { makers, rows, y: rows.map(make), isExact: target.isExact };
}

function drawParams(draw: Draw, nEstimators: number): ForestParams {
  const bootstrap = draw.share() < 0.75;
  return {
    ...DEFAULTS,
    oobScore: bootstrap,
    nEstimators,
    maxDepth: draw.of([null, null, null, 1, 2, 5, 10]),
    minSamplesSplit: draw.of([2, 2, 2, 3, 5, 10, 0.05, 0.3]),
    minSamplesLeaf: draw.of([1, 1, 1, 2, 4, 20, 0.02, 0.2]),
    maxFeatures: draw.of([1.0, 1.0, 'sqrt', 'log2', 0.5, 0.01, 2, 5]),
    bootstrap,
    randomState: draw.of([0, 42, draw.whole(0, 2 ** 31 - 2), 2 ** 32 - 1]),
    nJobs: draw.of([1, 2, 3]),
  };
}

/** Case `number` of the run of `seed`: one forest, 1 to 3,000 rows, 1 to 30 features. */
export function drawCase(seed: number, number: number): Case {
  const draw = new Draw((seed * 1000003 + number) % 2 ** 32);
  const rowCount = draw.size(1, 3000);
  const featureCount = draw.size(1, 30);
  const { makers, ...table } = drawTable(draw, rowCount, featureCount);
  const most = Math.max(1, Math.min(20, Math.floor(60000 / (rowCount * featureCount))));
  const fresh = Array.from({ length: 20 }, () => makers.map((make) => make()));
  return {
    ...table,
    test: [...fresh, ...table.rows.slice(0, 20)],
    params: drawParams(draw, draw.whole(1, most)),
  };
}

/** A grid search over random values of some parameters. */
export function drawSearch(seed: number, number: number): SearchCase {
  const draw = new Draw((seed * 1000003 + number + 500000009) % 2 ** 32);
  const rowCount = draw.size(8, 300);
  const { rows, y, isExact } = drawTable(draw, rowCount, draw.size(1, 15));
  const some = <T>(values: readonly T[]) => {
    const chosen = values.filter(() => draw.share() < 0.5);
    return chosen.length > 0 ? chosen : [draw.of(values)];
  };
  const grid: ParamGrid = {
    nEstimators: some([1, 3, 8]),
    ...(draw.share() < 0.7 && { maxDepth: some([null, 1, 3, 6]) }),
    ...(draw.share() < 0.5 && { minSamplesLeaf: some([1, 2, 5, 0.1]) }),
    ...(draw.share() < 0.4 && { minSamplesSplit: some([2, 5, 12, 0.2]) }),
    ...(draw.share() < 0.3 && { maxFeatures: some([1.0, 'sqrt', 0.4] as const) }),
    ...(draw.share() < 0.1 && { bootstrap: [true, false] }),
    ...(draw.share() < 0.1 && { randomState: [1, 2] }),
  };
  const name = draw.of(['KFold', 'KFold', 'GroupKFold', 'RepeatedKFold'] as const);
  const options = {
    n_splits: draw.whole(2, 5),
    ...(name === 'RepeatedKFold' && { n_repeats: 2, random_state: draw.whole(0, 99) }),
  };
  const groups = rows.map((_, row) => (row < 5 ? row : draw.whole(0, Math.max(4, Math.floor(rowCount / 4)))));
  const scoring = draw.of(['r2', 'r2', 'neg_mean_absolute_error', 'neg_root_mean_squared_error'] as const);
  const params = { ...drawParams(draw, 5), oobScore: false };
  return { rows, y, isExact, params, grid, cv: { name, options }, groups, scoring };
}
