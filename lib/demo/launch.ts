import { request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { show } from '../cells/display';
import { escapeHtml } from '../cells/displayHtml';
import type { Model } from '../model/model';
import { offlinePage } from './document';
import { addressOf, DEFAULT_PORT, listen } from './listen';
import { typicalTrack } from './predict';
import { proxiedAddress } from './proxies';
import { createServer } from './server';

/** A demo that serves as long as its notebook's kernel runs, or until it is closed. */
export interface Demo {
  /** The server's address on the kernel's machine, e.g. `http://127.0.0.1:7860/`. */
  readonly url: string;
  /** Stops serving; requests under way are answered first. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** The kernel's running demo stands outside this module, which a notebook loads anew when `lib` changes. */
const running = globalThis as { [key: symbol]: { demo: Demo; port: number } | undefined };
const KEY = Symbol.for('music-popularity-prediction.demo');

/**
 * Shows a model's page below the cell: stands for Gradio's `launch()`. The page has the model in it, so that it also
 * answers in a saved notebook and without a kernel. A server beside it, in this process, answers requests from code;
 * one that this kernel launched before is replaced, on its port. Before this function returns, one request over HTTP
 * has been answered and compared with `model.predict`.
 *
 * With `DEMO_PORT=0` in the environment, as `npm start` sets it, the server takes any free port and the output
 * is what it would be on the usual one, so that the executed notebook has the same bytes whatever else runs.
 * @param model what to serve
 * @param options `port`: the first to try, 7860 by default; the next free one when it is taken. `hosts`: names under
 * which a proxy calls the server; behind a proxy that the environment tells of, any name by default
 * @throws InputError when no port is free; Error when the server does not answer as the model does
 * @example const demo = await launchDemo(model); // later: await demo.close()
 */
export async function launchDemo(
  model: Model,
  options: { port?: number; hosts?: readonly string[] } = {},
): Promise<Demo> {
  const before = running[KEY];
  await before?.demo.close();
  const unseen = process.env.DEMO_PORT === '0';
  const wanted = unseen ? 0 : (options.port ?? before?.port ?? Number(process.env.DEMO_PORT ?? DEFAULT_PORT));
  const local = (port: number) => addressOf(HOST, port);
  const proxied = (port: number) => (unseen ? undefined : proxiedAddress(port, process.env));
  // On a machine behind a proxy, no page in the reader's browser can reach the server but through the proxy.
  const hosts = options.hosts ?? (proxied(0) === undefined ? [] : ['*']);
  const { app, port } = await listen(() => createServer(model, { hosts }), HOST, wanted);
  app.server.unref(); // it goes with the kernel, and keeps no script alive
  const demo: Demo = {
    url: local(port),
    async close() {
      if (running[KEY]?.demo === demo) running[KEY] = undefined;
      await app.close();
    },
  };
  running[KEY] = { demo, port };
  const shownPort = unseen ? (options.port ?? DEFAULT_PORT) : port;
  const address = proxied(shownPort) ?? local(shownPort);
  const answer = await firstAnswer(model, demo.url);
  await show(frame(await offlinePage(model, address), address, answer));
  return demo;
}

/** Asks the server as anyone would, and compares its answer with the model's own. */
async function firstAnswer(model: Model, url: string): Promise<string> {
  const track = typicalTrack(model);
  const { status, text } = await post(`${url}predict`, JSON.stringify(track));
  const expected = model.answer(model.numbers(track));
  if (status !== 200 || !isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(expected)))) {
    throw new Error(`The demo at ${url} requires the model's own answer, got ${text}`);
  }
  const { prediction, interval } = expected;
  return (
    `POST /predict answered for a track with the typical value of every feature: popularity ${prediction.toFixed(1)}, ` +
    `${Math.round(interval.level * 100)}% interval ${interval.low.toFixed(0)} to ${interval.high.toFixed(0)}, ` +
    'equal to model.predict.'
  );
}

/** Sends a body over a connection of its own, because `fetch` would reuse one that the last demo has just closed. */
function post(url: string, body: string): Promise<{ status?: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** The page in the frame is dark where the notebook is; its own system's setting it would follow by itself. */
const DARK = ':is([data-jp-theme-light="false"], .vscode-dark) iframe { color-scheme: dark }';

/** The frame may run its scripts, save a table and open a link; of the notebook around it, it sees nothing. */
const ALLOWED = 'allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox';

function frame(page: string, address: string, answer: string): { html: string; text: string } {
  const where = 'while this kernel runs; npm run demo serves the same page without it.';
  const link = `<a href="${escapeHtml(address)}" target="_blank" rel="noopener">${escapeHtml(address)}</a>`;
  // In an attribute between double quotes, only these two signs mean something.
  const document = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return {
    html:
      `<p>${escapeHtml(answer)}<br>Requests from code go to ${link} ${where}</p>\n` +
      `<style>${DARK}</style>\n` +
      `<iframe srcdoc="${document}" sandbox="${ALLOWED}" title="The demo" width="100%" height="760" style="border: 0; border-radius: 12px" allow="clipboard-write"></iframe>`,
    text: `${answer}\nRequests from code go to ${address} ${where}`,
  };
}
