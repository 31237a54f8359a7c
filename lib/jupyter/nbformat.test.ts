import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { PYTHON, without } from '../forest/testing/index';
import { testNotebook } from '../workshop/samples/notebooks';
import { formatNotebook, pythonJson, readNotebook, splitLines } from './nbformat';

const good = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
const markdown = (source: unknown, id?: unknown) => ({ cell_type: 'markdown', metadata: {}, source, id });

/** The message about a file of this content. */
function refusal(content: object | string | Buffer): string {
  const notebook = testNotebook();
  try {
    notebook.write(content);
    readNotebook(notebook.path);
    return 'nothing';
  } catch (error) {
    assert.equal((error as Error).name, 'InputError', String(error));
    return (error as Error).message;
  } finally {
    notebook.remove();
  }
}

test('what is no notebook for this kernel is refused in one sentence', () => {
  const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
  const cases: [object | string | Buffer, RegExp][] = [
    ['', /^test\.ipynb is not a Jupyter notebook: .*JSON/],
    [' \n', /^test\.ipynb is not a Jupyter notebook: .*\(the file is empty\)$/],
    ['{"cells": [', /^test\.ipynb is not a Jupyter notebook: .*JSON/],
    ['{"cells":\n[\n1,\x1b\n}', /^test\.ipynb is not a Jupyter notebook: .*JSON/],
    [
      '{\n"cells": [],\n}',
      /^test\.ipynb is not a Jupyter notebook: .* at position 15 \(line 3( column \d+)?\)$/,
    ],
    [
      Buffer.from('{"cells": ["caf\u00e9"]}', 'latin1'),
      /^test\.ipynb is not a Jupyter notebook: it is not UTF-8 text$/,
    ],
    [Buffer.from('\ufeff{}', 'utf16le'), /it is not UTF-8 text$/],
    [
      `${'['.repeat(1e5)}${']'.repeat(1e5)}`,
      /^test\.ipynb is not a Jupyter notebook: it is nested over 500 deep$/,
    ],
    [{ ...good, nbformat: 5 }, /has nbformat 5, the runner reads 4: /],
    [{ nbformat: 4 }, /has no list of cells$/],
    [{ ...good, cells: [{ ...markdown('a'), cell_type: undefined }] }, /cell 1 of type undefined, known are/],
    [{ ...good, metadata: { kernelspec: { name: 'python3' } } }, /is a notebook for python3,/],
    ['null', /has no nbformat number$/],
    [[], /has no nbformat number$/],
    [{ ...good, nbformat: '4' }, /has no nbformat number$/],
    [
      { worksheets: [], metadata: {}, nbformat: 3, nbformat_minor: 0 },
      /has nbformat 3, the runner reads 4: /,
    ],
    [{ ...good, cells: {} }, /has no list of cells$/],
    [{ ...good, cells: [markdown('a'), 'b'] }, /has a cell 2 that is no object$/],
    [
      { ...good, cells: [{ ...markdown('a'), cell_type: 'heading' }] },
      /cell 1 of type "heading", known are code,/,
    ],
    [{ ...good, cells: [markdown(7)] }, /has a cell 1 without a text$/],
    [{ ...good, cells: [markdown(['a', 7])] }, /has a cell 1 without a text$/],
    [{ ...good, metadata: python }, /is a notebook for python, the runner executes TypeScript notebooks/],
    [{ ...good, metadata: { language_info: { name: 'R' } } }, /is a notebook for R,/],
  ];
  for (const [content, message] of cases) {
    const said = refusal(content);
    assert.match(said, message);
    assert.doesNotMatch(said, /[\x00-\x1f]/);
  }
  assert.equal(refusal(good), 'nothing');
  assert.equal(refusal('\uFEFF' + JSON.stringify(good)), 'nothing');
});

test('a missing file and a folder are told apart', () => {
  const notebook = testNotebook();
  mkdirSync(`${notebook.path}.d`);
  assert.throws(
    () => readNotebook(`${notebook.path}.none`),
    /^InputError: There is no notebook test\.ipynb\.none$/,
  );
  assert.throws(
    () => readNotebook(`${notebook.path}.d`),
    /^InputError: test\.ipynb\.d is a folder, not a notebook$/,
  );
  notebook.remove();
});

test('a pipe is not waited for', { skip: process.platform === 'win32' && 'needs pipes' }, () => {
  const notebook = testNotebook();
  execFileSync('mkfifo', [`${notebook.path}.p`]);
  assert.throws(
    () => readNotebook(`${notebook.path}.p`),
    /^InputError: test\.ipynb\.p is a pipe or a device, not a notebook$/,
  );
  notebook.remove();
});

test('every cell gets a stable id of its own, code cells lose outputs and times, all else stays', () => {
  const notebook = testNotebook();
  const code = {
    cell_type: 'code',
    metadata: { tags: ['x'], execution: { started: '2024' } },
    source: ['a\n', 'b'],
    outputs: [{ output_type: 'stream', name: 'stdout', text: 'old' }],
    execution_count: 7,
  };
  const cells = [markdown('# A', 'same'), markdown('B', 'same'), markdown('C', 'not valid!'), code];
  notebook.write({ ...good, cells, metadata: { title: 'T' }, nbformat_minor: 2, extra: 1 });
  const read = readNotebook(notebook.path);
  assert.deepEqual(
    read.cells.map((cell) => cell.id),
    ['same', 'cell-2', 'cell-3', 'cell-4'],
  );
  const fresh = { source: 'a\nb', outputs: [], execution_count: null, metadata: { tags: ['x'] } };
  assert.deepEqual(read.cells[3], { cell_type: 'code', id: 'cell-4', ...fresh });
  assert.deepEqual(read.metadata, { title: 'T' });
  assert.equal(read.nbformat_minor, 5);
  notebook.write(formatNotebook(read));
  assert.deepEqual(readNotebook(notebook.path), read);
  notebook.remove();
});

test('a file is written as Jupyter writes it: keys in order, one space, lists of lines', () => {
  const read = { ...good, cells: [{ ...markdown('# A\nb', 'x'), id: 'x', source: '# A\nb' }] };
  const expected = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "x",
   "metadata": {},
   "source": [
    "# A\\n",
    "b"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;
  assert.equal(formatNotebook(read as never), expected);
});

// Python 3.11: 'a\n\nb\r\nc\rd\x0be\x85f\u2028g'.splitlines(True)
test('splitLines is str.splitlines(True)', () => {
  const lines = ['a\n', '\n', 'b\r\n', 'c\r', 'd\x0b', 'e\x85', 'f\u2028', 'g'];
  assert.deepEqual(splitLines(lines.join('')), lines);
  assert.deepEqual(splitLines(''), []);
  assert.deepEqual(splitLines('\n'), ['\n']);
});

test("numbers, keys and texts are written as Python's json writes them", { skip: without('json') }, () => {
  const small = [7.65e-5, -1e-5, 0.0001, 0.00012, 1e-7, 9.99e-5, 5e-324, 1.5e-10];
  const large = [1e15, 1e16, 123456789012345680000, 1e21, 1.7976931348623157e308, -2.5];
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 }),
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      (numbers, object) => {
        const value = {
          numbers: [...small, ...large, ...numbers],
          object,
          10: [],
          9: {},
          '\u{1f600}': 1,
          '\uffee': 2,
        };
        const script = `import json, sys
sys.stdout.reconfigure(encoding='utf8', newline='')
sys.stdin.reconfigure(encoding='utf8')
print(json.dumps(json.load(sys.stdin), indent=1, sort_keys=True, ensure_ascii=False), end='')`;
        const python = spawnSync(PYTHON, ['-c', script], { input: JSON.stringify(value), encoding: 'utf8' });
        assert.equal(python.status, 0, python.stderr);
        assert.equal(pythonJson(value), python.stdout);
      },
    ),
    { numRuns: 10 },
  );
  assert.equal(pythonJson([0.0000765, 0.1, -0, 1e-12]), '[\n 7.65e-05,\n 0.1,\n 0,\n 1e-12\n]');
});
