/**
 * All that the package asks of Node, Bun and Deno. The browser build has platform.browser.ts in the place of this
 * module.
 */
import { Worker } from 'node:worker_threads';
import type { Thread, ThreadListener } from './thread';

export { cores } from './cores';

/** Whether this thread may stop and wait for others. */
export const mayWait = true;

/** The queue's side of a search; it needs packages that are installed only where there is a queue. */
export const loadQueue = () => import('../queue/search');

/** Lets the event loop do what else there is to do. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SERVE = `
  const { parentPort } = require('node:worker_threads');
  module.exports.serve(
    (handle) => parentPort.on('message', handle),
    (message, buffers) => parentPort.postMessage(message, buffers),
  );`;

/**
 * Starts a worker thread.
 * @param text the worker's code, a CommonJS module that exports `serve`
 * @throws where the system has no thread left
 */
export function startThread(text: string): Thread {
  const code = `(function (module) {${text}${SERVE}})({});`;
  // Without the parent's flags: a compiler that it was started with would only delay a worker.
  const worker = new Worker(code, { eval: true, execArgv: [] });
  const thread: Thread & { listener: ThreadListener | null } = {
    listener: null,
    post: (message) => worker.postMessage(message),
    terminate: async () => void (await worker.terminate()),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
  // A worker that dies while it waits must not end the process.
  worker.on('error', (error) => thread.listener?.error(error));
  worker.on('exit', () => thread.listener?.exit());
  worker.on('message', (message) => thread.listener?.message(message));
  return thread;
}
