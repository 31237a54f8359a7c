import assert from 'node:assert/strict';
import test from 'node:test';
import { RandomForestRegressor } from '../forest/src/index';
import type { Tracks } from '../tracks/types';
import { SAMPLE_FEATURES, sampleModel } from '../workshop/samples/model';
import { sampleTracks } from '../workshop/samples/tracks';
import { buildModel, type ModelParts } from './build';
import { songsOf } from './songs';

const { trees } = sampleModel();
const year = { ...SAMPLE_FEATURES[2], name: 'release_year', label: 'Year', min: 1900, max: 2030 };
const features = [
  ...SAMPLE_FEATURES.slice(0, 2),
  { ...year, seenMin: 1990, seenMax: 2020, typical: 2000, mean: 2000, scale: 1 },
  ...SAMPLE_FEATURES.slice(3),
];

/** Parts of a model of these tracks, the first two of which are trained on. */
const partsOf = (tracks: Tracks, more: Partial<ModelParts> = {}): ModelParts => ({
  forest: { arrays: trees, params: { nEstimators: 20, nJobs: 2 } },
  features,
  tracks,
  train: [0, 1],
  test: Array.from({ length: tracks.rowCount - 2 }, (_, i) => i + 2),
  fileRows: 9,
  metrics: { r2: 0.1 },
  interval: { method: 'sample', level: 0.9, lower: -1.5, upper: 1.6, floor: 5 },
  ...more,
});

test('examples are unseen tracks with a name and all values, each once; the histogram is of the others', async () => {
  const tracks = await sampleTracks([
    { popularity: 4 },
    { popularity: 100 },
    { track_name: 'Kept', artists: 'One;Two', release_date: '1999-12-31', key: 11, mode: 0 },
    { track_name: 'Kept', artists: 'One;Two' },
    { track_name: '' },
    { track_name: 'No date', release_date: '' },
    { track_name: 'No tempo is asked for', tempo: '' },
  ]);
  const { examples, popularity } = buildModel(partsOf(tracks)).contents;
  assert.deepEqual(examples, [
    { name: 'Kept', artists: 'One, Two', popularity: 50, values: [0.5, -6, 1999, 11, 0, 0] },
    { name: 'No tempo is asked for', artists: 'Artist 6', popularity: 50, values: [0.5, -6, 2020, 0, 1, 0] },
  ]);
  assert.deepEqual(popularity, [1, ...new Array(18).fill(0), 1]);
});

test('a category is its place in the list; a track of another one is no example', async () => {
  const tracks = await sampleTracks(['rock', 'pop', 'pop', 'polka'].map((track_genre) => ({ track_genre })));
  const genre = { ...SAMPLE_FEATURES[4], name: 'track_genre', categories: ['rock', 'pop'] };
  const { examples } = buildModel(partsOf(tracks, { features: [...features.slice(0, 5), genre] })).contents;
  assert.deepEqual(
    examples.map(({ name, values }) => [name, values[5]]),
    [['Song 2', 1]],
  );
});

test('every song with a name is in the file by artist, marked as learnt from or unseen, and comes back', async () => {
  const tracks = await sampleTracks([
    { track_name: 'B', artists: 'Zoe', popularity: 7 },
    { track_name: 'A\tb', artists: 'Zoe' },
    { track_name: 'Unseen', artists: 'Amy;Bob', release_date: '' },
    { track_name: '' },
  ]);
  const { contents } = buildModel(partsOf(tracks));
  const year = contents.songs![0].split('\t')[6];
  assert.equal(year, '');
  assert.deepEqual(songsOf(contents), [
    {
      name: 'Unseen',
      artists: 'Amy, Bob',
      popularity: 50,
      learnt: false,
      values: [0.5, -6, Number.NaN, 0, 1, 0],
    },
    { name: 'A b', artists: 'Zoe', popularity: 50, learnt: true, values: [0.5, -6, 2020, 0, 1, 0] },
    { name: 'B', artists: 'Zoe', popularity: 7, learnt: true, values: [0.5, -6, 2020, 0, 1, 0] },
  ]);
  const bad = { ...contents, songs: ['Song\tArtist\t7\t1\t2\t-6\t2020\t0\t1\t0'] };
  assert.throws(() => songsOf(bad), { name: 'InputError', message: /^songs\[0\] requires a possible value/ });
  const onlyExamples = songsOf({ ...contents, songs: undefined });
  assert.deepEqual(
    onlyExamples,
    contents.examples.map((example) => ({ ...example, learnt: false })),
  );
});

test('a demo has no more examples than it can search in, and none of a table without names', async () => {
  const many = await sampleTracks(Array.from({ length: 150 }, () => ({})));
  assert.equal(buildModel(partsOf(many)).contents.examples.length, 120);
  const { track_name: _, artists: __, ...columns } = many.columns;
  assert.deepEqual(buildModel(partsOf({ ...many, columns })).contents.examples, []);
});

test('says what does not fit', async () => {
  const tracks = await sampleTracks([{}, {}, {}]);
  assert.throws(
    () => buildModel(partsOf(tracks, { features: features.slice(1) })),
    /^InputError: buildModel requires one feature per column of the forest, got 5 for 6$/,
  );
  const { loudness: _, ...columns } = tracks.columns;
  assert.throws(
    () => buildModel(partsOf({ ...tracks, columns })),
    /^InputError: buildModel requires a column loudness, got track_id, /,
  );
});

test('the file tells the usual parameters, and others where they are not the defaults', async () => {
  const tracks = await sampleTracks([{}, {}, {}]);
  const { params } = new RandomForestRegressor({ nEstimators: 20, maxLeafNodes: 9, monotonicCst: [0, 1] });
  const { hyperparameters } = buildModel(partsOf(tracks, { forest: { arrays: trees, params } })).contents;
  assert.deepEqual(hyperparameters, {
    nEstimators: 20,
    maxDepth: null,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    maxFeatures: 1,
    bootstrap: true,
    randomState: 0,
    maxLeafNodes: 9,
    monotonicCst: '0, 1',
  });
  assert.equal(Object.keys(hyperparameters)[1], 'maxDepth');
});
