import assert from 'node:assert/strict';
import test from 'node:test';
import { mean, type Table } from '../forest/src/index';
import { makeForest, X, y } from '../forest/testing/index';
import { alwaysTheSame, compareHits, crossValidateHits, seeded, usableThreshold } from './hits';

/** Says its only feature, whatever it was taught, so that the matrix can be counted by hand. */
const parrot = () => ({ fit: () => undefined, predict: (table: Table) => table.columns[0] });

test('crossValidateHits: by hand', async () => {
  const popularity = [80, 70, 60, 59, 10, 20, 90, 0, 30, 65];
  const said = [0.9, 0.4, 0.5, 0.6, 0.1, 0.2, 0.8, 0.3, 0.7, 0.49];
  const table: Table = { names: ['said'], rowCount: 10, columns: [Float64Array.from(said)] };
  const isHit = Float64Array.from(popularity, (value) => Number(value >= 60));
  const report = await crossValidateHits(parrot, table, popularity, { threshold: 60, folds: 3 });
  assert.deepEqual(report, {
    threshold: 60,
    labels: ['not a hit', 'hit'],
    matrix: [
      [3, 2],
      [2, 3],
    ],
    baseRate: 0.5,
    accuracy: 0.6,
    precision: 0.6,
    recall: 0.6,
    brier: mean(said.map((share, row) => (share - isHit[row]) ** 2)),
    isHit,
    probability: Float64Array.from(said),
  });
});

test('a model that never says hit has no precision, and says so', async () => {
  const never = () => ({ ...parrot(), predict: (table: Table) => new Float64Array(table.rowCount) });
  const report = await crossValidateHits(never, X, y, { threshold: 70 });
  assert.equal(report.precision, null);
  assert.equal(report.recall, 0);
  assert.equal(report.accuracy, 1 - report.baseRate);
});

test('alwaysTheSame: the more frequent answer, by hand', async () => {
  const table: Table = { names: ['said'], rowCount: 10, columns: [new Float64Array(10).fill(1)] };
  const popularity = [80, 70, 60, 59, 10, 20, 90, 0, 30, 65];
  const of = async (threshold: number) =>
    alwaysTheSame(await crossValidateHits(parrot, table, popularity, { threshold, folds: 2 }));
  assert.deepEqual(await of(70), {
    answer: 'not a hit',
    accuracy: 0.7,
    precision: null,
    recall: 0,
    brier: 0.21,
  });
  // Always "hit" is what the parrot says here, so its own report must agree.
  const { accuracy, precision, recall } = await crossValidateHits(parrot, table, popularity, {
    threshold: 20,
    folds: 2,
  });
  assert.deepEqual(await of(20), {
    answer: 'hit',
    accuracy,
    precision,
    recall,
    brier: accuracy * (1 - accuracy),
  });
  assert.deepEqual([accuracy, recall], [0.8, 1]);
});

test('each row is predicted by a model that did not see it, in folds that the seed decides', async () => {
  const rows: Table = {
    names: ['row'],
    rowCount: 30,
    columns: [Float64Array.from({ length: 30 }, (_, i) => i)],
  };
  const popularity = Array.from({ length: 30 }, (_, i) => (i % 2) * 100);
  const taught = async (randomState: number) => {
    const trained: number[][] = [];
    await crossValidateHits(
      () => ({
        fit: (table: Table) => trained.push([...table.columns[0]]),
        predict: (table: Table) => {
          assert.ok(table.columns[0].every((row) => !trained.at(-1)!.includes(row)));
          return new Float64Array(table.rowCount);
        },
      }),
      rows,
      popularity,
      { randomState },
    );
    return trained;
  };
  assert.equal((await taught(1)).length, 5);
  assert.deepEqual(await taught(1), await taught(1));
  assert.notDeepEqual(await taught(1), await taught(2));
});

test('every row of a large table is tested once, in folds of one size', async () => {
  const rowCount = 50_003;
  const column = Float64Array.from({ length: rowCount }, (_, row) => row);
  const tested: number[][] = [];
  const model = () => ({
    fit: (table: Table) => assert.ok(table.rowCount > 39_000),
    predict: (table: Table) => {
      tested.push([...table.columns[0]]);
      return table.columns[0].map((row) => row % 2);
    },
  });
  // The odd rows are hits, and said to be.
  const report = await crossValidateHits(
    model,
    { names: ['row'], rowCount, columns: [column] },
    column.map((row) => 100 * (row % 2)),
  );
  assert.deepEqual(report.matrix, [
    [25_002, 0],
    [0, 25_001],
  ]);
  assert.deepEqual(
    tested.flat().sort((a, b) => a - b),
    [...column],
  );
  assert.ok(tested.every(({ length }) => Math.abs(length - rowCount / 5) < 15));
  assert.ok(tested.every((rows) => new Set(rows.map((row) => Math.floor(row / 5001))).size === 10));
});

test('the forest is asked for real, twice the same', async () => {
  const report = await crossValidateHits(makeForest, X, y, { threshold: 55 });
  assert.equal(
    report.matrix.flat().reduce((sum, count) => sum + count),
    120,
  );
  assert.deepEqual(report, await crossValidateHits(makeForest, X, y, { threshold: 55 }));
});

test('seeded puts Math.random back, also after an error', () => {
  const original = Math.random;
  const draws = [1, 1, 2].map((seed) => seeded(seed, () => [Math.random(), Math.random()]));
  assert.deepEqual(draws[0], draws[1]);
  assert.notDeepEqual(draws[0], draws[2]);
  assert.ok(draws.flat().every((value) => value >= 0 && value < 1));
  assert.throws(
    () =>
      seeded(1, () => {
        throw new Error('inside');
      }),
    /inside/,
  );
  assert.equal(Math.random, original);
});

test('crossValidateHits says what it requires', async () => {
  await assert.rejects(
    crossValidateHits(parrot, X, y, { folds: 11 }),
    /their square in rows, got 11 folds and 120/,
  );
  await assert.rejects(
    crossValidateHits(parrot, X, y, { threshold: 101 }),
    /requires a threshold above 1 and at most 85, .*, got 101$/,
  );
  await assert.rejects(
    crossValidateHits(
      parrot,
      X,
      y.map(() => 7),
    ),
    /requires tracks of different popularity, got 120 of 7$/,
  );
  assert.throws(
    () => seeded(-1, () => 1),
    /^InputError: seeded requires a seed from 0 to 2\^32 - 1, got -1$/,
  );
});

test('a threshold that parts nothing gives way to the upper quarter', () => {
  assert.equal(usableThreshold([10, 60, 90], 60), 60);
  assert.equal(usableThreshold([66, 70, 80, 97], 60), 97);
  assert.equal(usableThreshold([0, 3, 5, 5], 60), 5);
  assert.equal(usableThreshold([0, 1, 1, 1], 60), 1);
  assert.ok(Number.isNaN(usableThreshold([7, 7], 60)));
});

test('several models are judged on the same folds; none where nothing can be judged', async () => {
  const models = { first: parrot, second: parrot };
  const table: Table = {
    names: ['said'],
    rowCount: 30,
    columns: [Float64Array.from({ length: 30 }, (_, i) => i / 30)],
  };
  const popularity = Array.from({ length: 30 }, (_, i) => 3 * i);
  const seen: (string | undefined)[] = [];
  const reports = await compareHits(models, table, popularity, {
    ...{ threshold: 45, folds: 5 },
    onProgress: ({ label }) => seen.push(label),
  });
  assert.deepEqual(Object.keys(reports), ['first', 'second']);
  assert.deepEqual(reports.first, reports.second);
  assert.equal(reports.first.accuracy, 1);
  assert.deepEqual(new Set(seen), new Set(['first', 'second']));
  assert.deepEqual(await compareHits(models, table, popularity, { threshold: 100 }), {});
});
