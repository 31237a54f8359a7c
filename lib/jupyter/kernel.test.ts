import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../forest/testing/index';
import { testNotebook } from '../workshop/samples/notebooks';
import { kernel } from './kernel';
import { userDataFolder, writeKernelspec } from './kernelspec';
import { runNotebook } from './runNotebook';

function temporary(check: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'kernel é '));
  try {
    check(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Jupyter finds the registered kernel, and not the removed one', {
  skip: without('jupyter_client'),
}, () => {
  temporary((folder) => {
    const list = () => {
      const args = ['-m', 'jupyter', 'kernelspec', 'list', '--json'];
      const env = { ...process.env, JUPYTER_PATH: folder, JUPYTER_DATA_DIR: join(folder, 'none') };
      return JSON.parse(spawnSync(PYTHON, args, { encoding: 'utf8', env }).stdout).kernelspecs;
    };
    assert.equal(list().tslab, undefined);
    assert.match(kernel([], folder), /^Registered the kernel "TypeScript" in /);
    const { argv, ...spec } = list().tslab.spec;
    assert.deepEqual(argv.slice(-2), ['--config-path', '{connection_file}']);
    assert.ok(existsSync(argv[0]) && existsSync(argv[1]));
    assert.equal(spec.interrupt_mode, 'signal');
    assert.match(kernel([], folder), /^Registered/); // again, as after an update of Node
    assert.match(kernel(['--remove'], folder), /^Removed/);
    assert.equal(list().tslab, undefined);
    assert.match(kernel(['--remove'], folder), /^The kernel was not registered in /);
  });
});

test("another installation's kernel of that name stays", () => {
  temporary((folder) => {
    const path = join(folder, 'kernels', 'tslab');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'kernel.json'), '{"argv": ["tslab", "kernel"]}');
    for (const args of [[], ['--remove']]) {
      assert.throws(() => kernel(args, folder), /^InputError: .* is another installation of tslab/);
    }
    assert.throws(() => kernel(['--rm'], folder), /^InputError: Unknown option --rm\nUsage/);
    assert.ok(existsSync(join(path, 'kernel.json')));
  });
});

test("the user's data folder is Jupyter's on every system", { skip: without('jupyter_client') }, () => {
  const script = 'from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())';
  for (const change of [{}, { XDG_DATA_HOME: '/x y' }, { JUPYTER_DATA_DIR: '/z' }]) {
    const env = { ...process.env, ...change };
    const python = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', env });
    assert.equal(userDataFolder(env), python.stdout.trim());
  }
  assert.equal(userDataFolder({ APPDATA: 'C:' }, 'win32'), join('C:', 'jupyter'));
  assert.match(userDataFolder({}, 'darwin'), /Library.Jupyter$/);
});

test('jupyter execute and nbconvert show what the runner shows', {
  skip: without('nbclient', 'nbconvert'),
}, async () => {
  const notebook = testNotebook(
    '# Title',
    `import { show } from './lib/cells/display'; import { table } from './lib/cells/table';
import { task } from './lib/cells/progress';`,
    `await show({ alt: 'Two points', layout: {}, data: [{ type: 'scatter', x: [1, 2], y: [1, 2] }] });`,
    `console.log(1); console.error(2); console.log(3); await show(table([{ name: '<b>', energy: 0.5 }]));`,
    `const work = task('Work', 'steps'); for (const done of [0, 1, 2, 3]) work.onProgress({ done, total: 3 });`,
  );
  try {
    writeKernelspec(join(notebook.folder, 'jupyter'));
    const env = { ...process.env, JUPYTER_PATH: join(notebook.folder, 'jupyter') };
    const python = (...args: string[]) => {
      const run = spawnSync(PYTHON, ['-m', ...args], { cwd: notebook.folder, env, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stderr);
      return run.stdout;
    };
    const html = python('nbconvert', '--to', 'html', '--execute', '--stdout', 'test.ipynb');
    assert.match(html, /<img [^>]*src="data:image\/svg\+xml/); // where scripts may not run
    python('jupyter', 'execute', '--inplace', 'test.ipynb');
    const theirs = notebook
      .json()
      .cells.map(({ outputs, execution_count }) => ({ outputs, execution_count }));
    await runNotebook(notebook.path);
    const ours = notebook.json().cells.map(({ outputs, execution_count }) => ({ outputs, execution_count }));
    assert.equal(ours[2].outputs!.length, 1);
    assert.deepEqual(ours, theirs);
  } finally {
    notebook.remove();
  }
});
