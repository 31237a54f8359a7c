import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fastify from 'fastify';
import { keepConnections } from './connections';

for (const bytes of [1, 100_000, 30_000_000]) {
  test(`an answer of ${bytes} bytes that its client has not read yet survives the end of the server`, async () => {
    const server = fastify({ forceCloseConnections: 'idle' });
    keepConnections(server);
    server.get('/', () => 'x'.repeat(bytes));
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as { port: number };
    const client = connect(port, '127.0.0.1').pause();
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const [, response] = await once(server.server, 'request');
    while (!response.writableEnded) await setTimeout(5); // then it waits for its client
    const closed = server.close();
    await setTimeout(200);
    let text = '';
    client.on('data', (piece) => {
      text += piece;
    });
    await Promise.all([closed, once(client.resume(), 'end')]);
    assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4).length, bytes);
  });
}
