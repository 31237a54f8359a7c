/** The worker's command line: `--queue ADDRESS` (or QUEUE in the environment) and `--jobs N`. */
import { parseArgs } from 'node:util';
import { cores } from '../engine/platform';
import { InputError } from '../errors';
import { type QueueWorker, startWorker } from './worker';

const HELP = `Usage: worker --queue redis://HOST:PORT [--jobs THREADS]
Takes jobs of searches from the queue, with all cores unless --jobs says fewer, until it is stopped.`;

/** Starts the worker that the command line asks for; undefined where it asks for help or for something else. */
export function worker(args: readonly string[]): QueueWorker | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { queue: { type: 'string' }, jobs: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(HELP);
      return undefined;
    }
    const queue = values.queue ?? process.env.QUEUE;
    if (queue === undefined) throw new InputError('worker requires --queue with an address, got none');
    const nJobs = values.jobs === undefined ? cores() : Number(values.jobs);
    if (!(Number.isInteger(nJobs) && nJobs >= 1)) {
      throw new InputError(`worker requires --jobs of at least 1, got ${values.jobs}`);
    }
    return startWorker({ queue, nJobs, log: (line) => console.log(line) });
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
    return undefined;
  }
}
