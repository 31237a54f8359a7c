/**
 * A thread that grows trees by the plain definition. It names nothing of Node or of a browser, so that a worker of
 * either runs it: from source through tsx, in the built package as one bundled text.
 */
import { treeWeights } from '../tree/bag';
import { growTree } from '../tree/reference';
import type { ForestTask } from './plain';

/** A worker's task: a forest, and the counter of trees begun, which all its threads share. */
export interface PlainJob {
  task: Omit<ForestTask, 'nJobs'>;
  begun: Int32Array;
}

/**
 * A worker's whole life: each message is a job, which ends when no tree is left to begin with. Its giver counts the
 * trees, so that a worker that comes too late has nothing to say.
 */
export function serve(
  listen: (handle: (job: PlainJob) => void) => void,
  post: (message: unknown, buffers: ArrayBufferLike[]) => void,
): void {
  listen(({ task: { data, rules, seeds, bag }, begun }) => {
    const next = () => Atomics.add(begun, 0, 1);
    for (let unit = next(); unit < seeds.length; unit = next()) {
      const seed = seeds[unit];
      const tree = growTree(data, treeWeights(bag, seed), rules, seed);
      const buffers = Object.values(tree).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : []));
      post({ unit, tree }, [...new Set(buffers)]);
    }
  });
}
