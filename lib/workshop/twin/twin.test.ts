import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, TUTORIAL_TABLE, without } from '../../forest/testing/index';
import { workflow } from './workflow';

const SHIPPED_TABLE = join(__dirname, '..', '..', '..', 'dataset', 'spotify_tracks.csv');

/** The output of `python lib/workshop/twin/twin.py TABLE`; the file names its versions and table. */
function recorded(name: string) {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', `twin-${name}.json`), 'utf8'));
}

/** These models go through other routines of linear algebra, so the last digits of their scores differ. */
function close(actual: object, expected: number[]): void {
  const numbers = Object.values(actual);
  assert.equal(numbers.length, expected.length);
  numbers.forEach((number, i) => {
    assert.ok(
      Math.abs(number - expected[i]) <= 1e-9 * Math.abs(expected[i]),
      `${number} is not ${expected[i]}`,
    );
  });
}

async function compare(source: string, twin: ReturnType<typeof recorded>): Promise<void> {
  const ours = await workflow(source);
  assert.equal(ours.rows, twin.rows);
  assert.equal(ours.songs, twin.songs);
  assert.deepEqual(
    ours.features.map(({ name }) => name),
    twin.features,
  );
  const numeric = ours.features.filter(({ kind }) => kind === 'number');
  assert.deepEqual(
    numeric.map(({ mean }) => mean),
    twin.mean,
  );
  assert.deepEqual(
    numeric.map(({ scale }) => scale),
    twin.scale,
  );
  assert.deepEqual([...ours.testRows], twin.test_rows);

  const pythonNames = {
    max_depth: 'maxDepth',
    min_samples_leaf: 'minSamplesLeaf',
    n_estimators: 'nEstimators',
  };
  const camelCase = (params: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(pythonNames).map(([python, name]) => [name, params[python]]));
  const cv = twin.cv_results;
  assert.deepEqual(ours.cvResults.params, cv.params.map(camelCase));
  assert.deepEqual(ours.cvResults.splitTestScores, cv.split_test_scores);
  assert.deepEqual(ours.cvResults.meanTestScore, cv.mean_test_score);
  assert.deepEqual(ours.cvResults.stdTestScore, cv.std_test_score);
  assert.deepEqual(ours.cvResults.rankTestScore, cv.rank_test_score);
  assert.deepEqual(ours.bestParams, camelCase(twin.best_params));

  assert.deepEqual([...ours.predictions], twin.predictions);
  assert.deepEqual(Object.values(ours.scores.mean), twin.scores.mean);
  close(ours.scores.linear, twin.scores.linear);
  assert.deepEqual(Object.values(ours.scores.forest), twin.scores.forest);
  assert.deepEqual(Object.values(ours.scores.extra), twin.scores.extra);
  assert.deepEqual(Object.values(ours.scores.boosting), twin.scores.boosting);
  close(ours.scores.twoParts, twin.scores.twoParts);
  close(ours.hits, twin.hits);
  assert.deepEqual([...ours.importance], twin.importance);
  assert.deepEqual(
    ours.permutation.map(({ mean }) => mean),
    twin.permutation_mean,
  );
  assert.deepEqual(
    ours.permutation.map(({ std }) => std),
    twin.permutation_std,
  );
}

test('every number of the workflow is the Python twin’s, on the shipped table', async () => {
  await compare(SHIPPED_TABLE, recorded('shipped'));
});

test('and on the tutorial’s table', { skip: without('tutorial table') }, async () => {
  await compare(TUTORIAL_TABLE, recorded('tutorial'));
});

test('the recorded twin is what Python says today', {
  skip: without('sklearn', 'pandas', 'tutorial table'),
}, () => {
  const script = join(__dirname, 'twin.py');
  const run = spawnSync(PYTHON, [script, TUTORIAL_TABLE], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr);
  const { versions: _, ...live } = JSON.parse(run.stdout);
  const { versions: __, ...kept } = recorded('tutorial');
  close(live.scores.linear, kept.scores.linear);
  delete live.scores.linear;
  delete kept.scores.linear;
  assert.deepEqual(live, kept);
});
