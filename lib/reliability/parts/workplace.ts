/** Where the harness of faults.ts runs the notebook, and how it sees what a run has left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(__dirname, '..', '..', '..');
/** In the environment of every process that a run starts, so that none can hide. */
const MARK = 'FAULT_HARNESS';
const QUIET_EXIT = 5000;

/** How a run ended, and how many of its processes did not. */
export interface Outcome {
  code: number | string;
  stderr: string;
  seconds: number;
  left: number;
}

/** What is done to a run: to the process of the runner, or to one that is found by the run's mark. */
export type Harm = (run: ChildProcess, mark: string) => unknown;

/** The project's notebook in a folder of its own, which sees the project's lib and packages. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'faults é '));
  readonly notebook: string;
  readonly model = join(this.folder, 'models', 'model.json');
  readonly old: string;
  /** What a run that nothing disturbs writes. */
  fresh = { notebook: '', model: '' };

  constructor(notebook: string) {
    for (const name of ['lib', 'node_modules', 'dataset'])
      symlinkSync(join(root, name), join(this.folder, name));
    this.notebook = join(this.folder, basename(notebook));
    this.old = readFileSync(notebook, 'utf8').trimEnd(); // never what the runner writes, which ends with a newline
    mkdirSync(join(this.folder, 'models'));
    this.reset();
  }

  /** Another notebook in this place, of one code cell. */
  write(name: string, source: string): string {
    const path = join(this.folder, `${name}.ipynb`);
    const cell = { cell_type: 'code', id: name, metadata: {}, source, outputs: [], execution_count: null };
    writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    return path;
  }

  /** A file for NODE_OPTIONS that makes the calendar jump by two days at every look at it; its path has no space. */
  clock(): string {
    const path = join(tmpdir(), `clock-${process.pid}.cjs`);
    const jump = 'let jump = 864e5; const { now } = Date; Date.now = () => now() + (jump = -jump);';
    writeFileSync(path, jump);
    return path;
  }

  reset(): void {
    writeFileSync(this.notebook, this.old);
    rmSync(this.model, { force: true });
  }

  start(mark: string, env: NodeJS.ProcessEnv = {}, notebook = this.notebook): ChildProcess {
    return spawn(process.execPath, ['--import', 'tsx', join(root, 'lib', 'jupyter', 'start.ts'), notebook], {
      cwd: root,
      env: { ...process.env, ...env, [MARK]: mark, INIT_CWD: this.folder },
    });
  }

  /** Starts a run, does `harm` to it, and waits for its end and that of all it started. */
  async run(harm: Harm = () => {}, env: NodeJS.ProcessEnv = {}, notebook?: string): Promise<Outcome> {
    const mark = randomUUID();
    const started = performance.now();
    const run = this.start(mark, env, notebook);
    let stderr = '';
    run.stdout!.resume();
    run.stderr!.on('data', (text) => (stderr += text));
    const end = new Promise<number | string>((done) =>
      run.on('close', (code, signal) => done(code ?? signal ?? '')),
    );
    await harm(run, mark);
    const code = await end;
    const seconds = (performance.now() - started) / 1000;
    const until = performance.now() + QUIET_EXIT;
    while (processesOf(mark).length > 0 && performance.now() < until) await sleep(50);
    return { code, stderr, seconds, left: processesOf(mark).length };
  }

  /** What is wrong after a fault, or ''. */
  wrong({ code, stderr, left }: Outcome, expected?: RegExp): string {
    if (code === 0) return 'exit code 0';
    if (left > 0) return `${left} processes left`;
    const notebook = readFileSync(this.notebook, 'utf8');
    if (notebook !== this.old && notebook !== this.fresh.notebook)
      return 'the notebook is neither old nor new';
    const model = read(this.model);
    if (model !== '' && model !== this.fresh.model) return 'the model is neither old nor new';
    if (expected && !expected.test(stderr)) return `it said ${JSON.stringify(stderr.slice(0, 200))}`;
    return /^\s+at .*(node:|node_modules)/m.test(stderr) ? 'a stack in the message' : '';
  }

  /** True when an undisturbed run works and writes what it always writes. */
  async works(): Promise<boolean> {
    const { code, left } = await this.run();
    return code === 0 && left === 0 && this.isFresh();
  }

  /** True when notebook and model are what an undisturbed run writes. */
  isFresh(): boolean {
    return read(this.notebook) === this.fresh.notebook && read(this.model) === this.fresh.model;
  }

  /** Takes what the last run wrote as what every undisturbed run must write. */
  learn(): void {
    this.fresh = { notebook: read(this.notebook), model: read(this.model) };
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The processes, except zombies, that carry the mark of a run. */
function processesOf(mark: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.filter((pid) => read(`/proc/${pid}/environ`).includes(`${MARK}=${mark}`)).map(Number);
}

/** The kernel's process of a run, once it is there. */
export const kernelOf = (mark: string) => {
  return processesOf(mark).find((pid) => read(`/proc/${pid}/cmdline`).includes('launchTslab'));
};
