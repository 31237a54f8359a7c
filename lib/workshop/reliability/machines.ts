/**
 * `npm run reliability -- machines [--only PART]` runs the README's commands in clones of this checkout's last commit, on
 * every supported Node (from npm) and on machines that differ in language, time zone, cores, folder or network.
 * `npm start` must write the committed bytes, `npm test` pass, `npm run demo` answer the same everywhere. Then
 * it tries set-up with half-installed packages and with a Node that is too old, and measures the installation. It needs
 * Linux and root.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { InputError } from '../../forest/src/index';

const root = join(__dirname, '..', '..', '..');
const MOST_MB = 400;
const MINUTES = 40;

/** The surroundings of the commands, and the commands that run there. */
interface Machine {
  name: string;
  /** The version of Node to take from npm; default: this process's. */
  node?: string;
  env?: NodeJS.ProcessEnv;
  /** The command that runs the commands, with one core or without network. */
  within?: string[];
  folder?: string;
  commands: (keyof typeof COMMANDS)[];
}

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

type Run = (...command: string[]) => Ran;

const failed = (text: string) => `FAILED: ${text.trim().split('\n').slice(-3).join(' ') || 'without a word'}`;

/** The demo's first answer, which all others must equal. */
let answer: string | undefined;

/** Checks of each command. Each returns the table's text, which begins with FAILED if the check failed. */
const COMMANDS = {
  'npm start': (run: Run) => {
    const { status, stderr } = run('npm', 'start');
    if (status !== 0) return failed(stderr);
    const changed = run('git', 'status', '--porcelain').stdout.trim();
    return changed ? `FAILED: other bytes, ${changed.replaceAll('\n', ', ')}` : 'same bytes';
  },
  'npm run demo': (run: Run) => {
    const { status, stdout, stderr } = run(
      'node',
      join('lib', 'workshop', 'reliability', 'parts', 'askDemo.cjs'),
    );
    if (status !== 0) return failed(stderr);
    answer ??= stdout;
    return answer === stdout ? 'same answer' : `FAILED: another answer, ${stdout}`;
  },
  'npm test': (run: Run) => {
    const { status, stdout, stderr } = run('npm', 'test');
    const count = (what: string) => Number(new RegExp(`^(?:#|ℹ) ${what} (\\d+)`, 'm').exec(stdout)?.[1]);
    const counts = `${count('pass')} pass, ${count('fail')} fail, ${count('skipped')} skipped`;
    if (status === 0 && count('pass') > 0) return counts;
    const names = [...stdout.matchAll(/^(?:not ok \d+ - |✖ )(.+)/gm)].map(([, name]) => name);
    return failed(`${counts} ${[...new Set(names)].join('; ')} ${names.length > 0 ? '' : stderr}`);
  },
};

const ALL = ['npm start', 'npm run demo', 'npm test'] as const;
const MACHINES: Machine[] = [
  ...['20.19', '22', '24', '26'].map((node) => ({ name: `Node ${node}`, node, commands: [...ALL] })),
  // Node carries the rules of all languages itself, so a decimal comma or a dotless i would show.
  {
    name: 'Turkish, decimal comma, folder with spaces and signs, UTC+14',
    env: { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
    folder: 'müzik 音楽 (kopya)',
    commands: [...ALL],
  },
  {
    name: 'German, summer time of half an hour',
    env: { LC_ALL: 'de_DE.UTF-8', TZ: 'Australia/Lord_Howe' },
    commands: ['npm start'],
  },
  { name: 'no language, no terminal', env: { LC_ALL: 'C', TERM: 'dumb' }, commands: ['npm start'] },
  { name: 'colours asked for', env: { FORCE_COLOR: '3', CLICOLOR_FORCE: '1' }, commands: ['npm start'] },
  { name: 'one core', within: ['taskset', '-c', '0'], commands: ['npm start', 'npm run demo'] },
  {
    name: 'no network',
    within: ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
    commands: [...ALL],
  },
];

/** A clone of the last commit with the packages of this checkout. */
function clone(folder: string, name = 'clone'): string {
  const place = join(folder, name);
  const made = [
    spawnSync('git', ['clone', '--quiet', root, place], { encoding: 'utf8' }),
    spawnSync('cp', ['-al', join(root, 'node_modules'), join(place, 'node_modules')], { encoding: 'utf8' }),
  ];
  for (const { status, stderr } of made)
    if (status !== 0) throw new InputError(`No clone could be made: ${stderr}`);
  // Tests look for the Python with scikit-learn and JupyterLab here, and for the tutorial's table beside the checkout.
  for (const [from, to] of [
    [join(root, '.venv'), join(place, '.venv')],
    [join(root, '..', 'shared'), join(folder, 'shared')],
  ])
    if (existsSync(from!) && !existsSync(to!)) symlinkSync(from!, to!);
  return place;
}

/** The folder of the programs of that Node, which npm brings. */
function nodeFrom(folder: string, version: string): string {
  const place = join(folder, `node ${version}`);
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const { status, stderr } = spawnSync('npm', ['install', '--silent', '--no-save', '--prefix', place, name], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new InputError(`npm has no Node ${version}: ${stderr}`);
  return join(place, 'node_modules', name.split('@')[0], 'bin');
}

/** Runs commands in a place, on that machine. */
function runner(place: string, folder: string, { node, env, within = [] }: Partial<Machine>): Run {
  const { CI: _, NODE_OPTIONS: __, npm_lifecycle_event: ___, INIT_CWD: ____, ...rest } = process.env;
  const PATH = node ? `${nodeFrom(folder, node)}${delimiter}${rest.PATH}` : rest.PATH;
  return (...command) => {
    const [program, ...args] = [...within, ...command];
    return spawnSync(program!, args, {
      cwd: place,
      env: { ...rest, PATH, ...env },
      encoding: 'utf8',
      timeout: MINUTES * 60_000,
      maxBuffer: 2 ** 29,
    });
  };
}

/** Faults that set-up must notice. Each returns the table's text. */
const SETUP: Record<string, (folder: string) => string> = {
  'node_modules without one package': (folder) => mended(folder, ['node_modules/tslab']),
  'node_modules whose installation was broken off': (folder) => mended(folder, ['node_modules/.complete']),
  'no node_modules; what is installed': (folder) => {
    const place = clone(folder, 'sized');
    rmSync(join(place, 'node_modules'), { recursive: true });
    const run = runner(place, folder, {});
    const { status, stderr } = run('node', 'lib/setup.mjs');
    if (status !== 0) return failed(stderr);
    const mb = Number(run('du', '-sm', 'node_modules').stdout.split('\t')[0]);
    return mb < MOST_MB ? `${mb} MB` : `FAILED: ${mb} MB`;
  },
  'Node 18': (folder) => {
    const { status, stderr } = runner(clone(folder, 'old'), folder, { node: '18' })(
      'npm',
      'start',
      '--silent',
    );
    const isTold = /^This project requires Node 20\.19 or later, got 18\.\S+\n$/.test(stderr);
    return status !== 0 && isTold ? stderr.trim() : failed(stderr);
  },
};

function mended(folder: string, damage: string[]): string {
  const place = clone(folder, 'damaged');
  for (const path of damage) rmSync(join(place, path), { recursive: true });
  const { status, stdout, stderr } = runner(place, folder, {})('npm', 'start');
  rmSync(place, { recursive: true });
  if (status !== 0) return failed(stderr);
  return /^Installing the packages/m.test(stdout) ? 'noticed and mended' : 'FAILED: not noticed';
}

/** Tries all machines and prints the tables. */
export async function main(args: string[]): Promise<void> {
  const only = args[0] === '--only' ? args[1] : args.length === 0 ? '' : undefined;
  if (only === undefined) throw new InputError(`machines takes --only PART of a machine's name, got ${args}`);
  const folder = mkdtempSync(join(tmpdir(), 'machines-'));
  const machines: Record<string, Record<string, string>> = {};
  const setUp: Record<string, string> = {};
  try {
    for (const machine of MACHINES.filter(({ name }) => name.includes(only))) {
      const place = clone(folder, machine.folder);
      const run = runner(place, folder, machine);
      const row: Record<string, string> = {};
      machines[machine.name] = row;
      for (const command of machine.commands) {
        row[command] = COMMANDS[command](run);
        console.log(`${machine.name}, ${command}: ${row[command]}`);
      }
      rmSync(place, { recursive: true });
    }
    for (const [name, tried] of Object.entries(SETUP).filter(([name]) => name.includes(only))) {
      setUp[name] = tried(folder);
      console.log(`${name}: ${setUp[name]}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (Object.keys(machines).length > 0) console.table(machines);
  if (Object.keys(setUp).length > 0) console.table(setUp);
  const said = [...Object.values(machines).flatMap((row) => Object.values(row)), ...Object.values(setUp)];
  if (said.length === 0) throw new InputError(`machines requires a part of a machine's name, got ${only}`);
  if (said.some((outcome) => outcome.startsWith('FAILED'))) process.exitCode = 1;
}
