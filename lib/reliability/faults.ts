/**
 * `npm run reliability -- faults [--moments N] [--notebook FILE]`: breaks the main job in every way that a machine or a user
 * can, and checks each time that it ended with an exit code other than 0 and a sentence, left no process, left notebook
 * and model whole (the old bytes or the new ones), and that the next run works. Linux, as root where disks are made.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../errors';
import { type Harm, kernelOf, Workplace } from './parts/workplace';

/** Moments spread over a run of `seconds`, the same in every run of this harness. */
const momentsOf = (count: number, seconds: number) => {
  return Array.from({ length: count }, (_, i) => (((i + 1) * 0.618034) % 1) * seconds * 1000);
};

/** What a cell can do to the run, and what is said then. */
const CELLS: Record<string, [source: string, message: RegExp]> = {
  'a cell throws': ['throw new Error("no")', /^Cell 1 of 1 failed:.*Error: no/s],
  'a cell has a type error': ['const x: number = "a"', /^Cell 1 of 1 failed:.*not assignable/s],
  'a cell rejects later': [
    'setTimeout(() => Promise.reject(new Error("late")), 50)',
    /^Cell 1 .*Error: late/s,
  ],
  'a cell ends the process': ['process.exit(0)', /^Cell 1 of 1 failed: it ended the kernel's process/],
  'a cell prints 100 MB': [
    'const l = "x".repeat(1e5); for (let i = 0; i < 1e3; i++) console.log(l)',
    /more than 8 MB/,
  ],
  'a cell fills the memory': [
    'const a: any[] = []; for (;;) a.push(new Array(1e5).fill(0).map(() => ({})))',
    /memory/,
  ],
};

/** Makes a disk of that size at a folder for the time of `work`; false where only root may. */
async function withDisk(folder: string, options: string, work: () => Promise<void>): Promise<boolean> {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]).status !== 0) return false;
  try {
    await work();
  } finally {
    spawnSync('umount', [folder]);
  }
  return true;
}

/** Runs the harness and prints its table. */
export async function main(args: string[]): Promise<void> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const moments = Number(option('--moments') ?? 3);
  if (!(moments > 0)) throw new InputError(`--moments needs a number of moments, got ${option('--moments')}`);
  const place = new Workplace(
    resolve(
      process.env.INIT_CWD ?? '.',
      option('--notebook') ?? join(__dirname, '..', '..', 'notebook.ipynb'),
    ),
  );
  try {
    await tryAll(place, moments);
  } finally {
    rmSync(place.folder, { recursive: true, force: true });
  }
}

/** Where a fault is tried: the environment, another notebook, a disk for models/ with these options of mount. */
interface Where {
  env?: NodeJS.ProcessEnv;
  notebook?: string;
  disk?: string;
}

async function tryAll(place: Workplace, moments: number): Promise<void> {
  const table: Record<string, { tried: number; survived: number; message: string }> = {};
  const problems: string[] = [];
  /** Tries one kind of fault several times, then an undisturbed run. */
  const attempt = async (fault: string, harms: Harm[], expected?: RegExp, where: Where = {}) => {
    const row = { tried: 0, survived: 0, message: '' };
    const once = async (harm: Harm) => {
      row.tried++;
      const outcome = await place.run(harm, where.env, where.notebook);
      // A harm that came after the end did nothing: then the run must be as if undisturbed.
      const wrong = outcome.code === 0 && place.isFresh() ? '' : place.wrong(outcome, expected);
      if (wrong) problems.push(`${fault}: ${wrong}`);
      else row.survived++;
      row.message = outcome.stderr.trim() || row.message;
    };
    for (const harm of harms) {
      place.reset();
      if (!where.disk) await once(harm);
      else if (!(await withDisk(dirname(place.model), where.disk, () => once(harm))))
        row.message = 'needs root';
    }
    if (!(await place.works())) {
      row.survived = 0;
      problems.push(`${fault}: the next run does not work`);
    }
    // A failed cell is told in several lines, the last of which says why.
    const lines = row.message.split('\n').filter((line) => line && !/^\s+at /.test(line));
    const message = (lines[0]?.endsWith('failed:') ? lines.at(-1) : lines[0]) ?? '';
    table[fault] = { ...row, message: message.slice(0, 80) };
    console.log(`${fault}: ${row.survived} of ${row.tried} survived`);
  };

  const first = await place.run();
  if (first.code !== 0) throw new InputError(`The run without a fault fails: ${first.stderr}`);
  place.learn();
  console.log(`The main job takes ${first.seconds.toFixed(1)} s; ${moments} moments of each kind`);

  const times = momentsOf(moments, first.seconds);
  const kill = (signal: NodeJS.Signals) =>
    times.map(
      (ms): Harm =>
        (run) =>
          sleep(ms).then(() => run.kill(signal)),
    );
  const killKernel = times.map(
    (ms): Harm =>
      async (_, mark) => {
        await sleep(ms);
        const kernel = kernelOf(mark);
        if (kernel) process.kill(kernel, 'SIGKILL');
      },
  );
  await attempt('kill -9 of the runner', kill('SIGKILL'));
  await attempt('kill -9 of the kernel and its worker threads', killKernel, /kernel was killed/);
  await attempt('Ctrl-C', kill('SIGINT'), /^Stopped|^$/);
  await attempt('SIGTERM', kill('SIGTERM'), /^Stopped|^$/);

  const loop = place.write('loop', 'console.log(1); for (;;);');
  const interrupt: Harm = async (run, mark) => {
    while (!kernelOf(mark)) await sleep(50);
    await sleep(times[0]!);
    run.kill('SIGINT');
  };
  await attempt('a cell loops for ever, Ctrl-C', [interrupt], /^Stopped/, { notebook: loop });
  for (const [fault, [source, message]] of Object.entries(CELLS)) {
    const env = { NODE_OPTIONS: '--max-old-space-size=400' };
    await attempt(fault, [() => {}], message, { env, notebook: place.write('bad', source) });
  }

  const another: Harm = async (_, mark) => {
    while (!kernelOf(mark)) await sleep(50);
    const outcome = await place.run();
    if (outcome.code !== 1 || !/^Another npm start/.test(outcome.stderr))
      problems.push(`second: ${outcome.stderr}`);
  };
  await attempt('two npm start at once', [another], undefined);
  await attempt('a clock that jumps by days', [() => {}], undefined, {
    env: { NODE_OPTIONS: `--require ${place.clock()}` },
  });

  await attempt('the disk of models/ is full', [() => {}], /ENOSPC/, { disk: 'size=64k' });
  await attempt('models/ is read-only', [() => {}], /EROFS/, { disk: 'ro' });

  console.table(table);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
