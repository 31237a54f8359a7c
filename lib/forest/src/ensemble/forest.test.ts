import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { referenceForest } from '../../oracle/compare';
import { RECORDED, X, y } from '../../oracle/recorded';
import { r2Score } from '../metrics/metrics';
import { RandomState } from '../randomState';
import { bootstrapCounts } from '../tree/bag';
import { treeSeeds } from '../tree/reference';
import type { Table } from '../types';
import { RandomForestRegressor } from './forest';
import { DEFAULTS } from './parameters';
import { fromSklearn } from './sklearn';

const params = { nEstimators: 5, minSamplesLeaf: 2, maxFeatures: 2, randomState: 42 };

test('is the recorded forest of scikit-learn, node for node', async () => {
  const forest = await new RandomForestRegressor(params).fit(X, y);
  assert.deepEqual(forest.arrays, fromSklearn(RECORDED.forest));
  assert.deepEqual([...forest.predict(X)], RECORDED.predictions);
  assert.deepEqual([...forest.featureImportances], RECORDED.importances);
});

test('a tree checked by hand', async () => {
  const one = { nEstimators: 1, bootstrap: false, maxDepth: 1 };
  // The splits are at 0.5, 1.5 and 2.5. The middle one leaves least variance: 0, 0 | 8, 10.
  const { arrays } = await new RandomForestRegressor(one).fit([[0], [1], [2], [3]], [0, 0, 8, 10]);
  assert.deepEqual([...arrays.feature], [0, -2, -2]);
  assert.deepEqual([...arrays.threshold], [1.5, -2, -2]);
  assert.deepEqual([...arrays.value], [4.5, 0, 9]);
  assert.deepEqual([...arrays.impurity], [20.75, 0, 1]);
  assert.deepEqual([...arrays.left], [1, -1, -1]);
  assert.deepEqual([...arrays.right], [2, -1, -1]);
});

test('kernel and reference grow the same trees, also where sums are not exact', async () => {
  let splits = 0;
  const value = fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.float({ noNaN: true, min: -1, max: 1 }),
    fc.constant(7),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, value, fc.double({ noNaN: true, min: -5, max: 5 })), {
        minLength: 1,
        maxLength: 60,
        size: 'max',
      }),
      fc.record({
        nEstimators: fc.integer({ min: 1, max: 4 }),
        maxDepth: fc.constantFrom(null, 1, 4),
        minSamplesSplit: fc.constantFrom(2, 5, 0.2),
        minSamplesLeaf: fc.constantFrom(1, 3, 0.1),
        maxFeatures: fc.constantFrom<1 | 2 | 0.4 | 'sqrt'>(1, 2, 0.4, 'sqrt'),
        bootstrap: fc.boolean(),
        randomState: fc.integer({ min: 0, max: 1000 }),
      }),
      async (table, drawn) => {
        const rows = table.map((row) => row.slice(0, 3));
        const target = table.map((row) => row[3]);
        const all = { ...DEFAULTS, ...drawn };
        const { arrays } = await new RandomForestRegressor(all).fit(rows, target);
        assert.deepEqual(arrays, referenceForest({ rows, y: target, params: all }));
        splits += arrays.value.length - arrays.treeCount;
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(splits > 500);
});

/** A table of columns; `row` is a target that depends on the first of them. */
function randomTable(rowCount: number, featureCount: number): { table: Table; target: Float64Array } {
  const random = new RandomState(1);
  const names = Array.from({ length: featureCount }, (_, j) => `x${j}`);
  const columns = names.map((_, j) =>
    Float64Array.from({ length: rowCount }, () => (j % 2 ? random.randint(50) : random.bits() / 2 ** 32)),
  );
  return {
    table: { names, rowCount, columns },
    target: columns[0].map((x) => Math.round(x * 50) + random.randint(20)),
  };
}

test('rows beyond 16 bits take wide entries, with the same trees', async () => {
  const { table, target } = randomTable(70_000, 2);
  const few = { ...DEFAULTS, nEstimators: 1, maxDepth: 7, minSamplesLeaf: 3 };
  const { arrays } = await new RandomForestRegressor(few).fit(table, target);
  const rows = Array.from(target, (_, i) => table.columns.map((column) => column[i]));
  assert.deepEqual(arrays, referenceForest({ rows, y: [...target], params: few }));
});

test('the number of threads changes nothing, and X may be rows or columns', async () => {
  const { table, target } = randomTable(4000, 6);
  const grow = (nJobs: number) => new RandomForestRegressor({ nEstimators: 12, nJobs }).fit(table, target);
  const one = (await grow(1)).arrays;
  for (const nJobs of [2, 3]) assert.deepEqual((await grow(nJobs)).arrays, one);
  const rows = Array.from(target, (_, i) => table.columns.map((column) => column[i]));
  assert.deepEqual((await new RandomForestRegressor({ nEstimators: 12 }).fit(rows, target)).arrays, one);
});

test('a smaller forest is the beginning of a larger one', async () => {
  const small = await new RandomForestRegressor(params).fit(X, y);
  const large = await new RandomForestRegressor({ ...params, nEstimators: 9 }).fit(X, y);
  const nodes = small.arrays.value.length;
  assert.deepEqual(large.arrays.value.slice(0, nodes), small.arrays.value);
  assert.deepEqual(large.arrays.left.slice(0, nodes), small.arrays.left);
});

test('features that were never asked about, and trees that ask nothing, have no importance', async () => {
  const stump = await new RandomForestRegressor({ nEstimators: 3 }).fit(
    [
      [1, 5],
      [2, 5],
      [3, 5],
    ],
    [1, 2, 3],
  );
  assert.deepEqual([...stump.featureImportances], [1, 0]);
  const leaf = await new RandomForestRegressor({ nEstimators: 3 }).fit(
    [
      [1, 2],
      [3, 4],
    ],
    [5, 5],
  );
  assert.deepEqual([...leaf.featureImportances], [0, 0]);
});

test('spread and single trees belong to the prediction', async () => {
  const forest = await new RandomForestRegressor(params).fit(X, y);
  const trees = forest.predictTrees(X);
  assert.equal(trees.length, 5);
  const first = trees.map((tree) => tree[0]);
  const centre = first.reduce((total, value) => total + value, 0) / 5;
  assert.equal(forest.predict(X)[0], centre);
  const spread = Math.sqrt(first.reduce((total, value) => total + (value - centre) ** 2, 0) / 5);
  assert.equal(forest.predictSpread(X)[0], spread);
});

test('out-of-bag predictions leave out what a tree learnt from', async () => {
  const forest = await new RandomForestRegressor({ nEstimators: 40, randomState: 42 }).fit(X, y);
  const trees = forest.predictTrees(X);
  const bags = [...treeSeeds(42, 40)].map((seed) => bootstrapCounts(seed, X.length));
  const expected = X.map((_, row) => {
    const honest = trees.filter((_, t) => bags[t][row] === 0);
    return honest.reduce((sum, tree) => sum + tree[row], 0) / honest.length;
  });
  assert.deepEqual([...forest.oobPrediction], expected);
  assert.equal(forest.oobScore, r2Score(y, expected));
  const alone = await new RandomForestRegressor({ nEstimators: 2 }).fit([[1]], [1]);
  assert.deepEqual([...alone.oobPrediction, alone.oobScore], [Number.NaN, Number.NaN]);
  const without = new RandomForestRegressor({ ...params, bootstrap: false });
  await without.fit(X, y);
  assert.throws(() => without.oobScore, /oobPrediction requires a forest fitted here with bootstrap/);
});

test('each kind of bad input is one sentence', async () => {
  const bad: [() => unknown, RegExp][] = [
    [() => new RandomForestRegressor({ trees: 3 } as object), /requires one of nEstimators, .*, got trees/],
    [
      () => new RandomForestRegressor({ minSamplesLeaf: 0 }),
      /requires minSamplesLeaf to be a whole .*, got 0$/,
    ],
    [
      () => new RandomForestRegressor({ maxDepth: 0 }),
      /requires maxDepth to be null or a whole number of at least 1/,
    ],
    [() => new RandomForestRegressor({ minSamplesSplit: 1 }), /requires minSamplesSplit .*, got 1$/],
    [() => new RandomForestRegressor({ maxFeatures: 'all' as 'sqrt' }), /requires maxFeatures .*, got "all"/],
    [() => new RandomForestRegressor({ randomState: -1 }), /requires randomState .*, got -1/],
    [() => new RandomForestRegressor().predict([[1]]), /requires fit before use/],
    [() => new RandomForestRegressor().fit([], []), /fit requires at least one row, got none/],
    [() => new RandomForestRegressor().fit([[]], [1]), /fit requires at least one feature, got none/],
    [
      () => new RandomForestRegressor().fit([[1, 2], [3]], [1, 2]),
      /requires 2 features in every row, got 1 in row 1/,
    ],
    [
      () => new RandomForestRegressor().fit([[1], [Number.NEGATIVE_INFINITY]], [1, 2]),
      /got -Infinity in row 1, column 0/,
    ],
    [
      () => new RandomForestRegressor({ criterion: 'poisson' }).fit([[1], [2]], [1, -2]),
      /targets of at least 0 for poisson, got -2/,
    ],
    [
      () => new RandomForestRegressor({ monotonicCst: [1] }).fit([[1, 2]], [1]),
      /a number for each of the 2 features, got 1/,
    ],
    [
      () => new RandomForestRegressor({ bootstrap: false, maxSamples: 5 }).fit([[1]], [1]),
      /requires bootstrap where maxSamples is given/,
    ],
    [
      () => new RandomForestRegressor().fit([[1], [2]], [1, 2], { sampleWeight: [1, -1] }),
      /finite weights of at least 0, got -1 in row 1/,
    ],
    [() => new RandomForestRegressor({ criterion: 'gini' as never }), /criterion to be one of squared_error/],
    [
      () => new RandomForestRegressor().fit([[1e39], [2]], [1, 2]),
      /finite float32 numbers, got 1e\+39 in row 0/,
    ],
    [() => new RandomForestRegressor().fit([[1], [2]], [1]), /one target for each of the 2 rows, got 1/],
    [
      () => new RandomForestRegressor().fit([[1], [2]], [1, Number.POSITIVE_INFINITY]),
      /finite targets, got Infinity in row 1/,
    ],
  ];
  // TypeScript would refuse these values; JSON and plain JavaScript do not.
  const any = (value: unknown) => value as never;
  const make = (params: unknown) => () => new RandomForestRegressor(any(params));
  const fit = (X: unknown, y: unknown, options?: unknown) => () =>
    new RandomForestRegressor().fit(any(X), any(y), any(options));
  const table = { rowCount: 2, columns: [[1, null]] };
  bad.push(
    [make(null), /requires parameters by name, got null/],
    [make({ toString: 1 }), /requires one of nEstimators, .*, got toString/],
    [make({ nEstimators: 5n }), /requires nEstimators .*, got 5$/],
    [make({ maxDepth: Number.NaN }), /requires maxDepth .*, got NaN$/],
    [fit(null, [1]), /fit requires X as a list of rows or a table of columns, got null/],
    [fit('abc', [1]), /got "abc"/],
    [fit([[1], null], [1, 2]), /requires 1 features in every row, got null in row 1/],
    [fit([[1], [null]], [1, 2]), /finite float32 numbers, got null in row 1, column 0/],
    [fit([[1], ['2']], [1, 2]), /finite float32 numbers, got "2" in row 1/],
    [fit([[1], [2n]], [1, 2]), /finite float32 numbers, got 2 in row 1/],
    [fit(table, [1, 2]), /finite float32 numbers, got null in row 1, column 0/],
    [
      fit({ rowCount: 2, columns: [null] }, [1, 2]),
      /requires 2 values in every column, got null in column 0/,
    ],
    [fit([[1], [2]], undefined), /one target for each of the 2 rows, got nothing/],
    [fit([[1], [2]], [1, null]), /finite targets, got null in row 1/],
    [fit([[1], [2]], '12'), /finite targets, got "1" in row 0/],
    [fit([[1]], [1], null), /fit requires its options as an object, got null/],
    [fit([[1]], [1], { onProgress: 'x' }), /fit requires onProgress to be a function, got "x"/],
    [fit([[1]], [1], { signal: {} }), /fit requires signal to be an AbortSignal, got an object/],
  );
  for (const [act, message] of bad) await assert.rejects(async () => act(), { name: 'InputError', message });
  const forest = await new RandomForestRegressor(params).fit(X, y);
  assert.throws(() => forest.predict([[1, 2]]), /predict requires 3 features in every row, got 2 in row 0/);
});

test('the largest limits there are make every root a leaf', async () => {
  for (const minSamplesLeaf of [2 ** 30, 2 ** 31 - 1]) {
    const forest = await new RandomForestRegressor({ minSamplesLeaf, nEstimators: 2 }).fit(X, y);
    assert.equal(forest.arrays.value.length, 2);
  }
});

test('arrays that are no forest are refused', async () => {
  const { arrays } = await new RandomForestRegressor(params).fit(X, y);
  const inner = arrays.left.findIndex((left) => left >= 0);
  const bad: [object | undefined, RegExp][] = [
    [undefined, /fromArrays requires the arrays of at least one whole tree/],
    [{ value: arrays.value.slice(1) }, /whole tree/],
    [{ rootOf: arrays.rootOf.slice(1) }, /whole tree/],
    [
      { rootOf: arrays.rootOf.map((root, t) => (t === 1 ? 0 : root)) },
      /nodes in every tree, got none in tree 0/,
    ],
    [
      { right: arrays.right.map((old, node) => (node === inner ? 1e6 : old)) },
      /two later nodes of the tree .*, got .* 1000000 /,
    ],
    [{ left: arrays.left.map((old, node) => (node === inner ? inner : old)) }, /two later nodes of the tree/],
    // One child only.
    [{ left: arrays.left.map((old, node) => (node === inner ? -1 : old)) }, /two later nodes of the tree/],
    [{ right: arrays.right.map((old, node) => (node === inner ? -1 : old)) }, /two later nodes of the tree/],
    // A child in the next tree.
    [
      { right: arrays.right.map((old, node) => (node === inner ? arrays.rootOf[1] : old)) },
      /two later nodes of the tree/,
    ],
    [
      { feature: arrays.feature.map((old, node) => (node === inner ? 3 : old)) },
      /a feature below 3, got .* and 3 in node/,
    ],
  ];
  for (const [change, message] of bad) {
    const broken = (change && { ...arrays, ...change }) as typeof arrays;
    assert.throws(() => RandomForestRegressor.fromArrays(broken), { name: 'InputError', message });
  }
});
