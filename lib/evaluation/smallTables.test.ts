import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleTracks } from '../workshop/samples/tracks';
import { ConstantRegressor } from './baselines';
import { compareHits, usableThreshold } from './hits';
import { compareProtocols } from './protocols';
import { groupingColumn, usableFolds } from './smallTables';

const songs = (count: number) =>
  sampleTracks(Array.from({ length: count }, (_, i) => ({ popularity: (i * 37) % 101, tempo: 60 + 3 * i })));

test('folds have two rows each, and there are two at least', () => {
  assert.deepEqual(
    [100, 10, 9, 5, 4, 3, 1].map((rows) => usableFolds(rows, 5)),
    [5, 5, 4, 2, 2, 2, 2],
  );
});

test('the column that groups the tracks', async () => {
  const tracks = await sampleTracks([{}, {}], ['track_genre']);
  assert.equal(groupingColumn(tracks), 'mode');
  assert.equal(groupingColumn(await sampleTracks([{}])), 'track_genre');
  assert.equal(groupingColumn({ columns: {} }), undefined);
});

test('protocols and hits of a few songs are results, not errors', async () => {
  for (const count of [3, 4, 6, 9]) {
    const tracks = await songs(count);
    const protocols = await compareProtocols(() => new ConstantRegressor('mean'), tracks, tracks);
    assert.equal(protocols[0].protocol, 'rows split as they come');
    const X = { names: ['tempo'], rowCount: count, columns: [tracks.columns.tempo as Float64Array] };
    const y = tracks.columns.popularity as Float64Array;
    const threshold = usableThreshold(y, 60);
    const hits = await compareHits({ mean: () => new ConstantRegressor('mean') }, X, y, { threshold });
    // ml-cross-validation's folds need their square in rows.
    assert.deepEqual(Object.keys(hits), count < 4 ? [] : ['mean'], String(count));
  }
});
