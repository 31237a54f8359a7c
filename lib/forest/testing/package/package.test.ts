/**
 * Packs the package, installs the tarball in an empty folder, and there does the same work in every runtime. All
 * give the digits of the source. In CI the test fetches bun and deno itself; elsewhere `BUN` and `DENO`, or the
 * PATH, say where they are.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { cores } from '../../src/engine/cores';
import * as source from '../../src/index';
import { CHROMIUM, CHROMIUM_FLAGS, without } from '../peers';

interface Result {
  digits: object;
  /** The number of times that the event loop answered while a forest grew on one thread. */
  turns: number;
  /** Worker threads that were started. */
  workers: number;
  /** Those of them that grow by the plain definition, where the program can tell. */
  plain?: number;
}

const PACKAGE = join(__dirname, '..', '..');
const WORK = readFileSync(join(__dirname, 'work.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'exact-forest-'));
const table: string[] = [];
let expected: object;

/** The text that a program printed. */
interface Said {
  stdout: string;
  stderr: string;
}

/** Runs a command in the folder of the installed package and returns the text that it printed. */
function run(command: string, args: readonly string[], cwd = folder): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, shell: process.platform === 'win32' });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        said[stream] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}; ${quote(said)}`));
    });
  });
}

/** The ends of a program's outputs, for the message of a test that fails. */
const quote = ({ stdout, stderr }: Said) =>
  `it printed:\n${stdout.slice(-1000)}\nand as errors:\n${stderr.slice(-4000)}`;

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

/** Counts the workers that a program starts, by a class that takes the place of Node's. */
const COUNT = `
const count = { workers: 0, plain: 0 };
const Real = threads.Worker;
threads.Worker = class extends Real {
  constructor(...given) {
    super(...given);
    count.workers++;
    // Only the kernel's workers ask the kernel for a unit.
    if (!String(given[0]).includes('nextUnit')) count.plain++;
  }
};
`;
const REPORT = '.then(work).then((result) => console.log(JSON.stringify({ ...result, ...count })));';
const PROGRAM = `const threads = process.getBuiltinModule('node:worker_threads');
${COUNT}
process.getBuiltinModule('node:module').syncBuiltinESMExports();
${WORK}
import('exact-forest')${REPORT}`;

/**
 * Has the work done somewhere and compares it with the source's. Nothing here depends on how fast the machine is:
 * the forests are so large that sharing them always pays.
 * @param hasThreads whether the runtime has threads to share the work with
 */
async function check(runtime: string, getResult: () => Promise<Said>, hasThreads = cores() > 1) {
  const start = performance.now();
  const said = await getResult();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const line = said.stdout.split('\n').find((one) => one.startsWith('{"digits":'));
  assert.ok(line, `${runtime} gave no result; ${quote(said)}`);
  const { digits, turns, workers, plain } = JSON.parse(line) as Result;
  const counts = `${runtime}: ${turns} turns, ${workers} workers, ${plain} of the plain definition; ${quote(said)}`;
  assert.deepEqual(digits, expected, runtime);
  assert.ok(turns > 2, counts);
  assert.equal(workers > 0, hasThreads, counts);
  if (plain !== undefined) assert.ok(hasThreads ? plain > 0 && plain < workers : plain === 0, counts);
  table.push(`| ${runtime} | the source's | ${workers} | ${turns} | ${seconds} |`);
}

before(async () => {
  const doWork = new Function(`${WORK}; return work;`)() as (lib: object) => Promise<Result>;
  expected = JSON.parse(JSON.stringify((await doWork(source)).digits));
  await run(process.execPath, [join(PACKAGE, 'build.mjs')]);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['pack', '--silent', '--pack-destination', folder], PACKAGE);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  write('package.json', '{ "private": true }');
  await run(npm, ['install', '--silent', '--offline', '--no-audit', '--no-fund', join(folder, tarball)]);
  const size = (statSync(join(folder, tarball)).size / 1000).toFixed(0);
  table.push(
    `The tarball has ${size} kB.`,
    '',
    '| runtime | digits | workers | turns of the event loop | seconds |',
  );
  table.push('|---|---|---:|---:|---:|');
});

after(() => {
  console.log(table.join('\n'));
  rmSync(folder, { recursive: true, force: true });
});

test('the tarball has the built modules and their types, and no tests or source maps', () => {
  const files = readdirSync(join(folder, 'node_modules', 'exact-forest'), {
    recursive: true,
    encoding: 'utf8',
  });
  assert.deepEqual(files.map((file) => file.replaceAll('\\', '/')).sort(), [
    'LICENSE',
    'README.md',
    'dist',
    'dist/index.browser.mjs',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.mts',
    'dist/index.mjs',
    'dist/main.cjs',
    'dist/worker.cjs',
    'dist/worker.d.cts',
    'dist/worker.d.mts',
    'dist/worker.mjs',
    'package.json',
  ]);
  for (const file of readdirSync(join(folder, 'node_modules', 'exact-forest', 'dist'))) {
    const text = readFileSync(join(folder, 'node_modules', 'exact-forest', 'dist', file), 'utf8');
    assert.doesNotMatch(text, /sourceMappingURL|node:test/);
  }
});

test("the queue's worker is a program and an entry", async () => {
  const program = join(folder, 'node_modules', '.bin', 'exact-forest-worker');
  const { status, stderr } = spawnSync(program, [], {
    encoding: 'utf8',
    env: { ...process.env, QUEUE: undefined },
    shell: process.platform === 'win32',
  });
  assert.equal(status, 1);
  assert.equal(stderr, 'worker requires --queue with an address, got none\n');
  write('worker.mjs', "import { startWorker } from 'exact-forest/worker'; console.log(typeof startWorker);");
  assert.equal((await run(process.execPath, ['worker.mjs'])).stdout, 'function\n');
});

test('an ES module of Node', async () => {
  write('program.mjs', PROGRAM);
  await check('Node, ES module', () => run(process.execPath, ['program.mjs']));
});

test("the README's example prints what its comments say", async () => {
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)![1];
  const comments = [...example.matchAll(/console\.log\(.*\/\/ (.*)/g)].map((match) => match[1]);
  assert.equal(comments.length, 3);
  write('example.mjs', example);
  assert.deepEqual((await run(process.execPath, ['example.mjs'])).stdout.trim().split('\n'), comments);
});

test('a CommonJS module of Node', async () => {
  write(
    'program.cjs',
    `const threads = require('node:worker_threads');${COUNT}${WORK}
Promise.resolve(require('exact-forest'))${REPORT}`,
  );
  await check('Node, CommonJS', () => run(process.execPath, ['program.cjs']));
});

test('strict TypeScript with nodenext and with bundler, its libraries checked', async () => {
  const types = readFileSync(join(__dirname, 'program.ts.txt'), 'utf8');
  const tsc = require.resolve('typescript/bin/tsc');
  const compile = async (place: string, module: string, moduleResolution: string, type: string) => {
    mkdirSync(join(folder, place), { recursive: true });
    write(join(place, 'package.json'), JSON.stringify({ type }));
    write(join(place, 'program.ts'), types);
    const compilerOptions = {
      strict: true,
      target: 'es2022',
      module,
      moduleResolution,
      types: [],
      skipLibCheck: false,
    };
    write(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    await run(process.execPath, [tsc, '-p', place]);
    return run(process.execPath, [join(place, 'program.js')]);
  };
  const outputs = [
    await compile('nodenext-esm', 'nodenext', 'nodenext', 'module'),
    await compile('nodenext-cjs', 'nodenext', 'nodenext', 'commonjs'),
    await compile('bundler', 'esnext', 'bundler', 'module'),
  ];
  for (const { stdout } of outputs) assert.match(stdout, /^the types are right/);
  table.push('| TypeScript: nodenext (both kinds of module), bundler | compiles and runs | | | |');
});

test('a bundle for Node, moved away from its packages', async () => {
  write('program.mjs', PROGRAM);
  const entry = join(folder, 'program.mjs');
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    for (const format of ['esm', 'cjs'] as const) {
      const outfile = join(elsewhere, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
      await build({ entryPoints: [entry], bundle: true, minify: true, platform: 'node', format, outfile });
      await check(`Node, esbuild's bundle (${format})`, () => run(process.execPath, [outfile], elsewhere));
    }
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('a page in Chromium, with and without cross-origin isolation', {
  skip: without('chromium'),
}, async () => {
  write('page.mjs', `import * as lib from 'exact-forest';${WORK}\nglobalThis.result = work(lib);`);
  const outfile = join(folder, 'page.js');
  await build({
    entryPoints: [join(folder, 'page.mjs')],
    bundle: true,
    minify: true,
    format: 'esm',
    outfile,
  });
  const script = readFileSync(outfile);
  const server = createServer((request, response) => {
    const isIsolated = request.url!.startsWith('/isolated');
    if (isIsolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    const isScript = request.url!.endsWith('.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><title>page</title><script type="module" src="page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    for (const kind of ['isolated', 'plain']) {
      const page = await browser.newPage();
      const faults: string[] = [];
      let workers = 0;
      page.on('worker', () => {
        workers++;
      });
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('favicon')) faults.push(message.text());
      });
      await page.goto(`http://127.0.0.1:${port}/${kind}/`);
      const evaluate = async () => {
        const printed = (await page.evaluate('result.then((it) => JSON.stringify(it))')) as string;
        return { stdout: JSON.stringify({ ...JSON.parse(printed), workers }), stderr: faults.join('\n') };
      };
      assert.equal(await page.evaluate('crossOriginIsolated'), kind === 'isolated');
      await check(
        `Chromium, a page ${kind === 'isolated' ? 'with' : 'without'} isolation`,
        evaluate,
        kind === 'isolated' && availableParallelism() > 1,
      );
      assert.deepEqual(
        faults.filter((fault) => !/404/.test(fault)),
        [],
      );
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
});

/** The program by that name: the environment says where, or the PATH has it, or npm fetches it in CI. */
async function findRuntime(name: 'bun' | 'deno', version: string): Promise<string | null> {
  const given = process.env[name.toUpperCase()];
  if (given) return given;
  if (spawnSync(name, ['--version']).status === 0) return name;
  if (!process.env.CI) return null;
  const place = mkdtempSync(join(folder, `${name}-`));
  // The network of a CI machine fails now and then, and then npm says why.
  const options = ['--loglevel=error', '--fetch-retries=5', '--no-audit', '--no-fund', '--no-save'];
  await run('npm', ['install', ...options, '--prefix', place, `${name}@${version}`]);
  const program = join(place, 'node_modules', '.bin', name);
  assert.ok(existsSync(program), `npm installed no ${name}`);
  return program;
}

for (const [name, version, args] of [
  ['bun', '1.4.5', ['run']],
  ['deno', '2.9.6', ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual']],
] as const) {
  test(`a program of ${name}`, async (t) => {
    const program = await findRuntime(name, version);
    if (!program) return t.skip(`needs ${name}, which this machine does not have`);
    write('program.mjs', PROGRAM);
    await check(name === 'bun' ? 'Bun' : 'Deno', () => run(program, [...args, 'program.mjs']));
  });
}
