import { stripVTControlCharacters } from 'node:util';
import { InputError } from '../forest/src/index';
import { KernelDied } from './kernelProcess';

const MAX_LINES = 20;

/**
 * Makes the message about a cell that failed: its number, its source, and the kernel's message without colours and
 * without the kernel's own lines of the stack. If the cell refused the user's input, its message says it all.
 * @param error what happened; its message is what the kernel printed
 * @param source the cell's source
 * @param where such as `Cell 3 of 12`
 */
export function failure(error: Error, source: string, where: string): InputError {
  const message = withoutInternals(stripVTControlCharacters(error.message));
  const refusal = /^InputError: (.*)$/ms.exec(message);
  if (refusal) return new InputError(refusal[1].trim());
  if (error instanceof KernelDied || error instanceof RangeError) {
    return new InputError(`${where} failed: ${message}\n\n${indent(source)}`);
  }
  return new InputError(`${where} failed:\n\n${indent(source)}\n\n${cut(message)}`);
}

/** launchTslab.cjs keeps stacks short; one that was made elsewhere, such as in a worker, has Node's own lines. */
function withoutInternals(message: string): string {
  const lines = message.split('\n').filter((line) => !/^\s+at .*(node:|node_modules|evalmachine)/.test(line));
  return lines.join('\n').trim();
}

function cut(text: string): string {
  const lines = text.split('\n');
  const more = lines.length - MAX_LINES;
  return more <= 0 ? text : [...lines.slice(0, MAX_LINES), `... and ${more} more lines`].join('\n');
}

const indent = (source: string) => cut(source.trim()).replace(/^(?=.)/gm, '    ');
