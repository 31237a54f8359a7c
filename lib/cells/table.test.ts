import assert from 'node:assert/strict';
import test from 'node:test';
import { DataFrame } from 'danfojs-node';
import fc from 'fast-check';
import { table } from './table';

const rows = Object.freeze([
  { name: '<script>alert(1)</script>', share: 0.25, count: 3, loudness: -4.644 },
  { name: '東京', share: Number.NaN, count: 10, loudness: -40.2 },
  { name: 'a & "b"', share: 0.5, count: 200, loudness: -0.00001 },
]);

test('the text of a table has aligned columns with decimals of their own', () => {
  assert.equal(
    table(rows).text,
    [
      '   name                       share  count  loudness',
      '0  <script>alert(1)</script>   0.25      3     -4.64',
      '1  東京                         NaN     10    -40.20',
      '2  a & "b"                     0.50    200      0.00',
      '',
      '3 rows × 4 columns',
    ].join('\n'),
  );
});

test("the HTML has Jupyter's class, an index of its own, numbers at the right and escaped names", () => {
  assert.equal(
    table(rows.slice(0, 1), {
      columns: ['name', 'count'],
      labels: { count: 'Tracks <n>' },
      index: ['first'],
      ofRows: 3,
    }).html,
    [
      '<div style="overflow-x:auto"><table border="1" class="dataframe">',
      '<thead><tr style="text-align:right"><th></th><th style="text-align:left">name</th><th>Tracks &lt;n&gt;</th></tr></thead>',
      '<tbody>',
      '<tr><th>first</th><td style="text-align:left">&lt;script&gt;alert(1)&lt;/script&gt;</td><td>3</td></tr>',
      '</tbody>',
      '</table>',
      '<p>1 of 3 rows × 2 columns</p></div>',
    ].join('\n'),
  );
});

/** The body's lines, without the size below. */
const body = (view: { text: string }) => view.text.split('\n').slice(1, -2);

test('decimals: given for all, by column or by row', () => {
  const numbers = [
    { a: 1.23456, b: 1000.5 },
    { a: 20, b: 0.001 },
  ];
  assert.deepEqual(body(table(numbers, { digits: 1, index: false })), [' 1.2  1000.5', '20.0     0.0']);
  assert.deepEqual(body(table(numbers, { digits: { a: 0 }, index: false })), [' 1  1000.5', '20     0.0']);
  assert.deepEqual(body(table(numbers, { digits: 'row', index: false })), ['  1.2  1000.5', '20.00    0.00']);
});

test('what has no number: missing, infinite, true, tiny and long', () => {
  const odd = [
    { v: null },
    { v: undefined },
    { v: Number.POSITIVE_INFINITY },
    { v: -0 },
    { v: 7.4e-6 },
    { v: 0.5 },
  ];
  assert.deepEqual(
    body(table(odd, { index: false })),
    ['     NaN', '     NaN', '     inf', '   0.000', '   0.000', '   0.500'].map((line) =>
      line.trim().padStart(5),
    ),
  );
  assert.deepEqual(body(table([{ v: true }, { v: 'x'.repeat(90) }], { index: false })), [
    'true',
    `${'x'.repeat(79)}…`,
  ]);
  assert.deepEqual(body(table([{ v: 0.0000123 }, { v: 0.00002 }], { index: false })), [
    '0.0000123',
    '0.0000200',
  ]);
});

test('texts that are numbers with an interval or a percent sign stand at the right', () => {
  const view = table([{ r2: '0.17 [0.12, 0.21]' }, { r2: '9%' }], { index: false });
  assert.deepEqual(body(view), ['0.17 [0.12, 0.21]', '               9%']);
  assert.doesNotMatch(view.html, /left/);
});

test('a table with no rows is its header', () => {
  assert.equal(table([], { columns: ['a', 'b'] }).text, '  a  b\n\n0 rows × 2 columns');
  assert.match(table([], { columns: ['a'] }).html, /<tbody>\n\n<\/tbody>/);
});

test("danfo's DataFrames keep their index", () => {
  const frame = new DataFrame(
    [
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
    ],
    { columns: ['n', 'name'] },
  );
  assert.equal(table(frame.tail(2)).text, '   n  name\n1  2  y\n2  3  z\n\n2 rows × 2 columns');
});

test('an index of another length is refused', () => {
  assert.throws(
    () => table(rows, { index: ['one'] }),
    /^Error: table requires one index label per row \(3\), got 1$/,
  );
});

test('whatever the cells are, the HTML has no element but its own and the text one line per row', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double(),
    fc.constantFrom(null, undefined, true, '<td>', '&amp;'),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ a: cell, b: cell }), { maxLength: 5 }), (made) => {
      const view = table(made, { columns: ['a', 'b'] });
      assert.equal(view.html.match(/<td/g)?.length ?? 0, 2 * made.length);
      assert.doesNotMatch(view.html, /<(?!\/?(div|table|thead|tbody|tr|th|td|p)[ >])/);
      assert.equal(view.text.split('\n').length, made.length + 3);
    }),
  );
});
