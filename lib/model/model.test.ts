import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type ForestArrays, predictInterval, RandomForestRegressor } from '../forest/src/index';
import { randomTrees, SAMPLE_FEATURES, sampleModel, seeded } from '../workshop/samples/model';
import type { ModelFeature } from './format';
import { Model } from './model';
import { packTrees, unpackTrees } from './packedTrees';
import { pack, unpack } from './packing';
import { featureNumber } from './track';

const TRACK = { danceability: 0.7, loudness: -6, tempo: 120, key: 'C#', mode: 'major', explicit: true };

test('predict takes a track in natural units and equals the forest on the encoded row', () => {
  const model = sampleModel();
  const forest = RandomForestRegressor.fromArrays(model.trees as ForestArrays);
  const encoded = [(0.7 - 0.6) / 0.15, (-6 + 8) / 4, 0, 1, 1, 1];
  assert.equal(model.predict(TRACK), forest.predict([encoded])[0]);
  assert.deepEqual(model.predict([TRACK, { ...TRACK, tempo: 60 }]).length, 2);
  const { prediction, interval, outside } = model.answer(model.numbers(TRACK));
  assert.equal(prediction, model.predict(TRACK));
  const spread = forest.predictSpread([encoded])[0];
  const [low, high] = predictInterval(model.interval, prediction, spread);
  assert.deepEqual(interval, { low, high, level: 0.9 });
  assert.deepEqual(outside, []);
  assert.deepEqual(model.answer(model.numbers({ ...TRACK, tempo: 249 })).outside, ['tempo']);
});

test('predictTable equals predict row by row', () => {
  const model = sampleModel();
  const names = SAMPLE_FEATURES.map(({ name }) => name);
  const rows = model.contents.examples.map(({ values }) => values);
  const columns = SAMPLE_FEATURES.map(({ mean, scale }, j) =>
    Float64Array.from(rows, (row) => (row[j] - mean) / scale),
  );
  const predictions = model.predictTable({ names, rowCount: rows.length, columns });
  rows.forEach((row, i) => {
    assert.equal(predictions[i], model.answer(row).prediction);
  });
  assert.equal(predictions.length, 50);
  assert.throws(
    () => model.predictTable({ names: ['tempo'], rowCount: 0, columns: [new Float64Array(0)] }),
    /predictTable requires the columns danceability, .*, got tempo/,
  );
});

test('a genre in another spelling is that genre; an unknown one counts as not given, and the interval does not shrink', () => {
  const model = modelWithGenres();
  const at = (track_genre?: string) =>
    model.answer(model.numbers({ tempo: 120, ...(track_genre && { track_genre }) }));
  for (const same of ['Hip Hop', 'hip_hop', 'HIP-HOP']) assert.deepEqual(at(same), at('hip-hop'), same);
  for (const same of ['R&B', 'r and b', 'RnB']) assert.deepEqual(at(same), at('r-n-b'), same);
  const [none, unknown] = [at(), at('polka')];
  assert.deepEqual(unknown, none);
  assert.deepEqual(none.filled_in, ['track_genre']);
  assert.deepEqual(at('rock').filled_in, []);
  // 10, 20 and 60 of 2, 1 and 1 training rows; the tempo asks nothing.
  assert.deepEqual([at('hip-hop').prediction, at('r-n-b').prediction, at('rock').prediction], [10, 20, 60]);
  assert.equal(none.prediction, 25);
  const width = ({ interval }: { interval: { low: number; high: number } }) => interval.high - interval.low;
  assert.ok(width(none) > width(at('rock')));
  const { expected, contributions } = model.explain(model.numbers({ tempo: 120 }));
  assert.deepEqual([expected, ...contributions], [25, 0, 0]);
});

/** One tree that asks for the genre only. */
function modelWithGenres(): Model {
  const { contents } = sampleModel();
  const genre = { ...SAMPLE_FEATURES[3], name: 'track_genre', min: 0, max: 2, seenMax: 2 };
  return new Model({
    ...contents,
    features: [SAMPLE_FEATURES[2], { ...genre, categories: ['hip-hop', 'r-n-b', 'rock'] }],
    interval: { ...contents.interval, floor: 1 },
    trees: packTrees({
      nFeatures: 2,
      treeCount: 1,
      rootOf: Int32Array.of(0, 5),
      feature: Int32Array.of(1, -2, 1, -2, -2),
      threshold: Float64Array.of(0.5, -2, 1.5, -2, -2),
      left: Int32Array.of(1, -1, 3, -1, -1),
      right: Int32Array.of(2, -1, 4, -1, -1),
      value: Float64Array.of(25, 10, 40, 20, 60),
      weightedNNodeSamples: Float64Array.of(4, 2, 2, 1, 1),
    }),
  });
}

test('contributions add up to the prediction', () => {
  const model = sampleModel({ treeCount: 50, depth: 10 });
  for (const { values } of model.contents.examples) {
    const { expected, contributions } = model.explain(values);
    const sum = contributions.reduce((a, b) => a + b, expected);
    assert.ok(Math.abs(sum - model.answer(values).prediction) < 1e-10);
  }
});

test('a bad track is refused with the field, what was given and what is allowed', () => {
  const model = sampleModel();
  const cases: [object, RegExp][] = [
    [{ ...TRACK, danceability: 1.5 }, /^danceability requires a number from 0 to 1, got 1\.5$/],
    [{ ...TRACK, danceability: Number.NaN }, /^danceability requires a number from 0 to 1, got NaN$/],
    [{ ...TRACK, tempo: '120' }, /^tempo requires a number from 0 to 250, got "120"$/],
    [{ ...TRACK, key: 'H' }, /^key requires one of C, C#, .*, got "H"$/],
    [{ ...TRACK, explicit: 1 }, /^explicit requires true or false, got 1$/],
    [{ ...TRACK, tempo: undefined }, /^tempo requires a number from 0 to 250, got nothing$/],
    [{ ...TRACK, temppo: 1 }, /^temppo requires another name, perhaps "tempo", got an unknown field$/],
    [Object.create(TRACK), /^danceability requires a number from 0 to 1, got nothing$/],
    [null as unknown as object, /^A track requires an object, got null$/],
  ];
  for (const [track, message] of cases) {
    assert.throws(() => model.predict(track as typeof TRACK), { name: 'InputError', message });
  }
  assert.throws(
    () => model.predict([TRACK, { ...TRACK, mode: 3 }] as never),
    /: mode requires one of minor, major/,
  );
});

test('numbers are packed without loss, in the smallest type', () => {
  const arrays = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 300 })),
    fc.array(fc.integer({ min: 0, max: 2 ** 32 })),
    fc.array(fc.double({ noNaN: true })),
    fc.array(fc.constantFrom(0, -0, 1)),
  );
  fc.assert(
    fc.property(arrays, (values) => {
      const unpacked = unpack(JSON.parse(JSON.stringify(pack(values))));
      assert.ok(typeof unpacked !== 'string');
      assert.equal(unpacked.length, values.length);
      values.forEach((value, i) => {
        assert.ok(Object.is(value, unpacked[i]));
      });
    }),
  );
  assert.deepEqual(
    [[255], [256], [65_536], [2 ** 32], [0.5], [-0]].map((values) => pack(values).type),
    ['uint8', 'uint16', 'uint32', 'float64', 'float64', 'float64'],
  );
});

test('trees come back as they were, whatever the order of their nodes', () => {
  const random = seeded(5);
  const trees = randomTrees(random, { treeCount: 8, depth: 7 });
  const back = unpackTrees(packTrees(trees), 4, 0, 100);
  const { value, ...rest } = back;
  const { value: wanted, ...restWanted } = trees;
  assert.deepEqual(rest, restWanted);
  // Inner means are summed anew; leaves are exact.
  value.forEach((mean, node) => {
    assert.ok(trees.left[node] < 0 ? mean === wanted[node] : Math.abs(mean - wanted[node]) < 1e-10);
  });
  // The same tree with its nodes stored the other way round.
  const n = trees.rootOf[1];
  const reversed = (array: Int32Array | Float64Array) => [...array.slice(0, n)].reverse();
  const child = (node: number) => (node < 0 ? node : n - 1 - node);
  const first = { ...trees, treeCount: 1, rootOf: Int32Array.of(0, n) };
  const turned = {
    ...first,
    rootOf: Int32Array.of(n - 1, n),
    feature: Int32Array.from(reversed(trees.feature)),
    threshold: Float64Array.from(reversed(trees.threshold)),
    value: Float64Array.from(reversed(trees.value)),
    weightedNNodeSamples: Float64Array.from(reversed(trees.weightedNNodeSamples)),
    left: Int32Array.from(reversed(trees.left), child),
    right: Int32Array.from(reversed(trees.right), child),
  };
  assert.deepEqual(packTrees(turned), packTrees(first));
});

test('trees too large for a model file are refused, with what would make them smaller', () => {
  const trees = randomTrees(seeded(7), { treeCount: 4, depth: 5 });
  assert.throws(
    () => packTrees(trees, 100),
    /^InputError: A model file holds trees of at most 100 bytes, and these 4 trees of \d+ nodes need \d+: take fewer/,
  );
  assert.doesNotThrow(() => packTrees(trees, 100_000));
});

test('a tree has a depth of 1,000 at most', () => {
  /** As many questions one below the other, each with a leaf at its right. */
  const chain = (depth: number) => {
    const nodes = Array.from({ length: 2 * depth + 1 }, (_, node) => node);
    const asks = (node: number) => node < depth;
    const of = (value: (node: number) => number) => nodes.map(value);
    return {
      nFeatures: 1,
      treeCount: 1,
      rootOf: Int32Array.of(0, nodes.length),
      feature: Int32Array.from(of((node) => (asks(node) ? 0 : -2))),
      threshold: Float64Array.from(of((node) => (asks(node) ? -node : -2))),
      left: Int32Array.from(of((node) => (asks(node) ? node + 1 : -1))),
      right: Int32Array.from(of((node) => (asks(node) ? 2 * depth - node : -1))),
      value: Float64Array.from(of((node) => node % 100)),
      weightedNNodeSamples: new Float64Array(nodes.length).fill(1),
    };
  };
  const deepest = chain(1000);
  assert.deepEqual(unpackTrees(packTrees(deepest), 1, 0, 100).right, deepest.right);
  assert.throws(
    () => unpackTrees(packTrees(chain(1001)), 1, 0, 100),
    /feature requires a depth of at most 1000, got more/,
  );
});

test('a circle among the nodes is refused', () => {
  const trees = randomTrees(seeded(6), { treeCount: 1, depth: 3 });
  const right = trees.right.slice();
  right[0] = 0;
  assert.throws(
    () => packTrees({ ...trees, right }),
    /packTrees requires trees of \d+ nodes, got a link to node/,
  );
});

test('an unknown genre is one of the others, and none is none given, where the model has learnt of these', () => {
  const genre = { name: 'track_genre', kind: 'category', categories: ['Rock', 'other', 'none given'] };
  const codes = ['rock', 'zouk', '', undefined].map((name) => featureNumber(genre as ModelFeature, name));
  assert.deepEqual(codes, [0, 1, 2, 2]);
  const plain = { ...genre, categories: ['Rock'] } as ModelFeature;
  assert.deepEqual(
    ['rock', 'zouk', undefined].map((name) => featureNumber(plain, name)),
    [0, Number.NaN, Number.NaN],
  );
});
