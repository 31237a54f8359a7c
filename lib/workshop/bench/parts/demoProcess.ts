/** The demo as a process of its own, for demo.ts and soak.ts: its model, its start, questions, memory, its end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  meanAbsoluteError,
  RandomForestRegressor,
  r2Score,
  take,
  trainTestSplit,
} from '../../../forest/src/index';
import { buildModel } from '../../../model/build';
import { saveModel } from '../../../model/file';
import type { Model } from '../../../model/model';
import { naturalValue } from '../../../model/track';
import { numbers } from '../../../tracks/columns';
import { FeatureEncoder } from '../../../tracks/features';
import { readTracks } from '../../../tracks/read';

export const FEATURES = [
  ...['danceability', 'energy', 'key', 'loudness', 'mode', 'speechiness', 'acousticness'],
  ...['instrumentalness', 'liveness', 'valence', 'tempo'],
];

/** A model of the forest that demoPeer.py trains: the same rows, split, features and seed. */
export async function trainModel(table: string, path: string): Promise<void> {
  const tracks = await readTracks(table);
  const { train, test } = trainTestSplit(tracks.rowCount, { testSize: 0.25, randomState: 42 });
  const encoder = new FeatureEncoder({ scale: false, features: FEATURES }).fit(tracks, train);
  const y = numbers(tracks, 'popularity');
  const forest = new RandomForestRegressor({ nEstimators: 100, minSamplesLeaf: 4, randomState: 42 });
  await forest.fit(encoder.transform(tracks, train), take(y, train));
  const predicted = forest.predict(encoder.transform(tracks, test));
  const actual = take(y, test);
  const metrics = { r2: r2Score(actual, predicted), mae: meanAbsoluteError(actual, predicted) };
  const interval = { method: 'none, for the benchmark', level: 0.9, lower: -2, upper: 2, floor: 5 };
  saveModel(
    path,
    buildModel({
      forest,
      features: encoder.features,
      tracks,
      train,
      test,
      fileRows: tracks.rowCount,
      metrics,
      interval,
    }),
  );
}

/** The arguments with which Node serves a model. */
export const demoArguments = (model: string, port: number): string[] => [
  ...[
    '--require',
    'tsx/cjs',
    join(__dirname, '../../../demo/main.ts'),
    '--model',
    model,
    '--port',
    `${port}`,
  ],
];

/** Starts a program that `stop` ends with all that it has started. */
export const launch = (program: string, args: string[]): ChildProcess =>
  spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: process.platform !== 'win32' });

export function stop(child: ChildProcess): void {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
  else process.kill(-child.pid!, 'SIGKILL');
}

/** Asks until there is an answer, for a minute. */
export async function untilAnswered(child: ChildProcess, ask: () => Promise<number>): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    try {
      await ask();
      return;
    } catch {
      if (child.exitCode !== null) throw new Error(`the demo ended with exit code ${child.exitCode}`);
      await sleep(10);
    }
  }
  throw new Error('the demo did not answer within a minute');
}

/** A track of the model's examples as the body of a request. */
export const bodyOf = (model: Model, values: readonly number[]): string =>
  JSON.stringify(Object.fromEntries(model.features.map((f, j) => [f.name, naturalValue(f, values[j])])));

/** One request: a POST where there is a body. Fails unless the answer is 200. */
export function send(
  agent: Agent,
  port: number,
  path: string,
  body?: string,
  type = 'application/json',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': type, 'content-length': Buffer.byteLength(body) } : {};
    const call = request(
      { host: '127.0.0.1', port, path, agent, headers, method: body ? 'POST' : 'GET' },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        response.on('end', () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Resident memory of a process and of those that it started (Linux; NaN elsewhere). */
export function residentMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    const own = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
    return children.reduce((sum, child) => sum + residentMiB(child), own);
  } catch {
    return Number.NaN;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
