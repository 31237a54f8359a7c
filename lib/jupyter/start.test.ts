import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { parseStart } from './start';
import { testNotebook } from './testNotebooks';

const root = join(__dirname, '..', '..');

test('paths are meant from where npm was called, addresses stay as they are', () => {
  const notebook = join(root, 'notebook.ipynb');
  const from = resolve('/some/where');
  assert.deepEqual(parseStart([], from), { notebook });
  assert.deepEqual(parseStart(['--dataset', 'my.csv'], from), { notebook, dataset: join(from, 'my.csv') });
  assert.deepEqual(parseStart(['a.ipynb', '--dataset=../b.csv'], from), {
    notebook: join(from, 'a.ipynb'),
    dataset: resolve(from, '../b.csv'),
  });
  const address = 'https://example.org/a.csv';
  assert.deepEqual(parseStart(['--dataset', address], from), { notebook, dataset: address });
});

test('what npm start does not know is refused with its usage', () => {
  for (const [args, message] of [
    [['--data'], /^InputError: Unknown option --data\nUsage: npm start/],
    [['--dataset'], /^InputError: --dataset needs a file or an address\nUsage/],
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
function start(folder: string, ...args: string[]) {
  const env = { ...process.env, INIT_CWD: folder, DATASET: 'not this' };
  const command = ['--import', 'tsx', join(__dirname, 'start.ts'), ...args];
  return spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' });
}

test('the whole command: the notebook is told the table, and one sentence is all that is said of a refusal', () => {
  const check = `import { InputError } from './lib/errors';
if (!process.env.DATASET!.endsWith('mine.csv')) throw new InputError(process.env.DATASET + ' is not mine');`;
  const notebook = testNotebook('# Check', check);
  try {
    const good = start(notebook.folder, 'test.ipynb', '--dataset', 'mine.csv');
    assert.equal(good.status, 0, good.stderr);
    assert.match(
      good.stdout,
      /^Running test\.ipynb\nCheck\n {2}1\/1 {2}import .*\nWrote test\.ipynb \(1 code cell\)\n$/,
    );
    const refused = start(notebook.folder, 'test.ipynb', '--dataset', 'yours.csv');
    assert.equal(refused.status, 1);
    assert.equal(refused.stderr, `${join(notebook.folder, 'yours.csv')} is not mine\n`);
    assert.deepEqual(
      [start(notebook.folder, 'none.ipynb').status, start(notebook.folder, '-x').status],
      [1, 1],
    );
  } finally {
    notebook.remove();
  }
});
