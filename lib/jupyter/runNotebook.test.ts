import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { InputError } from '../forest/src/index';
import { PYTHON, without } from '../forest/testing/index';
import { eventually, isAlive, testNotebook } from '../workshop/samples/notebooks';
import type { Notebook, Output } from './nbformat';
import { runNotebook } from './runNotebook';

/** Runs a notebook of these cells and hands it to `check`, then removes it. */
async function ran(sources: string[], check: (executed: Notebook, text: string) => void): Promise<void> {
  const notebook = testNotebook(...sources);
  try {
    await runNotebook(notebook.path);
    check(notebook.json(), notebook.text());
  } finally {
    notebook.remove();
  }
}

/** Runs a notebook of these cells, which must fail and stay as it was; returns the message. */
async function fails(...sources: string[]): Promise<string> {
  const notebook = testNotebook(...sources);
  const before = notebook.text();
  try {
    await runNotebook(notebook.path);
    throw new assert.AssertionError({ message: 'the run passed' });
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(notebook.text(), before);
    assert.deepEqual(readdirSync(notebook.folder).sort(), ['lib', 'node_modules', 'test.ipynb']);
    return error.message;
  } finally {
    notebook.remove();
  }
}

const stream = (name: string, ...text: string[]) =>
  ({ output_type: 'stream', name, text }) as unknown as Output;
type Shown = Output & { output_type: 'execute_result' };
const writePid = "require('fs').writeFileSync('pid', String(process.pid));";

describe('runNotebook', { concurrency: 2 }, () => {
  test('collects outputs as Jupyter does, the same bytes every time', async () => {
    const sources = [
      '# Title',
      'console.log(1); console.log({ a: [2] }); console.error("mind"); console.log(3); 40 + 2',
      '',
      "import * as tslab from 'tslab'; const bar = tslab.newDisplay(); bar.html('<b>0%</b>');",
      "for (const i of [1, 2, 3]) bar.html(i + '0%'); tslab.display.svg('<svg/>\\n');",
    ];
    const texts: string[] = [];
    const check = ({ cells, metadata }: Notebook, text: string) => {
      texts.push(text);
      assert.deepEqual(
        cells.map((cell) => cell.id),
        ['cell0', 'cell1', 'cell2', 'cell3', 'cell4'],
      );
      assert.deepEqual(
        cells.map((cell) => cell.execution_count),
        [undefined, 1, null, 2, 3],
      );
      assert.deepEqual(cells[1].outputs, [
        stream('stdout', '1\n', '{ a: [ 2 ] }\n'),
        stream('stderr', 'mind\n'),
        stream('stdout', '3\n'),
        { output_type: 'execute_result', execution_count: 1, data: { 'text/plain': ['42'] }, metadata: {} },
      ]);
      assert.deepEqual(cells[3].outputs, [
        { output_type: 'display_data', data: { 'text/html': ['30%'] }, metadata: {} },
      ]);
      assert.deepEqual(cells[4].outputs, [
        { output_type: 'display_data', data: { 'image/svg+xml': ['<svg/>\n'] }, metadata: {} },
      ]);
      assert.equal((metadata.language_info as { name: string }).name, 'typescript');
    };
    await ran(sources, check);
    await ran(sources, check);
    assert.equal(texts[0], texts[1]);
  });

  test('what it writes is valid, and nbformat would save the same bytes', {
    skip: without('nbformat'),
  }, async () => {
    const notebook = testNotebook(
      '# Title\nwith\ttab\x0c\u2028é',
      'console.log("<b>\\r\\n\\u2028x"); ({ "1": [] })',
    );
    try {
      await runNotebook(notebook.path);
      const script = `
import nbformat, sys
notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
sys.stdout.write(nbformat.writes(notebook))`;
      const python = spawnSync(PYTHON, ['-c', script, notebook.path], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf8', PYTHONUTF8: '1' },
      });
      assert.equal(python.status, 0, python.stderr);
      assert.equal(`${python.stdout}`.trimEnd(), notebook.text().trimEnd());
    } finally {
      notebook.remove();
    }
  });

  test('a notebook without code is only brought into form', async () => {
    await ran(['# Only text'], ({ cells }) => assert.equal(cells.length, 1));
    await ran([], ({ cells }) => assert.deepEqual(cells, []));
  });

  test('an object may name a variable of an earlier cell in short', async () => {
    await ran(
      ['const a = 1; const b = 2;', 'const both = { a, b }; console.log(both.a + both.b);'],
      ({ cells }) => {
        assert.deepEqual(cells[1].outputs, [stream('stdout', '3\n')]);
      },
    );
  });

  test('a variable of an earlier cell may be taken apart under other names', async () => {
    const taken = `const { a: x, b: { c: y }, ...rest } = one;
const sum = ({ a: z, d }: typeof one) => z + d;
console.log(x, y, rest.d, sum(one));`;
    await ran(['const one = { a: 3, b: { c: 4 }, d: 5 };', taken], ({ cells }) => {
      assert.deepEqual(cells[1].outputs, [stream('stdout', '3 4 5 8\n')]);
    });
  });

  test('a cell awaits wherever a module may, and a promise as its last expression', async () => {
    const sources = [
      'const later = async (x: number) => ({ json: async () => x });',
      '(await (await later(7)).json())',
      'const twice = [await later(1), (await (await later(2)).json())]; twice.length',
      'for await (const x of [later(3)]) console.log(await x.json()); later(4).then((x) => x.json())',
      'async function none() {} none()',
    ];
    await ran(sources, ({ cells }) => {
      const results = cells.map(({ outputs }) =>
        outputs!.find((one) => one.output_type === 'execute_result'),
      );
      assert.deepEqual(
        results.map((one) => (one as Shown | undefined)?.data['text/plain']),
        [undefined, ['7'], ['2'], ['4'], undefined],
      );
    });
  });

  test('files of the project may import each other', async () => {
    const notebook = testNotebook("import { odd } from './odd'; odd(7)");
    const one = (name: string, other: string, end: boolean) =>
      `import { ${other} } from './${other}';\nexport function ${name}(n: number): boolean { return n === 0 ? ${end} : ${other}(n - 1); }`;
    writeFileSync(join(notebook.folder, 'odd.ts'), one('odd', 'even', false));
    writeFileSync(join(notebook.folder, 'even.ts'), one('even', 'odd', true));
    try {
      await runNotebook(notebook.path);
      assert.deepEqual((notebook.json().cells[0].outputs![0] as Shown).data, { 'text/plain': ['true'] });
    } finally {
      notebook.remove();
    }
  });

  test("a cell's last value is shown as its type is: a table, a figure, its own outputs, or text", async () => {
    const sources = [
      "import { show } from './lib/cells/display'; import { toDataFrame } from './lib/tracks/frame';",
      `const df = toDataFrame({ rowCount: 9, columns: { tempo: Float64Array.from({ length: 9 }, (_, i) => i) } } as any);
df.head(2)`,
      'df.sample(5)', // a promise
      `({ alt: 'Two points', layout: {}, data: [{ type: 'scatter', x: [1, 2], y: [1, 2] }] })`,
      `({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/markdown': '**own**' }) })`,
      "'two\\nlines'",
      'new Map([[1, 2]])',
    ];
    await ran(sources, ({ cells }) => {
      const shown = cells.slice(1).map(({ outputs }) => (outputs![0] as Shown).data);
      assert.deepEqual(shown.map(Object.keys), [
        ['text/html', 'text/plain'],
        ['text/html', 'text/plain'],
        ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain'],
        ['text/markdown'],
        ['text/plain'],
        ['text/plain'],
      ]);
      assert.match(String(shown[1]['text/plain']), /5 rows × 1 columns/);
      assert.deepEqual(shown[4]['text/plain'], ['two\n', 'lines']);
      assert.deepEqual(shown[5]['text/plain'], ['Map(1) { 1 => 2 }']);
    });
  });

  test('a cell tagged raises-exception may fail: its error is saved, what it has defined stays', async () => {
    const failing = `import { join, sep } from 'path'; let kept = 1, late: number; const [x, y] = [1, 'a'];
function f() { return g(); } function g() { throw new RangeError('on purpose'); }
interface Point { x: number }
class Late { x = f(); static y = f(); }
const never = 2;`;
    const notebook = testNotebook(
      'let first = 1; let never = 0; class Early {}; type Name = string;',
      failing,
      'const point: Point = { x }; const name: Name = y; [first, never, kept, point.x, name, join(y, y), new Early()]',
      'kept.length',
      '[kept, never]',
      '!never as any as Late',
    );
    const { cells, ...rest } = notebook.json();
    for (const i of [1, 3, 5]) cells[i].metadata.tags = ['raises-exception'];
    notebook.write({ ...rest, cells });
    try {
      await runNotebook(notebook.path);
      const executed = notebook.json().cells;
      const [error] = executed[1].outputs as [Output & { output_type: 'error' }];
      assert.deepEqual([error.output_type, error.ename, error.evalue], ['error', 'RangeError', 'on purpose']);
      assert.deepEqual(error.traceback, ['RangeError: on purpose', '    at this cell']);
      const textOf = (i: number) => (executed[i].outputs![0] as Shown).data['text/plain'];
      assert.deepEqual(textOf(2), ["[ 1, 0, 1, 1, 'a', 'a/a', Early {} ]"]);
      assert.match(
        JSON.stringify(executed[3].outputs),
        /"ename":"CompileError","evalue":"1:6 - Property 'length' does not exist on type 'number'\."/,
      );
      assert.deepEqual(textOf(4), ['[ 1, 0 ]']);
      assert.match(JSON.stringify(executed[5].outputs), /Cannot find name 'Late'/);
    } finally {
      notebook.remove();
    }
  });

  test('no line is lost when a cell prints thousands at once', async () => {
    await ran(['for (let i = 0; i < 5000; i++) console.log(i)'], ({ cells }) => {
      const text = (cells[0].outputs![0] as unknown as { text: string[] }).text;
      assert.equal(text.length, 5000);
      assert.equal(text.at(-1), '4999\n');
    });
  });

  test('a cell that throws is shown with its source and without a stack', async () => {
    const message = await fails('const a = 1', 'function f() { throw new Error("no such thing") }\nf();');
    assert.equal(
      message,
      'Cell 2 of 2 failed:\n\n    function f() { throw new Error("no such thing") }\n    f();\n\nError: no such thing\n    at this cell',
    );
  });

  test('a type error stops the cell before it runs', async () => {
    const message = await fails(`console.log("x"); const x: number = 'a';`);
    assert.match(
      message,
      /^Cell 1 of 1 failed:\n\n.*\n\n1:25 - Type 'string' is not assignable to type 'number'\.$/s,
    );
  });

  test("a refusal of the user's input is its sentence only", async () => {
    const message = await fails(
      `import { InputError } from './lib/forest/src/errors';`,
      `await 0; throw new InputError('table.csv has no column popularity')`,
    );
    assert.equal(message, 'table.csv has no column popularity');
  });

  test('a promise that is rejected after its cell has ended fails the run', async () => {
    const reject = (ms: number) => `setTimeout(() => Promise.reject(new Error('too late')), ${ms})`;
    assert.match(
      await fails(reject(3000), 'await new Promise((f) => setTimeout(f, 9e4))'),
      /^Cell 2 .*\nError: too late\n/s,
    );
    assert.match(
      await fails(`setTimeout(() => { throw new Error('too late') }, 20)`),
      /^Cell 1 .*\nError: too late\n/s,
    );
  });

  test('a cell that ends, kills or fills the kernel', async () => {
    assert.match(
      await fails('process.exit(0)'),
      /^Cell 1 of 1 failed: it ended the kernel's process \(exit code 0\)/,
    );
    assert.match(
      await fails(`process.kill(process.pid, 'SIGKILL')`),
      /^Cell 1 of 1 failed: the kernel was killed/,
    );
    const flood = 'const line = "x".repeat(1e4); for (let i = 0; i < 1e4; i++) console.log(line)';
    assert.match(await fails(flood), /^Cell 1 of 1 failed: A cell must not show more than 8 MB/);
  });

  test('a process that a cell has started does not keep the run from ending, nor outlives it', async () => {
    const start = `const { pid } = require('child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
require('fs').writeFileSync(process.env.CHILD_PID, String(pid));`;
    const place = testNotebook();
    process.env.CHILD_PID = join(place.folder, 'pid');
    try {
      for (const end of ['process.exit(3)', `process.kill(process.pid, 'SIGKILL')`]) {
        assert.match(await fails(`${start} ${end}`), /^Cell 1 of 1 failed: (it ended|the kernel was killed)/);
        const pid = Number(readFileSync(process.env.CHILD_PID, 'utf8'));
        await eventually(() => !isAlive(pid), 60, 'the end of its child');
      }
    } finally {
      delete process.env.CHILD_PID;
      place.remove();
    }
  });

  test('what is edited while the notebook runs is not overwritten', async () => {
    const notebook = testNotebook(`require('fs').appendFileSync('test.ipynb', ' ')`);
    const edited = `${notebook.text()} `;
    try {
      await assert.rejects(
        runNotebook(notebook.path),
        /^InputError: test\.ipynb was changed while it ran, and/,
      );
      assert.equal(notebook.text(), edited);
    } finally {
      notebook.remove();
    }
  });

  test('a file that cannot be replaced is said so in one sentence', async () => {
    const notebook = testNotebook('1');
    const longest = `${'n'.repeat(249)}.ipynb`; // there is no room for the name of the temporary file
    renameSync(notebook.path, join(notebook.folder, longest));
    try {
      await assert.rejects(
        runNotebook(join(notebook.folder, longest)),
        /^InputError: n+\.ipynb could not be written and is unchanged: ENAMETOOLONG/,
      );
      assert.deepEqual(readdirSync(notebook.folder).sort(), ['lib', longest, 'node_modules']);
    } finally {
      notebook.remove();
    }
  });

  test('a cell that needs more memory than there is', async () => {
    const notebook = testNotebook(
      'const all: any[] = []; for (;;) all.push(new Array(1e5).fill(0).map(() => ({})))',
    );
    try {
      const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=200' };
      await assert.rejects(runNotebook(notebook.path, { env }), /^InputError: Cell 1 .* ran out of memory/s);
    } finally {
      notebook.remove();
    }
  });

  test('a run that is stopped leaves no kernel, even one that loops for ever', async () => {
    const notebook = testNotebook(`${writePid} for (;;);`);
    const before = notebook.text();
    const pid = join(notebook.folder, 'pid');
    const stop = new AbortController();
    try {
      const run = runNotebook(notebook.path, { signal: stop.signal });
      run.catch(() => {});
      await eventually(() => existsSync(pid), 60, 'a cell that runs');
      stop.abort(new InputError('stopped'));
      await assert.rejects(run, /^InputError: stopped$/);
      assert.equal(isAlive(Number(readFileSync(pid, 'utf8'))), false);
      assert.equal(notebook.text(), before);
    } finally {
      notebook.remove();
    }
  });

  test('a kernel whose runner was killed ends by itself, even one that loops for ever, and leaves no file', async () => {
    const notebook = testNotebook(`${writePid} for (;;);`);
    const pid = join(notebook.folder, 'pid');
    const temporary = mkdtempSync(join(tmpdir(), 'tmp '));
    try {
      const code = `require(${JSON.stringify(join(__dirname, 'runNotebook.ts'))}).runNotebook(process.argv[1])`;
      const runner = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', code, notebook.path], {
        env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
      });
      await eventually(() => existsSync(pid), 60, 'a cell that runs');
      runner.kill('SIGKILL');
      await eventually(() => !isAlive(Number(readFileSync(pid, 'utf8'))), 60, 'the end of the kernel');
      assert.deepEqual(
        readdirSync(temporary).filter((name) => name.startsWith('tslab-')),
        [],
      );
    } finally {
      rmSync(temporary, { recursive: true });
      notebook.remove();
    }
  });

  test('a kernel whose runner was killed before the kernel looked for it ends too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernel '));
    const { pid } = spawnSync(process.execPath, ['-e', '']); // it has ended
    try {
      const kernel = spawn(
        process.execPath,
        [join(__dirname, 'launchTslab.cjs'), '--config-path', join(folder, 'x')],
        {
          env: { ...process.env, NOTEBOOK_RUNNER: String(pid) },
          detached: true,
        },
      );
      await eventually(() => kernel.signalCode === 'SIGKILL', 60, 'the end of the kernel');
      assert.equal(existsSync(folder), false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
