import assert from 'node:assert/strict';
import test from 'node:test';
import type { Rules } from '../tree/rules';
import { DEFAULTS, type ForestParams, rulesFor } from './parameters';

test("fractions and names become scikit-learn's counts", () => {
  // The given value, rows, features, and the result. scikit-learn rounds a share of rows up, one of features down.
  const table: [Partial<ForestParams>, number, number, Partial<Rules>][] = [
    [{}, 10, 11, { maxDepth: 2 ** 31 - 1, minSamplesSplit: 2, minSamplesLeaf: 1, maxFeatures: 11 }],
    [{ maxDepth: 3 }, 10, 11, { maxDepth: 3 }],
    [{ maxFeatures: 'sqrt' }, 10, 30, { maxFeatures: 5 }],
    [{ maxFeatures: 'log2' }, 10, 30, { maxFeatures: 4 }],
    [{ maxFeatures: 'log2' }, 10, 1, { maxFeatures: 1 }],
    [{ maxFeatures: 1 }, 10, 11, { maxFeatures: 11 }],
    [{ maxFeatures: 2 }, 10, 11, { maxFeatures: 2 }],
    [{ maxFeatures: 0.5 }, 10, 11, { maxFeatures: 5 }],
    [{ maxFeatures: 0.01 }, 10, 11, { maxFeatures: 1 }],
    [{ minSamplesLeaf: 0.1 }, 25, 11, { minSamplesLeaf: 3, minSamplesSplit: 6 }],
    [{ minSamplesLeaf: 0.01 }, 25, 11, { minSamplesLeaf: 1, minSamplesSplit: 2 }],
    [{ minSamplesSplit: 0.1 }, 25, 11, { minSamplesSplit: 3 }],
    [{ minSamplesSplit: 0.01 }, 25, 11, { minSamplesSplit: 2 }],
    [{ minSamplesSplit: 5, minSamplesLeaf: 2 }, 25, 11, { minSamplesSplit: 5 }],
    [{ minSamplesSplit: 5, minSamplesLeaf: 3 }, 25, 11, { minSamplesSplit: 6 }],
    [{ minSamplesLeaf: 2 ** 31 - 1 }, 25, 11, { minSamplesSplit: 2 ** 31 - 1 }],
  ];
  for (const [given, rows, features, expected] of table) {
    const rules = rulesFor({ ...DEFAULTS, ...given }, rows, features);
    assert.deepEqual({ ...rules, ...expected }, rules, JSON.stringify(given));
  }
});
