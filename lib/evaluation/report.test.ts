import assert from 'node:assert/strict';
import test from 'node:test';
import { evaluationReport, importanceTable } from './report';

test('importanceTable: both measures with their places, by hand', () => {
  const permutation = [
    { feature: 'tempo', mean: -0.01, std: 0.02, falls: [-0.03, 0.01] },
    { feature: 'energy', mean: 0.2, std: 0, falls: [0.2, 0.2] },
    { feature: 'mode', mean: 0.01, std: 0.01, falls: [0, 0.02] },
  ];
  const table = importanceTable(Float64Array.of(0.5, 0.4, 0.1), permutation);
  assert.deepEqual(
    table.map(({ feature, impurityRank, permutationRank }) => [feature, impurityRank, permutationRank]),
    [
      ['energy', 2, 1],
      ['mode', 3, 2],
      ['tempo', 1, 3],
    ],
  );
  assert.deepEqual(table[0], {
    feature: 'energy',
    impurity: 0.4,
    permutation: 0.2,
    permutationStd: 0,
    impurityRank: 2,
    permutationRank: 1,
  });
});

test('evaluationReport is plain JSON and leaves the rows out', () => {
  const kind = { repeats: 1, songs: 1, largest: 2, groupOf: Int32Array.of(0, 0, 1) };
  const estimate = { value: 0.1, lower: 0, upper: 0.2 };
  const scores = { r2: estimate, mae: estimate, rmse: estimate };
  const rest = {
    protocols: [],
    models: [{ name: 'forest', ...scores, firstGains: { r2: estimate, mae: estimate } }],
    r2ByArtist: estimate,
    crossValidation: { ...scores, splits: 10, lessLinear: scores },
    nested: { promised: [0.2], kept: [0.1], chosen: ['{}'], optimism: 0.1 },
    interval: { rule: { method: '', level: 0.9, lower: -1, upper: 1, floor: 2 }, coverage: 0.9, width: 40 },
    importances: [],
    groups: [],
    hits: {
      forest: {
        threshold: 60,
        labels: ['not a hit', 'hit'] as ['not a hit', 'hit'],
        matrix: [
          [1, 0],
          [0, 1],
        ] as [[number, number], [number, number]],
        baseRate: 0.5,
        accuracy: 1,
        precision: null,
        recall: 1,
      },
    },
  };
  const report = evaluationReport({ repeats: [{ kind: 'same track id', ...kind }], ...rest });
  assert.deepEqual(report.data, {
    rows: 3,
    songs: 2,
    repeats: [{ kind: 'same track id', repeats: 1, songs: 1, largest: 2 }],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});
