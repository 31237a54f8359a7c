/** The place where faults.ts runs the notebook, and the checks of the things that a run leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(__dirname, '..', '..', '..', '..');
/** In the environment of every process that a run starts, so that none can hide. */
const MARK = 'FAULT_HARNESS';
const QUIET_EXIT_MS = 5000;
const HANGS_MS = 400_000;

/** The run after a fault: it writes a notebook, and reads the model that the fault has left. */
const NEXT =
  "import { loadModel } from './lib/index';\nconsole.log(loadModel('models/model.json').features.length);";

/** The end of a run, and the number of its processes that did not end. */
export interface Outcome {
  code: number | string;
  out: string;
  err: string;
  left: number;
  /** Whether the harm was done: it may have come too late. */
  struck: boolean;
}

/** A run under way. */
export interface Run {
  child: ChildProcess;
  mark: string;
  hasEnded: () => boolean;
}

/** Harms a run's first process, or one found by its mark; false if the harm came too late. */
export type Harm = (run: Run) => boolean | Promise<boolean>;

/** The ways to start a run. */
export interface How {
  env?: NodeJS.ProcessEnv;
  /** The path of another notebook than the whole one. */
  notebook?: string;
  /** The user that it runs as. */
  uid?: number;
  /** Not the runner alone, but all that npm starts, with or without a terminal of its own. */
  through?: 'npm' | 'terminal';
  /** A shell's redirections for the runner. */
  redirect?: string;
  /** A shell command that runs before the shell becomes the runner. */
  before?: string;
}

/** The files that a run replaces, relative to its folder. */
const FILES = ['notebook.ipynb', 'models/model.json', 'models/README.md'];

/** A notebook in a folder of its own, which sees the project's lib and packages, and a folder for temporary files. */
export class Workplace {
  readonly folder: string;
  readonly models: string;
  readonly temporary: string;
  readonly dataset: string;
  /** How long the last undisturbed run of the whole notebook took. */
  seconds = 0;
  /** The bytes that a run that nothing disturbs leaves in the files that it replaces. */
  fresh: string[] = [];
  /** Their bytes before: other ones, as good. */
  private readonly old = FILES.map((name) => `${readFileSync(join(root, name), 'utf8')}\n`);
  private readonly table: string;

  /**
   * @param tracks how many of the project's tracks its table has
   * @param where the folder to make its own in
   */
  constructor(
    readonly tracks: number,
    where = tmpdir(),
  ) {
    this.folder = mkdtempSync(join(where, 'faults é '));
    this.models = join(this.folder, 'models');
    this.temporary = join(this.folder, 'tmp');
    this.dataset = join(this.folder, 'dataset', 'spotify_tracks.csv');
    chmodSync(this.folder, 0o755);
    for (const name of ['lib', 'node_modules']) symlinkSync(join(root, name), join(this.folder, name));
    for (const folder of [this.models, this.temporary, dirname(this.dataset)]) mkdirSync(folder);
    chmodSync(this.temporary, 0o1777);
    const lines = readFileSync(join(root, 'dataset', 'spotify_tracks.csv'), 'utf8').split('\n');
    this.table = lines.slice(0, tracks + 1).join('\n');
    this.write('next', NEXT);
    this.reset();
  }

  /** Another notebook in this place, or in another folder, of one code cell. */
  write(name: string, source: string, folder = this.folder): string {
    const path = join(folder, `${name}.ipynb`);
    const cell = { cell_type: 'code', id: name, metadata: {}, source, outputs: [], execution_count: null };
    writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    return path;
  }

  /** Puts back what was there before the first run. */
  reset(): void {
    for (const [i, name] of FILES.entries()) writeFileSync(join(this.folder, name), this.old[i]);
    writeFileSync(this.dataset, this.table);
  }

  private start(mark: string, how: How): ChildProcess {
    const { notebook = join(this.folder, 'notebook.ipynb'), uid, through, redirect = '', before = ':' } = how;
    const quoted = (words: string[]) => words.map((word) => `'${word}'`).join(' ');
    const runner = [process.execPath, '--import', 'tsx', join(root, 'lib', 'jupyter', 'start.ts'), notebook];
    const npm = ['npm', 'start', '--', notebook];
    const shell = ['sh', '-c', `${before}; exec ${quoted(runner)} ${redirect}`];
    // As in a terminal, output that comes just after npm has ended is still seen.
    const typed = `trap : INT; ${quoted(npm)}; code=$?; sleep 1; exit $code`;
    const terminal = ['script', '-qefc', typed, '/dev/null'];
    const [command, ...args] = through === 'npm' ? npm : through === 'terminal' ? terminal : shell;
    return spawn(command!, args, {
      cwd: root,
      uid,
      gid: uid,
      env: { ...process.env, TMPDIR: this.temporary, INIT_CWD: this.folder, ...how.env, [MARK]: mark },
    });
  }

  /** Starts a run, does `harm` to it, and waits for its end and that of all it started. */
  async run(harm: Harm = () => true, how: How = {}): Promise<Outcome> {
    const mark = randomUUID();
    const started = performance.now();
    const child = this.start(mark, how);
    const said = { out: '', err: '' };
    child.stdout!.setEncoding('utf8').on('data', (text) => (said.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text) => (said.err += text));
    child.stdin!.on('error', () => {});
    const closed = new Promise((done) => child.once('close', done));
    let ended = false;
    const end = new Promise<number | string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(code ?? signal ?? ''));
    }).finally(() => (ended = true));
    const struck = await harm({ child, mark, hasEnded: () => ended });
    const code = await Promise.race([end, sleep(HANGS_MS, 'never', { ref: false })]);
    const seconds = (performance.now() - started) / 1000;
    const until = performance.now() + QUIET_EXIT_MS;
    while (processesOf(mark).length > 0 && performance.now() < until) await sleep(50);
    const left = processesOf(mark);
    for (const pid of left) killSafely(pid);
    await Promise.race([closed, sleep(2000, undefined, { ref: false })]);
    if (code === 0 && !how.notebook && !how.env) this.seconds = seconds;
    return { code, ...said, left: left.length, struck };
  }

  private files(): string[] {
    return FILES.map((name) => read(join(this.folder, name)));
  }

  /** From here on every undisturbed run must write the bytes of the last run. */
  learn(): void {
    this.fresh = this.files();
  }

  /** True when the files that a run replaces are what an undisturbed run writes. */
  isFresh(): boolean {
    return this.files().every((text, i) => text === this.fresh[i]);
  }

  /** The fault in the files, or ''. */
  wrongFiles(): string {
    const files = this.files();
    const bad = FILES.filter((_, i) => files[i] !== this.old[i] && files[i] !== this.fresh[i]);
    if (bad.length > 0) return `neither old nor new: ${bad.join(', ')}`;
    return files[0] === this.fresh[0] && !this.isFresh() ? 'the notebook is new and the model old' : '';
  }

  /** The fault in a later run, or ''. */
  async wrongNext(): Promise<string> {
    const { code, err, left } = await this.run(undefined, { notebook: join(this.folder, 'next.ipynb') });
    if (code !== 0 || left > 0) return `the next run: exit code ${code}, ${left} processes left, ${err}`;
    const remains = [this.folder, this.models, this.temporary].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^\..*\.tmp$|^tslab-/.test(name))
        .map((name) => join(folder, name)),
    );
    for (const path of remains) rmSync(path, { recursive: true }); // one fault is not blamed for another
    return remains.length > 0 ? `the next run leaves ${remains.join(', ')}` : '';
  }

  /** The fault in an undisturbed run of the whole notebook, or ''. */
  async wrongWhole(): Promise<string> {
    this.reset();
    const { code, err, left } = await this.run();
    if (code !== 0 || left > 0) return `the whole run: exit code ${code}, ${left} processes left, ${err}`;
    return this.isFresh() ? '' : 'the whole run writes other bytes';
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A file's text, or '' where there is none. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The processes, except zombies, that carry the mark of a run. */
export function processesOf(mark: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.filter((pid) => read(`/proc/${pid}/environ`).includes(`${MARK}=${mark}`)).map(Number);
}

/** The process of a run whose command line has a text, or undefined when there is none yet or any more. */
export const processOf = (mark: string, text: string): number | undefined => {
  return processesOf(mark).find((pid) => read(`/proc/${pid}/cmdline`).includes(text));
};

/** The kernel's process of a run. */
export const kernelOf = (mark: string) => processOf(mark, 'launchTslab.cjs');

/** Sends a signal to a process or a thread; false when it is no more. */
export function killSafely(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): boolean {
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}
