/**
 * Runs before every npm script, in plain JavaScript because nothing is installed yet. It refuses a Node that is too
 * old, and installs the packages if node_modules is missing, incomplete or different from the lockfile. `--dev` asks
 * for the development packages too. A second run reads a few small files.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.complete');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This project requires Node 20.19 or later, got ${process.versions.node}`);
  process.exit(1);
}

try {
  // tsx needs it before any of this project's own code runs.
  mkdirSync(tmpdir(), { recursive: true });
  rmdirSync(mkdtempSync(join(tmpdir(), 'setup-')));
} catch ({ message }) {
  console.error(`The folder for temporary files cannot be used (TMPDIR names another): ${message}`);
  process.exit(1);
}

/** The stamp's text after an installation of this lockfile on this platform. */
const lock = readFileSync(join(root, 'package-lock.json'));
const runtime = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
const complete = `${runtime} with development packages`;
/** A queue needs packages that are not installed otherwise. */
const needsAll = process.argv.includes('--dev') || Boolean(process.env.QUEUE);
const accepted = needsAll ? [complete] : [runtime, complete];

/** Whether the stamp is right and every package of the lockfile still has its folder. */
function isInstalled() {
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (!accepted.includes(found)) return false;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, { dev, optional, peer }]) =>
      path === '' ||
      optional ||
      peer ||
      (dev && found !== complete) ||
      existsSync(join(root, path, 'package.json')),
  );
}

if (!isInstalled()) {
  console.log('Installing the packages (once, about a minute) ...');
  const omit = accepted.length === 1 ? '' : '--omit=dev';
  // npm is a .cmd file on Windows, so it needs a shell; no part of the string comes from outside.
  const install = spawnSync(`npm ci ${omit} --no-audit --no-fund --loglevel=error`, {
    cwd: root,
    stdio: 'inherit',
    shell: true,
  });
  if (install.status !== 0) {
    console.error('The packages could not be installed: see the message of npm above');
    process.exit(1);
  }
  writeFileSync(stamp, accepted[0]);
}
