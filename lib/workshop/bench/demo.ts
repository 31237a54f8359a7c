/**
 * `npm run bench -- demo`: our demo beside Gradio (where the Python in .venv has it), the same forest behind
 * both, one after the other in one run: start, predictions one after another and over 8 connections, memory,
 * and the page in Chromium.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM, CHROMIUM_FLAGS, PYTHON, TUTORIAL_TABLE, without } from '../../forest/testing/index';
import { loadModel } from '../../model/file';
import {
  bodyOf,
  demoArguments,
  FEATURES,
  freePort,
  launch,
  residentMiB,
  send,
  stop,
  trainModel,
  untilAnswered,
} from './parts/demoProcess';

const CONNECTIONS = 8;
const SECONDS = 5;
const VISITS = 7;

/** The figures of one demo. */
interface Measured {
  startMs: number;
  perSecond: number;
  medianMs: number;
  p99Ms: number;
  restMiB: number;
  loadMiB: number;
  page?: { requests: number; kib: number; readyMs: number };
  /** Predictions for the same tracks, which must be equal. */
  predictions: number[];
}

/** The request that asks a demo for a prediction. */
type Ask = (agent: Agent, track: number[]) => Promise<number>;

export async function main(): Promise<void> {
  const table = existsSync(TUTORIAL_TABLE)
    ? TUTORIAL_TABLE
    : join(__dirname, '../../../dataset/spotify_tracks.csv');
  const folder = mkdtempSync(join(tmpdir(), 'bench-demo-'));
  try {
    const path = join(folder, 'model.json');
    await trainModel(table, path);
    const model = loadModel(path);
    const tracks = model.contents.examples.slice(0, 20).map(({ values }) => values);
    const bodies = new Map(tracks.map((track) => [track, bodyOf(model, track)]));
    const port = await freePort();
    const ours = await measure(
      process.execPath,
      demoArguments(path, port),
      port,
      tracks,
      'document.querySelector("#controls select, #controls input") && /\\d/.test(document.querySelector("#prediction").textContent)',
      async (agent, track) => {
        return JSON.parse(await send(agent, port, '/predict', bodies.get(track)!)).prediction;
      },
    );
    console.log(
      `The forest of ${model.trees.treeCount} trees learnt from ${model.contents.data.trainRows} tracks of ${model.contents.data.file}`,
    );
    if (CHROMIUM) console.log(`An empty page is ready after ${(await emptyPageMs()).toFixed(0)} ms`);
    if (without('gradio')) {
      print(ours, undefined);
      console.log(
        'Gradio is not installed in this Python (.venv/bin/pip install "gradio==6.31.*"), so it was not measured',
      );
      return;
    }
    const gradioPort = await freePort();
    const script = join(__dirname, 'demoPeer.py');
    const command = [script, table, String(gradioPort), FEATURES.join(',')];
    const gradio = await measure(
      PYTHON,
      command,
      gradioPort,
      tracks,
      `document.querySelectorAll('input[type=range]').length === ${FEATURES.length}`,
      async (agent, track) => {
        const { event_id } = JSON.parse(
          await send(agent, gradioPort, '/gradio_api/call/predict', JSON.stringify({ data: track })),
        );
        const events = await send(agent, gradioPort, `/gradio_api/call/predict/${event_id}`);
        return JSON.parse(/event: complete\ndata: (.*)/.exec(events)![1])[0];
      },
    );
    print(ours, gradio);
    const difference = Math.max(
      ...ours.predictions.map((value, i) => Math.abs(value - gradio.predictions[i])),
    );
    console.log(`Largest difference between their predictions for ${tracks.length} tracks: ${difference}`);
    if (!(difference < 1e-9)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  program: string,
  args: string[],
  port: number,
  tracks: number[][],
  ready: string,
  ask: Ask,
): Promise<Measured> {
  const start = performance.now();
  const child = launch(program, args);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    await untilAnswered(child, () => ask(agent, tracks[0]));
    const startMs = performance.now() - start;
    const restMiB = residentMiB(child.pid!);
    const predictions: number[] = [];
    for (const track of tracks) predictions.push(await ask(agent, track));
    const one: number[] = [];
    const until = performance.now() + SECONDS * 1000;
    for (let i = 0; performance.now() < until; i++) {
      const before = performance.now();
      await ask(agent, tracks[i % tracks.length]);
      one.push(performance.now() - before);
    }
    one.sort((a, b) => a - b);
    const perSecond = await throughput(agent, tracks, ask);
    const loadMiB = residentMiB(child.pid!);
    const page = CHROMIUM ? await measurePage(`http://127.0.0.1:${port}/`, ready) : undefined;
    const quantile = (p: number) => one[Math.min(one.length - 1, Math.floor(p * one.length))];
    return {
      startMs,
      perSecond,
      medianMs: quantile(0.5),
      p99Ms: quantile(0.99),
      restMiB,
      loadMiB,
      page,
      predictions,
    };
  } finally {
    agent.destroy();
    stop(child);
  }
}

/** Answers per second over several connections, each of which asks again as soon as it has its answer. */
async function throughput(agent: Agent, tracks: number[][], ask: Ask): Promise<number> {
  let answered = 0;
  const start = performance.now();
  const until = start + SECONDS * 1000;
  const connection = async (k: number) => {
    for (let i = k; performance.now() < until; i++) {
      await ask(agent, tracks[i % tracks.length]);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, k) => connection(k)));
  return answered / ((performance.now() - start) / 1000);
}

/** Runs in the page: looks once per frame whether the page can be used, and notes when that frame was painted. */
const WATCH = (ready: string) => `requestAnimationFrame(function look() {
  if (!(${ready})) return requestAnimationFrame(look);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { window.readyAt = performance.now(); };
  requestAnimationFrame(() => port2.postMessage(0));
});`;

/**
 * First visits with an empty cache: requests, bytes on the wire, and the median time from the navigation's start
 * until the page can be used and is seen. The page's own clock measures it, so the driver's work does not count.
 * @param ready an expression that is true when the page can be used
 */
async function measurePage(url: string, ready: string): Promise<Measured['page']> {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    const times: number[] = [];
    let [requests, bytes] = [0, 0];
    for (let visit = 0; visit < VISITS; visit++) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const network = await context.newCDPSession(page);
      await network.send('Network.enable');
      [requests, bytes] = [0, 0];
      network.on('Network.requestWillBeSent', ({ request: { url } }) => {
        if (!url.startsWith('data:')) requests++;
      });
      network.on('Network.loadingFinished', ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.addInitScript(WATCH(ready));
      await page.goto(url, { waitUntil: 'networkidle' });
      const readyAt = await page.waitForFunction(() => (globalThis as { readyAt?: number }).readyAt);
      times.push((await readyAt.jsonValue())!);
      await context.close();
    }
    times.sort((a, b) => a - b);
    return { requests, kib: bytes / 1024, readyMs: times[VISITS >> 1] };
  } finally {
    await browser.close();
  }
}

/** The time that Chromium itself needs for a page with one word. */
async function emptyPageMs(): Promise<number> {
  const server = createHttpServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Empty</title><p>Ready');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    return (await measurePage(`http://127.0.0.1:${port}/`, 'document.querySelector("p")'))!.readyMs;
  } finally {
    server.close();
  }
}

/** `better` says whether a large or a small value is good: the ratio is then how many times better ours is. */
function print(ours: Measured, gradio: Measured | undefined): void {
  const rows: [string, (m: Measured) => number | undefined, 'more' | 'less', number][] = [
    [`predictions/s, ${CONNECTIONS} connections`, (m) => m.perSecond, 'more', 0],
    ['one after another, median ms', (m) => m.medianMs, 'less', 2],
    ['one after another, p99 ms', (m) => m.p99Ms, 'less', 2],
    ['start to first answer, ms', (m) => m.startMs, 'less', 0],
    ['resident at rest, MiB', (m) => m.restMiB, 'less', 0],
    ['resident after load, MiB', (m) => m.loadMiB, 'less', 0],
    ['page: requests', (m) => m.page?.requests, 'less', 0],
    ['page: KiB on the wire', (m) => m.page?.kib, 'less', 0],
    ['page: ready after, ms', (m) => m.page?.readyMs, 'less', 0],
  ];
  console.log(
    `${''.padEnd(32)}${'ours'.padStart(10)}${gradio ? `${'Gradio'.padStart(12)}${'ratio'.padStart(10)}` : ''}`,
  );
  for (const [label, of, better, digits] of rows) {
    const [mine, theirs] = [of(ours), gradio && of(gradio)];
    if (mine === undefined) continue;
    const ratio = theirs === undefined ? undefined : better === 'more' ? mine / theirs : theirs / mine;
    const peer =
      theirs === undefined
        ? ''
        : `${theirs.toFixed(digits).padStart(12)}${`${ratio!.toFixed(1)} x`.padStart(10)}`;
    console.log(`${label.padEnd(32)}${mine.toFixed(digits).padStart(10)}${peer}`);
  }
}
