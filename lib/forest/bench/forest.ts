/**
 * `npm run bench` (`-- forest --quick` for the short works only): our forest, scikit-learn, YDF, scikit-learn-intelex,
 * ranger and ml-random-forest, where they are installed, on the same tables in one run, each warmed up; medians, and
 * how many times faster ours is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RandomForestRegression } from 'ml-random-forest';
import { ExtraTreesRegressor, RandomForestRegressor } from '../src/ensemble/forest';
import { RandomForestClassifier } from '../src/ensemble/forestClassifiers';
import { GradientBoostingRegressor } from '../src/ensemble/gradientBoosting';
import { GridSearchCV } from '../src/modelSelection/gridSearch';
import { PYTHON } from '../testing/peers';
import { type BenchTable, madeTable, readTable } from './forestTables';

const GRID_27 = { nEstimators: [50, 100, 200], maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };
const GRID_216 = {
  ...GRID_27,
  maxDepth: [null, 10, 20, 30],
  minSamplesSplit: [2, 5, 10],
  maxFeatures: ['sqrt' as const, 1.0],
};
const THREADS = availableParallelism();

interface Answer {
  times: number[];
  one?: number[];
  peak: number;
  missing?: string;
}

/** One line of the table: medians in milliseconds (or peaks in MB), and the target in times faster. */
interface Line {
  work: string;
  ours: number;
  peers: { [peer: string]: number | undefined };
  target: string;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A Python that answers one request after the other; null where there is none. */
function startPython() {
  const child = spawn(PYTHON, [join(__dirname, 'forestPeer.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((answer: Answer | null) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.shift()?.(answer.missing ? null : answer);
  });
  const end = () => {
    for (const resolve of waiting.splice(0)) resolve(null);
  };
  child.on('error', end);
  child.on('exit', end);
  child.stdin.on('error', end);
  return {
    ask: (request: object) =>
      new Promise<Answer | null>((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(request)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

async function freshPython(request: object): Promise<Answer | null> {
  const python = startPython();
  const answer = await python.ask(request);
  python.close();
  return answer;
}

/** Ours in a process of its own. */
function freshOurs(request: object): Answer {
  const args = ['--import', 'tsx', join(__dirname, 'forestOnce.ts')];
  const run = spawnSync(process.execPath, args, { input: JSON.stringify(request), encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Answer;
}

/** Median milliseconds after a warm-up, of as many repetitions as fit into about three seconds, at least 3. */
async function timeOurs(work: () => unknown): Promise<number> {
  const times: number[] = [];
  await work();
  for (let total = 0; times.length < 3 || (total < 3000 && times.length < 51); total += times.at(-1)!) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

const snake = (grid: object) =>
  Object.fromEntries(
    Object.entries(grid).map(([name, values]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name === 'maxFeatures' ? (values as unknown[]).map((value) => (value === 1 ? null : value)) : values,
    ]),
  );

type Python = ReturnType<typeof startPython>;

async function grid(
  python: Python,
  work: string,
  table: BenchTable,
  candidates: object,
  target: string,
): Promise<Line> {
  const { X, y } = readTable(table);
  const search = () => new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), candidates).fit(X, y);
  const ours = await timeOurs(search);
  const theirs = await python.ask({ do: 'grid', ...table, grid: snake(candidates), warm: true, repeats: 1 });
  return { work, ours, peers: { 'scikit-learn': theirs?.times[0] }, target };
}

async function freshGrid(work: string, table: BenchTable, candidates: object, target: string): Promise<Line> {
  const ours = median([1, 2, 3].map(() => freshOurs({ table, grid: candidates }).times[0]));
  const theirs = await freshPython({
    do: 'grid',
    ...table,
    grid: snake(candidates),
    warm: false,
    repeats: 1,
  });
  return { work, ours, peers: { 'scikit-learn': theirs?.times[0] }, target };
}

async function smallForest(python: Python, table: BenchTable, target: string): Promise<Line> {
  const { X, y } = readTable(table);
  const ours = await timeOurs(() => new RandomForestRegressor({ randomState: 42 }).fit(X, y));
  const theirs = await python.ask({
    do: 'forest',
    ...table,
    trees: 100,
    threads: -1,
    warm: true,
    repeats: 5,
  });
  const rows = Array.from(y, (_, i) => X.columns.map((column) => column[i]));
  const npm = await timeOurs(() => {
    new RandomForestRegression({ nEstimators: 100, seed: 42, maxFeatures: 1.0, replacement: true }).train(
      rows,
      [...y],
    );
  });
  return {
    work: `one forest, 100 trees, ${table.rows} x ${table.features}`,
    ours,
    peers: { 'scikit-learn': theirs && median(theirs.times), 'ml-random-forest': npm } as Line['peers'],
    target,
  };
}

/** The times of R's ranger; undefined where it is not installed. */
function askRanger(
  { file, rows, features }: BenchTable,
  trees: number,
  repeats: number,
): number[] | undefined {
  const program = join(__dirname, 'forestPeer.R');
  const args = [program, file, rows, features, trees, THREADS, repeats].map(String);
  const { status, stdout } = spawnSync('Rscript', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n').map(Number) : undefined;
}

async function largeForest(
  python: Python,
  folder: string,
  rows: number,
  kind: 'three decimals' | 'continuous',
  trees: number,
  target: string,
  hasFractions = false,
): Promise<Line> {
  const table = madeTable(folder, rows, kind, hasFractions);
  const { X, y } = readTable(table);
  const ours = await timeOurs(() =>
    new RandomForestRegressor({ nEstimators: trees, randomState: 42, nJobs: THREADS }).fit(X, y),
  );
  const repeats = rows > 200_000 ? 1 : 3;
  const request = { ...table, trees, threads: THREADS, warm: true, repeats };
  const theirs = await python.ask({ do: 'forest', ...request });
  const ydf = await python.ask({ do: 'ydf', ...request });
  const [coarse, fine] = [
    await python.ask({ do: 'intelex', ...request, bins: 256 }),
    await python.ask({ do: 'intelex', ...request, bins: 65_536 }),
  ];
  const ranger = askRanger(table, trees, repeats);
  return {
    work: `one forest, ${trees} trees, ${rows.toLocaleString('en')} x 11, ${kind}${hasFractions ? ', fractional target' : ''}`,
    ours,
    peers: {
      'scikit-learn': theirs ? median(theirs.times) : undefined,
      YDF: ydf ? median(ydf.times) : undefined,
      'intelex, 256 bins': coarse ? median(coarse.times) : undefined,
      'intelex, 65,536 bins': fine ? median(fine.times) : undefined,
      ranger: ranger && median(ranger),
    },
    target,
  };
}

const COMMON = { nEstimators: 20, randomState: 42 };
type MadeTable = ReturnType<typeof readTable>;

/** Models and tables of other kinds; forestPeer.py has the same by these names. */
const KINDS: { [kind: string]: (table: MadeTable) => Promise<unknown> } = {
  'three classes': ({ X, y }) =>
    new RandomForestClassifier(COMMON).fit(
      X,
      y.map((value) => Math.min(2, Math.floor(value / 30))),
    ),
  'extra trees': ({ X, y }) => new ExtraTreesRegressor(COMMON).fit(X, y),
  'one value in 20 missing': ({ X, y }) => {
    const gap = (value: number, row: number, j: number) =>
      (row * 7 + j * 13) % 20 === 0 ? Number.NaN : value;
    const columns = X.columns.map((column, j) => column.map((value, row) => gap(value, row, j)));
    return new RandomForestRegressor(COMMON).fit({ ...X, columns }, y);
  },
  'rows drawn by weight': ({ X, y }) =>
    new RandomForestRegressor(COMMON).fit(X, y, {
      sampleWeight: y.map((_, row) => (row % 7) + 1),
    }),
  'gradient boosting': ({ X, y }) => new GradientBoostingRegressor(COMMON).fit(X, y),
};

async function otherKind(python: Python, table: BenchTable, kind: string): Promise<Line> {
  const made = readTable(table);
  const ours = await timeOurs(() => KINDS[kind](made));
  const theirs = await python.ask({ do: 'kind', ...table, kind, repeats: 3 });
  return {
    work: `${kind}, 20 trees, 10,000 x 11`,
    ours,
    peers: { 'scikit-learn': theirs ? median(theirs.times) : undefined },
    target: '1',
  };
}

async function predictions(python: Python, folder: string): Promise<Line[]> {
  const table = madeTable(folder, 100_000, 'three decimals');
  const { X, y } = readTable(table);
  const part = { ...X, rowCount: 10_000, columns: X.columns.map((column) => column.slice(0, 10_000)) };
  const forest = await new RandomForestRegressor({ randomState: 42 }).fit(part, y.slice(0, 10_000));
  const rows = Array.from({ length: 1000 }, (_, i) => [X.columns.map((column) => column[i])]);
  const one = (await timeOurs(() => rows.map((row) => forest.predict(row)))) / rows.length;
  const many = await timeOurs(() => forest.predict(X));
  const theirs = await python.ask({ do: 'predict', ...table, repeats: 5 });
  const line = (work: string, ours: number, times: number[] | undefined, target: string): Line => ({
    work,
    ours,
    peers: { 'scikit-learn': times && median(times) },
    target,
  });
  return [
    line('a prediction, 100 trees, one row at a time', one, theirs?.one, '100'),
    line('predictions, 100 trees, 100,000 rows', many, theirs?.times, '3'),
  ];
}

async function peakMemory(folder: string): Promise<Line> {
  const table = madeTable(folder, 1_000_000, 'continuous');
  const ours = freshOurs({ table, trees: 20 }).peak;
  const theirs = await freshPython({
    do: 'forest',
    ...table,
    trees: 20,
    threads: -1,
    warm: false,
    repeats: 1,
  });
  return {
    work: 'peak memory in MB, 20 trees, 1,000,000 x 11',
    ours,
    peers: { 'scikit-learn': theirs?.peak },
    target: '1',
  };
}

const PEERS = [
  'scikit-learn',
  'YDF',
  'intelex, 256 bins',
  'intelex, 65,536 bins',
  'ranger',
  'ml-random-forest',
];

function printHeader(): void {
  console.log('Milliseconds; in brackets how many times as much as ours.');
  console.log(`| work | ours | ${PEERS.join(' | ')} | target |`);
  console.log(`|---|---:|${PEERS.map(() => '---:|').join('')}---:|`);
}

function print({ work, ours, peers, target }: Line): void {
  const digits = (value: number) =>
    value < 10 ? value.toPrecision(2) : Math.round(value).toLocaleString('en');
  const cells = PEERS.map((peer) => {
    const theirs = peers[peer];
    return theirs ? `${digits(theirs)} (${digits(theirs / ours)} x)` : '';
  });
  console.log(`| ${work} | ${digits(ours)} | ${cells.join(' | ')} | ${target} x |`);
}

function givenTables(args: readonly string[]): { shipped?: BenchTable; tutorial?: BenchTable } {
  const at = args.indexOf('--tables');
  return at < 0 ? {} : JSON.parse(readFileSync(args[at + 1], 'utf8'));
}

/**
 * Prints the table of speed.
 * @param args `--quick` for the short works only; `--tables FILE` for tables of the user's own: a JSON file of
 *   `BenchTable`s by the names `tutorial` and `shipped`
 */
export async function main(args: readonly string[] = []): Promise<void> {
  const quick = args.includes('--quick');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const python = startPython();
  try {
    printHeader();
    const { shipped, tutorial } = givenTables(args);
    if (tutorial) {
      print(await smallForest(python, tutorial, '10, ml-random-forest 100'));
      print(await grid(python, '27 candidates, tutorial table', tutorial, GRID_27, '150'));
      print(await freshGrid('27 candidates, tutorial table, fresh process', tutorial, GRID_27, '100'));
    }
    for (const line of await predictions(python, folder)) print(line);
    for (const kind of ['three decimals', 'continuous'] as const) {
      print(await largeForest(python, folder, 10_000, kind, 20, '8, YDF 5'));
    }
    print(await largeForest(python, folder, 10_000, 'continuous', 20, '4', true));
    print(await largeForest(python, folder, 10_000, 'three decimals', 20, '1.5', true));
    const made = madeTable(folder, 10_000, 'three decimals');
    for (const kind of Object.keys(KINDS)) print(await otherKind(python, made, kind));
    const fractions = madeTable(folder, 200, 'continuous', true);
    print(await grid(python, '27 candidates, 200 x 11, fractional target', fractions, GRID_27, '30'));
    if (quick) return;
    print(await largeForest(python, folder, 100_000, 'continuous', 10, '4', true));
    print(await largeForest(python, folder, 100_000, 'three decimals', 10, '1.5', true));
    for (const kind of ['three decimals', 'continuous'] as const) {
      print(await largeForest(python, folder, 100_000, kind, 10, '8, YDF 5'));
    }
    for (const kind of ['three decimals', 'continuous'] as const) {
      print(await largeForest(python, folder, 1_000_000, kind, 4, '5, YDF 3'));
    }
    print(await peakMemory(folder));
    if (tutorial) print(await grid(python, '216 candidates, tutorial table', tutorial, GRID_216, '100'));
    if (shipped) print(await grid(python, '27 candidates, shipped table', shipped, GRID_27, '65'));
  } finally {
    python.close();
    rmSync(folder, { recursive: true });
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
