import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { RandomForestRegression } from 'ml-random-forest';
import { runForgeries, runMutations } from '../workshop/reliability/modelFiles';
import { sampleModel } from '../workshop/samples/model';
import { loadModel, modelText, parseModel, saveModel } from './file';
import { toMlRandomForest } from './mlRandomForest';
import { Model } from './model';
import { pack } from './packing';

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a saved model loads to the same model, and saving again gives the same bytes', () => {
  inFolder((folder) => {
    const path = join(folder, 'model.json');
    const model = sampleModel();
    saveModel(path, model);
    const bytes = readFileSync(path);
    const loaded = loadModel(path);
    assert.deepEqual(loaded.contents, model.contents);
    assert.deepEqual(loaded.trees, model.trees);
    const tracks = model.contents.examples.map(({ values }) => values);
    assert.equal(tracks.length, 50);
    for (const values of tracks) assert.deepEqual(loaded.answer(values), model.answer(values));
    saveModel(path, loaded);
    assert.deepEqual(readFileSync(path), bytes);
    assert.deepEqual(readdirSync(folder), ['model.json']);
    assert.equal(loaded.contents.hyperparameters.nJobs, undefined);
  });
});

test('a model that would not load is not written', () => {
  inFolder((folder) => {
    const path = join(folder, 'model.json');
    writeFileSync(path, 'old');
    const good = sampleModel();
    const bad = new Model({ ...good.contents, metrics: { r2: Number.NaN } });
    assert.throws(() => saveModel(path, bad), /metrics\.r2 requires a number, got null/);
    assert.equal(readFileSync(path, 'utf8'), 'old');
  });
});

test('what is not a model is refused in one sentence', () => {
  inFolder((folder) => {
    assert.throws(() => loadModel(join(folder, 'none.json')), /none\.json: no such file; npm start/);
    assert.throws(() => loadModel(folder), /this is a folder or a device/);
    assert.throws(() => loadModel(join(folder, 'x'.repeat(5000))), { name: 'InputError' });
    const cases: [string, RegExp][] = [
      ['', /not JSON/],
      ['{"format": "music-pop', /not JSON, so it is not a model or was cut short/],
      ['null', /A model requires an object, got null/],
      ['[]', /A model requires an object, got a list of 0/],
      ['{}', /format requires/],
      ['7', /A model requires an object, got 7/],
      ['"text"', /A model requires an object, got "text"/],
      ['['.repeat(2_000_000), /a model has at most 1000000 values, this file has more/],
    ];
    for (const [text, message] of cases) {
      writeFileSync(join(folder, 'x.json'), text);
      assert.throws(() => loadModel(join(folder, 'x.json')), { name: 'InputError', message });
    }
  });
});

/** The sample's text with one change and a checksum that fits. */
function changed(change: (contents: ReturnType<typeof copy>) => void): string {
  const contents = copy();
  change(contents);
  return modelText(contents);
}
const copy = () => structuredClone(sampleModel().contents);

test('the wrong field is named', () => {
  const floats = (length: number, value: number) => {
    const data = Buffer.from(new Float64Array(length).fill(value).buffer).toString('base64');
    return { type: 'float64', length, data };
  };
  const { threshold, value } = sampleModel().trees;
  const asking = threshold.filter((limit) => limit !== -2).length;
  const leaves = value.length - asking;
  type Contents = ReturnType<typeof copy>;
  const cases: [(model: Contents) => void, RegExp][] = [
    [(m) => Object.assign(m, { version: 2 }), /version requires 1, got 2: train the model again/],
    [
      (m) => Object.assign(m.target, { max: 1e308 }),
      /target\.max requires a number from 0 to 100, got 1e\+308/,
    ],
    [
      (m) => Object.assign(m.hyperparameters, { a: [] }),
      /hyperparameters\.a requires a number, text, true, false or null, got a list of 0/,
    ],
    [(m) => Object.assign(m, { surprise: 1 }), /surprise requires one of format, .* got an unknown field/],
    [
      (m) => Object.assign(m, { data: { ...m.data, sha256: 'abc' } }),
      /data\.sha256 requires text that matches/,
    ],
    [
      (m) => Object.assign(m.features[0], { scale: 0 }),
      /features\[0\]\.scale requires a number above 0, got 0/,
    ],
    [
      (m) => Object.assign(m.features[1], { name: 'danceability' }),
      /features\[1\]\.name requires a name of its own/,
    ],
    [
      (m) => Object.assign(m.features[2], { seenMin: 999 }),
      /features\[2\]\.seenMax requires a number of at least 999/,
    ],
    [
      (m) => Object.assign(m.features[3], { categories: ['C', 'C'] }),
      /features\[3\]\.categories requires a list of diff/,
    ],
    [
      (m) => Object.assign(m.features[3], { max: 12 }),
      /features\[3\]\.max requires codes from 0 to 11, got 12/,
    ],
    [(m) => m.features.pop(), /examples\[0\]\.values requires a list of 5, got a list of 6/],
    [
      (m) => Object.assign(m.examples[4].values, { 3: 12 }),
      /examples\[4\]\.values\[3\] requires a code from 0 to 11/,
    ],
    [
      (m) => Object.assign(m.interval, { level: 90 }),
      /interval\.level requires a number from 0 to 1, got 90/,
    ],
    [
      (m) => Object.assign(m.trees, { count: 21 }),
      /trees\.feature requires 21 whole trees, got 20 and a part/,
    ],
    [(m) => Object.assign(m.trees, { count: 19 }), /trees\.feature requires 19 whole trees, got more nodes/],
    [
      (m) => Object.assign(m.trees.value, { length: 1e8 }),
      /trees\.value requires base64 of 100000000 numbers/,
    ],
    [
      (m) => Object.assign(m.trees.value, { length: 1e18 }),
      /trees\.value\.length requires a whole number from 0/,
    ],
    [
      (m) => Object.assign(m.trees, { weight: floats(2, 1) }),
      /trees\.weight requires \d+ numbers for \d+ leaves, got 2/,
    ],
    [
      (m) => Object.assign(m.trees, { threshold: floats(asking, Number.NaN) }),
      /trees\.threshold requires finite numbers, got NaN at place 0/,
    ],
    [
      (m) => Object.assign(m.trees, { value: floats(leaves, 101) }),
      /trees\.value requires numbers from 0 to 100, got 101 at place 0/,
    ],
    [
      (m) => Object.assign(m.trees, { feature: pack(new Array(asking + leaves).fill(9)) }),
      /trees\.feature requires feature numbers up to 6, .*got 9 at place 0/,
    ],
  ];
  for (const [change, message] of cases) {
    assert.throws(() => parseModel(changed(change)), { name: 'InputError', message });
  }
  assert.equal(cases.length, 21);
});

test('a possible but changed value is caught by the checksum', () => {
  const text = modelText(sampleModel().contents).replace('"r2":0.25', '"r2":0.75');
  assert.throws(
    () => parseModel(text),
    /sha256 requires the checksum of the other fields.*the file was changed/,
  );
});

test('damaged files are refused with a sentence or predict as before', () => {
  const damaged = runMutations(2000, 11);
  assert.deepEqual(damaged.failures, []);
  const forged = runForgeries(1000, 12);
  assert.deepEqual(forged.failures, []);
  const kinds = Object.entries(damaged.kinds);
  assert.equal(kinds.length, 20);
  for (const [kind, { refused, sound }] of kinds) {
    assert.equal(refused + sound, 100, kind);
    if (kind === 'white space and order') assert.equal(refused, 0);
    else assert.ok(refused > 80, `${kind}: ${refused} refused`);
  }
});

test("the file takes at most a tenth of the bytes of ml-random-forest's own JSON", () => {
  inFolder((folder) => {
    const model = sampleModel({ treeCount: 100, depth: 9 });
    saveModel(join(folder, 'model.json'), model);
    const theirs = JSON.stringify(RandomForestRegression.load(toMlRandomForest(model)).toJSON()).length;
    const ours = statSync(join(folder, 'model.json')).size;
    assert.ok(model.trees.feature.length > 10_000);
    assert.ok(ours * 10 <= theirs, `${ours} against ${theirs}`);
  });
});
