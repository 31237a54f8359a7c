import { randomUUID } from 'node:crypto';
import type { Progress, RunOptions } from '../forest/src/index';
import { kernelSend, type Send } from './display';
import { escapeHtml } from './displayHtml';

/** Between two updates of a bar, in milliseconds. */
const UPDATE_EVERY = 100;
/** An estimate from less than this is a guess. */
const ESTIMATE_AFTER = 1000;

/** The tasks that an interrupt ends: one listener for all, also for those whose work failed before its end. */
const running = new Set<() => void>();

function interruptAll(): void {
  for (const interrupt of [...running]) interrupt();
}

function start(interrupt: () => void): void {
  if (running.size === 0) process.on('SIGINT', interruptAll);
  running.add(interrupt);
}

function stop(interrupt: () => void): void {
  running.delete(interrupt);
  if (running.size === 0) process.removeListener('SIGINT', interruptAll);
}

/** The place that a bar is drawn in; the last call draws the final text. */
export type Draw = (text: string, done: number, total: number, isLast: boolean, stays: string) => void;

/**
 * A bar as an output that changes in place. It begins as what stays at the end, so that a program that reads the
 * first output and no update (nbval) sees what the saved notebook has.
 */
function inNotebook(send: Send): Draw {
  const displayId = randomUUID(); // not saved with the notebook
  let shown = '';
  const put = (data: Record<string, unknown>) => {
    send({ data, metadata: {}, transient: { display_id: displayId } }, shown !== '');
    shown = String(data['text/plain']);
  };
  return (text, done, total, isLast, stays) => {
    if (shown === '') put({ 'text/plain': stays });
    const bar = `<progress value="${done}" max="${total}" style="width:20em"></progress> ${escapeHtml(text)}`;
    if (!isLast) put({ 'text/html': bar, 'text/plain': text });
    else if (shown !== text) put({ 'text/plain': text });
  };
}

function inTerminal(text: string, _done: number, _total: number, isLast: boolean): void {
  process.stderr.write(`\r\u001b[K${text}${isLast ? '\n' : ''}`);
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/**
 * A progress bar for one piece of work, which fills in place, and Jupyter's Interrupt (or Ctrl-C) as a signal:
 * `await search.fit(X, y, task('Tuning', 'fits'))`. While it runs it says what is being done and how long
 * it will take; at the end a line without times stays ("Tuning: 135 fits"), so that two runs leave the same
 * notebook. Outside a notebook it draws in the terminal, and nothing where there is none.
 * @param label what is being done
 * @param unit what is counted, in the plural
 * @param draw where to draw; found by itself
 * @returns options for any long-running function; the bar ends when `done` equals `total`, or on the signal
 */
export function task(
  label: string,
  unit = 'steps',
  draw: Draw | undefined = findDraw(),
): Required<Pick<RunOptions, 'signal' | 'onProgress'>> {
  const controller = new AbortController();
  const started = performance.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last: Progress = { done: 0, total: 0 };
  let isOver = false;

  function end(text: string): void {
    isOver = true;
    stop(interrupt);
    draw?.(text, last.done, last.total, true, stays());
  }
  const stays = () => `${label}: ${last.total} ${unit}`;
  function interrupt(): void {
    end(`${label}: interrupted after ${last.done} of ${last.total} ${unit}`);
    controller.abort(new Error(`${label} was interrupted`));
  }
  start(interrupt);

  return {
    signal: controller.signal,
    onProgress(progress) {
      if (isOver) return;
      last = progress;
      const { done, total } = progress;
      if (done >= total) return end(stays());
      const now = performance.now();
      if (now - drawnAt < UPDATE_EVERY) return;
      drawnAt = now;
      const left = ((now - started) / done) * (total - done);
      const estimate = done > 0 && now - started > ESTIMATE_AFTER ? `, about ${duration(left)} left` : '';
      const detail = progress.label ? ` (${progress.label})` : '';
      draw?.(`${label}: ${done} of ${total} ${unit}${detail}${estimate}`, done, total, false, stays());
    },
  };
}

function findDraw(): Draw | undefined {
  const send = kernelSend();
  if (send) return inNotebook(send);
  return process.stderr.isTTY ? inTerminal : undefined;
}
