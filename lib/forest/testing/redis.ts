/** A Redis server of a test's own, and workers in processes of their own, which a test can kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { deflateSync } from 'node:zlib';
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

  signal(signal: NodeJS.Signals): void {
    this.server!.kill(signal);
  }

  /** Puts bytes that are no work in the place of every search's, and takes the jobs' results away. */
  async spoilWork(): Promise<void> {
    const redis = new Redis(this.address);
    for (const key of await redis.keys('exact-forest:work:*:*'))
      await redis.set(key, deflateSync(serialize(null)));
    redis.disconnect();
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

  /**
   * @param options jobs: threads at most; node: the Node to run it on; within: a command that runs it, such as `taskset`
   */
  constructor(address: string, options: { jobs?: number; node?: string; within?: string[] } = {}) {
    const { jobs = 1, node = process.execPath, within = [] } = options;
    const main = join(__dirname, '..', 'src', 'queue', 'main.ts');
    const [command, ...args] = [...within, node, '--require', 'tsx/cjs', main];
    this.child = spawn(command, [...args, '--queue', address, '--jobs', `${jobs}`], {
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

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and gives the exit code. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const end = once(this.child, 'exit');
    this.child.kill(signal);
    return (await end)[0];
  }
}
