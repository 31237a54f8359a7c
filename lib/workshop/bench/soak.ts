/**
 * `npm run bench -- soak` loads the demo over 8 connections for a minute while it also predicts tables of
 * 100,000 rows. No request may fail, and memory must be level at the end.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadModel } from '../../model/file';
import {
  bodyOf,
  demoArguments,
  freePort,
  launch,
  residentMiB,
  send,
  stop,
  trainModel,
  untilAnswered,
} from './parts/demoProcess';

const SECONDS = 60;
const ROWS = 100_000;

export async function main(args: string[] = []): Promise<void> {
  const seconds = Number(args[0] ?? SECONDS);
  const folder = mkdtempSync(join(tmpdir(), 'bench-soak-'));
  const path = join(folder, 'model.json');
  const table = join(__dirname, '../../../dataset/spotify_tracks.csv');
  await trainModel(table, path);
  const model = loadModel(path);
  const port = await freePort();
  const child = launch(process.execPath, demoArguments(path, port));
  const agent = new Agent({ keepAlive: true, maxSockets: 9 });
  const bodies = model.contents.examples.map(({ values }) => bodyOf(model, values));
  try {
    await untilAnswered(
      child,
      async () => JSON.parse(await send(agent, port, '/predict', bodies[0])).prediction,
    );
    const [header, ...rows] = readFileSync(table, 'utf8').trim().split('\n');
    const lines = Array.from({ length: ROWS }, (_, i) => rows[i % rows.length]);
    const csv = `${header}\n${lines.join('\n')}\n`;
    const until = performance.now() + seconds * 1000;
    const times: number[] = [];
    const failures: string[] = [];
    const tables: number[] = [];
    const memory: number[] = [];
    const single = async (k: number) => {
      for (let i = k; performance.now() < until; i++) {
        const start = performance.now();
        await send(agent, port, '/predict', bodies[i % bodies.length]).catch((error) =>
          failures.push(String(error)),
        );
        times.push(performance.now() - start);
      }
    };
    const beside = async () => {
      while (performance.now() < until) {
        const start = performance.now();
        const answer = await send(agent, port, '/predict/csv', csv, 'text/csv').catch((error) => {
          failures.push(String(error));
          return '';
        });
        tables.push(performance.now() - start);
        const count = answer.split('\n').length - 2;
        if (count !== ROWS) failures.push(`a table of ${ROWS} rows got ${count}`);
      }
    };
    const watch = async () => {
      while (performance.now() < until) {
        await sleep(1000);
        memory.push(residentMiB(child.pid!));
      }
    };
    await Promise.all([...Array.from({ length: 8 }, (_, k) => single(k)), beside(), watch()]);
    times.sort((a, b) => a - b);
    const p = (share: number) => times[Math.floor(share * (times.length - 1))].toFixed(1);
    const most = (from: number, to: number) => Math.max(...memory.slice(from, to)).toFixed(0);
    const half = Math.floor(memory.length / 2);
    console.log(
      `${times.length} predictions (${(times.length / seconds).toFixed(0)}/s), median ${p(0.5)} ms, p99 ${p(0.99)} ms, worst ${p(1)} ms`,
    );
    console.log(
      `${tables.length} tables of ${ROWS} rows beside them, each ${(Math.min(...tables) / 1000).toFixed(1)} s or more`,
    );
    console.log(
      `resident at most ${most(0, half)} MiB in the first half, ${most(half, memory.length)} MiB in the second`,
    );
    console.log(`${failures.length} failures ${[...new Set(failures)].slice(0, 5).join('; ')}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    agent.destroy();
    stop(child);
    rmSync(folder, { recursive: true });
  }
}
