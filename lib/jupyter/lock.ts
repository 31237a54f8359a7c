import { createHash } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../forest/src/index';

/**
 * The name of a socket that stands for one folder. The system takes it away with the process that holds it, however
 * that ends, so no lock outlives its owner; only where sockets are files does one remain, which nobody answers.
 */
function addressOf(folder: string, platform: NodeJS.Platform): string {
  const name = `notebook-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
}

/**
 * Makes this process the only one that runs notebooks in a folder, by whatever name, until it ends.
 * @param platform the system whose kind of socket is used, as `process.platform`
 * @throws InputError when another process is already running one there; it names the process
 */
export async function lockFolder(folder: string, platform = process.platform): Promise<void> {
  const address = addressOf(existsSync(folder) ? realpathSync(folder) : folder, platform);
  if (await listen(address)) return;
  const owner = await ask(address);
  if (owner === undefined && !address.startsWith('\0')) {
    rmSync(address, { force: true });
    if (await listen(address)) return;
  }
  throw new InputError(
    `Another npm start is running in this folder${owner ? ` (process ${owner})` : ''}: wait until it has ended`,
  );
}

/** False when another process listens there. A process that connects is told this process's number. */
function listen(address: string): Promise<Server | false> {
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

/** The owner's answer, or undefined when none comes within a second. */
function ask(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = createConnection(address).setEncoding('utf8').setTimeout(1000);
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer || undefined));
  });
}
