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
  checkOptions(caller, options, [...others, 'onProgress', 'signal']);
  const { onProgress, signal } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InputError(`${caller} requires onProgress to be a function, got ${valueText(onProgress)}`);
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new InputError(`${caller} requires signal to be an AbortSignal, got ${valueText(signal)}`);
  }
}
