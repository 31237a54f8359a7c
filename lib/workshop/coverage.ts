/**
 * `npm run coverage`: runs the tests and prints which lines and branches of the project they reach. It fails if a
 * test fails or if either share is below 95%. Arguments choose test files, as for run.ts.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..', '..');
const folder = join(root, '.coverage');
const REQUIRED = 95;

/**
 * These files are not counted, because users do not run them: tests with their helpers and data, benchmarks, trials and
 * generated code. setup.mjs is left out because the tests run a copy of it.
 */
const EXCLUDED = [
  'lib/setup.mjs',
  'lib/{workshop,forest/bench,forest/oracle,forest/testing}/**',
  'lib/forest/assembly/**',
  '**/fixtures/**',
  '**/*.{test,d}.ts',
  '**/types.ts',
];

/** The part that is read here of a file's counts in Istanbul's format. */
interface FileCoverage {
  path: string;
  statementMap: Record<string, { start: { line: number } }>;
  s: Record<string, number>;
  branchMap: Record<string, { loc: Location }>;
  b: Record<string, number[]>;
}
interface Location {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

/**
 * tsx adds two branches that stand in no source: the first line of its translation chooses how to import, and its last
 * line, `0 && (module.exports = ...)`, is reported under the name of the file's last function.
 */
function isTranslators(lines: readonly string[], { start, end }: Location): boolean {
  const text = start.line === end.line ? lines[start.line - 1]?.slice(start.column, end.column) : '';
  return start.line === 1 || /^([\w$]*\(|\})$/.test(text);
}

/** How many lines and branches a file has, how many were reached, and the lines where the others begin. */
function countsOf({ path, statementMap, s, branchMap, b }: FileCoverage) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const isTranslated = /\.ts$/.test(path);
  const branches = Object.entries(branchMap)
    .filter(([, { loc }]) => !isTranslated || !isTranslators(lines, loc))
    .map(([id, { loc }]) => ({ line: loc.start.line, isHit: b[id][0] > 0 }));
  const statements = Object.entries(statementMap).map(([id, { start }]) => ({
    line: start.line,
    isHit: s[id] > 0,
  }));
  const reached = (list: readonly { isHit: boolean }[]) => list.filter(({ isHit }) => isHit).length;
  const missed = [...statements, ...branches].filter(({ isHit }) => !isHit).map(({ line }) => line);
  return {
    lines: { of: statements.length, reached: reached(statements) },
    branches: { of: branches.length, reached: reached(branches) },
    missed: [...new Set(missed)].sort((a, z) => a - z),
  };
}

const share = ({ of, reached }: { of: number; reached: number }) => (of === 0 ? 100 : (100 * reached) / of);

function main(): void {
  rmSync(folder, { recursive: true, force: true });
  const options = [
    ...['--all', '--src=lib', '--merge-async', '--reporter=json', `--reports-dir=${folder}`],
    ...[`--temp-directory=${join(folder, 'tmp')}`, '--include=lib/**/*.{ts,js,cjs,mjs}'],
    ...EXCLUDED.map((pattern) => `--exclude=${pattern}`),
  ];
  const tests = ['--import', 'tsx', join(__dirname, 'run.ts'), ...process.argv.slice(2)];
  const c8 = join(root, 'node_modules', 'c8', 'bin', 'c8.js');
  const run = spawnSync(process.execPath, [c8, ...options, process.execPath, ...tests], {
    cwd: root,
    stdio: 'inherit',
  });
  const files: Record<string, FileCoverage> = JSON.parse(
    readFileSync(join(folder, 'coverage-final.json'), 'utf8'),
  );
  const counts = Object.values(files).map((file) => ({ file: relative(root, file.path), ...countsOf(file) }));
  const row = ({ lines, branches, missed }: Omit<(typeof counts)[number], 'file'>) => ({
    lines: share(lines).toFixed(1),
    branches: share(branches).toFixed(1),
    'not reached': missed.join(' ').slice(0, 60),
  });
  const sum = (what: 'lines' | 'branches') => ({
    of: counts.reduce((total, count) => total + count[what].of, 0),
    reached: counts.reduce((total, count) => total + count[what].reached, 0),
  });
  const all = { lines: sum('lines'), branches: sum('branches'), missed: [] };
  console.table(
    Object.fromEntries([...counts, { file: 'all', ...all }].map((count) => [count.file, row(count)])),
  );
  const low = (['lines', 'branches'] as const).filter((what) => !(share(all[what]) >= REQUIRED));
  for (const what of low)
    console.error(`The tests reach ${share(all[what]).toFixed(2)}% of the ${what}, not ${REQUIRED}%`);
  process.exitCode = run.status !== 0 || low.length > 0 ? 1 : 0;
}

main();
