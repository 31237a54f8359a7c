import { inspect } from 'node:util';

/**
 * What the user gave is not what the work needs. Its message is one whole sentence for the user (what was
 * wrong, where, what would be right), so whoever catches it at the top prints the message and no stack.
 */
export class InputError extends Error {
  override name = 'InputError';

  /** In a notebook, where the kernel prints what a cell threw, the sentence is all. */
  [inspect.custom](): string {
    return `${this.name}: ${this.message}`;
  }
}
