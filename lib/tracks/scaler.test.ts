import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../forest/testing/index';
import { standardise } from './scaler';

/** Made by fixtures/scaler.py, with the versions that it names. */
const recorded = readFileSync(join(__dirname, 'fixtures', 'scaler.json'), 'utf8');

interface Recorded {
  scaler: Record<string, { values: number[]; mean: number; scale: number; transformed: number[] }>;
}

function compare({ scaler }: Recorded): void {
  assert.ok(Object.keys(scaler).length >= 8);
  for (const [name, { values, transformed, ...expected }] of Object.entries(scaler)) {
    const { mean, scale } = standardise(values);
    assert.deepEqual({ mean, scale }, expected, name);
    assert.deepEqual(
      values.slice(0, 3).map((value) => (value - mean) / scale),
      transformed,
      name,
    );
  }
}

test('mean and scale by hand', () => {
  assert.deepEqual(standardise([2, 4, 4, 4, 5, 5, 7, 9]), { mean: 5, scale: 2 });
  assert.deepEqual(standardise([3, 3, 3]), { mean: 3, scale: 1 });
  assert.throws(() => standardise([]), /standardise requires at least one value, got 0/);
});

test("mean, scale and transformed values are StandardScaler's, bit for bit, as recorded", () =>
  compare(JSON.parse(recorded)));

test('and as scikit-learn gives them here', { skip: without('sklearn', 'pandas') }, () => {
  const run = spawnSync(PYTHON, [join(__dirname, 'fixtures', 'scaler.py')], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  compare(JSON.parse(run.stdout));
});
