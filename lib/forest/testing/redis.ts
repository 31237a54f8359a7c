/** A Redis server of a test's own, and workers in processes of their own, which a test can kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that keeps nothing on the disk: a restart loses everything. */
export class TestRedis {
  private server: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'redis-'));

  private constructor(readonly port: number) {}

  static async open(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort());
    await redis.start();
    return redis;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const options = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--dir', this.folder];
    this.server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const text of this.server.stdout!) if (/Ready to accept/.test(String(text))) break;
  }

  async stop(): Promise<void> {
    const end = once(this.server!, 'exit');
    this.server!.kill('SIGKILL');
    await end;
  }

  /** The names of all keys. */
  async keys(): Promise<string[]> {
    const redis = new Redis(this.address);
    const keys = await redis.keys('*');
    redis.disconnect();
    return keys.sort();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** A worker in a process of its own. */
export class TestWorker {
  output = '';
  private readonly child: ChildProcess;

  constructor(address: string, ...args: string[]) {
    const main = join(__dirname, '..', 'src', 'queue', 'main.ts');
    this.child = spawn(process.execPath, ['--require', 'tsx/cjs', main, '--queue', address, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text) => (this.output += text));
  }

  /** Waits until its output has these words. */
  async says(words: RegExp, seconds = 30): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!words.test(this.output)) {
      if (performance.now() > end) throw new Error(`The worker requires ${words}, got ${this.output}`);
      await sleep(20);
    }
  }

  /** Sends a signal and gives the exit code. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const end = once(this.child, 'exit');
    this.child.kill(signal);
    return (await end)[0];
  }
}
