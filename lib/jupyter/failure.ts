import { stripVTControlCharacters } from 'node:util';
import { InputError } from '../errors';
import { KernelDied } from './kernelProcess';

const MAX_LINES = 20;

/**
 * What to tell the user about a cell that failed: where, its source, and the kernel's message without colours and
 * without the stack, whose lines are the kernel's own. A cell that refused the user's input has said it all itself.
 * @param error what happened; its message is what the kernel printed
 * @param source the cell's source
 * @param where such as `Cell 3 of 12`
 */
export function failure(error: Error, source: string, where: string): InputError {
  const message = withoutStack(stripVTControlCharacters(error.message));
  const refusal = /^InputError: (.*)$/ms.exec(message);
  if (refusal) return new InputError(refusal[1]!.trim());
  if (error instanceof KernelDied || error instanceof RangeError) {
    return new InputError(`${where} failed: ${message}\n\n${indent(source)}`);
  }
  return new InputError(`${where} failed:\n\n${indent(source)}\n\n${cut(message)}`);
}

function withoutStack(message: string): string {
  // Node's picture of the line that threw, in tslab's translation of the cell
  const plain = message.replace(/^evalmachine\.<anonymous>:\d+\n.*\n\s*\^+\n\n?/, '');
  const lines = plain.split('\n').filter((line) => !/^\s+at\s.*[:)]|^\s+at\s\S+$/.test(line));
  return lines.join('\n').trim();
}

function cut(text: string): string {
  const lines = text.split('\n');
  const more = lines.length - MAX_LINES;
  return more <= 0 ? text : [...lines.slice(0, MAX_LINES), `... and ${more} more lines`].join('\n');
}

const indent = (source: string) => cut(source.trim()).replace(/^(?=.)/gm, '    ');
