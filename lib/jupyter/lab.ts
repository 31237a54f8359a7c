/** `npm run lab`: JupyterLab on the notebook, with the TypeScript kernel already chosen. */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { InputError } from '../forest/src/index';
import { findJupyterLab, ownJupyterLab } from './jupyterLab';
import { writeKernelspec } from './kernelspec';

const root = join(__dirname, '..', '..');

function main(): void {
  const [command, ...given] = findJupyterLab() ?? ownJupyterLab(join(root, '.lab', 'venv'));
  const data = join(root, '.lab', 'jupyter');
  writeKernelspec(data);
  const args = process.argv.slice(2);
  const names = args.some((arg) => !arg.startsWith('-')) ? [] : ['notebook.ipynb'];
  // A JupyterLab without plotly's extension shows the SVG of a figure only in a notebook that is signed.
  const trust = join(dirname(command), 'jupyter-trust');
  if (names.length > 0) spawn(trust, names, { cwd: root, stdio: 'ignore' }).once('error', () => {});
  const lab = spawn(command, [...given, ...names, ...args], {
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
