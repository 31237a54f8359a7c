import assert from 'node:assert/strict';
import test from 'node:test';
import { testNotebook } from '../workshop/samples/notebooks';
import { runNotebook } from './runNotebook';
import { parseSetting, withSettings } from './settings';

const CELL = `const settings = {
  dataset: process.env.DATASET ?? 'a.csv',
  seed: 42, // of all that is drawn
  model: 'models/model.json',
  isQuick: false,
  'two words': 1,
  columns: {} as Record<string, string>,
  grid: { maxDepth: [null, 10], minSamplesLeaf: [1, 2] },
};
const { seed } = settings;`;

const set = (...texts: string[]) =>
  withSettings(
    CELL,
    texts.map((text) => parseSetting('--set', text)),
  );

test('a value is JSON, or text', () => {
  assert.deepEqual(parseSetting('--set', 'grid.maxDepth=[4,8]'), {
    path: ['grid', 'maxDepth'],
    value: [4, 8],
    text: 'grid.maxDepth=[4,8]',
  });
  for (const [text, value] of [
    ['a=out/b.json', 'out/b.json'],
    ['a=x=y', 'x=y'],
    ['a=', ''],
    ['a="7"', '7'],
    ['a=-0.5', -0.5],
  ] as const) {
    assert.equal(parseSetting('--set', text).value, value);
  }
  for (const text of ['seed', '=7', 'a b=7', 'a..b=7', 'a;b=7']) {
    assert.throws(
      () => parseSetting('--set', text),
      /^InputError: --set requires a name and a value .*, got /,
    );
  }
});

test('a setting that the cell does not have, or of another type, is refused before the run', () => {
  for (const [text, message] of [
    ['sed=7', /--set sed=7: the settings have no sed, known are dataset, seed, model, isQuick, two words, /],
    ['grid.depth=[7]', /: grid has no depth, known are maxDepth, minSamplesLeaf$/],
    ['seed=abc', /--set requires a number for seed, got "abc"$/],
    ['seed=null', /--set requires a number for seed, got null$/],
    ['model=7', /--set requires text for model, got 7$/],
    ['isQuick=1', /--set requires true or false for isQuick, got 1$/],
    ['grid.maxDepth=4', /--set requires a list of null or number for grid\.maxDepth, got 4$/],
    ['grid.minSamplesLeaf=[null]', /--set requires a list of number for grid\.minSamplesLeaf, got \[null\]$/],
    ['grid=[1]', /--set requires an object for grid, got \[1\]$/],
  ] as [string, RegExp][]) {
    assert.throws(() => set(text), message);
  }
  assert.equal(withSettings('const { seed } = { seed: 1 };', []), undefined);
});

test('the notebook runs with other settings and keeps its source', async () => {
  const notebook = testNotebook(
    '# Settings',
    CELL,
    '[seed, settings.grid.maxDepth, settings.columns, settings.dataset]',
  );
  const options = ['seed=7', 'grid.maxDepth=[4,8]', 'columns.tempo=beats', 'dataset=b.csv'];
  const settings = options.map((text) => parseSetting('--set', text));
  try {
    await runNotebook(notebook.path, { settings });
    const [, cell, result] = notebook.json().cells;
    assert.equal([cell.source].flat().join(''), CELL);
    assert.match(JSON.stringify(result.outputs), /\[ 7, \[ 4, 8 \], \{ tempo: 'beats' \}, 'b\.csv' \]/);
    await assert.rejects(
      runNotebook(notebook.path, { settings: [settings[0], parseSetting('--set', 'dataset=7')] }),
      /^InputError: --set dataset=7 does not fit the notebook's settings: Type 'number' is not assignable to type 'string'\.$/,
    );
  } finally {
    notebook.remove();
  }
});

test('a notebook without settings refuses any', async () => {
  const notebook = testNotebook('1 + 1');
  try {
    await assert.rejects(
      runNotebook(notebook.path, { settings: [parseSetting('--set', 'seed=7')] }),
      /^InputError: --set requires a cell `const settings = \{ … \}`, test\.ipynb has none$/,
    );
  } finally {
    notebook.remove();
  }
});
