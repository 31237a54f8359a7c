import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CsvScanner, firstRows } from './csv';

/** All rows with their lines, the text pushed in pieces of that many characters. */
function scan(text: string, size = text.length, delimiter = ',', newline: '\n' | '\r' = '\n') {
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  const scanner = new CsvScanner(
    { delimiter, newline, source: 'a.csv' },
    {
      field: (column, whole, from, to) => {
        if (column === 0) fields = [];
        fields.push(whole.slice(from, to));
      },
      endRow: (line, count) => {
        assert.equal(count, fields.length);
        rows.push({ line, fields });
        return false;
      },
    },
  );
  for (let from = 0; from < text.length; from += Math.max(1, size))
    scanner.push(text.slice(from, from + size));
  scanner.end();
  return rows;
}

const fieldsOf = (text: string) => scan(text).map(({ fields }) => fields);

test('rows, fields and lines', () => {
  assert.deepEqual(scan('a,b\n"x\ny",2\r\n\n  \n"say ""hi""",\n'), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['x\ny', '2'] },
    { line: 6, fields: ['say "hi"', ''] },
  ]);
  assert.deepEqual(fieldsOf('a,b'), [['a', 'b']]);
  assert.deepEqual(fieldsOf('a,'), [['a', '']]);
  assert.deepEqual(fieldsOf(',\n'), [['', '']]);
  assert.deepEqual(fieldsOf('""\n'), [['']]);
  assert.deepEqual(fieldsOf('a "quoted" b,5"\n'), [['a "quoted" b', '5"']]);
  assert.deepEqual(fieldsOf('"a"\r\n"b"'), [['a'], ['b']]);
  assert.deepEqual(fieldsOf(''), []);
  assert.deepEqual(
    scan('a\rb\r', 1, ',', '\r').map(({ fields }) => fields),
    [['a'], ['b']],
  );
});

test('quotes that do not match are refused with line and field', () => {
  const table: [text: string, message: RegExp][] = [
    [
      'a,b\n1,"2',
      /^a\.csv, line 2, field 2 has a quote \("\) that is never closed: write a quote within quotes twice$/,
    ],
    ['a,b\n"1"x,2', /^a\.csv, line 2, field 1 has a quote \("\) that is closed before its field ends: write/],
    ['a\n"b\0"\n', /^a\.csv, line 2, field 1 holds a NUL character, which no text has$/],
  ];
  for (const [text, message] of table) assert.throws(() => scan(text), { name: 'InputError', message });
});

/** The same table, whole and cut after every few characters, as rows with a known number of fields. */
function scanLoosely(text: string, width: number) {
  const readings = [text.length, 3].map((size) => {
    const rows: string[] = [];
    let fields: string[] = [];
    const sink = {
      field: (column: number, whole: string, from: number, to: number) => {
        if (column === 0) fields = [];
        fields.push(whole.slice(from, to));
      },
      endRow: (line: number) => {
        rows.push(`${line}: ${fields.join('|')}`);
        return false;
      },
    };
    const scanner = new CsvScanner({ delimiter: ',', newline: '\n', source: 'a.csv', width }, sink);
    for (let from = 0; from < text.length; from += size) scanner.push(text.slice(from, from + size));
    scanner.end();
    return { rows, mended: scanner.mendedLines };
  });
  assert.deepEqual(readings[0], readings[1]);
  return readings[0];
}

test('quotes that are not doubled are read where one reading has the right number of fields', () => {
  const table: [line: string, row: string][] = [
    ['"Hollow "Champ" Gravel",2', 'Hollow "Champ" Gravel|2'],
    ['"a \\"b\\"",2', 'a "b"|2'],
    ['"say \\"hi\\", she",2', 'say "hi", she|2'],
    ['1,"12" mix"', '1|12" mix'],
    ['"the "end",2', 'the "end|2'],
    ['"a "b" ""c""",2', 'a "b" "c"|2'],
  ];
  for (const [line, row] of table) {
    const { rows, mended } = scanLoosely(`a,b\n${line}\n3,"4\n4"\n5,6\n`, 2);
    assert.deepEqual(rows, ['1: a|b', `2: ${row}`, '3: 3|4\n4', '5: 5|6'], line);
    assert.deepEqual(mended, [2]);
  }
});

test('a quote that opens the next field does not close the one before', () => {
  // Each has four fields if the quote behind the first comma does both.
  for (const line of ['"open,",,",";",2', '"a"b,",,",";",2', '"a\\"b,",,",";",2']) {
    assert.throws(() => scanLoosely(`a,b,c,d\n${line}\n`, 4), {
      name: 'InputError',
      message: /^a\.csv, line 2, field \d has a quote/,
    });
  }
});

test('a line that stands in quotes as a whole is a row of its own, however the text is cut', () => {
  const text = 'a,b\n"x,""1, 2"""\n"""y\nz"",3"\n"only one"\n4,5\n';
  const rows = ['1: a|b', '2: x|1, 2', '3: y\nz|3', '5: only one', '6: 4|5'];
  assert.deepEqual(scanLoosely(text, 2), { rows, mended: [] });
});

test('all lines whose quotes cannot be read are named together', () => {
  assert.throws(() => scanLoosely('a,b\n"say "x", y",2\n3,4\n5,"6\n"7"7","8"8\n', 2), {
    name: 'InputError',
    message:
      'a.csv, line 2, field 1 has a quote (") that is closed before its field ends; so have lines 4 and 5: write a quote within quotes twice',
  });
});

test('a quote left open does not swallow a large file', () => {
  const text = `a\n"${'x,y\n'.repeat(600_000)}`;
  assert.throws(() => scan(text, 1 << 18), {
    name: 'InputError',
    message: /line 2 has a quote \("\) that is never closed/,
  });
});

test('any rows come back, with their lines, however the text is cut', () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '\u00e9'),
    maxLength: 6,
  });
  let seen = 0;
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
      fc.nat(8),
      (rows, size) => {
        seen++;
        const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
        const text = quoted.map((row) => `${row}\n`).join('');
        const found = scan(text, size + 1);
        assert.deepEqual(
          found.map(({ fields }) => fields),
          rows,
        );
        const lines = quoted.map(
          (_, r) => 1 + quoted.slice(0, r).join('\n').split('\n').length - (r === 0 ? 1 : 0),
        );
        assert.deepEqual(
          found.map(({ line }) => line),
          lines,
        );
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(seen >= 2000);
});

test('firstRows stops early and leaves a cut row alone', () => {
  const layout = { delimiter: ',', newline: '\n', source: 'a.csv' } as const;
  assert.deepEqual(firstRows('a,b\n1,2\n3,4\n', 2, layout), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', '2'] },
  ]);
  assert.deepEqual(firstRows('a,b\n1,"2', 9, layout), [{ line: 1, fields: ['a', 'b'] }]);
});
