import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleModel } from '../workshop/samples/model';
import { addressOf, listen } from './listen';
import { createServer } from './server';

const create = () => createServer(sampleModel());

test('takes the next port where one is taken, and says where none is left', async () => {
  const last = await listen(create, '127.0.0.1', 65_535);
  try {
    assert.equal(last.port, 65_535);
    await assert.rejects(
      listen(create, '127.0.0.1', 65_535),
      /^InputError: The server requires a free port from 65535 to 65535, got none$/,
    );
  } finally {
    await last.app.close();
  }
  const first = await listen(create, '127.0.0.1', 0);
  const second = await listen(create, '127.0.0.1', first.port);
  assert.ok(second.port > first.port && second.port < first.port + 100);
  await Promise.all([first.app.close(), second.app.close()]);
});

test('an address of another machine is refused in a sentence', async () => {
  // 203.0.113.0/24 is for documentation (RFC 5737): no machine has it.
  for (const host of ['203.0.113.1', 'no-such-host.invalid'])
    await assert.rejects(
      listen(create, host, 0),
      new RegExp(
        `^InputError: The server cannot listen on ${host}, port 0: (it is not an address|EAI_AGAIN)`,
      ),
    );
});

test('the address is one that a browser can open', () => {
  const addresses = ['0.0.0.0', '::', '127.0.0.1', '::1', 'music.example'].map((host) => addressOf(host, 80));
  assert.deepEqual(addresses, [
    'http://localhost:80/',
    'http://localhost:80/',
    'http://127.0.0.1:80/',
    'http://[::1]:80/',
    'http://music.example:80/',
  ]);
});
