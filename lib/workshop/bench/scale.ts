/**
 * `npm run bench -- scale` runs the notebook itself on 6,000, 114,000 and 1,000,000 rows (see
 * parts/largeTable.ts). It prints seconds, CPU seconds and peak memory of every cell, the growth of the CPU seconds, and
 * the sizes of the files written. All sizes have the same small forests, so that the work per row is the same; with
 * `--whole` the forests are the notebook's own. `--rows 114000,1000000` chooses other sizes.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../forest/src/index';
import { formatNotebook, readNotebook } from '../../jupyter/nbformat';
import { runNotebook } from '../../jupyter/runNotebook';
import { terminalReport } from '../../jupyter/terminal';
import { readTracks } from '../../tracks/read';
import { writeLargeTable } from './parts/largeTable';

const ROOT = join(__dirname, '..', '..', '..');

/** Forests with which a million rows take minutes. */
const SMALL = {
  grid: { nEstimators: [4, 8], maxDepth: [10, 20], minSamplesLeaf: [4] },
  untunedTrees: 4,
  mostTrees: 8,
};

/** This line ends every cell of the copy that is run. It notes how much the kernel has used so far. */
const NOTE = `require('node:fs').appendFileSync(String(process.env.NOTES), JSON.stringify(
  { at: performance.now(), cpu: process.cpuUsage(), peak: process.resourceUsage().maxRSS }) + '\\n');`;

/** The use of one stage; its memory is the highest of its process so far. */
interface Used {
  stage: string;
  seconds: number;
  cpuSeconds: number;
  peakMb: number;
}

/** Runs a copy of the notebook on a table. If the run fails, it returns the cells that passed. */
async function measureNotebook(table: string, folder: string, isWhole: boolean): Promise<Used[]> {
  mkdirSync(join(folder, 'models'), { recursive: true });
  for (const name of ['lib', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name), 'junction');
  const notebook = readNotebook(join(ROOT, 'notebook.ipynb'));
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
  // A cell is known by the functions that it calls.
  const stages = cells.map(({ source }, i) => {
    const called = new Set(Array.from(source.matchAll(/\blib\.(\w+)/g), ([, name]) => name));
    return `${i + 1} ${[...called].join(', ') || source.split('\n', 1)[0]}`;
  });
  for (const cell of cells) {
    const isSettings = /^const settings\b/m.test(cell.source);
    if (isSettings && !isWhole) cell.source += `\nObject.assign(settings, ${JSON.stringify(SMALL)});`;
    cell.source += `\n${NOTE}`;
  }
  const path = join(folder, 'notebook.ipynb');
  const notes = join(folder, 'notes');
  writeFileSync(path, formatNotebook(notebook));
  const report = terminalReport(process.stderr);
  const env = { ...process.env, DATASET: table, NOTES: notes, DEMO_PORT: '0' };
  await runNotebook(path, { env, report }).catch((error) => {
    console.log(`${table}: ${error.message}`);
    process.exitCode = 1;
  });
  const lines = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
  let before = { at: 0, cpu: 0 };
  return lines.map((line, i) => {
    const { at, cpu, peak } = JSON.parse(line);
    const now = { at: at / 1000, cpu: (cpu.user + cpu.system) / 1e6 };
    const used = { seconds: now.at - before.at, cpuSeconds: now.cpu - before.cpu, peakMb: peak / 1024 };
    before = now;
    return { stage: stages[i], ...used };
  });
}

/** Reads the table in a process of its own. */
function measureReading(table: string): Used {
  const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', __filename, table], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  if (run.status !== 0) throw new Error(`reading ${table} ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

async function readOnce(table: string): Promise<Used> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await readTracks(table);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { stage: 'readTracks in a process of its own', seconds, cpuSeconds: (user + system) / 1e6, peakMb };
}

/** The sizes of the files that a run has written, in kB. */
function sizes(folder: string): Record<string, number> {
  const kb = (bytes: number) => Math.round(bytes / 1000);
  const path = join(folder, 'notebook.ipynb');
  const cells: { outputs?: { data?: object }[] }[] = JSON.parse(readFileSync(path, 'utf8')).cells;
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const figures = outputs
    .filter(({ data }) => data && 'image/svg+xml' in data)
    .map((output) => JSON.stringify(output));
  return {
    'notebook.ipynb': kb(statSync(path).size),
    figures: figures.length,
    'all figures': kb(figures.reduce((sum, { length }) => sum + length, 0)),
    'largest figure': kb(Math.max(...figures.map(({ length }) => length))),
    'models/model.json': kb(statSync(join(folder, 'models', 'model.json')).size),
  };
}

/** One row per stage: its use at each size, and the exponent of its growth from the size before. */
function growth(runs: { rows: number; used: Used[] }[]): Record<string, string | number>[] {
  const longest = runs.reduce((a, b) => (b.used.length > a.used.length ? b : a));
  return longest.used.map(({ stage }) => {
    const row: Record<string, string | number> = {
      stage: stage.length > 50 ? `${stage.slice(0, 49)}…` : stage,
    };
    runs.forEach(({ rows, used }, run) => {
      const now = used.find((one) => one.stage === stage);
      const before = runs[run - 1]?.used.find((one) => one.stage === stage);
      row[`s ${rows}`] = now ? +now.seconds.toFixed(1) : '';
      row[`CPU ${rows}`] = now ? +now.cpuSeconds.toFixed(1) : '';
      row[`MB ${rows}`] = now ? Math.round(now.peakMb) : '';
      if (run === 0) return;
      // Most of the first second is work that does not grow.
      const isMeasured = now && before && now.cpuSeconds >= 1;
      const steps = Math.log(rows / runs[run - 1].rows);
      row[`n^ ${rows}`] = isMeasured
        ? +(Math.log(now.cpuSeconds / before.cpuSeconds) / steps).toFixed(2)
        : '';
    });
    return row;
  });
}

export async function main(args: readonly string[] = []): Promise<void> {
  const at = args.indexOf('--rows');
  const isWhole = args.includes('--whole');
  const asked = at < 0 ? '6000,114000,1000000' : String(args[at + 1]);
  const counts = asked.split(',').map(Number);
  if (!counts.every((rows) => Number.isInteger(rows) && rows >= 1000)) {
    throw new InputError(`scale requires --rows with counts from 1000 on, such as 6000,114000, got ${asked}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  const runs: { rows: number; used: Used[] }[] = [];
  const written: Record<string, number>[] = [];
  try {
    for (const rows of counts) {
      const table = join(folder, `${rows}.csv`);
      writeLargeTable(table, rows);
      const own = join(folder, String(rows));
      const reading = measureReading(table);
      runs.push({ rows, used: [reading, ...(await measureNotebook(table, own, isWhole))] });
      if (!process.exitCode)
        written.push({ rows, 'table MB': Math.round(statSync(table).size / 1e6), ...sizes(own) });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.table(growth(runs));
  console.log(
    's: seconds; CPU: seconds of processor time; MB: highest memory so far; n^: the power of the rows with which CPU grew',
  );
  console.log('Written, in kB:');
  console.table(written);
  if (!isWhole) console.log(`Settings of all sizes, instead of the notebook's: ${JSON.stringify(SMALL)}`);
}

if (require.main === module) {
  void readOnce(process.argv[2]).then((used) => process.stdout.write(JSON.stringify(used)));
}
