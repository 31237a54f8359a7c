import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../forest/testing/index';
import { eventually } from '../workshop/samples/notebooks';
import { filesOf, labArguments } from './lab';

test("an option's value is no file, as one word or two", () => {
  assert.deepEqual(filesOf(['--port', '8899', '--no-browser', 'a.ipynb', '--ip=0.0.0.0', 'b.ipynb']), [
    'a.ipynb',
    'b.ipynb',
  ]);
  assert.deepEqual(filesOf(['--ServerApp.token', 'x', '-y']), []);
  assert.deepEqual(filesOf([]), []);
});

test('JupyterLab gets the notebook and its folder, unless others are named, and root only as root', () => {
  const isNotebook = (args: string[]) => labArguments(args, 1000).includes('notebook.ipynb');
  assert.ok(isNotebook([]) && isNotebook(['--port', '8899']));
  assert.ok(!isNotebook(['mine.ipynb']));
  const folders = (args: string[]) =>
    labArguments(args, 1000).filter((arg) => arg.includes('root_dir=')).length;
  assert.equal(folders([]), 2);
  assert.equal(folders(['--notebook-dir=/x']), 0);
  assert.equal(folders(['--ServerApp.root_dir=/x']), 1); // the user's own
  assert.ok(labArguments([], 0).includes('--allow-root'));
  assert.ok(!labArguments([], 1000).includes('--allow-root'));
  assert.ok(!labArguments([], undefined).includes('--allow-root'));
});

test("JupyterLab opens the project where the user's configuration names another folder", {
  skip: without('jupyterlab'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab '));
  const other = join(folder, 'other');
  mkdirSync(other);
  const config = { ServerApp: { root_dir: other, preferred_dir: other } };
  writeFileSync(join(folder, 'jupyter_server_config.json'), JSON.stringify(config));
  const args = ['--import', 'tsx', join(__dirname, 'lab.ts'), '--no-browser', '--port', '0'];
  const lab = spawn(process.execPath, args, {
    cwd: join(__dirname, '..', '..'),
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: folder,
      PATH: [dirname(PYTHON), process.env.PATH].join(delimiter),
    },
  });
  let log = '';
  for (const stream of [lab.stdout, lab.stderr]) stream.on('data', (text) => (log += text));
  try {
    const served = `Serving notebooks from local directory: ${join(__dirname, '..', '..')}\n`;
    await eventually(() => log.includes(served), 90, 'JupyterLab in the project');
    assert.doesNotMatch(log, /Running as root/);
  } finally {
    lab.kill('SIGTERM');
    await eventually(() => lab.exitCode !== null || lab.signalCode !== null, 30, 'the end of JupyterLab');
    rmSync(folder, { recursive: true });
  }
});
