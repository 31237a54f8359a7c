import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { firstDifference, referenceForest } from '../../oracle/compare';
import { RandomForestRegressor } from '../ensemble/forest';
import { DEFAULTS, type ForestParams, rulesFor } from '../ensemble/parameters';
import { float32Columns } from '../matrix';
import { KFold } from '../modelSelection/folds';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { RandomState } from '../randomState';
import { treeWeights } from '../tree/bag';
import { growTree, treeSeeds } from '../tree/reference';
import { joinTrees } from '../tree/trees';
import { growForest } from './engine';

/** Columns from without equal values to with hardly any others, and some whose values are close to each other. */
const COLUMNS: ((random: RandomState) => number)[] = [
  (random) => random.bits() / 2 ** 32,
  (random) => random.randint(1000) / 1000,
  (random) => random.randint(12),
  (random) => random.randint(2),
  (random) => 1 + random.randint(9) * 0.6e-7,
  (random) => (random.bits() / 2 ** 32) * 1e-6,
  (random) => (random.randint(30) === 0 ? random.randint(40) : 0),
];
/** Targets whose sums depend on their order. */
const TARGETS: ((random: RandomState) => number)[] = [
  (random) => random.bits() / 2 ** 32,
  (random) => random.randint(1000) / 10,
  (random) => (random.randint(2) === 0 ? 0 : random.randint(100) / 7),
  (random) => (random.bits() / 2 ** 32 - 0.5) * 10 ** random.randint(6),
];

function randomTable(seed: number, rowCount: number, kinds: readonly number[], target: number) {
  const random = new RandomState(seed);
  const rows = Array.from({ length: rowCount }, () => kinds.map((kind) => COLUMNS[kind](random)));
  return { rows, y: rows.map(() => TARGETS[target](random)) };
}

const NODE_FIELDS = [
  'left',
  'right',
  'feature',
  'threshold',
  'value',
  'nNodeSamples',
  'weightedNNodeSamples',
  'impurity',
] as const;

async function assertReference(rows: number[][], y: number[], params: Partial<ForestParams>) {
  const all = { ...DEFAULTS, ...params };
  const { arrays } = await new RandomForestRegressor(all).fit(rows, y);
  const reference = referenceForest({ rows, y, params: all });
  for (const name of NODE_FIELDS) assert.equal(firstDifference(arrays[name], reference[name]), null, name);
  return arrays.value.length;
}

test('where the order of sums matters, the kernel keeps that of the reference', async () => {
  let nodes = 0;
  const kinds = fc.array(fc.nat(COLUMNS.length - 1), { minLength: 1, maxLength: 6 });
  const drawn = fc.record({
    nEstimators: fc.integer({ min: 1, max: 3 }),
    maxDepth: fc.constantFrom(null, 4),
    minSamplesLeaf: fc.constantFrom(1, 3, 0.1),
    maxFeatures: fc.constantFrom<1 | 2 | 'sqrt'>(1, 2, 'sqrt'),
    bootstrap: fc.boolean(),
    randomState: fc.nat(1000),
  });
  const size = fc.integer({ min: 2, max: 700 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), size, kinds, fc.nat(TARGETS.length - 1), drawn, async (...given) => {
      const [seed, rowCount, columns, target, params] = given;
      const { rows, y } = randomTable(seed, rowCount, columns, target);
      nodes += await assertReference(rows, y, params);
    }),
    { numRuns: 100 },
  );
  assert.ok(nodes > 5000, `${nodes} nodes`);
});

test("weights of rows and fewer draws than rows are the reference's too", async () => {
  let nodes = 0;
  const random = new RandomState(8);
  for (let seed = 0; seed < 60; seed++) {
    const { rows, y } = randomTable(seed, 5 + random.randint(300), [0, seed % 7, 2], seed % 4);
    const target = seed % 3 === 0 ? y.map(Math.round) : y;
    const makers = [() => random.randint(3), () => random.bits() / 2 ** 32, () => random.randint(4) / 10];
    const isWeighted = seed % 2 === 0;
    const sampleWeight = isWeighted ? Float64Array.from(y, makers[random.randint(3)]) : null;
    const params = { nEstimators: 2, bootstrap: !isWeighted, maxFeatures: 2, minSamplesLeaf: 1 + (seed % 3) };
    const draws = isWeighted ? null : 1 + random.randint(2 * y.length);
    const bag = { rowCount: y.length, draws, sampleWeight, balancedClasses: null };
    const data = { columns: float32Columns('test', rows), y: Float64Array.from(target) };
    const rules = rulesFor({ ...DEFAULTS, ...params }, y.length, 3);
    const seeds = treeSeeds(seed, 2);
    const kernel = await growForest({ data, rules, seeds, bag, nJobs: 1 }, {});
    const trees = [...seeds].map((tree) => growTree(data, treeWeights(bag, tree), rules, tree));
    const reference = joinTrees(trees, 3);
    for (const name of NODE_FIELDS) assert.equal(firstDifference(kernel[name], reference[name]), null, name);
    nodes += kernel.value.length;
  }
  assert.ok(nodes > 3000, `${nodes} nodes`);
});

test('so it does beyond 16 bits of rows', async () => {
  const { rows, y } = randomTable(5, 66_000, [0, 1], 0);
  const params = { nEstimators: 1, maxDepth: 9, minSamplesLeaf: 3, bootstrap: false };
  assert.ok((await assertReference(rows, y, params)) > 200);
});

/**
 * A column whose median of three is the second smallest value 20 times in a row, so that introsort gives up
 * partitions and sorts the rest as a heap.
 */
function columnAgainstMedians(rowCount: number): number[] {
  const column = Array.from({ length: rowCount }, (_, row) => 100 + (row % 7));
  let rest = column.map((_, row) => row);
  for (let i = 0; i < 20; i++) {
    const middle = rest.length >> 1;
    column[rest[0]] = 2 * i;
    column[rest[middle]] = 2 * i + 1;
    const pivot = 2 * i + 1;
    let [at, equal, larger] = [0, 0, rest.length];
    const swap = (a: number, b: number) => {
      [rest[a], rest[b]] = [rest[b], rest[a]];
    };
    while (at < larger) {
      if (column[rest[at]] < pivot) swap(at++, equal++);
      else if (column[rest[at]] > pivot) swap(at, --larger);
      else at++;
    }
    rest = rest.slice(larger);
  }
  return column;
}

test('so it does where introsort turns to a heap', async () => {
  const column = columnAgainstMedians(600);
  const random = new RandomState(2);
  const y = column.map(() => TARGETS[3](random));
  const rows = column.map((value) => [value]);
  assert.ok((await assertReference(rows, y, { nEstimators: 1, bootstrap: false })) > 20);
});

test('configurations that grow together keep an order each', async () => {
  let scores = 0;
  for (const [seed, kinds] of [
    [0, 0, 0],
    [0, 1, 2, 4],
    [3, 2, 6],
  ].entries()) {
    const { rows, y } = randomTable(seed, 150, kinds, seed);
    const grid = {
      nEstimators: [2, 4],
      maxDepth: [null, 3, 5],
      minSamplesLeaf: [1, 2, 4],
      minSamplesSplit: [2, 7],
    };
    const options = { cv: new KFold(3), refit: false };
    for (const maxFeatures of [1, 0.5]) {
      const forest = new RandomForestRegressor({ maxFeatures, randomState: seed });
      const together = await new GridSearchCV(forest, grid, options).fit(rows, y);
      for (const [i, candidate] of together.candidates.entries()) {
        const alone = Object.fromEntries(Object.entries(candidate).map(([name, value]) => [name, [value]]));
        const { cvResults } = await new GridSearchCV(forest, alone, options).fit(rows, y);
        assert.deepEqual(cvResults.splitTestScores[0], together.cvResults.splitTestScores[i]);
        scores++;
      }
    }
  }
  assert.equal(scores, 216);
});
