import assert from 'node:assert/strict';
import test from 'node:test';
import {
  crossValidate,
  GridSearchCV,
  KFold,
  learningCurve,
  nestedCrossValidation,
  type Progress,
  permutationImportance,
  predictFolds,
  type RunOptions,
} from '../forest/src/index';
import { makeForest, train, unseen, X, y } from '../forest/testing/index';
import { sampleTracks } from '../workshop/samples/tracks';
import { RidgeRegression } from './baselines';
import { compareModels } from './comparison';
import { compareProtocols } from './protocols';

const splits = new KFold(3).split(X.rowCount);
const ridge = () => new RidgeRegression();
const makeSearch = () => new GridSearchCV(makeForest({ nEstimators: 2 }), { maxDepth: [1, 2] }, { cv: 2 });
const fitted = ridge().fit(train.X, train.y);
const songs = sampleTracks(Array.from({ length: 40 }, (_, i) => ({ popularity: i, tempo: 80 + i })));

/** Everything of this folder that can take long. */
const LONG: Record<string, (options?: RunOptions) => Promise<unknown>> = {
  compareModels: (options) => compareModels({ a: ridge(), b: ridge() }, train, unseen, options),
  crossValidate: (options) => crossValidate(ridge, X, y, splits, options),
  learningCurve: (options) => learningCurve(ridge, X, y, splits, options),
  nestedCrossValidation: (options) => nestedCrossValidation(makeSearch, X, y, splits, options),
  permutationImportance: (options) => permutationImportance(fitted, unseen.X, unseen.y, options),
  predictFolds: (options) => predictFolds(() => makeForest({ nEstimators: 2 }), X, y, splits, options),
  compareProtocols: async (options) => compareProtocols(ridge, await songs, await songs, options),
};

for (const [name, run] of Object.entries(LONG)) {
  test(`${name} tells how far it is, stops when asked, and gives the same either way`, async () => {
    const seen: Progress[] = [];
    const signal = new AbortController().signal;
    const watched = await run({ onProgress: (progress) => seen.push({ ...progress }), signal });
    assert.deepEqual(watched, await run());
    assert.ok(seen.length > 0);
    seen.slice(1).forEach(({ done, total }, i) => {
      assert.ok(done >= seen[i].done && total === seen[0].total, `${done} of ${total}`);
    });
    assert.equal(seen.at(-1)!.done, seen.at(-1)!.total);
    const stopped = new Error('enough');
    await assert.rejects(run({ signal: AbortSignal.abort(stopped) }), stopped);
  });
}
