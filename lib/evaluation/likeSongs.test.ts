import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { RandomState, type Table } from '../forest/src/index';
import { PYTHON, without } from '../forest/testing/index';
import type { Feature, Tracks } from '../tracks/types';
import { findSong, mostSimilar, songToShow, soundMap } from './likeSongs';

const tracks = {
  rowCount: 3,
  columns: {
    track_name: ['Déjà Vu', 'deja vu (live)', 'Other *song*'],
    artists: ['Olivia', 'Olivia', 'Someone;Else'],
    popularity: Float64Array.of(10, 50, 90),
  },
  lines: Int32Array.of(2, 3, 4),
} as unknown as Tracks;

test('a song is found by words of its name and artists, the most popular of several', () => {
  assert.equal(findSong(tracks, 'DEJA olivia'), 1);
  assert.equal(findSong(tracks, 'nothing like it'), -1);
  assert.equal(songToShow(tracks, 'vu').said, '**deja vu (live) by Olivia** has a popularity of 50.');
  const stand = songToShow(tracks, 'missing');
  assert.equal(stand.row, 2);
  assert.match(
    stand.said,
    /No test song is called "missing".*\*\*Other \\\*song\\\* by Someone, Else\*\*, popularity 90/,
  );
});

const random = new RandomState(3);
const columns = Array.from({ length: 3 }, () =>
  Float64Array.from({ length: 40 }, () => random.bits() / 2 ** 32),
);
columns[1] = columns[1].map((value, row) => value + 2 * columns[0][row]);
const X: Table = { names: ['a', 'b', 'c'], rowCount: 40, columns };
const features = X.names.map((name) => ({ name, label: name, kind: 'number' }) as Feature);

test('the songs most like one are the nearest, without itself', () => {
  const near = mostSimilar(X, features, 5, 3);
  assert.equal(near.length, 3);
  assert.ok(near.every(({ row }, i) => row !== 5 && (i === 0 || near[i - 1].distance <= near[i].distance)));
  assert.throws(() => mostSimilar(X, features, 40), /mostSimilar requires a row from 0 to 39, got 40/);
});

test('map and neighbours are scikit-learn’s', { skip: without('sklearn') }, () => {
  const script = `
import json, sys
import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler
X = StandardScaler().fit_transform(np.array(json.load(sys.stdin)).T)
pca = PCA(2).fit(X)
near = NearestNeighbors(n_neighbors=4).fit(X).kneighbors(X[5:6])
print(json.dumps({"components": pca.components_.tolist(), "share": pca.explained_variance_ratio_.tolist(),
                  "x": pca.transform(X)[:, 0].tolist(), "near": near[1][0].tolist()[1:]}))`;
  const input = JSON.stringify(columns.map((column) => [...column]));
  const run = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', input });
  assert.equal(run.status, 0, run.stderr);
  const python = JSON.parse(run.stdout);
  const map = soundMap(X, features);
  const close = (actual: ArrayLike<number>, expected: number[]) => {
    assert.equal(actual.length, expected.length);
    expected.forEach((value, i) => {
      assert.ok(Math.abs(actual[i] - value) < 1e-9, `${actual[i]} is not ${value}`);
    });
  };
  close(map.explained, python.share);
  const along = (key: 'x' | 'y') =>
    X.names.map((name) => map.loadings.find(({ feature }) => feature.name === name)![key]);
  // The sign of a component is free: ours makes its largest loading positive.
  const sign = (vector: number[]) => Math.sign(vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)));
  for (const [k, key] of (['x', 'y'] as const).entries())
    close(
      along(key),
      python.components[k].map((value: number) => value * sign(python.components[k])),
    );
  close(
    map.x,
    python.x.map((value: number) => value * sign(python.components[0])),
  );
  assert.deepEqual(
    mostSimilar(X, features, 5, 3).map(({ row }) => row),
    python.near,
  );
});
