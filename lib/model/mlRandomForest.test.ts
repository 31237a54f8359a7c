import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RandomForestRegression } from 'ml-random-forest';
import { randomTrees, sampleModel, seeded } from '../workshop/samples/model';
import { strictThreshold, toMlRandomForest } from './mlRandomForest';

test('x < strictThreshold(t) says what fround(x) <= t says, around every float', () => {
  const float = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 2 ** -149, -(2 ** -149)),
  );
  const threshold = fc.oneof(
    float,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.tuple(float, float).map(([a, b]) => a / 2 + b / 2), // as a tree has them
  );
  let checked = 0;
  fc.assert(
    fc.property(threshold, fc.double({ noNaN: true }), (t, anywhere) => {
      const strict = strictThreshold(t);
      const step = Math.abs(t) * 2 ** -53 + 2 ** -1074;
      const float32Step = Math.abs(t) * 2 ** -25 + 2 ** -150;
      const near = [-2, -1, 0, 1, 2].flatMap((k) => [strict + k * step, t + k * step, t + k * float32Step]);
      for (const x of [...near, Math.fround(t), anywhere]) {
        assert.equal(x < strict, Math.fround(x) <= t, `x ${x}, threshold ${t}`);
        checked++;
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(checked > 40_000);
});

test('thresholds by hand', () => {
  // Above 1 the floats are 2^-23 apart; 1 is even, so the middle still rounds down to it.
  assert.equal(strictThreshold(1), 1 + 2 ** -24 + 2 ** -52);
  // The float above it is odd: its middle to the next rounds away.
  assert.equal(strictThreshold(1 + 2 ** -23), 1 + 2 ** -23 + 2 ** -24);
  assert.equal(strictThreshold(0), 2 ** -150 + 2 ** -202);
});

test('an unmodified ml-random-forest predicts the same, also on thresholds', () => {
  const random = seeded(7);
  const trees = randomTrees(random, { treeCount: 30, depth: 8, nFeatures: 4 });
  const forest = RandomForestRegression.load(JSON.parse(JSON.stringify(toMlRandomForest({ arrays: trees }))));
  const rows = Array.from({ length: 2000 }, (_, i) =>
    Array.from({ length: 4 }, () =>
      i % 2 ? random() * 4 - 2 : trees.threshold[Math.floor(random() * trees.threshold.length)],
    ),
  );
  const predictions = forest.predict(rows);
  rows.forEach((row, i) => {
    let sum = 0;
    for (let tree = 0; tree < trees.treeCount; tree++) {
      let node = trees.rootOf[tree];
      while (trees.left[node] >= 0) {
        const left = Math.fround(row[trees.feature[node]]!) <= trees.threshold[node];
        node = left ? trees.left[node] : trees.right[node];
      }
      sum += trees.value[node];
    }
    assert.ok(Math.abs(predictions[i] - sum / trees.treeCount) <= 1e-12, `row ${i}`);
  });
  assert.equal(predictions.length, 2000);
});

test('a model is exported as its forest is', () => {
  const model = sampleModel();
  const forest = RandomForestRegression.load(toMlRandomForest(model));
  const row = Array.from({ length: model.features.length }, () => 0.5);
  const names = model.features.map((feature) => feature.name);
  const [mine] = model.predictTable({ names, rowCount: 1, columns: row.map((v) => Float64Array.of(v)) });
  assert.ok(Math.abs(forest.predict([row])[0] - mine!) <= 1e-12);
});
