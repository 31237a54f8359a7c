import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../../forest/testing/index';

const CHECKED = ['DecisionTreeRegressor', 'ExtraTreesClassifier', 'RandomForestRegressor'];

test("scikit-learn's checks of any estimator pass on a tree and two forests", {
  skip: without('sklearn'),
}, () => {
  const program = join(__dirname, 'check_estimator.py');
  const { stdout, stderr, status } = spawnSync(PYTHON, [program, ...CHECKED], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line): { test: string; outcome: string; said: string } => JSON.parse(line));
  for (const name of CHECKED) {
    const passed = outcomes.filter((one) => one.test.startsWith(name) && one.outcome === 'passed');
    assert.ok(passed.length >= 50, `${name}: ${passed.length}`);
  }
  assert.deepEqual(
    outcomes.filter(({ outcome }) => outcome === 'failed'),
    [],
  );
});
