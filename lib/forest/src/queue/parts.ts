/** Cuts the work of a search into jobs, and joins their results in one order, so that every digit stays. */
import type { Split } from '../types';
import type { Work } from './protocol';

/** So many jobs for each worker, so that none waits long for the last one. */
const JOBS_PER_WORKER = 4;
/** A job's predictions of single trees take no more than this. */
const MOST_BYTES = 48 * 2 ** 20;
/** A job of less work than this costs more to hand out than to do: rows times features times configurations. */
const LEAST_WORK = 2e6;

/** Trees `from` to `to - 1` of one fold. */
export interface Range {
  fold: number;
  from: number;
  to: number;
}

/**
 * The jobs for so many workers. A job grows all configurations that share growth. If there are fewer folds than
 * jobs wanted, the trees of a fold are cut into ranges.
 */
export function cut(
  work: { folds: readonly Split[]; seeds: { length: number }; rules: { length: number }; storing: boolean },
  features: number,
  workers: number,
): Range[] {
  const { folds, seeds, rules, storing } = work;
  const wanted = Math.ceil((JOBS_PER_WORKER * Math.max(1, workers)) / folds.length);
  return folds.flatMap(({ train, test }, fold) => {
    const treeWork = train.length * features * rules.length;
    const leastTrees = Math.max(1, Math.ceil(LEAST_WORK / treeWork));
    const mostTrees = storing ? seeds.length : Math.floor(MOST_BYTES / (8 * rules.length * test.length));
    const trees = Math.max(1, Math.min(mostTrees, Math.max(leastTrees, Math.ceil(seeds.length / wanted))));
    // A whole fold sends only the forests' predictions, however large they are.
    if (wanted === 1 || trees >= seeds.length) return [{ fold, from: 0, to: seeds.length }];
    const ranges: Range[] = [];
    for (let from = 0; from < seeds.length; from += trees) {
      ranges.push({ fold, from, to: Math.min(seeds.length, from + trees) });
    }
    return ranges;
  });
}

/** Whether a job has a whole fold, and so answers with forests' predictions and not with single trees'. */
export const isWholeFold = ({ from, to }: Range, work: Work): boolean =>
  from === 0 && to === work.seeds.length;

/** Returns the count of numbers in a job's answer: one for each prefix (or tree), configuration and test row. */
export function answerLength(range: Range, work: Work): number {
  const lists = isWholeFold(range, work) ? work.prefixes.length : range.to - range.from;
  return lists * work.rules.length * work.folds[range.fold].test.length;
}

/**
 * Adds the single trees' predictions of a fold in the order of the trees, and divides where a forest ends: the same
 * additions as in the kernel.
 */
export class FoldSums {
  private readonly waiting = new Map<number, { trees: Float64Array; to: number }>();
  private readonly sums: Float64Array;
  private next = 0;
  /** By prefix, configuration and test row. */
  readonly predictions: Float64Array;

  constructor(
    private readonly work: Work,
    fold: number,
  ) {
    const length = work.rules.length * work.folds[fold].test.length;
    this.sums = new Float64Array(length);
    this.predictions = new Float64Array(length * work.prefixes.length);
  }

  /** @param trees predictions by tree, configuration and test row */
  add({ from, to }: Range, trees: Float64Array): void {
    this.waiting.set(from, { trees, to });
    for (let ready = this.waiting.get(this.next); ready; ready = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      for (let tree = this.next; tree < ready.to; tree++)
        this.addTree(ready.trees, tree - this.next, tree + 1);
      this.next = ready.to;
    }
  }

  private addTree(trees: Float64Array, place: number, count: number): void {
    const length = this.sums.length;
    for (let i = 0; i < length; i++) this.sums[i] += trees[place * length + i];
    const prefix = this.work.prefixes.indexOf(count);
    if (prefix < 0) return;
    for (let i = 0; i < length; i++) this.predictions[prefix * length + i] = this.sums[i] / count;
  }
}
