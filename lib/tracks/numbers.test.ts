import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { categoryCode } from './cells';
import { type DecimalMark, findDecimalMark, parseBoolean, parseNumber } from './numbers';

test('numbers in every usual form', () => {
  const table: [cell: string, point: number | undefined, comma: number | undefined][] = [
    ['42', 42, 42],
    ['-7', -7, -7],
    ['+7', 7, 7],
    [' 42 ', 42, 42],
    ['0.654', 0.654, undefined],
    ['0,654', undefined, 0.654],
    ['.5', 0.5, undefined],
    ['5.', 5, undefined],
    ['1.88e-06', 1.88e-6, undefined],
    ['1,88E-06', undefined, 1.88e-6],
    ['4.644', 4.644, 4644],
    ['4,644', 4644, 4.644],
    ['1,234,567.5', 1234567.5, undefined],
    ['1.234.567,5', undefined, 1234567.5],
    ['12,34', undefined, 12.34],
    ['1,23,456', undefined, undefined],
    ['0,123,456', undefined, undefined],
    ['9007199254740993', 9007199254740992, 9007199254740992],
    ['0.1000000000000000055511151231257827', 0.1, undefined],
    ['', Number.NaN, Number.NaN],
    ['  ', Number.NaN, Number.NaN],
    ['NA', Number.NaN, Number.NaN],
    ['null', Number.NaN, Number.NaN],
    ['-', Number.NaN, Number.NaN],
    ['nan', Number.NaN, Number.NaN],
    ['1e400', undefined, undefined],
    ['1e-400', 0, 0],
    ['Infinity', undefined, undefined],
    ['0x1F', undefined, undefined],
    ['1_000', undefined, undefined],
    ['2024-05-04', undefined, undefined],
    ['1/2', undefined, undefined],
    ['65%', undefined, undefined],
    ['--5', undefined, undefined],
    ['1.2.3', undefined, undefined],
    ['.', undefined, undefined],
    ['-.', undefined, undefined],
    ['+', undefined, undefined],
    ['1e', undefined, undefined],
    ['=1+1', undefined, undefined],
    ['\u0661\u0662', undefined, undefined],
  ];
  for (const [cell, point, comma] of table) {
    assert.equal(parseNumber(cell, '.'), point, `${cell} with a point`);
    assert.equal(parseNumber(cell, ','), comma, `${cell} with a comma`);
  }
});

test('every number comes back exactly, alone and within a longer text', () => {
  let seen = 0;
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), (drawn) => {
      seen++;
      const value = drawn + 0; // String(-0) is 0
      const text = String(value);
      assert.equal(parseNumber(text, '.'), value);
      assert.equal(parseNumber(text.replace('.', ','), ','), value);
      assert.equal(parseNumber(`7,${text},8`, '.', 2, 2 + text.length), value);
      const short = value.toFixed(6);
      if (Math.abs(value) < 1e15) assert.equal(parseNumber(short, '.'), Number(short));
    }),
    { numRuns: 5000 },
  );
  assert.ok(seen >= 5000);
});

test('the decimal mark is found from cells that can mean only one thing', () => {
  const table: [cells: string[], mark: DecimalMark][] = [
    [['0.654', '-4.644', '1'], '.'],
    [['0,654', '-4,644', '1'], ','],
    [['4,644', '1,234'], '.'],
    [['1.234', '-4,64'], ','],
    [['1.234.567'], ','],
    [['1,234,567'], '.'],
    [['NA', '', 'x'], '.'],
    [[], '.'],
  ];
  for (const [cells, mark] of table) assert.equal(findDecimalMark(cells), mark, cells.join(' '));
});

test('truth values and categories in their spellings', () => {
  const words = ['True', 'FALSE', 'yes', 'n', '1', '0.0', '', 'NA', 'maybe', '2'].map(parseBoolean);
  assert.deepEqual(words, [1, 0, 1, 0, 1, 0, Number.NaN, Number.NaN, undefined, undefined]);
  const keys = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
  const codes = ['c', 'C#', 'Db', 'B\u266d', 'F\u266f', ' b ', 'H', ''].map((name) =>
    categoryCode(name, keys),
  );
  assert.deepEqual(codes, [0, 1, 1, 10, 6, 11, undefined, undefined]);
});
