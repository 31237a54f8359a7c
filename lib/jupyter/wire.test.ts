import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, encode } from './wire';

test('what one side signs and sends, the other reads; nothing else is taken for a message', () => {
  const { id, frames } = encode('key', 'session', 'execute_request', { code: '1' });
  const sent = ['kernel', ...frames].map((frame) => Buffer.from(frame));
  assert.deepEqual(decode('key', sent), {
    type: 'execute_request',
    id,
    parentId: '',
    content: { code: '1' },
  });
  const unsigned = /^Error: decode requires a message signed with the connection key/;
  assert.throws(() => decode('another key', sent), unsigned);
  for (const [at, text] of [
    [6, '{"code":"2"}'],
    [2, ''],
  ] as const) {
    const changed = sent.map((frame, i) => (i === at ? Buffer.from(text) : frame));
    assert.throws(() => decode('key', changed), unsigned);
  }
  for (const short of [[], sent.slice(0, -1), sent.filter((_, i) => i !== 1)])
    assert.throws(() => decode('key', short), /^Error: decode requires a Jupyter message, got \d frames$/);
});
