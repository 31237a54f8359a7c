/** `npm run lab`: JupyterLab on the notebook, with the TypeScript kernel already chosen. */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { InputError } from '../forest/src/index';
import { findJupyterLab, ownJupyterLab } from './jupyterLab';
import { writeKernelspec } from './kernelspec';

const root = join(__dirname, '..', '..');

/** JupyterLab's options that take no value; any other takes one, behind `=` or as the next word. */
const FLAGS = new Set([
  ...['-y', '--allow-root', '--autoreload', '--collaborative', '--core-mode', '--custom-css', '--debug'],
  ...[
    '--dev-mode',
    '--expose-app-in-browser',
    '--extensions-in-dev-mode',
    '--generate-config',
    '--no-browser',
  ],
  ...['--no-mathjax', '--no-script', '--script', '--show-config', '--show-config-json', '--skip-dev-build'],
  ...['--splice-source', '--watch', '--help', '--help-all', '--version'],
]);

/** The words of a command line that are no option and no option's value. */
export function filesOf(args: readonly string[]): string[] {
  return args.filter((arg, i) => {
    const before = args[i - 1] ?? '';
    const isValue = before.startsWith('-') && !before.includes('=') && !FLAGS.has(before);
    return !arg.startsWith('-') && !isValue;
  });
}

/**
 * Builds JupyterLab's options. The project is its folder, even if the user's configuration names another. The
 * notebook is opened if no file is named. For root, as in a container, an option says that root is meant. The user's
 * own options come last and win.
 * @param args the user's own
 * @param userId the system's number of the user, 0 for root
 */
export function labArguments(args: readonly string[], userId: number | undefined): string[] {
  const ownFolder = args.some((arg) => /^--(notebook-dir|\w+\.(root_dir|notebook_dir))(=|$)/.test(arg));
  const folders = ['ServerApp', 'FileContentsManager'].flatMap((name) => [
    `--${name}.root_dir=${root}`,
    `--${name}.preferred_dir=${root}`,
  ]);
  return [
    ...(userId === 0 && !args.includes('--allow-root') ? ['--allow-root'] : []),
    ...(ownFolder ? [] : folders),
    ...(filesOf(args).length > 0 ? [] : ['notebook.ipynb']),
    ...args,
  ];
}

function main(): void {
  const [command, ...given] = findJupyterLab() ?? ownJupyterLab(join(root, '.lab', 'venv'));
  const data = join(root, '.lab', 'jupyter');
  writeKernelspec(data);
  const args = process.argv.slice(2);
  // A JupyterLab without plotly's extension shows the SVG of a figure only in a notebook that is signed.
  if (filesOf(args).length === 0) {
    const trust = join(dirname(command), 'jupyter-trust');
    spawn(trust, ['notebook.ipynb'], { cwd: root, stdio: 'ignore' }).once('error', () => {});
  }
  const lab = spawn(command, [...given, ...labArguments(args, process.getuid?.())], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, JUPYTER_PATH: [data, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) },
  });
  lab.once('error', fail);
  lab.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
  // Ctrl-C in the terminal reaches JupyterLab too, which asks whether it is meant: this process waits for the answer.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
}

function fail(error: Error): void {
  console.error(error instanceof InputError || 'syscall' in error ? error.message : error);
  process.exitCode = 1;
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    fail(error as Error);
  }
}
