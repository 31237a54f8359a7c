/** All that the package asks of a browser: the names of platform.ts, which the browser build replaces by this. */
import { InputError } from '../errors';
import type { Thread } from './thread';

interface BrowserWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: { message?: string; preventDefault?(): void }) => void) | null;
}

// The project's compiler knows Node's globals and not a browser's.
const browser = globalThis as unknown as {
  crossOriginIsolated?: boolean;
  navigator?: { hardwareConcurrency?: number };
  Worker?: new (url: string) => BrowserWorker;
  Blob: new (parts: string[], options: { type: string }) => object;
  URL: { createObjectURL(blob: object): string };
  MessageChannel: new () => {
    port1: { onmessage: (() => void) | null };
    port2: { postMessage(message: 0): void };
  };
};

/** The largest number of threads. Only an isolated page may give a worker memory that both can use. */
export function cores(): number {
  const hasThreads = browser.crossOriginIsolated === true && browser.Worker !== undefined;
  return hasThreads ? (browser.navigator?.hardwareConcurrency ?? 1) : 1;
}

/** @throws InputError because a page cannot reach a queue */
export const loadQueue = async (): Promise<never> => {
  throw new InputError('A search in a page requires no queue, got one');
};

/** A page's main thread may not stop and wait for others. */
export const mayWait = false;

const waiting: (() => void)[] = [];
let poke: (() => void) | undefined;

/** Lets the page do what else there is to do. A timer would wait for 4 ms, and far longer in a hidden page. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    poke ??= makePoke();
    waiting.push(resolve);
    poke();
  });

function makePoke(): () => void {
  const { port1, port2 } = new browser.MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return () => port2.postMessage(0);
}

const SERVE = `
  module.exports.serve(
    (handle) => { self.onmessage = (event) => handle(event.data); },
    (message, buffers) => self.postMessage(message, buffers),
  );`;
const urls = new Map<string, string>();

/** Starts a worker from a text of the package's, a CommonJS module that exports `serve`. */
export function startThread(text: string): Thread {
  const url = urls.get(text) ?? urlOf(`(function (module) {${text}${SERVE}})({});`);
  urls.set(text, url);
  const worker = new browser.Worker!(url);
  const thread: Thread = {
    listener: null,
    post: (message) => worker.postMessage(message),
    terminate: async () => worker.terminate(),
    ref: () => {},
    unref: () => {},
  };
  worker.onmessage = ({ data }) => thread.listener?.message(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    thread.listener?.error(new Error(event.message ?? 'A worker of the page could not be started'));
  };
  return thread;
}

const urlOf = (code: string) =>
  browser.URL.createObjectURL(new browser.Blob([code], { type: 'text/javascript' }));
