/**
 * `npm run reliability -- faults [--moments N] [--only 'TEXT|TEXT']`: breaks the main job in every way that a machine or
 * a user can, some at N moments of its run. Each time it must end with an exit code other than 0 and a sentence, or go on
 * where the fault does not concern it. It must leave no process, and leave notebook, model and card whole, in the old
 * bytes or the new ones. The next run must work. The program runs on Linux; disks, limits and other users need root. A
 * fault that could not be made, or that came too late, is not counted as tried.
 */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { InputError } from '../../forest/src/index';
import { Kernel } from '../../jupyter/kernelProcess';
import * as harm from './parts/harms';
import { type Harm, type How, kernelOf, type Outcome, read, Workplace } from './parts/workplace';

const TRACKS = 6000;
const FEW_TRACKS = 400;
/** A user with no rights, for whom permissions count. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined;

/** The things that a cell can do to the run, and the message that must follow. */
const CELLS: Record<string, [source: string, says: RegExp]> = {
  'a cell throws': ['throw new Error("no")', /^Cell 1 of 1 failed:.*Error: no/s],
  'a cell has a type error': ['const x: number = "a"', /^Cell 1 of 1 failed:.*not assignable/s],
  'a cell rejects later': [
    'setTimeout(() => Promise.reject(new Error("late")), 50)',
    /^Cell 1 .*Error: late/s,
  ],
  'a cell ends the process': ['process.exit(0)', /^Cell 1 of 1 failed: it ended the kernel's process/],
  'a cell ends the process later': ['setTimeout(() => process.exit(0), 50)', /^Cell 1 of 1 failed: it ended/],
  'a cell ends the process, not that of its child': [
    "require('child_process').spawn('sleep', ['600'], { stdio: 'inherit' }); setTimeout(() => process.exit(0), 300); await new Promise(() => {});",
    /^Cell 1 of 1 failed: it ended the kernel's process/,
  ],
  'a cell prints 100 MB': [
    'const l = "x".repeat(1e5); for (let i = 0; i < 1e3; i++) console.log(l)',
    /more than 8 MB/,
  ],
  'a cell prints for ever': ['for (;;) console.log("x".repeat(1e3))', /more than 8 MB/],
  'a worker throws': [
    "new (require('worker_threads').Worker)('throw new Error(\"in it\")', { eval: true }); await new Promise((f) => setTimeout(f, 9e4));",
    /^Cell 1 .*Error: in it/s,
  ],
  'a worker fills its memory': [
    "new (require('worker_threads').Worker)('const a = []; for (;;) a.push({})', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } }); await new Promise((f) => setTimeout(f, 9e4));",
    /^Cell 1 .*memory/s,
  ],
  "one of the forest's workers ends": [
    `const threads = require('node:worker_threads'); const { Worker } = threads;
threads.Worker = class extends Worker { constructor(...all: any[]) { super(...all); setTimeout(() => this.terminate(), 200); } };
import { RandomForestRegressor } from './lib/index';
const rows = Array.from({ length: 3e4 }, (_, i) => Array.from({ length: 10 }, (_, j) => Math.sin(i * (j + 1) * 7)));
await new RandomForestRegressor({ nEstimators: 500, randomState: 1 }).fit(rows, rows.map((row) => row[0] + row[1]));`,
    /^Cell 1 .*worker thread of the forest ended/s,
  ],
};

const STOPPED = "process.kill(process.pid, 'SIGSTOP')";

/** One line of the table. */
interface Fault {
  name: string;
  place: Workplace;
  harms?: Harm[];
  how?: How;
  scene?: harm.Scene;
  /** The words that stderr must hold (in a terminal, any output). */
  says?: RegExp | ((outcome: Outcome) => boolean);
  /** The fault does not concern the run, which must succeed. */
  goesOn?: boolean;
}

/** Lines of Node's own, which do not help a user. */
const NOISE = /^\s+at .*(node:|node_modules)|^Node\.js v|^\(node:\d+\)|Unhandled 'error'/m;

/** The fault in the end of a run, or ''. */
function wrongEnd({ name: _, place, says = /^$/, goesOn, how }: Fault, outcome: Outcome): string {
  const { code, out, err, left, struck } = outcome;
  const said = JSON.stringify((err || out).slice(-300));
  if (left > 0) return `exit code ${code} and ${left} processes left, it said ${said}`;
  if (goesOn || !struck) {
    if (code !== 0) return `exit code ${code}, it said ${said}`;
    return how?.notebook || place.isFresh() ? '' : 'it wrote other bytes';
  }
  if (code === 0) return 'exit code 0';
  if (code === 'never') return 'it hangs';
  if (NOISE.test(err) || (how?.through && NOISE.test(out))) return `it said ${said}`;
  const isSaid =
    typeof says === 'function' ? says(outcome) : says.test(how?.through === 'terminal' ? out : err);
  return isSaid ? place.wrongFiles() : `it said ${said}`;
}

/** Two kernels launch the demo at once, while another program may have its port. */
async function launchTwice(place: Workplace, taken: boolean): Promise<void> {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as { port: number };
  if (!taken) await new Promise((done) => other.close(done));
  const source = `import * as lib from './lib/index';
const demo = await lib.launchDemo(lib.loadModel('models/model.json'), { port: ${port} }); console.log(demo.url);`;
  let said = '';
  const start = () =>
    Kernel.start(place.folder, process.env, ({ content }) => {
      said += content.text ?? '';
    });
  const kernels = await Promise.all([start(), start()]);
  try {
    const replies = await Promise.all(kernels.map((kernel) => kernel.execute(source)));
    if (replies.some(({ status }) => status !== 'ok')) throw new Error(said);
    const urls = said.trim().split('\n');
    if (new Set(urls).size !== 2 || urls.includes(`http://127.0.0.1:${port}/`) === taken)
      throw new Error(`two demos at ${urls.join(' and ')}, wanted ${port}, taken: ${taken}`);
    for (const url of urls) if (!(await fetch(url)).ok) throw new Error(`the demo at ${url} does not answer`);
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.stop()));
    if (taken) other.close();
  }
}

/** All faults, in the order in which they are tried. */
function faultsOf(whole: Workplace, few: Workplace, moments: number) {
  const faults: Fault[] = [];
  const add = (name: string, place: Workplace, more: Partial<Fault>) => faults.push({ name, place, ...more });
  const stopped = /^Stopped: .*\n$/;
  const some = harm.momentsOf(5);
  /** The terminal writes ^C where the cursor stands, which may be at the beginning of the line. */
  const inTerminal = /^(\^C)*Stopped: /m;
  const shown = ({ out }: Outcome) => !/^Running/m.test(out) || inTerminal.test(out);
  for (const [place, parts] of [
    [whole, harm.momentsOf(moments)],
    [few, some],
  ] as const) {
    const at = (strike: Harm) => parts.map((part) => harm.after(() => part * place.seconds * 1000, strike));
    add('kill -9 of the runner', place, { harms: at(harm.signal('SIGKILL')) });
    const died = /^(Cell \d+ of \d+ failed: )?the kernel was killed/;
    add('kill -9 of the kernel', place, { harms: at(harm.killKernel), says: died });
    add('kill -9 of a worker thread', place, { harms: at(harm.killWorker), says: died });
    add('Ctrl-C in a terminal', place, {
      harms: at(harm.ctrlC),
      says: shown,
      how: { through: 'terminal' },
    });
  }
  const at = (strike: Harm) => some.map((part) => harm.after(() => part * few.seconds * 1000, strike));
  const early = ({ code, err }: Outcome) => stopped.test(err) || (typeof code === 'string' && err === '');
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    add(`${name} to the runner`, few, { harms: at(harm.signal(name)), says: early });
  const twice: Harm = async (run) => {
    const isStruck = await harm.ctrlC(run);
    await harm.after(() => 30, harm.ctrlC)(run);
    return isStruck;
  };
  add('Ctrl-C twice in a terminal', few, { harms: at(twice), says: shown, how: { through: 'terminal' } });
  add('the terminal is closed', few, {
    harms: at(harm.signal('SIGKILL')),
    says: () => true, // nobody sees it
    how: { through: 'terminal' },
  });
  add('SIGTERM to npm', few, {
    harms: at(harm.signal('SIGTERM')),
    says: () => true,
    how: { through: 'npm' },
  });
  add('kill -9 of the runner as the kernel starts', few, {
    harms: [0, 20, 50].map((ms) => harm.afterKernel(ms, harm.signal('SIGKILL'))),
  });
  for (const file of ['model.json', 'README.md', 'notebook.ipynb']) {
    for (const step of harm.STEPS) {
      const how = {
        env: { NODE_OPTIONS: harm.crashOptions(few), FAULT_FILE: file, FAULT_STEP: step },
      };
      const says = file === 'notebook.ipynb' ? /^$/ : /^Cell 28 of 30 failed: the kernel was killed/;
      add(`kill -9 when ${file} is ${step}`, few, { how, says });
    }
  }

  const cell = (name: string, source: string) => ({ notebook: few.write(name, source) });
  const env = { NODE_OPTIONS: '--max-old-space-size=400' };
  for (const [name, [source, says]] of Object.entries(CELLS))
    add(name, few, { says, how: cell(name.replaceAll(/\W+/g, '-'), source) });
  const full = 'const a: any[] = []; for (;;) a.push(new Array(1e5).fill(0).map(() => ({})))';
  add("a cell fills JavaScript's memory", few, {
    says: /^Cell 1 of 1 failed: the kernel ran out of memory/,
    how: { env, ...cell('full', full) },
  });
  const before = harm.memoryLimit('faults', 1e9);
  if (before)
    add("a cell fills the machine's memory (1 GB)", few, {
      says: /^Cell 1 of 1 failed: the kernel was killed/,
      how: { before, ...cell('all', 'const a: Buffer[] = []; for (;;) a.push(Buffer.alloc(1e7, 1))') },
    });
  const ready = 1500;
  const endless = {
    'a cell loops for ever': 'console.log(1); for (;;);',
    'a cell stops its process': STOPPED,
    'a cell ignores signals':
      "for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => {}); await new Promise(() => {});",
  };
  for (const [name, source] of Object.entries(endless)) {
    const how = cell(name.replaceAll(' ', '-'), source);
    add(`${name}, Ctrl-C`, few, {
      harms: [harm.afterKernel(ready, harm.ctrlC)],
      says: inTerminal,
      how: { ...how, through: 'terminal' },
    });
    // A kernel that is stopped cannot see that its runner is gone, and nothing is left to end it.
    if (source !== STOPPED)
      add(`${name}, kill -9 of the runner`, few, {
        harms: [harm.afterKernel(ready, harm.signal('SIGKILL'))],
        how,
      });
  }

  const second = (path: string, refused: boolean, place = few): Harm => {
    return async (run) => {
      await harm.awaited(run, () => kernelOf(run.mark));
      const { code, err } = await place.run(undefined, { notebook: path });
      const isRefused =
        code === 1 && /^Another npm start is running in this folder \(process \d+\)/.test(err);
      if (refused ? !isRefused : code !== 0) throw new Error(`the second ended with ${code}: ${err}`);
      return !run.hasEnded() || !refused;
    };
  };
  const link = `${few.folder} link`;
  const beside = new Workplace(FEW_TRACKS, few.folder);
  rmSync(link, { force: true });
  symlinkSync(few.folder, link);
  const same = ['next.ipynb', 'notebook.ipynb'].map((name) => second(join(few.folder, name), true));
  add('two npm start at once in one folder', few, { harms: same, goesOn: true });
  add('the same, its folder by another name', few, {
    harms: [second(join(link, 'next.ipynb'), true)],
    goesOn: true,
  });
  add('two npm start at once in two folders', few, {
    harms: [second(join(beside.folder, 'notebook.ipynb'), false, beside)],
    goesOn: true,
  });
  for (const taken of [false, true])
    add(`two notebooks launch the demo${taken ? ', its port is taken' : ''}`, few, {
      harms: [() => launchTwice(few, taken).then(() => true)],
      how: { notebook: join(few.folder, 'next.ipynb') },
      goesOn: true,
    });

  const long = join(few.temporary, 'x'.repeat(90));
  const tcp: How = { env: { TMPDIR: long } };
  for (const name of ['shell', 'iopub', 'stdin', 'control', 'hb'])
    add(`the kernel's ${name} port is taken`, few, {
      scene: harm.between(['mkdir', '-p', long], ['rm', '-r', long]),
      harms: [harm.takePort(`${name}_port`, long)],
      says: /ports were taken meanwhile: run it again\n$/,
      how: tcp,
    });
  add('a clock that jumps by days', few, {
    how: { env: { NODE_OPTIONS: harm.clockOptions(few) } },
    goesOn: true,
  });

  add('stdin is closed', few, { how: { redirect: '<&-' }, goesOn: true });
  add('stdout is closed', few, { how: { redirect: '>&-' }, goesOn: true });
  const deaf = /^Stopped because the output cannot be written .*\n$/;
  add('stdout is a full disk', few, { how: { redirect: '>/dev/full' }, says: deaf });
  const unread: Harm = (run) => Boolean(run.child.stdout!.destroy());
  add('nobody reads stdout any more (| head -1)', few, {
    harms: [harm.after(() => 0, unread), harm.afterKernel(0, unread), harm.afterKernel(1500, unread)],
    says: deaf,
  });

  const edit = (path: string, change: (text: string) => string, ms: number) =>
    harm.afterKernel(ms, () => {
      writeFileSync(path, change(readFileSync(path, 'utf8')));
      return true;
    });
  const gone: Harm = () => {
    rmSync(few.dataset);
    return true;
  };
  add('the table is removed before it is read', few, {
    harms: [harm.afterKernel(0, gone)],
    says: /^There is no file dataset\/spotify_tracks\.csv: .*\n$/,
  });
  add('the table is removed after it was read', few, {
    harms: [harm.afterWords('3. Explore', gone)],
    goesOn: true,
  });
  add('the table is cut off before it is read', few, {
    harms: [edit(few.dataset, (text) => text.slice(0, 30_000), 0)],
    says: /^dataset\/spotify_tracks\.csv\b.*line.*\n$/,
  });

  const models = few.models;
  const old = (scene: harm.Scene) => harm.onDisk(models, () => few.reset(), scene);
  const unwritten = (code: string) =>
    new RegExp(`^model\\.json could not be written and is unchanged: ${code}[^\\n]*\\n$`);
  const noSpace = unwritten('ENOSPC');
  add('the disk of models/ is full', few, { scene: old(harm.filled(models, 'bytes')), says: noSpace });
  add('the disk of models/ has no room for a file', few, {
    scene: old(harm.filled(models, 'files')),
    says: noSpace,
  });
  const remount = (how: string, folder: string) => ['mount', '-o', `remount,${how}`, folder];
  add('models/ is read-only', few, {
    scene: old(harm.between(remount('ro', models), remount('rw', models))),
    says: unwritten('EROFS'),
  });
  // Folder and notebook on one disk, temporary files on another, or the other way round.
  const disk = `${few.folder} disk`;
  const plain = 'console.log("x".repeat(1e5))';
  const small = (text: string) => `${disk}/${text}`;
  const unsaved = /^small\.ipynb could not be written and is unchanged: ENOSPC[^\n]*\n$/;
  for (const what of ['bytes', 'files'] as const) {
    const words = what === 'bytes' ? 'is full' : 'has no room for a file';
    add(`the disk of the notebook ${words}`, few, {
      scene: harm.onDisk(disk, () => few.write('small', plain, disk), harm.filled(disk, what)),
      says: unsaved,
      how: { notebook: small('small.ipynb') },
    });
    add(`the disk of temporary files ${words}`, few, {
      scene: harm.onDisk(disk, () => {}, harm.filled(disk, what)),
      says: /^The folder for temporary files cannot be used .*ENOSPC.*$/m,
      how: { env: { TMPDIR: disk }, through: 'npm' },
    });
  }
  add('the folder for temporary files is a file', few, {
    says: /^The folder for temporary files cannot be used \(TMPDIR names another\): .*$/m,
    how: { env: { TMPDIR: join(few.folder, 'next.ipynb') }, through: 'npm' },
  });

  if (NOBODY !== undefined) {
    const own = (...paths: string[]) => ['chown', String(NOBODY), few.folder, models, ...paths];
    const disown = ['chown', '-R', '0', few.folder];
    const notebook = join(few.folder, 'notebook.ipynb');
    const files = [notebook, join(models, 'model.json'), join(models, 'README.md')];
    add("models/ is not the user's", few, {
      scene: harm.between(['chown', String(NOBODY), few.folder, ...files], disown),
      says: unwritten('EACCES'),
      how: { uid: NOBODY },
    });
    add("the notebook's folder is not the user's", few, {
      scene: harm.between(['chown', String(NOBODY), models, ...files], disown),
      says: /^notebook\.ipynb could not be written and is unchanged: EACCES[^\n]*\n$/,
      how: { uid: NOBODY },
    });
    add("the notebook is not the user's", few, {
      scene: harm.between(own(), disown),
      says: /^notebook\.ipynb could not be written and is unchanged: EACCES[^\n]*\n$/,
      how: { uid: NOBODY },
    });
  }
  add('the notebook is edited while it runs', few, {
    harms: [edit(join(few.folder, 'edited.ipynb'), (text) => `${text} `, 500)],
    says: /^edited\.ipynb was changed .*\n$/,
    how: cell('edited', 'await new Promise((f) => setTimeout(f, 3000))'),
  });
  return { faults, link };
}

/** Runs the harness and prints its table. */
export async function main(args: string[]): Promise<void> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const moments = Number(option('--moments') ?? 3);
  if (!(moments > 0 && moments % 1 === 0))
    throw new InputError(`--moments needs a number of moments, got ${option('--moments')}`);
  const [whole, few] = [new Workplace(TRACKS), new Workplace(FEW_TRACKS)];
  const table: Record<string, unknown>[] = [];
  const problems: string[] = [];
  let link = '';
  try {
    const only = (option('--only') ?? '').split('|');
    const isWanted = ({ name, place }: Fault) =>
      only.some((text) => `${name} (${place.tracks})`.includes(text));
    for (const place of [whole, few]) {
      const { code, err } = await place.run();
      if (code !== 0) throw new InputError(`The run without a fault fails: ${err}`);
      place.learn();
      console.log(`The main job takes ${place.seconds.toFixed(1)} s with ${place.tracks} tracks`);
    }
    const list = faultsOf(whole, few, moments);
    link = list.link;
    for (const fault of list.faults.filter(isWanted)) {
      const row = await tryFault(fault, (problem) => {
        problems.push(`${fault.name}: ${problem}`);
        console.log(problem);
      });
      table.push(row);
      console.log(JSON.stringify(row));
    }
  } finally {
    for (const place of [whole, few]) place.remove();
    rmSync(link, { force: true });
  }
  console.table(table);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}

/** Tries one kind of fault. The run after each try, and an undisturbed run at the end, must work. */
async function tryFault(fault: Fault, complain: (problem: string) => void): Promise<Record<string, unknown>> {
  const { place, name, harms = [() => true], scene = (work) => work().then(() => true) } = fault;
  const row = { fault: name, tracks: place.tracks, tried: 0, survived: 0, said: '' };
  for (const harm of harms) {
    place.reset();
    let wrong = '';
    const { notebook } = fault.how ?? {};
    const isPossible = await scene(async () => {
      const trouble: string[] = [];
      const guarded: Harm = async (run) => {
        try {
          return await harm(run);
        } catch (error) {
          trouble.push((error as Error).message);
          return true;
        }
      };
      const before = notebook && read(notebook);
      let outcome = await place.run(guarded, fault.how);
      // The machine may have become faster. A run that ended first tells how long a run takes now.
      for (let again = 0; !outcome.struck && outcome.code === 0 && again < 3; again++) {
        place.reset();
        outcome = await place.run(guarded, fault.how);
      }
      wrong = trouble[0] ?? wrongEnd(fault, outcome);
      const isKept = notebook === undefined || fault.goesOn || read(notebook).trimEnd() === before;
      if (!isKept) wrong ||= `${notebook} was changed`;
      if (outcome.struck) row.tried++;
      else if (!wrong) row.survived--; // neither counts
      row.said = lastSentence(outcome, fault.how) || row.said;
    });
    if (!isPossible) {
      row.said = 'cannot be done here';
      continue;
    }
    wrong ||= await place.wrongNext();
    if (wrong) complain(wrong);
    else row.survived++;
  }
  // A fault that met another notebook can have done nothing to this one.
  const wrong = fault.how?.notebook ? '' : await place.wrongWhole();
  if (wrong) {
    complain(wrong);
    row.survived = 0;
  }
  return row;
}

/** The last line of the output, or the first where a cell's source follows; stacks are left out. */
function lastSentence({ out, err }: Outcome, how?: How): string {
  const lines = (how?.through ? out : err).split(/\r?\n/).filter((line) => line && !/^\s+at /.test(line));
  const first = lines.find((line) => /^(Cell|Stopped)/.test(line)) ?? lines[0] ?? '';
  return (
    /failed:$/.test(first) ? lines.at(-1)! : how?.through ? (/^Stopped/.test(first) ? first : '') : first
  ).slice(0, 90);
}
