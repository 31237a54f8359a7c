/**
 * `npm run reliability -- mutants [--files PART] [--count N] [--seed N]`: makes small mistakes in the forest, the
 * reader and the model file, one at a time in a copy, and runs the tests that reach them. A mutant that no test
 * notices survives, and is listed. Tests that need Python or Chromium are left out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { InputError, RandomState } from '../../forest/src/index';
import { type Mutant, mutantsOf } from './parts/mutate';

const ROOT = join(__dirname, '..', '..', '..');
const KERNEL = join('lib', 'forest', 'assembly');

/** The TypeScript of these folders is mutated, except tests and their helpers. */
const FOLDERS = ['forest', 'tracks', 'model'];
const NOT_MUTATED = /\.test\.ts$|fixtures|forest[\\/](bench|oracle|testing)|(types|modelCard)\.ts$/;
/** This test compares the kernel's bytes with its source, so every mutant of the source would fail it. */
const NO_TEST = join('lib', 'forest', 'src', 'engine', 'kernel.test.ts');

/** The folder of lib that a file is in. */
const folderOf = (file: string) => file.split(/[\\/]/)[1];

/** Tests of a file that do not import it directly are run as long as all its tests take no longer than this. */
const MOST_SECONDS = 20;
/** No test file is waited for longer than this, without a mutant. */
const SLOWEST_SECONDS = 60;

type Outcome = 'killed' | 'timed out' | 'survived' | 'not compiled';

/** A copy of the project as plain JavaScript, so that a test starts without a compiler. */
class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  readonly sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join('lib', file));

  constructor() {
    for (const name of ['lib', 'dataset', 'models', 'notebook.ipynb', 'README.md', 'package.json'])
      cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
    for (const file of this.sources) this.write(file, this.read(file));
    if (!this.buildKernel()) throw new Error('The kernel is not compiled, also without a mutant');
  }

  read(file: string): string {
    return readFileSync(join(ROOT, file), 'utf8');
  }

  /** Puts a file's source in place, compiled; false where the kernel does not compile. */
  write(file: string, source: string): boolean {
    if (dirname(file) === KERNEL) {
      writeFileSync(join(this.folder, file), source);
      return this.buildKernel();
    }
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    };
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    writeFileSync(join(this.folder, file.replace(/\.ts$/, '.js')), outputText);
    return true;
  }

  private buildKernel(): boolean {
    const asc = join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
    const flags = ['--config', join(KERNEL, 'asconfig.json'), '--optimizeLevel', '1'];
    const out = ['--outFile', join('lib', 'forest', 'src', 'engine', 'kernel.wasm')];
    const cwd = this.folder;
    return (
      spawnSync(process.execPath, [asc, join(KERNEL, 'kernel.ts'), ...flags, ...out], { cwd }).status === 0
    );
  }

  /** Runs a test file until its first failure. */
  test(file: string, seconds: number): Promise<Outcome> {
    const env = { ...process.env, PYTHON: join(this.folder, 'none'), CHROMIUM: '', CI: '' };
    const run = spawn(process.execPath, ['--test-reporter=tap', file.replace(/\.ts$/, '.js')], {
      cwd: this.folder,
      env,
    });
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        clearTimeout(timer);
        run.kill('SIGKILL');
        resolve(outcome);
      };
      const timer = setTimeout(() => end('timed out'), seconds * 1000);
      run.stdout.on('data', (text) => /^not ok/m.test(text) && end('killed'));
      run.on('exit', (code) => end(code === 0 ? 'survived' : 'killed'));
    });
  }
}

/** For each test file the sources that it reaches, with the number of imports between. */
function reachOf(copy: Copy): Map<string, Map<string, number>> {
  const known = new Set(copy.sources);
  const imports = new Map(
    copy.sources.map((file) => {
      const { importedFiles } = ts.preProcessFile(copy.read(file));
      const paths = importedFiles.map(({ fileName }) => join(dirname(file), `${fileName}.ts`));
      return [file, paths.filter((path) => known.has(path))];
    }),
  );
  // The tests reach the kernel through the thread that loads it.
  imports
    .get(join('lib', 'forest', 'src', 'engine', 'threads.ts'))!
    .push(...copy.sources.filter((s) => dirname(s) === KERNEL));
  const tests = copy.sources.filter(
    (file) => file.endsWith('.test.ts') && file !== NO_TEST && FOLDERS.includes(folderOf(file)),
  );
  return new Map(
    tests.map((test) => {
      const distances = new Map([[test, 0]]);
      for (const [file, distance] of distances)
        for (const next of imports.get(file)!) if (!distances.has(next)) distances.set(next, distance + 1);
      return [test, distances];
    }),
  );
}

/** Runs the program and prints its table. */
export async function main(args: readonly string[]): Promise<void> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const [count, seed] = [option('--count') ?? '250', option('--seed') ?? '1'].map(Number);
  if (!(count! > 0)) throw new InputError(`--count requires a number of mutants, got ${option('--count')}`);
  const copy = new Copy();
  try {
    await tryAll(copy, option('--files') ?? '', count!, new RandomState(seed!));
  } finally {
    rmSync(copy.folder, { recursive: true, force: true });
  }
}

async function tryAll(copy: Copy, part: string, count: number, random: RandomState): Promise<void> {
  const files = copy.sources.filter(
    (file) => FOLDERS.includes(folderOf(file)) && !NOT_MUTATED.test(file) && file.includes(part),
  );
  const all = files.flatMap((file) => mutantsOf(copy.read(file)).map((mutant) => ({ file, mutant })));
  if (all.length === 0) throw new InputError(`--files requires a part of a path in ${FOLDERS}, got ${part}`);
  const chosen = [...random.permutation(all.length).slice(0, count)].sort((a, b) => a - b).map((i) => all[i]);

  const reach = reachOf(copy);
  const seconds = new Map<string, number>();
  for (const test of reach.keys()) {
    if (!chosen.some(({ file }) => reach.get(test)!.has(file))) continue;
    const start = performance.now();
    const outcome = await copy.test(test, SLOWEST_SECONDS);
    if (outcome === 'survived') seconds.set(test, (performance.now() - start) / 1000);
    else console.log(`${test} is left out: it is ${outcome} without a mutant`);
  }
  const testsOf = (file: string) => {
    const distance = (test: string) => {
      const isBeside = basename(test, '.test.ts') === basename(file, '.ts');
      return isBeside ? 0 : reach.get(test)!.get(file)!;
    };
    let sum = 0;
    return [...seconds.keys()]
      .filter((test) => reach.get(test)!.has(file))
      .sort((a, b) => distance(a) - distance(b) || seconds.get(a)! - seconds.get(b)!)
      .filter((test) => {
        sum += seconds.get(test)!;
        return distance(test) <= 1 || sum <= MOST_SECONDS;
      });
  };

  const outcomeOf = async (file: string, { start, end, text }: Mutant): Promise<Outcome> => {
    const source = copy.read(file);
    try {
      if (!copy.write(file, source.slice(0, start) + text + source.slice(end))) return 'not compiled';
      for (const test of testsOf(file)) {
        const outcome = await copy.test(test, 10 + 5 * seconds.get(test)!);
        if (outcome !== 'survived') return outcome;
      }
      return 'survived';
    } finally {
      copy.write(file, source);
    }
  };

  console.log(`${chosen.length} of ${all.length} mutants, ${seconds.size} test files`);
  const rows: Record<string, Record<Outcome | 'mutants', number>> = {};
  const survivors: string[] = [];
  for (const { file, mutant } of chosen) {
    const outcome = await outcomeOf(file, mutant);
    for (const name of [relative('lib', file), 'all'])
      for (const counted of ['mutants', outcome] as const) {
        rows[name] ??= { mutants: 0, killed: 0, 'timed out': 0, survived: 0, 'not compiled': 0 };
        rows[name][counted]++;
      }
    if (outcome !== 'survived') continue;
    survivors.push(`${file}:${mutant.line}: ${mutant.change}`);
    console.log(`survived: ${survivors.at(-1)}`);
  }
  const { all: sum, ...others } = rows;
  const scored = Object.entries({ ...others, all: sum! }).map(([name, row]) => {
    const compiled = row.mutants - row['not compiled'];
    return [name, { ...row, score: `${((1 - row.survived / compiled) * 100).toFixed(0)}%` }];
  });
  console.table(Object.fromEntries(scored));
  console.log(`${survivors.length} survived:`);
  for (const survivor of survivors) console.log(survivor);
}
