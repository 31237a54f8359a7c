import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fromBase64, toBase64 } from './base64';

test("any bytes give Node's own base64, and come back", () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = toBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(fromBase64(text), bytes);
      compared++;
    }),
  );
  assert.ok(compared >= 100);
});

test('a text that is not base64 in groups of four gives nothing', () => {
  for (const text of ['A', 'AAA', 'AA=A', '=AAA', 'A===', 'AAA*', 'AAAé', 'AA==AAAA', 'AAA\n']) {
    assert.equal(fromBase64(text), undefined, text);
  }
  assert.deepEqual(fromBase64(''), new Uint8Array(0));
});
