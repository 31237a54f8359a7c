/**
 * An error of the user's input. Its message is one whole sentence for the user (what was wrong, where, what would be
 * right), so a program that catches it prints the message and no stack.
 */
export class InputError extends Error {
  override name = 'InputError';

  /** In a notebook, where the kernel prints what a cell threw, the sentence is all. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.name}: ${this.message}`;
  }
}

/** A value as a message shows it: short, quoted as JSON does. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return JSON.stringify(shorten(value, 60));
  return String(value);
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
