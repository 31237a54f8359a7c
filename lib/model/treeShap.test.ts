import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../forest/testing/index';
import { randomTrees, seeded } from '../workshop/samples/model';
import type { Trees } from './packedTrees';
import { gaussLegendre, TreeExplainer } from './treeShap';
import { mixtureVariance, vote } from './vote';

/** E[f(x) | x_S] as path-dependent TreeSHAP defines it, one tree. */
function expectation(trees: Trees, node: number, row: ArrayLike<number>, known: number): number {
  const { left, right, feature, threshold, value, weightedNNodeSamples: weight } = trees;
  if (left[node] < 0) return value[node];
  const [l, r] = [left[node], right[node]];
  if (known & (1 << feature[node]) && !Number.isNaN(row[feature[node]])) {
    return expectation(trees, Math.fround(row[feature[node]]!) <= threshold[node] ? l : r, row, known);
  }
  const all = weight[l] + weight[r];
  return (
    (expectation(trees, l, row, known) * weight[l] + expectation(trees, r, row, known) * weight[r]) / all
  );
}

/** Shapley's formula over all subsets. */
function bruteForce(trees: Trees, row: ArrayLike<number>): { game: number[]; contributions: number[] } {
  const n = trees.nFeatures;
  const game = Array.from({ length: 1 << n }, (_, known) => {
    let sum = 0;
    for (let tree = 0; tree < trees.treeCount; tree++) {
      sum += expectation(trees, trees.rootOf[tree], row, known);
    }
    return sum / trees.treeCount;
  });
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const contributions = Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let known = 0; known < 1 << n; known++) {
      if (known & (1 << i)) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      const share = (factorial(size) * factorial(n - 1 - size)) / factorial(n);
      sum += share * (game[known | (1 << i)] - game[known]);
    }
    return sum;
  });
  return { game, contributions };
}

test('contributions equal Shapley values by brute force and add up to the prediction', () => {
  const random = seeded(3);
  let checked = 0;
  for (let round = 0; round < 60; round++) {
    const nFeatures = 1 + (round % 6);
    const trees = randomTrees(random, { treeCount: 3, depth: 1 + (round % 9), nFeatures });
    const row = Array.from({ length: nFeatures }, () => random() * 4 - 2);
    const { game, contributions } = bruteForce(trees, row);
    const explained = new TreeExplainer(trees).explain(row);
    assert.ok(Math.abs(explained.expected - game[0]) < 1e-10);
    contributions.forEach((value, j) => {
      assert.ok(Math.abs(value - explained.contributions[j]) < 1e-10, `round ${round}, feature ${j}`);
      checked++;
    });
    const sum = explained.contributions.reduce((a, b) => a + b, explained.expected);
    assert.ok(Math.abs(sum - game.at(-1)!) < 1e-10);
  }
  assert.equal(checked, 210);
});

test('without a value a row goes both ways: the expectation by brute force, and the value contributes nothing', () => {
  const random = seeded(4);
  let checked = 0;
  for (let round = 0; round < 60; round++) {
    const nFeatures = 2 + (round % 5);
    const trees = randomTrees(random, { treeCount: 3, depth: 1 + (round % 9), nFeatures });
    const row = Array.from({ length: nFeatures }, () => random() * 4 - 2);
    const missing = round % nFeatures;
    row[missing] = Number.NaN;
    const { game, contributions } = bruteForce(trees, row);
    const explained = new TreeExplainer(trees).explain(row);
    const votes = vote(trees, Float32Array.from(row));
    const mean = votes.reduce((a, b) => a + b) / votes.length;
    assert.ok(Math.abs(mean - game.at(-1)!) < 1e-10, `round ${round}`);
    assert.equal(explained.contributions[missing], 0);
    contributions.forEach((value, j) => {
      assert.ok(Math.abs(value - explained.contributions[j]) < 1e-10, `round ${round}, feature ${j}`);
      checked++;
    });
  }
  assert.equal(checked, 240);
});

/** 3 of 4 training rows go left to 10, one goes right to 50: on average 20. */
const STUMP: Trees = {
  nFeatures: 2,
  treeCount: 1,
  rootOf: Int32Array.of(0, 3),
  feature: Int32Array.of(1, -2, -2),
  threshold: Float64Array.of(0.5, -2, -2),
  left: Int32Array.of(1, -1, -1),
  right: Int32Array.of(2, -1, -1),
  value: Float64Array.of(20, 10, 50),
  weightedNNodeSamples: Float64Array.of(4, 3, 1),
};

test('a stump by hand', () => {
  const explained = new TreeExplainer(STUMP).explain([0, 1]);
  assert.equal(explained.expected, 20);
  assert.deepEqual([...explained.contributions], [0, 30]);
  const unknown = Float32Array.of(0, Number.NaN);
  assert.deepEqual([...vote(STUMP, unknown)], [20]);
  // (3 x 10 squared + 1 x 30 squared) / 4
  assert.equal(mixtureVariance(STUMP, unknown), 300);
  assert.equal(mixtureVariance(STUMP, Float32Array.of(Number.NaN, 1)), 0);
});

test('Gauss-Legendre integrates x^k exactly up to degree 2n - 1', () => {
  let checked = 0;
  for (let n = 1; n <= 40; n++) {
    const [points, weights] = gaussLegendre(n);
    for (let k = 0; k < 2 * n; k++) {
      const integral = points.reduce((sum, x, q) => sum + weights[q] * x ** k, 0);
      assert.ok(Math.abs(integral - 1 / (k + 1)) < 1e-14, `n ${n}, degree ${k}: ${integral}`);
      checked++;
    }
  }
  assert.equal(checked, 40 * 41);
});

const oracle = join(__dirname, 'fixtures', 'shapOracle.json');

test("contributions equal those of Python's shap (recorded)", () => {
  const recorded = JSON.parse(readFileSync(oracle, 'utf8'));
  const rootOf = [0];
  const flat: Record<string, number[]> = {
    feature: [],
    threshold: [],
    left: [],
    right: [],
    value: [],
    weight: [],
  };
  for (const tree of recorded.trees) {
    const shift = rootOf.at(-1)!;
    for (const name of Object.keys(flat)) {
      const isChild = name === 'left' || name === 'right';
      flat[name].push(...tree[name].map((v: number) => (isChild && v >= 0 ? v + shift : v)));
    }
    rootOf.push(shift + tree.feature.length);
  }
  const explainer = new TreeExplainer({
    nFeatures: 5,
    treeCount: recorded.trees.length,
    rootOf: Int32Array.from(rootOf),
    feature: Int32Array.from(flat.feature!),
    threshold: Float64Array.from(flat.threshold!),
    left: Int32Array.from(flat.left!),
    right: Int32Array.from(flat.right!),
    value: Float64Array.from(flat.value!),
    weightedNNodeSamples: Float64Array.from(flat.weight!),
  });
  assert.ok(Math.abs(explainer.expected - recorded.expected) < 1e-10);
  assert.equal(recorded.rows.length, 8);
  recorded.rows.forEach((row: number[], i: number) => {
    const { contributions } = explainer.explain(row);
    recorded.contributions[i].forEach((value: number, j: number) => {
      assert.ok(Math.abs(contributions[j] - value) < 1e-10, `row ${i}, feature ${j}`);
    });
    const sum = contributions.reduce((a, b) => a + b, explainer.expected);
    assert.ok(Math.abs(sum - recorded.prediction[i]) < 1e-10);
  });
});

test('the recorded oracle is what shap says today', { skip: without('shap', 'sklearn') }, () => {
  const run = spawnSync(PYTHON, [join(__dirname, 'fixtures', 'shapOracle.py')], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const { versions: _, ...today } = JSON.parse(run.stdout);
  const { versions: __, ...recorded } = JSON.parse(readFileSync(oracle, 'utf8'));
  assert.deepEqual(Object.keys(today), Object.keys(recorded));
  assert.deepEqual(today.trees, recorded.trees);
  today.contributions.flat().forEach((value: number, i: number) => {
    assert.ok(Math.abs(value - recorded.contributions.flat()[i]) < 1e-10);
  });
});
