/**
 * `npm run reliability -- suites [--only NAME]`: other people's test suites on this project, each with its own
 * programs, which are installed in a folder that is removed at the end: Jupyter's tests of kernels, nbval,
 * nbclient and papermill on the kernel, schemathesis on the demo's interface, the W3C's checker on its pages, knip on
 * the code. The licences of the packages are checked too. It needs Python 3.10, npm and, for the pages, Java. It ends
 * with 1 where a check has failed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../forest/src/index';
import { writeKernelspec } from '../../jupyter/kernelspec';
import type { Notebook } from '../../jupyter/nbformat';
import { runNotebook } from '../../jupyter/runNotebook';
import { eventually, testNotebook } from '../samples/notebooks';
import { checkLicences } from './parts/licences';
import { chosenSuites } from './parts/only';

const root = join(__dirname, '..', '..', '..');
const PIP = [
  ...['jupyter_kernel_test==0.7.0', 'nbval==0.11.0', 'nbclient==0.11.0', 'papermill==2.7.0'],
  ...['ipykernel==7.4.0', 'schemathesis==4.32.5'],
];
const NPM = ['vnu-jar@26.9.27'];
const MINUTES = 10;
/** How many checks of a suite passed and failed, and in a sentence what is to be said of it. */
interface Count {
  passed: number;
  failed: number;
  remark?: string;
}

/** The programs of the suites. */
interface Tools {
  python: string;
  /** The folder of npm's packages. */
  packages: string;
  env: NodeJS.ProcessEnv;
}

type Suite = (tools: Tools) => Promise<Count>;

const SUITES: Record<string, Suite> = {
  jupyter_kernel_test: kernelTests,
  nbval,
  nbclient,
  papermill,
  schemathesis,
  vnu,
  knip,
  licences,
};

/** Runs a program to its end. */
function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd = root) {
  const options = { cwd, env, encoding: 'utf8', maxBuffer: 1e8, timeout: MINUTES * 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, stdout, text: `${stdout ?? ''}${stderr ?? ''}` };
}

/** The number that a pattern finds in a text, or 0. */
const numberIn = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);

/** A suite that ended without a count has failed, and says its last lines. */
function counted(passed: number, failed: number, text: string, remark?: string): Count {
  if (passed + failed > 0)
    return { passed, failed, remark: remark ?? (failed ? lastLines(text) : undefined) };
  return { passed: 0, failed: 1, remark: lastLines(text) };
}

const lastLines = (text: string) => text.trim().split('\n').slice(-3).join(' ').slice(-300);

async function kernelTests({ python, env }: Tools): Promise<Count> {
  const { text } = run(python, [join(root, 'lib', 'jupyter', 'protocolTest.py')], env);
  const all = numberIn(text, /Ran (\d+) tests/);
  const failed = numberIn(text, /failures=(\d+)/) + numberIn(text, /errors=(\d+)/);
  const skipped = numberIn(text, /skipped=(\d+)/);
  const remark = skipped
    ? 'Skipped is the pager, which Jupyter has retired: the kernel shows all it has below the cell.'
    : undefined;
  return counted(all - failed - skipped, failed, text, failed ? undefined : remark);
}

/** A short notebook with all kinds of outputs, as the runner leaves it. */
async function shortNotebook() {
  const notebook = testNotebook(
    '# Short',
    `import { show } from './lib/cells/display'; import { table } from './lib/cells/table';
import { task } from './lib/cells/progress';`,
    `const work = task('Work', 'steps');
for (const done of [0, 1, 2, 3]) { work.onProgress({ done, total: 3 }); await new Promise((f) => setTimeout(f, 120)); }`,
    `await show({ alt: 'Two points', layout: {}, data: [{ type: 'scatter', x: [1, 2], y: [1, 0.0000765] }] });`,
    "console.log(1); console.error(2); await show(table([{ name: '<b>', energy: 0.5 }])); [1, { a: 2 }]",
  );
  await runNotebook(notebook.path);
  return notebook;
}

async function nbval({ python, env }: Tools): Promise<Count> {
  const notebook = await shortNotebook();
  try {
    const args = ['-m', 'pytest', '--nbval', '-q', '-p', 'no:cacheprovider', 'test.ipynb'];
    const { text } = run(python, args, env, notebook.folder);
    return counted(numberIn(text, /(\d+) passed/), numberIn(text, /(\d+) failed/), text);
  } finally {
    notebook.remove();
  }
}

/** After a cell that fails the others run, and a save changes no number of the file. */
async function nbclient({ python, env }: Tools): Promise<Count> {
  const notebook = testNotebook('const kept = 6; throw new Error("on purpose")', 'kept * 7', '0.0000765');
  try {
    const args = ['-m', 'jupyter', 'execute', '--allow-errors', '--inplace', 'test.ipynb'];
    const { status, text } = run(python, args, env, notebook.folder);
    if (status !== 0) return counted(0, 1, text);
    const outputs = notebook.json().cells.map((cell) => JSON.stringify(cell.outputs));
    const checks = [
      /"ename":"Error","evalue":"on purpose"/.test(outputs[0]),
      /"text\/plain":\["42"\]/.test(outputs[1]),
      /"text\/plain":\["0.0000765"\]/.test(outputs[2]),
    ];
    const passed = checks.filter(Boolean).length;
    return counted(passed, checks.length - passed, outputs.join('\n'));
  } finally {
    notebook.remove();
  }
}

async function papermill({ python, env }: Tools): Promise<Count> {
  const notebook = await shortNotebook();
  try {
    const { status, text } = run(
      python,
      ['-m', 'papermill', 'test.ipynb', 'out.ipynb'],
      env,
      notebook.folder,
    );
    if (status !== 0) return counted(0, 1, text);
    const made: Notebook = JSON.parse(readFileSync(join(notebook.folder, 'out.ipynb'), 'utf8'));
    const code = made.cells.filter((cell) => cell.cell_type === 'code');
    const passed = code.filter(({ metadata }) => {
      return (metadata.papermill as { status?: string } | undefined)?.status === 'completed';
    }).length;
    return counted(
      passed,
      code.length - passed,
      text,
      'It runs cells; settings are for `npm start -- --set`.',
    );
  } finally {
    notebook.remove();
  }
}

/** Serves the demo while `work` asks it. */
async function withDemo<T>(env: NodeJS.ProcessEnv, work: (address: string) => Promise<T>): Promise<T> {
  const args = ['--require', 'tsx/cjs', join('lib', 'demo', 'main.ts'), '--port', '0'];
  const demo = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  demo.stdout.on('data', (text) => {
    said += text;
  });
  const address = () => /http:\/\/\S+?\//.exec(said)?.[0];
  try {
    await eventually(() => address() !== undefined, 60, 'an address of the demo');
    return await work(address()!);
  } finally {
    demo.kill('SIGTERM');
  }
}

/** Schemathesis makes all its checks but one: a schema cannot say which texts are a table. `--checks` would overrule it. */
const SCHEMATHESIS = `[[operations]]
include-path = "/predict/csv"
checks.positive_data_acceptance.enabled = false
`;

async function schemathesis({ python, packages, env }: Tools): Promise<Count> {
  const config = join(packages, '..', 'schemathesis.toml');
  writeFileSync(config, SCHEMATHESIS);
  return withDemo(env, async (address) => {
    const args = ['--config-file', config, 'run', `${address}openapi.json`, '--seed', '7'];
    const limits = ['--max-examples', '50', '--request-timeout', '60', '--no-color'];
    const { text, status } = run(join(python, '..', 'schemathesis'), [...args, ...limits], env, tmpdir());
    const failed = Math.max(numberIn(text, /(\d+) unique failures?/), Number(status !== 0));
    const passed = numberIn(text, /Test cases:\s*(\d+) generated/) - failed;
    const remark =
      'The check that any text is accepted is off for `/predict/csv`: not every text is a table.';
    return counted(passed, failed, text, failed ? undefined : remark);
  });
}

async function vnu({ packages, env }: Tools): Promise<Count> {
  if (run('java', ['-version'], env).status !== 0) {
    return {
      passed: 0,
      failed: 1,
      remark: "The W3C's checker needs Java, which this machine does not have.",
    };
  }
  return withDemo(env, async (address) => {
    const faults: string[] = [];
    const pages = ['', 'docs'];
    for (const page of pages) {
      const file = join(packages, '..', `${page || 'index'}.html`);
      writeFileSync(file, await (await fetch(address + page)).text());
      const jar = join(packages, 'vnu-jar', 'build', 'dist', 'vnu.jar');
      const { text, status } = run('java', ['-jar', jar, '--errors-only', file], env);
      if (status !== 0) faults.push(text);
    }
    return counted(pages.length - faults.length, faults.length, faults.join('\n'));
  });
}

/** Unused files, packages and exports, and packages that nobody declares; `.knip.jsonc` says what is left out and why. */
async function knip({ env }: Tools): Promise<Count> {
  const command = join(root, 'node_modules', '.bin', 'knip');
  const { text, status } = run(command, ['--no-progress', '--reporter', 'json'], env);
  if (status === 0) return { passed: 1, failed: 0 };
  const report = text.slice(text.indexOf('{'));
  const { issues } = JSON.parse(report) as { issues: Record<string, unknown>[] };
  const all = issues.flatMap((issue) => Object.values(issue).filter(Array.isArray).flat());
  const names = all.map((one) => (one as { name?: string }).name).filter(Boolean);
  return { passed: 0, failed: all.length, remark: `Unused or undeclared: ${names.slice(0, 12).join(', ')}.` };
}

/** The packages that a user installs, each with a licence that lets the project use it and pass it on. */
async function licences(): Promise<Count> {
  const { allowed, refused } = checkLicences(root);
  const remark = refused.length ? `To be looked at: ${refused.join(', ')}.` : undefined;
  return { passed: allowed.length, failed: refused.length, remark };
}

function install(folder: string): Tools {
  const venv = join(folder, 'venv');
  const python = join(venv, 'bin', 'python');
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', venv]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PIP]],
    ['npm', ['install', '--silent', '--no-save', '--prefix', folder, ...NPM]],
  ];
  for (const [command, args] of steps) {
    const { status, text } = run(command, args, process.env);
    if (status !== 0) throw new InputError(`suites requires what ${command} installs: ${lastLines(text)}`);
  }
  writeKernelspec(join(folder, 'jupyter'));
  const env = { ...process.env, JUPYTER_PATH: join(folder, 'jupyter') };
  return { python, packages: join(folder, 'node_modules'), env };
}

/** Installs the suites, runs them and prints a table of what passed and failed. */
export async function main(args: string[]): Promise<void> {
  const names = chosenSuites(SUITES, args);
  const folder = mkdtempSync(join(tmpdir(), 'suites-'));
  try {
    const tools = install(folder);
    console.log('\n| suite | passed | failed | |\n| --- | --- | --- | --- |');
    for (const name of names) {
      const {
        passed,
        failed,
        remark = '',
      } = await SUITES[name](tools).catch((error) => ({
        ...{ passed: 0, failed: 1, remark: String(error) },
      }));
      console.log(`| ${name} | ${passed} | ${failed} | ${remark.replace(/\s+/g, ' ')} |`);
      if (failed > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
