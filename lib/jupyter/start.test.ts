import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { testNotebook } from '../workshop/samples/notebooks';
import { parseStart } from './start';

const WINDOWS = process.platform === 'win32' && 'TMPDIR is not what Windows asks';
const root = join(__dirname, '..', '..');

test('paths are meant from where npm was called, addresses stay as they are', () => {
  const notebook = join(root, 'notebook.ipynb');
  const from = resolve('/some/where');
  assert.deepEqual(parseStart([], from), { notebook, settings: [], check: false });
  assert.deepEqual(parseStart(['--dataset', 'my.csv'], from), {
    notebook,
    dataset: join(from, 'my.csv'),
    settings: [],
    check: false,
  });
  assert.deepEqual(parseStart(['a.ipynb', '--dataset=../b.csv'], from), {
    notebook: join(from, 'a.ipynb'),
    dataset: resolve(from, '../b.csv'),
    settings: [],
    check: false,
  });
  const address = 'https://example.org/a.csv';
  assert.deepEqual(parseStart(['--dataset', address], from), {
    notebook,
    dataset: address,
    settings: [],
    check: false,
  });
  const settings = ['--set', 'seed=7', '--set=grid.maxDepth=[4,8]', '--columns', 'tempo=7'];
  assert.deepEqual(parseStart(settings, from).settings, [
    { path: ['seed'], value: 7, text: 'seed=7' },
    { path: ['grid', 'maxDepth'], value: [4, 8], text: 'grid.maxDepth=[4,8]' },
    { path: ['columns', 'tempo'], value: '7', text: 'columns.tempo=7' },
  ]);
});

test('--check only reads the table', () => {
  assert.equal(parseStart(['--check'], '/').check, true);
});

test('what npm start does not know is refused with its usage', () => {
  for (const [args, message] of [
    [['--data'], /^InputError: Unknown option --data\nUsage: npm start/],
    [['--dataset'], /^InputError: --dataset needs a file or an address\nUsage/],
    [['--set'], /^InputError: --set needs a name and a value\nUsage/],
    [['--set', 'seed'], /^InputError: --set requires a name and a value such as .*, got seed$/],
    [['--columns=tempo'], /^InputError: --columns requires a name and a value such as .*, got tempo$/],
    [['--dataset='], /^InputError: --dataset needs a file or an address\nUsage/],
    [
      ['a.ipynb', 'b.ipynb'],
      /^InputError: Only one notebook can be run at a time, b\.ipynb is one too many\nUsage/,
    ],
  ] as [string[], RegExp][]) {
    assert.throws(() => parseStart(args, root), message);
  }
});

/** `npm start` as the user calls it, from the notebook's folder. */
function start(folder: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, INIT_CWD: folder, DATASET: 'not this', ...more };
  const command = ['--import', 'tsx', join(__dirname, 'start.ts'), ...args];
  return spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' });
}

test('the whole command: the notebook is told the table, and one sentence is all that is said of a refusal', () => {
  const check = `import { InputError } from './lib/forest/src/errors';
if (!process.env.DATASET!.endsWith('mine.csv')) throw new InputError(process.env.DATASET + ' is not mine');`;
  const notebook = testNotebook('# Check', check);
  try {
    const good = start(notebook.folder, ['test.ipynb', '--dataset', 'mine.csv']);
    assert.equal(good.status, 0, good.stderr);
    assert.match(
      good.stdout,
      /^Running test\.ipynb\nCheck\n {2}1\/1 {2}import .*\nWrote test\.ipynb \(1 code cell\)\n$/,
    );
    const refused = start(notebook.folder, ['test.ipynb', '--dataset', 'yours.csv']);
    assert.equal(refused.status, 1);
    assert.equal(refused.stderr, `${join(notebook.folder, 'yours.csv')} is not mine\n`);
    assert.deepEqual(
      [start(notebook.folder, ['none.ipynb']).status, start(notebook.folder, ['-x']).status],
      [1, 1],
    );
  } finally {
    notebook.remove();
  }
});

test('a cell that fails after the model was written: the model is new, the notebook old, and both are said', () => {
  const notebook = testNotebook(
    "require('fs').mkdirSync('models'); require('fs').writeFileSync('models/model.json', '{}');",
    "throw new Error('too late');",
  );
  try {
    const before = notebook.text();
    const { status, stderr } = start(notebook.folder, ['test.ipynb']);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Cell 2 of 2 failed:.*\nmodels\/model\.json is new: the run had already written it\n$/s,
    );
    assert.equal(notebook.text(), before);
  } finally {
    notebook.remove();
  }
});

test('a model in a folder of its own is named as it was asked for', () => {
  const notebook = testNotebook(
    "const settings = { model: 'random forest', file: 'models/model.json' };",
    `import { prepareFile, writeFileAtomic } from './lib/files'; prepareFile(settings.file);
writeFileAtomic(settings.file, '{}');`,
  );
  try {
    const { status, stdout, stderr } = start(notebook.folder, [
      'test.ipynb',
      '--set',
      'model=extra trees',
      '--set',
      'file=new one/a.json',
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Wrote test\.ipynb \(2 code cells\) and new one\/a\.json\n$/);
    assert.ok(existsSync(join(notebook.folder, 'new one', 'a.json')));
    assert.equal(existsSync(join(notebook.folder, 'models')), false);
  } finally {
    notebook.remove();
  }
});

test('what a killed run had begun to write is cleared away, and what writes the model says so', () => {
  const notebook = testNotebook("require('fs').writeFileSync('models/model.json', '{}');");
  try {
    const models = join(notebook.folder, 'models');
    mkdirSync(models);
    const halves = [
      join(models, '.model.json.0123abcd.tmp'),
      join(notebook.folder, '.test.ipynb.0123abcd.tmp'),
    ];
    const others = [join(models, '.mine.tmp'), join(models, 'model.json.0123abcd.tmp')];
    for (const path of [...halves, ...others]) writeFileSync(path, '');
    const { status, stdout, stderr } = start(notebook.folder, ['test.ipynb']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Wrote test\.ipynb \(1 code cell\) and models\/model\.json\n$/);
    assert.deepEqual([...halves, ...others].map(existsSync), [false, false, true, true]);
  } finally {
    notebook.remove();
  }
});

test('the folder for temporary files may have a long name', { skip: WINDOWS }, () => {
  const notebook = testNotebook('1 + 1');
  try {
    // Too long for sockets, whose paths have at most 107 bytes: the kernel is reached through ports.
    const long = join(notebook.folder, 'x'.repeat(100));
    mkdirSync(long);
    const run = start(notebook.folder, ['test.ipynb'], { TMPDIR: long });
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(
      readdirSync(long).filter((name) => name.startsWith('tslab')),
      [],
    );
  } finally {
    notebook.remove();
  }
});
