import assert from 'node:assert/strict';
import test from 'node:test';
import { X, y } from '../../oracle/recorded';
import { predictFolds } from '../modelSelection/foldPredictions';
import { KFold } from '../modelSelection/folds';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { GradientBoostingRegressor } from './gradientBoosting';

const boosting = new GradientBoostingRegressor({ nEstimators: 6, subsample: 0.7, randomState: 3 });
const splits = new KFold(4).split(X.length);
const fractions = y.map((value) => value / 7);

test('folds that are fitted side by side have the predictions of those fitted alone', async () => {
  const together = await predictFolds(boosting, X, fractions, splits);
  for (const [fold, { train, test: rows }] of splits.entries()) {
    const at = (values: readonly number[]) => [...train].map((row) => values[row]);
    const alone = await boosting.withParams({}).fit(
      [...train].map((row) => X[row]),
      at(fractions),
    );
    assert.deepEqual(together[fold], alone.predict([...rows].map((row) => X[row])));
  }
  assert.equal(together.length, 4);
});

test('a search over boostings has the scores of each candidate alone, for any number of threads', async () => {
  const grid = { learningRate: [0.1, 0.5], maxDepth: [1, 3] };
  const scores = [];
  for (const nJobs of [1, 3]) {
    const search = await new GridSearchCV(boosting, grid, { cv: 3, nJobs }).fit(X, fractions);
    scores.push(search.cvResults.splitTestScores);
  }
  assert.deepEqual(scores[0], scores[1]);
  const alone = await new GridSearchCV(boosting, { learningRate: [0.5], maxDepth: [1] }, { cv: 3 }).fit(
    X,
    fractions,
  );
  assert.deepEqual(alone.cvResults.splitTestScores[0], scores[0][2]);
});

test('an aborted search over boostings rejects with the reason, and a faulty candidate ends it', async () => {
  const abort = new AbortController();
  let done = 0;
  const onProgress = () => {
    if (++done === 2) abort.abort(new Error('stopped by the user'));
  };
  const options = { signal: abort.signal, onProgress };
  await assert.rejects(predictFolds(boosting, X, fractions, splits, options), /stopped by the user/);
  assert.ok(done < 4, `${done} folds`);
  const gappy = X.map((row, i) => (i === 5 ? [Number.NaN, row[1], row[2]] : row));
  await assert.rejects(predictFolds(boosting, gappy, fractions, splits), /finite numbers|NaN/);
});
