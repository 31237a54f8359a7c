/**
 * Things that only the full suite needs: a Python with some modules, a Chromium, the tutorial's table. A test that
 * needs one of them passes `{ skip: without(...) }`: on a user's machine it is skipped with the reason. In
 * CI (`CI=true`) nothing is skipped for want of a program, so that a missing one fails there; the table, which
 * may not be given away, is used where it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

/** The tutorial's own table of 227 tracks, which stands beside the checkout and is never committed. */
export const TUTORIAL_TABLE = join(root, '..', 'shared', 'dataset', 'Spotify_data.csv');

/** The Python to ask: `PYTHON`, else the project's `.venv`, else what the PATH has. */
export const PYTHON =
  process.env.PYTHON ??
  [join(root, '.venv', 'bin', 'python'), join(root, '.venv', 'Scripts', 'python.exe')].find(existsSync) ??
  'python3';

/** The Chromium to drive: `CHROMIUM`, else where Debian and others put it. */
export const CHROMIUM =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ??
  '';

/** Chromium's arguments: a CI machine has no sandbox and no GPU, and nothing may be fetched. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const known = new Map<string, boolean>();

function hasModule(name: string): boolean {
  if (!known.has(name)) {
    const probe = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${name}') is None)`;
    known.set(name, spawnSync(PYTHON, ['-c', probe]).status === 0);
  }
  return known.get(name)!;
}

/**
 * The reason to skip a test, or false where everything is there, or this is CI and could have it.
 * @param needs `'chromium'`, `'redis-server'`, `'tutorial table'`, or the name of a Python module such as `'sklearn'`
 */
export function without(...needs: string[]): string | false {
  const missing = needs.filter((need) => {
    if (need === 'tutorial table') return !existsSync(TUTORIAL_TABLE);
    if (process.env.CI) return false;
    if (need === 'redis-server') return spawnSync('redis-server', ['--version']).status !== 0;
    return need === 'chromium' ? CHROMIUM === '' : !hasModule(need);
  });
  return missing.length > 0 && `needs ${missing.join(' and ')}, which this machine does not have`;
}
