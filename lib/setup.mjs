/**
 * Runs before every npm script, in plain JavaScript because nothing is installed yet: refuses a Node that
 * is too old, and installs the packages when node_modules is missing, half-made or not what the lockfile
 * asks for. A second run costs one read of two small files.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.complete');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This project requires Node 20.19 or later, got ${process.versions.node}`);
  process.exit(1);
}

/** What a finished installation is for: this lockfile, on this platform. */
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

/** Every package that the lockfile puts into node_modules and this platform needs is really there. */
function isComplete() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) return false;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
    existsSync(join(root, 'node_modules', name, 'package.json')),
  );
}

if (!isComplete()) {
  console.log('Installing the packages (once, about a minute) ...');
  // One string and a shell, because npm is a .cmd file on Windows; nothing in it comes from outside.
  const install = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: root,
    stdio: 'inherit',
    shell: true,
  });
  if (install.status !== 0) {
    console.error('The packages could not be installed: see the message of npm above');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
