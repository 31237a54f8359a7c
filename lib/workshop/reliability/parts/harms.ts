/** The harm that faults.ts does to a run, and to the disks, ports and memory that the run uses. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Harm, kernelOf, killSafely, type Run, type Workplace } from './workplace';

/** Moments spread over a run, as parts of its time: the same in every run of the harness. */
export const momentsOf = (count: number) => Array.from({ length: count }, (_, i) => ((i + 1) * 0.618034) % 1);

/** Waits for a thing to be there while the run goes on; undefined when the run ended before. */
export async function awaited<T>(run: Run, look: () => T | undefined): Promise<T | undefined> {
  for (;;) {
    const found = look();
    if (found !== undefined || run.hasEnded()) return found;
    await sleep(5);
  }
}

/** Strikes after so many milliseconds, unless the run has ended. */
export const after =
  (milliseconds: () => number, strike: Harm): Harm =>
  async (run) => {
    await sleep(milliseconds());
    return !run.hasEnded() && strike(run);
  };

/** Strikes so many milliseconds after the kernel's process has appeared. */
export const afterKernel =
  (milliseconds: number, strike: Harm): Harm =>
  async (run) => {
    await awaited(run, () => kernelOf(run.mark));
    return after(() => milliseconds, strike)(run);
  };

/** Strikes once the run has said these words. */
export const afterWords =
  (words: string, strike: Harm): Harm =>
  async (run) => {
    let said = '';
    run.child.stdout!.on('data', (text) => (said += text));
    const isSaid = await awaited(run, () => said.includes(words) || undefined);
    return isSaid !== undefined && strike(run);
  };

/** A signal to the run's first process alone, as `kill` sends it. */
export const signal =
  (name: NodeJS.Signals): Harm =>
  ({ child }) =>
    child.kill(name);

/** Ctrl-C at the terminal, which reaches every process in its foreground. */
export const ctrlC: Harm = ({ child }) => child.stdin!.write('\x03');

export const killKernel: Harm = ({ mark }) => killSafely(kernelOf(mark));

/** kill -9 by the number of the kernel's youngest thread: a worker's, where there is one. */
export const killWorker: Harm = ({ mark }) => {
  const kernel = kernelOf(mark);
  if (kernel === undefined) return false;
  return killSafely(Math.max(...readdirSync(`/proc/${kernel}/task`).map(Number)));
};

/** The steps of replacing a file, after each of which a process can die. */
export const STEPS = ['opened', 'half written', 'written', 'synced', 'renamed'];

/** NODE_OPTIONS for processes that kill themselves at FAULT_STEP of replacing FAULT_FILE. */
export function crashOptions(place: Workplace): string {
  return required(
    place,
    'crash',
    `const fs = require('node:fs');
const { FAULT_FILE: file, FAULT_STEP: step } = process.env;
let fd = -1;
const at = (name) => name === step && process.kill(process.pid, 'SIGKILL');
const wrap = (name, around) => {
  const real = fs[name];
  fs[name] = (...args) => around(real, ...args);
};
const isOurs = (path) => String(path).includes('/.' + file + '.');
wrap('openSync', (open, path, ...rest) => {
  const opened = open(path, ...rest);
  if (isOurs(path)) fd = opened;
  if (fd === opened) at('opened');
  return opened;
});
wrap('writeFileSync', (write, to, data, ...rest) => {
  if (to === fd && step === 'half written') write(to, data.slice(0, data.length / 2));
  if (to === fd) at('half written');
  write(to, data, ...rest);
});
wrap('fsyncSync', (sync, to) => {
  if (to === fd) at('written');
  sync(to);
});
wrap('renameSync', (rename, from, to) => {
  if (isOurs(from)) at('synced');
  rename(from, to);
  if (isOurs(from)) at('renamed');
});`,
  );
}

/** NODE_OPTIONS for a calendar that jumps by two days at every look at it. */
export function clockOptions(place: Workplace): string {
  return required(
    place,
    'clock',
    `const Real = Date;
let jump = 864e5;
globalThis.Date = class Date extends Real {
  constructor(...args) { super(...(args.length > 0 ? args : [Date.now()])); }
  static now() { return Real.now() + (jump = -jump); }
};`,
  );
}

function required(place: Workplace, name: string, source: string): string {
  const path = join(place.folder, `${name}.cjs`);
  writeFileSync(path, source);
  return `--require "${path}"`;
}

/** Takes one of the kernel's five ports between its choice and its use, and keeps it until the run ends. */
export const takePort =
  (name: string, temporary: string): Harm =>
  async (run) => {
    const port = await awaited(run, () => {
      const [folder] = readdirSync(temporary).filter((name) => name.startsWith('tslab-'));
      const file = folder && join(temporary, folder, 'connection.json');
      const text = file && existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text.endsWith('}') ? (JSON.parse(text)[name] as number) : undefined;
    });
    const server = createServer();
    run.child.once('exit', () => server.close());
    return new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
  };

/** Prepares a try and clears up after it; false where this machine or user cannot. */
export type Scene = (work: () => Promise<void>) => Promise<boolean>;

/** A small disk over a folder, with what `furnish` puts there, on which another scene is set. */
export const onDisk =
  (folder: string, furnish: () => void, scene: Scene): Scene =>
  async (work) => {
    mkdirSync(folder, { recursive: true });
    const options = 'size=64m,nr_inodes=20000';
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]).status !== 0) return false;
    try {
      furnish();
      return await scene(work);
    } finally {
      spawnSync('umount', ['--lazy', folder]);
    }
  };

/** No room for bytes, or for files, on the disk of a folder. */
export const filled =
  (folder: string, what: 'bytes' | 'files'): Scene =>
  async (work) => {
    const fill = join(folder, 'fill');
    mkdirSync(fill);
    const piece = Buffer.alloc(what === 'bytes' ? 4096 : 0);
    try {
      for (let i = 0; ; i++) writeFileSync(join(fill, String(i)), piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
    try {
      await work();
    } finally {
      rmSync(fill, { recursive: true });
    }
    return true;
  };

/** Commands before and after, such as `['mount', '-o', 'remount,ro', folder]`. */
export const between =
  (before: string[], behind: string[]): Scene =>
  async (work) => {
    if (spawnSync(before[0], before.slice(1)).status !== 0) return false;
    try {
      await work();
    } finally {
      spawnSync(behind[0], behind.slice(1));
    }
    return true;
  };

/** The shell command that limits its memory to so many bytes, or undefined where there is no such limit. */
export function memoryLimit(name: string, bytes: number): string | undefined {
  for (const [group, limit] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ]) {
    const folder = join(group!, name);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, limit!), String(bytes));
      return `echo $$ > ${folder}/cgroup.procs`;
    } catch {
      // another kind of groups, or none
    }
  }
  return undefined;
}
