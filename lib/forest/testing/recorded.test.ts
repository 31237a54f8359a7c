import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from './peers';
import { recorded } from './recorded';

/** Equal but for the last bits, which a linear algebra library may round as its build likes. */
function assertClose(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    const difference = Math.abs((actual as number) - expected);
    assert.ok(difference <= 1e-12 * Math.max(1, Math.abs(expected)), `${path}: ${actual} is not ${expected}`);
  } else if (typeof expected === 'object') {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected as object), path);
    for (const [key, value] of Object.entries(expected as object)) {
      assertClose((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else assert.equal(actual, expected, path);
}

test('the recorded values are what scikit-learn and scipy say today', {
  skip: without('sklearn', 'scipy'),
}, () => {
  const live = spawnSync(PYTHON, [join(__dirname, 'record.py')], { encoding: 'utf8', maxBuffer: 1e8 });
  assert.equal(live.status, 0, live.stderr);
  assertClose(JSON.parse(live.stdout), recorded, 'recorded');
});
