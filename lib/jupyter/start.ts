/** `npm start`: runs the notebook from top to bottom and leaves it executed, with models/model.json. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../forest/src/index';
import { whenNpmEnds } from '../npm';
import type { ColumnMap } from '../tracks/columnMap';
import { lockFolder } from './lock';
import { runNotebook } from './runNotebook';
import { parseSetting, type Setting } from './settings';
import { terminalReport } from './terminal';

const USAGE = `Usage: npm start -- [--dataset FILE|URL] [--columns KNOWN=YOURS] [--set NAME=VALUE] [--check] [NOTEBOOK]
  --dataset   the table, in place of the one that the notebook names
  --columns   how your table spells a column, such as tempo=beats; may be given many times
  --set       another setting, such as seed=7 or grid.maxDepth=[4,8]; may be given many times
  --check     only read the table and say how each column was understood`;
const root = join(__dirname, '..', '..');

/** The options of the command line; paths start from the folder in which the user called npm. */
export interface StartOptions {
  notebook: string;
  /** Absolute path or http(s) address of the table; undefined for the one that the notebook names. */
  dataset?: string;
  /** Settings in place of the notebook's own. */
  settings: Setting[];
  /** Whether the table is only read. */
  check: boolean;
}

/** @throws InputError for an unknown or incomplete option */
export function parseStart(args: readonly string[], from: string): StartOptions {
  const options: StartOptions = { notebook: join(root, 'notebook.ipynb'), settings: [], check: false };
  const rest = args.flatMap((arg) => {
    const [, option, value] = /^(--[a-z]+)=(.*)$/s.exec(arg) ?? [];
    return option === undefined ? [arg] : [option, value];
  });
  let notebooks = 0;
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i];
    if (arg === '--dataset') {
      const dataset = rest[++i];
      if (!dataset) throw new InputError(`--dataset needs a file or an address\n${USAGE}`);
      options.dataset = /^https?:\/\//i.test(dataset) ? dataset : resolve(from, dataset);
    } else if (arg === '--set' || arg === '--columns') {
      options.settings.push(settingOf(arg, rest[++i]));
    } else if (arg === '--check') {
      options.check = true;
    } else if (arg.startsWith('-')) {
      throw new InputError(`Unknown option ${arg}\n${USAGE}`);
    } else if (++notebooks > 1) {
      throw new InputError(`Only one notebook can be run at a time, ${arg} is one too many\n${USAGE}`);
    } else {
      options.notebook = resolve(from, arg);
    }
  }
  return options;
}

function settingOf(option: '--set' | '--columns', text: string | undefined): Setting {
  if (!text) throw new InputError(`${option} needs a name and a value\n${USAGE}`);
  const setting = parseSetting(option, text);
  if (option === '--set') return setting;
  // A column may be called 7: what follows the sign is its header as it is.
  const column = text.slice(text.indexOf('=') + 1);
  return { path: ['columns', ...setting.path], value: column, text: `columns.${text}` };
}

/** Files that a killed run had begun to write (see lib/files.ts). */
function removeHalfWritten(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!/^\..+\.[0-9a-f]{8}\.tmp$/.test(name)) continue;
    try {
      rmSync(join(folder, name));
    } catch {
      // The folder cannot be written; the first file that needs it reports this.
    }
  }
}

/** Reads the table, and says how. */
async function check(dataset: string, settings: readonly Setting[]): Promise<void> {
  const { describeReading } = require('../tracks/check') as typeof import('../tracks/check');
  const { readTracks } = require('../tracks/read') as typeof import('../tracks/read');
  const byHand = settings.filter(({ path }) => path[0] === 'columns');
  const columns = Object.fromEntries(byHand.map(({ path, value }) => [path[1], value]));
  console.log(describeReading(await readTracks(dataset, { columns: columns as ColumnMap })));
}

/** The path that the run writes its model to, from the notebook's folder. */
function modelOf(settings: readonly Setting[]): string {
  const given = settings.filter(({ path }) => path.join('.') === 'file').at(-1);
  return given === undefined ? 'models/model.json' : String(given.value);
}

/** When a file was last written, or 0. */
const timeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function main(): Promise<void> {
  const from = process.env.INIT_CWD ?? process.cwd();
  const { notebook, dataset, settings, ...asked } = parseStart(process.argv.slice(2), from);
  if (asked.check) {
    const shipped = join(root, 'dataset', 'spotify_tracks.csv');
    return check(dataset ?? process.env.DATASET ?? shipped, settings);
  }
  const name = relative(from, notebook);
  const folder = dirname(notebook);
  const model = resolve(folder, modelOf(settings));
  await lockFolder(folder);
  for (const written of [folder, dirname(model)]) removeHalfWritten(written);
  const stop = new AbortController();
  const stopped = (why: string) => stop.abort(new InputError(`Stopped${why}: ${name} is as it was before`));
  // SIGHUP is the closed terminal window; Windows knows SIGINT only and never sends the others.
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
    process.on(signal, () => {
      process.exitCode = 128 + number;
      stopped('');
    });
  }
  const { DATASET: _, ...env } = process.env;
  // Such as a pipe to a program that has ended, a terminal that is closed, or a log on a full disk.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) =>
    stopped(` because the output cannot be written (${code})`),
  );
  process.stderr.on('error', () => {});
  whenNpmEnds('start', () => stopped(' because npm has ended'));
  const report = terminalReport();
  const before = timeOf(model);
  console.log(`Running ${name}`);
  try {
    const cells = await runNotebook(notebook, {
      // Any free port will do for the demo, which ends with the run; what is saved names the usual one.
      env: { ...(dataset === undefined ? process.env : { ...env, DATASET: dataset }), DEMO_PORT: '0' },
      signal: stop.signal,
      report,
      settings,
    });
    report.end();
    console.log(
      `Wrote ${name} (${cells} code ${cells === 1 ? 'cell' : 'cells'})${timeOf(model) === before ? '' : ` and ${modelOf(settings)}`}`,
    );
  } catch (error) {
    if (timeOf(model) !== before && error instanceof InputError)
      error.message += `\n${modelOf(settings)} is new: the run had already written it`;
    throw error;
  } finally {
    report.end();
  }
}

if (require.main === module) {
  main().catch((error) => {
    // An error of the system (a full disk, a folder that cannot be written) is no bug: its sentence is enough.
    const isPlain = error instanceof InputError || 'syscall' in error;
    console.error(isPlain ? error.message : error);
    process.exitCode ||= 1;
  });
}
