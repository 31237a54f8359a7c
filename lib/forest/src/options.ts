import { InputError, valueText } from './errors';
import type { RunOptions } from './types';

/**
 * Refuses options that are none, so that no wish is ignored silently.
 * @param caller named in the message
 * @param names of all options that there are
 */
export function checkOptions(caller: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`${caller} requires its options as an object, got ${valueText(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`${caller} requires options of ${names.join(', ')}, got ${unknown}`);
  }
}

/**
 * The same for what can take long.
 * @param others names beside those of `RunOptions`
 */
export function checkRunOptions(caller: string, options: RunOptions, others: readonly string[] = []): void {
  checkOptions(caller, options, [...others, 'onProgress', 'signal', 'queue']);
  const { onProgress, signal, queue } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InputError(`${caller} requires onProgress to be a function, got ${valueText(onProgress)}`);
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new InputError(`${caller} requires signal to be an AbortSignal, got ${valueText(signal)}`);
  }
  checkQueue(caller, queue);
}

/** @throws InputError where a queue is no address; its text is not shown, because it may hold a password */
export function checkQueue(caller: string, queue: unknown): void {
  const isAddress = typeof queue === 'string' && /^rediss?:\/\/[^/]/.test(queue);
  if (queue !== undefined && queue !== null && !isAddress) {
    throw new InputError(
      `${caller} requires queue to be null or a redis:// or rediss:// address, got another value`,
    );
  }
}
