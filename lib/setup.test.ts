import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const root = join(__dirname, '..');
const file = (name: string) => readFileSync(join(root, name), 'utf8');

test("npm's scripts are words that every system's shell takes the same way", () => {
  const scripts = Object.entries<string>(JSON.parse(file('package.json')).scripts);
  assert.ok(scripts.length > 10);
  for (const [name, script] of scripts) {
    for (const command of script.split(' && ')) assert.match(command, /^[a-z]+( [\w./:-]+)*$/, name);
    // Set-up comes first, whatever is called.
    if (!name.startsWith('pre'))
      assert.match(JSON.parse(file('package.json')).scripts[`pre${name}`], /lib\/setup\.mjs/);
  }
});

test('line ends are the same in every checkout', () => {
  assert.match(file('.gitattributes'), /^\* text=auto eol=lf$/m);
  assert.equal(file('notebook.ipynb').includes('\r\n'), false);
});

/** The copy of setup.mjs in a folder that has this project's lockfile and, in one file each, its packages. */
function project() {
  const folder = mkdtempSync(join(tmpdir(), 'setup é '));
  mkdirSync(join(folder, 'lib'));
  for (const name of ['package.json', 'package-lock.json', 'lib/setup.mjs'])
    copyFileSync(join(root, name), join(folder, name));
  for (const path of Object.keys(JSON.parse(file('package-lock.json')).packages)) {
    if (path === '') continue;
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'package.json'), '{}');
  }
  return folder;
}

/** Runs set-up there, with another npm that only says how it was called. */
function setUp(folder: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const fake = join(folder, 'npm');
  writeFileSync(fake, `#!/bin/sh\necho "npm $*"\nexit \${NPM_STATUS:-0}\n`, { mode: 0o755 });
  const run = spawnSync(process.execPath, [join(folder, 'lib', 'setup.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, ...env },
  });
  return { ...run, install: /^npm (.*)$/m.exec(run.stdout)?.[1] };
}

test('packages are installed once, again when one is gone, and for the tests with what they need', {
  skip: process.platform === 'win32' && 'the npm that only says how it was called is a script for sh',
}, () => {
  const folder = project();
  const rest = '--no-audit --no-fund --loglevel=error';
  try {
    const failed = setUp(folder, [], { NPM_STATUS: '1' });
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /^The packages could not be installed: see the message of npm above\n$/);
    assert.equal(setUp(folder).install, `ci --omit=dev ${rest}`);
    assert.equal(setUp(folder).install, undefined);
    assert.equal(setUp(folder, [], { QUEUE: 'redis://127.0.0.1' }).install, `ci ${rest}`);
    rmSync(join(folder, 'node_modules', '.complete'));
    assert.equal(setUp(folder, ['--dev']).install, `ci ${rest}`);
    for (const args of [[], ['--dev']]) assert.equal(setUp(folder, args).install, undefined);
    rmSync(join(folder, 'node_modules', 'tslab', 'package.json'));
    assert.equal(setUp(folder).install, `ci --omit=dev ${rest}`);
    writeFileSync(join(folder, 'node_modules', 'tslab', 'package.json'), '{}');
    appendFileSync(join(folder, 'package-lock.json'), ' ');
    assert.equal(setUp(folder).install, `ci --omit=dev ${rest}`);
    const nowhere = setUp(folder, [], { TMPDIR: join(folder, 'package.json') });
    assert.equal(nowhere.status, 1);
    assert.match(
      nowhere.stderr,
      /^The folder for temporary files cannot be used \(TMPDIR names another\): .*\n$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
