import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { InputError } from '../forest/src/index';
import { type Content, decode, encode, type Message } from './wire';

/** The end of a cell: `status` is `'ok'`, `'error'` or `'aborted'`. */
export interface Reply {
  status: string;
  executionCount: number | null;
}

/** The kernel ended before it answered. */
export class KernelDied extends InputError {
  override name = 'KernelDied';
}

const WINDOWS = process.platform === 'win32';
const START_SECONDS = 60;
/** Milliseconds to listen to a kernel that has ended: a process that it started may hold its pipes for ever. */
const LAST_WORDS_MS = 500;

/** Tells launchTslab.cjs whom the kernel ends with, and that the folder of its connection file ends with them. */
const RUNNER = 'NOTEBOOK_RUNNER';

/** Sockets in a private folder need no ports; Windows has none, and elsewhere their path must be a short one. */
async function connection(folder: string) {
  const ipc = !WINDOWS && Buffer.byteLength(folder) < 90;
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ipc
    ? [1, 2, 3, 4, 5]
    : await freePorts(5);
  return {
    transport: ipc ? 'ipc' : 'tcp',
    ip: ipc ? join(folder, 'kernel') : '127.0.0.1',
    key: randomBytes(16).toString('hex'),
    signature_scheme: 'hmac-sha256',
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
  };
}

/** Port numbers that nothing uses at this moment, all different because all are held until the last is found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((s) => new Promise<void>((done) => s.listen(0, '127.0.0.1', done))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** @throws InputError when the folder for temporary files cannot be used */
function inTemporary<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new InputError(
      `The folder for temporary files cannot be used (TMPDIR names another): ${(error as Error).message}`,
    );
  }
}

/** A tslab kernel in a process of its own, and the two sockets a notebook needs: requests and outputs. */
export class Kernel {
  /** The kernel's description of its language, for the notebook's metadata. */
  languageInfo: Record<string, unknown> = {};
  private readonly session = randomUUID();
  private readonly waiting = new Map<string, (message: Message) => void>();
  private readonly shell = new Dealer({ linger: 0, reconnectInterval: 20 });
  private readonly iopub = new Subscriber({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  /** The end of what the process wrote past the notebook: why it died, when it died. */
  private stderr = '';
  private readonly died: Promise<never>;
  private fail: (reason: Error) => void = () => {};
  private readonly onExit = () => this.signal('SIGKILL');

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly key: string,
    private readonly onOutput: (message: Message) => void,
  ) {
    child.stdout!.resume();
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.stderr = (this.stderr + text).slice(-10_000);
    });
    this.died = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.died.catch(() => {}); // it also dies when it is stopped and nobody waits any more
    child.once('error', this.fail);
    child.once('exit', async (code, signal) => {
      this.signal('SIGKILL'); // what a cell has started ends with it
      await Promise.race([once(child, 'close'), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      this.fail(new KernelDied(whyItDied(code, signal, this.stderr)));
    });
    process.once('exit', this.onExit);
  }

  /**
   * Starts tslab and waits until it answers.
   * @param cwd the notebook's folder, from which its cells import
   * @param env the environment of the kernel
   * @param onOutput receives every message that belongs to a notebook's output, in order
   * @param signal gives up the start when it is aborted
   * @throws InputError when the kernel does not start
   */
  static async start(
    cwd: string,
    env: NodeJS.ProcessEnv,
    onOutput: (message: Message) => void,
    signal?: AbortSignal,
  ): Promise<Kernel> {
    const folder = inTemporary(() => mkdtempSync(join(tmpdir(), 'tslab-')));
    try {
      const config = await connection(folder);
      const file = join(folder, 'connection.json');
      inTemporary(() => writeFileSync(file, JSON.stringify(config), { mode: 0o600 }));
      const args = [join(__dirname, 'launchTslab.cjs'), '--config-path', file];
      // A process group of its own: Ctrl-C in the terminal reaches the runner alone, which then ends the group.
      const child = spawn(process.execPath, args, {
        cwd,
        env: { ...env, [RUNNER]: String(process.pid) },
        detached: !WINDOWS,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const kernel = new Kernel(child, folder, config.key, onOutput);
      const address = `${config.transport}://${config.ip}:`;
      try {
        await kernel.connect(address + config.shell_port, address + config.iopub_port, signal);
      } catch (error) {
        await kernel.stop();
        throw error;
      }
      return kernel;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async connect(shell: string, iopub: string, signal?: AbortSignal): Promise<void> {
    this.shell.connect(shell);
    this.iopub.connect(iopub);
    this.iopub.subscribe();
    this.receive(this.shell).catch(this.fail);
    this.receive(this.iopub).catch(this.fail);
    // tslab prints that it found no port, and stays.
    this.child.stderr!.on('data', (text) => /address already in use/i.test(text) && this.signal('SIGKILL'));
    const late = sleep(START_SECONDS * 1000, undefined, { ref: false }).then(() => {
      throw new InputError(`The kernel did not answer within ${START_SECONDS} seconds`);
    });
    this.languageInfo = await Promise.race([this.askLanguage(), this.died, late, whenAborted(signal)]);
  }

  /** Outputs sent before the subscription has arrived would be lost: asks until the answer comes on both sockets. */
  private async askLanguage(): Promise<Record<string, unknown>> {
    for (;;) {
      const answer = await Promise.race([this.request('kernel_info_request', {}), sleep(500)]);
      if (answer) return answer.language_info ?? {};
    }
  }

  private async receive(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = decode(this.key, frames);
      if (message.type === 'status' || message.type.endsWith('_reply'))
        this.waiting.get(message.parentId)?.(message);
      else this.onOutput(message);
    }
  }

  /** Sends a request; the answer is complete when the reply is there and the kernel is idle again. */
  private async request(type: string, content: object): Promise<Content> {
    const { id, frames } = encode(this.key, this.session, type, content);
    const done = new Promise<Content>((resolve) => {
      let reply: Content | undefined;
      let idle = false;
      this.waiting.set(id, (message) => {
        if (message.type === 'status') idle ||= message.content.execution_state === 'idle';
        else reply = message.content;
        if (reply && idle) resolve(reply);
      });
    });
    await this.shell.send(frames);
    return await done.finally(() => this.waiting.delete(id));
  }

  /**
   * Runs one cell to its end.
   * @throws KernelDied when the process ended before
   */
  async execute(code: string): Promise<Reply> {
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true };
    const reply = await Promise.race([this.request('execute_request', content), this.died]);
    return { status: reply.status ?? 'error', executionCount: reply.execution_count ?? null };
  }

  /** Returns when the kernel has worked off everything that was due: what it still had to say is said. */
  async settle(): Promise<void> {
    await sleep(200);
    await Promise.race([this.request('kernel_info_request', {}), this.died]);
  }

  private signal(name: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (WINDOWS) spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
      else process.kill(-pid, name);
    } catch {
      // nothing of the group is left
    }
  }

  /** Ends the kernel and all that it started; safe to call twice and after it died. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await Promise.race([this.died.catch(() => {}), sleep(1000, undefined, { ref: false })]);
    this.signal('SIGKILL');
    for (const pipe of [this.child.stdout!, this.child.stderr!]) pipe.destroy();
    process.removeListener('exit', this.onExit);
    this.shell.close();
    this.iopub.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Rejects with the signal's reason once it is aborted, and never without a signal. */
export function whenAborted(signal?: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {}); // the race that it takes part in may be over
  return aborted;
}

function whyItDied(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  if (/heap out of memory/i.test(stderr)) return 'the kernel ran out of memory';
  if (/address already in use/i.test(stderr)) return "the kernel's ports were taken meanwhile: run it again";
  if (signal === 'SIGKILL') return 'the kernel was killed (kill -9, or by the system when memory ran out)';
  if (signal) return `the kernel was ended by ${signal}`;
  const last = stderr
    .trim()
    .split('\n')
    .find((line) => /error/i.test(line));
  return `it ended the kernel's process (exit code ${code}${last ? `: ${last.trim()}` : ''})`;
}
