import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decode, findBrokenUtf8, findEncoding } from './text';

const read = (bytes: Buffer, size = 1 << 18) => [...decode(bytes, size)].join('');

test('encodings are found from the bytes', () => {
  const text = 'track_name,artists\nCaf\u00e9,Beyonc\u00e9\n';
  const utf16 = Buffer.from(text, 'utf16le');
  const table: [bytes: Buffer, encoding: string][] = [
    [Buffer.from(text), 'utf-8'],
    [Buffer.from(`\ufeff${text}`), 'utf-8'],
    [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    [utf16, 'utf-16le'],
    [Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from(utf16).swap16(), 'utf-16be'],
    [Buffer.from(text, 'latin1'), 'windows-1252'],
  ];
  for (const [bytes, encoding] of table) {
    assert.equal(findEncoding(bytes).encoding, encoding);
    assert.equal(read(bytes), text, encoding);
  }
});

test('Windows-1252 has its own characters where Latin-1 has none', () => {
  // Python: bytes([0x80, 0x92, 0x93, 0x99, 0xe9]).decode('cp1252')
  assert.equal(read(Buffer.from([0x80, 0x92, 0x93, 0x99, 0xe9])), '\u20ac\u2019\u201c\u2122\u00e9');
});

test('any text decodes the same however it is cut', () => {
  let seen = 0;
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 9 }), (text, half) => {
      seen++;
      const size = 2 * half;
      assert.equal(read(Buffer.from(text), size), text.replace(/^\ufeff/, ''));
      const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
      assert.equal(read(utf16, size), text);
      assert.equal(read(utf16.swap16(), size), text);
    }),
    { numRuns: 1000 },
  );
  assert.ok(seen >= 1000);
});

test('UTF-8 with a broken character is told from Windows-1252', () => {
  const cut = Buffer.from('a\nCaf\u00e9 Beyonc\u00e9\n\u97f3').subarray(0, -1);
  assert.equal(findBrokenUtf8(cut), 3);
  assert.equal(
    findBrokenUtf8(Buffer.concat([Buffer.from('\u00e9\n'.repeat(700_001)), Buffer.from([0xe9])])),
    700_002,
  );
  assert.equal(findBrokenUtf8(Buffer.from('Caf\u00e9\n', 'latin1')), undefined);
  assert.equal(findBrokenUtf8(Buffer.from('Caf\u00e9\n')), undefined);
});
