import assert from 'node:assert/strict';
import test from 'node:test';
import { ExtraTreesRegressor, outOfBag, RandomForestRegressor, take, takeRows } from '../forest/src/index';
import { train, unseen } from '../forest/testing/index';
import type { Feature } from '../tracks/types';
import { MlForestRegressor } from './baselines';
import { compareModels } from './comparison';
import { baselines, chosenModel } from './modelSets';

const features = train.X.names.map((name) => ({ name, kind: 'number' }) as Feature);

test('baselines: the forest beside ml-random-forest learns from the very same rows', async () => {
  const set = baselines(features, 3);
  const names = Object.keys(set);
  assert.deepEqual(names.slice(0, 4), [
    'mean of all tracks',
    'median of all tracks',
    'linear regression',
    'ridge regression',
  ]);
  const [peer, ours] = [set[names[4]] as MlForestRegressor, set[names[5]]];
  assert.ok(peer instanceof MlForestRegressor);
  const scores = await compareModels(set, train, unseen, { resamples: 20 });
  assert.deepEqual(
    scores.map(({ name }) => name),
    names,
  );
  const rows = peer.trainingRows;
  const { nEstimators, maxDepth } = peer.settings;
  const alone = new RandomForestRegressor({ nEstimators, maxDepth, randomState: 3 });
  await alone.fit(takeRows(train.X, rows), take(train.y, rows));
  assert.deepEqual(ours.predict(unseen.X), alone.predict(unseen.X));
});

test('baselines: the mean of the genre only where there are genres', () => {
  const genre = { name: 'track_genre', kind: 'category', categories: ['a', 'b'] } as Feature;
  assert.ok('mean of the genre' in baselines([genre], 1));
  assert.ok(!('mean of the genre' in baselines(features, 1)));
});

test('baselines: the forest without the genre cannot see it', async () => {
  const genre = { name: 'track_genre', kind: 'category', categories: ['a', 'b'] } as Feature;
  const columns = [Float64Array.of(0, 0, 1, 1, 0, 1), Float64Array.of(1, 2, 3, 4, 5, 6)];
  const X = { names: ['track_genre', 'tempo'], rowCount: 6, columns };
  const y = [10, 10, 90, 90, 10, 90];
  const judged = new RandomForestRegressor({ randomState: 1 });
  const set = baselines([genre, { name: 'tempo', kind: 'number' } as Feature], 1, judged);
  const without = set['forest without the genre'];
  await without.fit(X, y);
  const alone = await new RandomForestRegressor({ randomState: 1 }).fit(
    { ...X, names: ['tempo'], columns: [columns[1]] },
    y,
  );
  assert.deepEqual(without.predict(X), alone.predict({ ...X, names: ['tempo'], columns: [columns[1]] }));
  await set['median of the genre'].fit(X, [1, 2, 5, 6, 9, 100]);
  assert.deepEqual(Array.from(set['median of the genre'].predict(X)), [2, 2, 6, 6, 2, 6]);
});

test('the chosen model is the tuned forest itself, or extra trees like it that have out-of-bag predictions', async () => {
  const tuned = await new RandomForestRegressor({ nEstimators: 10, maxDepth: 3 }).fit(train.X, train.y);
  assert.equal(await chosenModel('random forest', tuned, train.X, train.y), tuned);
  const other = await chosenModel('extra trees', tuned, train.X, train.y);
  assert.ok(other instanceof ExtraTreesRegressor);
  assert.deepEqual(other.params, tuned.params);
  assert.ok(outOfBag(other, train.X).prediction.some((value) => value > 0));
  await assert.rejects(chosenModel('gradient boosting', tuned, train.X, train.y), {
    name: 'InputError',
    message:
      /^settings\.model requires 'random forest' or 'extra trees', got "gradient boosting": a model file holds/,
  });
});
