import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RandomForestRegressor } from '../ensemble/forest';
import { DEFAULTS, rulesFor } from '../ensemble/parameters';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { RandomState } from '../randomState';
import { type Bag, treeWeights } from '../tree/bag';
import { growTree, type TrainingData } from '../tree/reference';
import type { Rules } from '../tree/rules';
import { joinTrees } from '../tree/trees';
import { growForest, growthOf, isFast } from './engine';

/** Values from without equal ones to with hardly any others, and some that are close to each other. */
const COLUMNS: ((random: RandomState) => number)[] = [
  (random) => random.random(),
  (random) => random.randint(50),
  (random) => random.randint(3),
  (random) => 1 + random.randint(9) * 0.6e-7,
  (random) => (random.randint(30) === 0 ? 1 : 0),
];

interface Kind {
  /** Classes of the targets, 0 for numbers. */
  classes: number;
  /** Share of the values that are missing. */
  gaps: number;
  splitter: Rules['splitter'];
  bootstrap: boolean;
  /** Whether a bootstrap draws rows by their weight; without a bootstrap, whether weights are in all sums. */
  weighted: boolean;
}

/** Whether the kernel has sums in scikit-learn's order for these trees. */
const maySumInOrder = ({ classes }: Kind) => classes === 0;

function drawData(
  random: RandomState,
  rowCount: number,
  columns: readonly number[],
  kind: Kind,
): TrainingData {
  const { classes, gaps } = kind;
  const divisor = classes ? 1 : maySumInOrder(kind) ? 3 : 2;
  const value = (column: number) => (random.random() < gaps ? Number.NaN : COLUMNS[column](random));
  return {
    columns: columns.map((column) => Float32Array.from({ length: rowCount }, () => value(column))),
    y: Float64Array.from({ length: rowCount }, () => random.randint(classes || 30) / divisor),
    ...(classes > 0 && { classCounts: [classes] }),
  };
}

function drawBag(random: RandomState, rowCount: number, kind: Kind): Bag {
  const { bootstrap } = kind;
  const weighted = kind.weighted && (bootstrap || maySumInOrder(kind));
  const weight = (_: unknown, row: number) => (row === 0 ? 1 : random.randint(4) === 0 ? 0 : random.random());
  return {
    rowCount,
    draws: bootstrap ? 1 + random.randint(2 * rowCount) : null,
    sampleWeight: weighted ? Float64Array.from({ length: rowCount }, weight) : null,
    balancedClasses: null,
  };
}

/** Grows two trees both ways, on two threads and by the definition; returns their nodes. */
async function assertSame(data: TrainingData, bag: Bag, rules: Rules, seed: number): Promise<number> {
  const seeds = Uint32Array.of(seed, seed + 1);
  const task = { data, rules, seeds, bag, nJobs: 2 };
  assert.ok(isFast(growthOf(task)), 'the kernel takes it');
  const kernel = await growForest(task, {});
  const trees = [...seeds].map((tree) => growTree(data, treeWeights(bag, tree), rules, tree));
  assert.deepEqual(kernel, joinTrees(trees, data.columns.length));
  return kernel.feature.length;
}

test('classes, missing values, random thresholds and rows drawn by weight give the trees of the reference', async () => {
  const seen = { classes: 0, gaps: 0, random: 0, weighted: 0, infinite: 0 };
  const kinds = fc.record({
    classes: fc.constantFrom(0, 2, 3, 7),
    gaps: fc.constantFrom(0, 0.05, 0.5, 1),
    splitter: fc.constantFrom('best' as const, 'random' as const),
    bootstrap: fc.boolean(),
    weighted: fc.boolean(),
  });
  const limits = fc.record({
    maxDepth: fc.constantFrom(null, 3),
    minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
    maxFeatures: fc.constantFrom<1 | 'sqrt'>(1, 'sqrt'),
  });
  const columns = fc.array(fc.nat(COLUMNS.length - 1), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1e6),
      fc.integer({ min: 2, max: 400 }),
      columns,
      kinds,
      limits,
      async (...given) => {
        const [seed, rowCount, makers, kind, params] = given;
        const random = new RandomState(seed);
        const data = drawData(random, rowCount, makers, kind);
        const rules: Rules = {
          ...rulesFor({ ...DEFAULTS, ...params }, rowCount, makers.length),
          criterion: kind.classes ? 'gini' : 'squared_error',
          splitter: kind.splitter,
        };
        const nodes = await assertSame(data, drawBag(random, rowCount, kind), rules, seed);
        if (kind.classes) seen.classes += nodes;
        if (kind.gaps) seen.gaps += nodes;
        if (kind.splitter === 'random') seen.random += nodes;
        if (kind.bootstrap && kind.weighted) seen.weighted += nodes;
      },
    ),
    { numRuns: 300 },
  );
  for (const name of ['classes', 'gaps', 'random', 'weighted'] as const) {
    assert.ok(seen[name] > 400, `${seen[name]} nodes of ${name}`);
  }
});

test('so they do beyond 16 bits of rows, where entries of lists are wide', async () => {
  const random = new RandomState(4);
  for (const [classes, gaps, splitter] of [
    [3, 0.1, 'best'],
    [0, 0.1, 'best'],
    [2, 0.3, 'random'],
    [0, 0, 'random'],
  ] as const) {
    const kind: Kind = { classes, gaps, splitter, bootstrap: true, weighted: true };
    const data = drawData(random, 66_000, [0, 1, 3], kind);
    const rules: Rules = {
      ...rulesFor({ ...DEFAULTS, maxDepth: 8 }, 66_000, 3),
      criterion: classes ? 'gini' : 'squared_error',
      splitter,
    };
    assert.ok((await assertSame(data, drawBag(random, 66_000, kind), rules, 5)) > 300);
  }
});

test('where the order of sums matters, the reference grows what the kernel has in no order', () => {
  const random = new RandomState(2);
  const rules = rulesFor(DEFAULTS, 50, 2);
  const fast: Kind = { classes: 0, gaps: 0, splitter: 'best', bootstrap: false, weighted: false };
  const isTaken = (kind: Kind, change: (data: TrainingData, bag: Bag) => void = () => {}) => {
    const data = drawData(random, 50, [0, 1], kind);
    const bag = drawBag(random, 50, kind);
    change(data, bag);
    const criterion = kind.classes ? 'gini' : 'squared_error';
    const of = { ...rules, criterion, splitter: kind.splitter } as const;
    return isFast(growthOf({ data, rules: of, seeds: Uint32Array.of(1), bag, nJobs: 1 }));
  };
  const thirds = (data: TrainingData) => {
    data.y = data.y.map((value) => value / 3);
  };
  const weigh = (_: TrainingData, bag: Bag) => {
    bag.sampleWeight = new Float64Array(50).fill(0.3);
  };
  assert.equal(isTaken(fast, thirds), true);
  assert.equal(isTaken(fast, weigh), true);
  assert.equal(isTaken({ ...fast, splitter: 'random' }, thirds), true);
  assert.equal(isTaken({ ...fast, gaps: 0.5 }, thirds), true);
  assert.equal(isTaken({ ...fast, classes: 2 }), true);
  assert.equal(isTaken({ ...fast, classes: 2 }, weigh), false);
});

test('candidates that grow together on missing values have the predictions of each alone', async () => {
  class Alone extends RandomForestRegressor {} // a class of one's own is fitted by itself
  let compared = 0;
  for (const divisor of [1, 7]) {
    const random = new RandomState(divisor);
    const kind: Kind = { classes: 0, gaps: 0.2, splitter: 'best', bootstrap: true, weighted: false };
    const { columns, y } = drawData(random, 200, [0, 1, 2, 4], kind);
    const X = Array.from({ length: 200 }, (_, row) => columns.map((column) => column[row]));
    const targets = y.map((value) => (value * 2) / divisor);
    const grid = { maxDepth: [null, 4], minSamplesLeaf: [1, 3, 6], maxFeatures: [1, 'sqrt' as const] };
    const scores = [];
    for (const Forest of [RandomForestRegressor, Alone]) {
      const forest = new Forest({ nEstimators: 4, randomState: 2 });
      const search = await new GridSearchCV(forest, grid, { cv: 3, refit: false }).fit(X, targets);
      scores.push(search.cvResults.splitTestScores);
    }
    assert.deepEqual(scores[0], scores[1]);
    compared += scores[0].length;
  }
  assert.equal(compared, 24);
});
