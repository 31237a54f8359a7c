import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { PYTHON, without } from '../../testing/peers';
import { recorded, unseen } from '../../testing/recorded';
import { RandomState } from '../randomState';
import { bootstrapInterval } from './bootstrap';
import { meanAbsoluteError, r2Score } from './metrics';

test("bootstrapInterval is scipy's, resample for resample", () => {
  const { value, lower, upper } = bootstrapInterval(unseen.y, recorded.predicted, r2Score, {
    resamples: 200,
    level: 0.9,
    randomState: 6,
  });
  assert.equal(value, r2Score(unseen.y, recorded.predicted));
  assert.deepEqual([lower, upper], recorded.bootstrap);
});

// Run with scipy 1.17.1 and scikit-learn 1.9.1.
const PEER = `import json, sys
import numpy as np
from scipy.stats import bootstrap
from sklearn.metrics import mean_absolute_error, r2_score
found = []
for case in json.load(sys.stdin):
    interval = bootstrap((case['actual'], case['predicted']), [r2_score, mean_absolute_error][case['seed'] % 2],
        paired=True, vectorized=False, method='percentile', n_resamples=case['resamples'],
        confidence_level=case['level'], random_state=np.random.RandomState(case['seed'])).confidence_interval
    found.append([interval.low, interval.high])
print(json.dumps(found))`;

test("bootstrapInterval's ends are scipy's to the last digit, for any level and number of resamples", {
  skip: without('scipy', 'sklearn'),
}, () => {
  const cases = Array.from({ length: 40 }, (_, seed) => {
    const random = new RandomState(100 + seed);
    const actual = Array.from({ length: 5 + random.randint(50) }, () => random.randint(10_000) / 100);
    const predicted = actual.map((value) => value + random.randint(4000) / 130 - 15);
    const [level, resamples] = [[0.9, 0.95, 0.5, 0.99][seed % 4], [200, 199, 50, 301][(seed >> 2) % 4]];
    return { actual, predicted, level, resamples, seed };
  });
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', PEER], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  const ours = cases.map(({ actual, predicted, seed, ...options }) => {
    const score = seed % 2 === 0 ? r2Score : meanAbsoluteError;
    const { lower, upper } = bootstrapInterval(actual, predicted, score, { ...options, randomState: seed });
    return [lower, upper];
  });
  assert.deepEqual(ours, JSON.parse(stdout));
});

test('bootstrapInterval: no error, no doubt; and what it requires', () => {
  const same = bootstrapInterval([1, 2, 3], [2, 3, 4], meanAbsoluteError, { resamples: 20 });
  assert.deepEqual(same, { value: 1, lower: 1, upper: 1 });
  assert.throws(() => bootstrapInterval([1], [1], r2Score), /requires at least 2 rows/);
  assert.throws(() => bootstrapInterval([1, 2], [1], r2Score), /a prediction for each, got 2 and 1/);
});

test('with groups, whole groups are drawn: by hand', () => {
  // Two groups, errors 0 and 4: a draw has both (mean 3: four rows, one without error), or one of them twice.
  const [actual, predicted] = [
    [1, 2, 3, 4],
    [1, 6, 7, 8],
  ];
  const groups = [0, 1, 1, 1];
  const drawn = new Set<number>();
  const score = (a: ArrayLike<number>, p: ArrayLike<number>) => {
    const error = meanAbsoluteError(a, p);
    drawn.add(error);
    return error;
  };
  const { value, lower, upper } = bootstrapInterval(actual, predicted, score, { resamples: 200, groups });
  assert.deepEqual([value, lower, upper, [...drawn].sort()], [3, 0, 4, [0, 3, 4]]);
  const own = bootstrapInterval(actual, predicted, score, { groups: [3, 0, 2, 1] });
  assert.deepEqual(own, bootstrapInterval(actual, predicted, score)); // groups of one row are rows
  assert.throws(
    () => bootstrapInterval(actual, predicted, score, { groups: [1] }),
    /a group for each of the 4 rows, got 1/,
  );
});
