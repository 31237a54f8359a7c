/** The 27 candidates of the notebook's grid on both tables of tracks, as scikit-learn 1.9.1 scored them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { GridSearchCV, RandomForestRegressor, take, takeRows, trainTestSplit } from '../../forest/src/index';
import { TUTORIAL_TABLE, without } from '../../forest/testing/index';
import { numbers } from '../../tracks/columns';
import { readTracks } from '../../tracks/read';

const SHIPPED_TABLE = join(__dirname, '..', '..', '..', 'dataset', 'spotify_tracks.csv');
const FEATURES =
  'danceability energy key loudness mode speechiness acousticness instrumentalness liveness valence tempo'.split(
    ' ',
  );

test("the tutorial's grid has the tutorial's answer", { skip: without('tutorial table') }, async () => {
  const best = { maxDepth: null, minSamplesLeaf: 4, nEstimators: 100 };
  await expectGrid(TUTORIAL_TABLE, FEATURES, best, [0.15479761177598045, 0.3418796915874509]);
});

test('the shipped tracks have the answer that scikit-learn 1.9.1 gave', async () => {
  const names = [...FEATURES, 'duration_ms', 'explicit', 'time_signature'];
  const best = { maxDepth: 20, minSamplesLeaf: 1, nEstimators: 200 };
  await expectGrid(SHIPPED_TABLE, names, best, [0.32583621817723085, 0.35613275185222004]);
});

/** The training rows of seed 42: the best candidate, its mean score, and its R2 on the test rows. */
async function expectGrid(file: string, names: string[], best: object, scores: [number, number]) {
  const tracks = await readTracks(file);
  const X = { names, rowCount: tracks.rowCount, columns: names.map((name) => numbers(tracks, name)) };
  const y = numbers(tracks, 'popularity');
  const { train, test } = trainTestSplit(tracks.rowCount, { randomState: 42 });
  const grid = { nEstimators: [50, 100, 200], maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };
  const search = new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), grid, { cv: 5 });
  await search.fit(takeRows(X, train), take(y, train));
  assert.equal(search.candidates.length, 27);
  assert.deepEqual(search.bestParams, best);
  assert.equal(search.bestScore, scores[0]);
  assert.equal(search.score(takeRows(X, test), take(y, test)), scores[1]);
}
