import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';
import { InputError, valueText } from './errors';

test('a value as a message shows it', () => {
  const long = 'x'.repeat(100);
  const shown = [undefined, null, [1, 2], () => 1, { a: 1 }, 'a "b"\n', long, 1.5, 2n, false].map(valueText);
  assert.deepEqual(shown, [
    'nothing',
    'null',
    'a list of 2',
    'a function',
    'an object',
    '"a \\"b\\"\\n"',
    `"${'x'.repeat(60)}…"`,
    '1.5',
    '2',
    'false',
  ]);
});

test('in a notebook the sentence is all', () => {
  assert.equal(inspect(new InputError('f requires 1, got 2')), 'InputError: f requires 1, got 2');
});
