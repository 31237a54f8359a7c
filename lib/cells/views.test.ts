import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { GridSearchCV, RandomForestRegressor } from '../forest/src/index';
import { awkwardTracks } from '../workshop/samples/figures';
import { sampleModel } from '../workshop/samples/model';
import { show } from './display';
import './views';

/** The text that `show` prints outside a notebook. */
async function shown(value: unknown): Promise<string> {
  const log = mock.method(console, 'log', () => {});
  try {
    await show(value);
    return String(log.mock.calls[0].arguments[0]);
  } finally {
    log.mock.restore();
  }
}

const X = Array.from({ length: 20 }, (_, i) => [i, i % 3]);
const y = X.map(([a]) => a);

test('a table of tracks is shown by its first rows', async () => {
  assert.match(await shown(awkwardTracks()), /5 of 400 rows × \d+ columns$/);
});

test('a forest says its parameters, and its trees once it has some', async () => {
  const forest = new RandomForestRegressor({ nEstimators: 3, randomState: 1 });
  assert.match(await shown(forest), /^RandomForestRegressor\(nEstimators=3, randomState=1\)\nnot fitted$/);
  await forest.fit(X, y);
  assert.match(await shown(forest), /fitted: 3 trees with \d+ nodes, 2 features$/);
});

test('a search says its best candidate', async () => {
  const search = new GridSearchCV(new RandomForestRegressor({ nEstimators: 2, randomState: 1 }), {
    maxDepth: [1, null],
  });
  assert.match(await shown(search), /^GridSearchCV of 2 candidates for RandomForestRegressor\nnot fitted$/);
  await search.fit(X, y);
  assert.match(await shown(search), /best: maxDepth=none, mean score -?\d\.\d{4}$/);
});

test('a model says what it forecasts, from what, and how well', async () => {
  assert.match(
    await shown(sampleModel()),
    /^Model of 20 trees: forecasts popularity from 6 features\nlearnt from/,
  );
});
