import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { sampleTracks } from '../workshop/samples/tracks';
import { firstRows, selectRows } from './columns';
import { toDataFrame } from './frame';

test('a DataFrame holds the same values', async () => {
  const tracks = await sampleTracks([{ tempo: 89.991 }, { track_genre: '', time_signature: '' }]);
  const frame = toDataFrame(tracks);
  assert.deepEqual(frame.shape, [2, 20]);
  assert.deepEqual(frame.columns, Object.keys(tracks.columns));
  assert.deepEqual(frame.column('tempo').values, [89.991, 120]);
  assert.deepEqual(frame.column('track_genre').values, ['rock', '']);
  assert.ok(Number.isNaN(frame.column('time_signature').values[1]));
});

// pandas 3.1.1: pd.Series(range(10)).sample(5, random_state=1).tolist(), and 7 for the seed.
test('sample draws the rows that pandas draws', async () => {
  const tempos = Array.from({ length: 10 }, (_, tempo) => ({ tempo }));
  const frame = toDataFrame(await sampleTracks(tempos), ['tempo']);
  assert.deepEqual((await frame.sample(5)).values, [[2], [9], [6], [4], [0]]);
  assert.deepEqual((await frame.column('tempo').sample(4, { seed: 7 })).values, [8, 5, 0, 2]);
  await assert.rejects(frame.sample(11), /Sample size cannot be bigger than number of rows/);
});

test('names that a DataFrame or an object has for itself', async () => {
  const names = ['index', 'columns', 'constructor', 'head', 'shape', '$data', '__proto__', 'toString', '0'];
  const tracks = await sampleTracks([{}, {}]);
  const extra = Object.fromEntries(names.map((name) => [name, ['a', 'b']]));
  const frame = toDataFrame({ ...tracks, columns: { ...tracks.columns, ...extra } });
  const width = Object.keys(tracks.columns).length + names.length;
  assert.deepEqual(frame.shape, [2, width]);
  assert.deepEqual(frame.head(1).shape, [1, width]);
  assert.deepEqual(frame.column('index_').values, ['a', 'b']);
  assert.deepEqual(frame.groupby(['mode']).agg({ popularity: ['mean'] }).shape, [1, 2]);
});

test('a DataFrame of a million rows has some columns only', async () => {
  const tracks = selectRows(await sampleTracks([{}]), new Int32Array(1_000_000));
  assert.throws(
    () => toDataFrame(tracks),
    /^InputError: toDataFrame requires at most 4200000 cells, .* got 20000000 \(1000000 rows of 20 columns\): choose/,
  );
  assert.deepEqual(toDataFrame(tracks, ['popularity']).shape, [1_000_000, 1]);
  assert.deepEqual(toDataFrame(firstRows(tracks, 5)).shape, [5, 20]);
  assert.equal(firstRows(tracks, 2_000_000).rowCount, 1_000_000);
});

test('TensorFlow prints no greeting', () => {
  const script = `
    const { toDataFrame } = require('./lib/tracks/frame');
    const frame = toDataFrame({ rowCount: 2, columns: { a: Float64Array.of(1, 2), b: ['x', 'y'] } });
    frame.describe(); console.log(frame.shape.join());`;
  const root = join(__dirname, '..', '..');
  const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', script], { cwd: root, encoding: 'utf8' });
  assert.deepEqual([run.stdout, run.stderr], ['2,2\n', '']);
});

test('danfojs computes with tensors although TensorFlow is cut down to its core', async () => {
  const frame = toDataFrame(await sampleTracks([{ tempo: 100 }, { tempo: 140 }]));
  const { StandardScaler, MinMaxScaler } = require('danfojs-node');
  const tempo = frame.loc({ columns: ['tempo'] });
  for (const [scaler, expected] of [
    [new StandardScaler(), [[-1], [1]]],
    [new MinMaxScaler(), [[0], [1]]],
  ]) {
    scaler.fit(tempo);
    assert.deepEqual(scaler.transform(tempo).values, expected);
  }
});
