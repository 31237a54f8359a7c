import { parseArgs } from 'node:util';
import { InputError } from '../../../forest/src/index';

/**
 * The names of the suites to run: all, or the one that `--only NAME` chooses.
 * @throws InputError for a name that is none of them
 */
export function chosenSuites(all: object, args: string[]): string[] {
  const { values } = parseArgs({ args, options: { only: { type: 'string' } } });
  const names = Object.keys(all).filter((name) => values.only === undefined || name === values.only);
  if (names.length === 0) {
    throw new InputError(`--only requires one of ${Object.keys(all).join(', ')}, got ${values.only}`);
  }
  return names;
}
