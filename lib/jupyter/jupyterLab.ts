import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../forest/src/index';

/** The packages in the project's own venv; plotly brings the extension that draws the figures. */
const PACKAGES = ['jupyterlab==4.6.6', 'plotly==7.1.0'];
const BIN = process.platform === 'win32' ? 'Scripts' : 'bin';

/** A program and the arguments that start JupyterLab with it. */
export type Command = readonly [string, ...string[]];

const run = (command: string, args: string[]) =>
  spawnSync(command, args, { encoding: 'utf8', windowsHide: true });

/**
 * JupyterLab 4 or later of the active environment (`VIRTUAL_ENV`, `CONDA_PREFIX`) or the PATH, or undefined.
 */
export function findJupyterLab(env: NodeJS.ProcessEnv = process.env): Command | undefined {
  const active = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((folder) => folder !== undefined);
  const commands = [...active.map((folder) => join(folder!, BIN, 'jupyter-lab')), 'jupyter-lab'];
  const found = commands.find((command) => {
    const { status, stdout } = spawnSync(command, ['--version'], {
      encoding: 'utf8',
      env,
      windowsHide: true,
    });
    return status === 0 && Number.parseInt(stdout, 10) >= 4;
  });
  return found === undefined ? undefined : [found];
}

/**
 * JupyterLab in a venv of the project's own, which is made when it is not there or not finished.
 * @param folder where the venv is or shall be
 * @throws InputError when Python or its venv module is missing, with the command that installs it
 */
export function ownJupyterLab(folder: string): Command {
  const stamp = join(folder, '.complete');
  const wanted = PACKAGES.join(' ');
  const python = join(folder, BIN, 'python');
  if (
    !existsSync(stamp) ||
    readFileSync(stamp, 'utf8') !== wanted ||
    run(python, ['--version']).status !== 0
  ) {
    rmSync(folder, { recursive: true, force: true });
    const base = findPython();
    console.log('Installing JupyterLab for this project (once, about a minute, 250 MB) ...');
    const steps: Command[] = [
      [...base, '-m', 'venv', folder],
      [
        python,
        '-m',
        'pip',
        'install',
        '--disable-pip-version-check',
        '--quiet',
        '--progress-bar',
        'on',
        ...PACKAGES,
      ],
    ];
    for (const [command, ...args] of steps) {
      const { status } = spawnSync(command, args, { stdio: 'inherit' });
      if (status !== 0) throw new InputError('JupyterLab could not be installed: see the message above');
    }
    // No question about news on every first visit, and no offer to update what is pinned.
    const settings = join(folder, 'share', 'jupyter', 'lab', 'settings');
    mkdirSync(settings, { recursive: true });
    const notification = { fetchNews: 'false', checkForUpdates: false };
    const overrides = { '@jupyterlab/apputils-extension:notification': notification };
    writeFileSync(join(settings, 'overrides.json'), JSON.stringify(overrides));
    writeFileSync(stamp, wanted);
  }
  return [python, '-m', 'jupyterlab'];
}

/** A Python of version 3.10 or later that can make a venv. */
function findPython(): Command {
  const candidates: Command[] =
    process.platform === 'win32' ? [['py', '-3'], ['python']] : [['python3'], ['python']];
  const probe = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 3)';
  const found = candidates.find(([command, ...args]) => run(command, [...args, '-c', probe]).status === 0);
  if (!found) throw missing('Python 3.10 or later', 'python3 python3-venv');
  const [command, ...args] = found;
  if (run(command, [...args, '-c', 'import venv, ensurepip']).status !== 0) {
    throw missing("Python's module venv", 'python3-venv');
  }
  return found;
}

function missing(what: string, debianPackages: string): InputError {
  const install =
    { darwin: 'brew install python', win32: 'winget install Python.Python.3.13' }[
      process.platform as string
    ] ?? `sudo apt install ${debianPackages} (or your system's own way)`;
  return new InputError(
    `npm run lab needs JupyterLab, and to install it ${what}, which this machine does not have.\n` +
      `Install it with: ${install}\nnpm start needs none of this.`,
  );
}
