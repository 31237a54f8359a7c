import { InputError, valueText } from '../errors';
import { rowsByGroup } from '../matrix';
import { checkOptions } from '../options';
import { inPythonsOrder } from '../pythonsOrder';
import { isSeed, RandomState } from '../randomState';
import type { Split } from '../types';

/** The type of `cv` of `GridSearchCV`: anything that divides row numbers into training and test rows. */
export interface Splitter {
  /** @param groups the group of each row; `y` the target of each row */
  split(rowCount: number, groups?: ArrayLike<number | string>, y?: ArrayLike<number | string>): Split[];
}

/** Options of a k-fold splitter: without shuffling the seed draws nothing. */
export interface FoldOptions {
  nSplits?: number;
  shuffle?: boolean;
  randomState?: number;
}

/** The whole set of a splitter's options, from a number of folds (and more options) or from options by name. */
export function foldOptions(
  caller: string,
  given: number | FoldOptions,
  more: FoldOptions = {},
): Required<FoldOptions> {
  checkOptions(caller, more, ['nSplits', 'shuffle', 'randomState']);
  const options = typeof given === 'number' ? { ...more, nSplits: given } : given;
  checkOptions(caller, options, ['nSplits', 'shuffle', 'randomState']);
  const { nSplits = 5, shuffle = false, randomState } = options;
  if (!Number.isInteger(nSplits) || nSplits < 2) {
    throw new InputError(
      `${caller} requires nSplits to be a whole number of at least 2, got ${valueText(nSplits)}`,
    );
  }
  if (typeof shuffle !== 'boolean') {
    throw new InputError(`${caller} requires shuffle to be true or false, got ${valueText(shuffle)}`);
  }
  if (randomState !== undefined && !shuffle) {
    throw new InputError(`${caller} requires shuffle for a randomState, got randomState alone`);
  }
  return { nSplits, shuffle, randomState: requireSeed(caller, randomState ?? 0) };
}

/** @throws InputError where it is no seed */
export function requireSeed(caller: string, randomState: number): number {
  if (isSeed(randomState)) return randomState;
  throw new InputError(
    `${caller} requires randomState to be a whole number from 0 to 2^32 - 1, got ${valueText(randomState)}`,
  );
}

/**
 * A custom splitter may be wrong in ways that would go unnoticed in the scores.
 * @throws InputError where splits are none, or name rows that are none, or a training row twice
 */
export function checkSplits(caller: string, splits: readonly Split[], rowCount: number): void {
  if (!Array.isArray(splits) || splits.length === 0) {
    throw new InputError(`${caller} requires at least one split, got ${valueText(splits)}`);
  }
  for (const split of splits) {
    for (const part of ['train', 'test'] as const) {
      const rows: unknown = split?.[part];
      const numbers: unknown[] =
        typeof rows === 'object' && rows !== null ? Array.from(rows as number[]) : [];
      const isRow = (row: unknown) =>
        Number.isInteger(row) && (row as number) >= 0 && (row as number) < rowCount;
      const wrong = numbers.findIndex((row) => !isRow(row));
      if (numbers.length === 0 || wrong >= 0) {
        throw new InputError(
          `${caller} requires splits of row numbers below ${rowCount}, got ${numbers.length > 0 ? valueText(numbers[wrong]) : 'none'}`,
        );
      }
      if (part === 'train' && new Set(numbers).size < numbers.length) {
        throw new InputError(`${caller} requires splits that name no training row twice, got one that does`);
      }
    }
  }
}

/** The splits in which fold k's rows, ascending, are the test part and all others, ascending, train. */
export function splitsOf(foldOf: ArrayLike<number>, nSplits: number): Split[] {
  return Array.from({ length: nSplits }, (_, fold) => {
    const rows = Array.from({ length: foldOf.length }, (_, row) => row);
    return {
      train: Int32Array.from(rows.filter((row) => foldOf[row] !== fold)),
      test: Int32Array.from(rows.filter((row) => foldOf[row] === fold)),
    };
  });
}

function requireFolds(caller: string, nSplits: number, available: number, what: string): void {
  if (!(Number.isInteger(available) && nSplits <= available)) {
    throw new InputError(
      `${caller} requires at least as many ${what} as folds (${nSplits}), got ${valueText(available)}`,
    );
  }
}

/** Divides `order` into nSplits blocks, the first `length mod nSplits` of them one row longer. */
function blocks(order: Int32Array, nSplits: number): Int32Array {
  const foldOf = new Int32Array(order.length);
  let start = 0;
  for (let fold = 0; fold < nSplits; fold++) {
    const size = Math.floor(order.length / nSplits) + (fold < order.length % nSplits ? 1 : 0);
    for (const row of order.subarray(start, start + size)) foldOf[row] = fold;
    start += size;
  }
  return foldOf;
}

/**
 * scikit-learn's `KFold(n_splits, shuffle, random_state)`: blocks of rows, the first ones one row longer, of the rows
 * as they come (`cv: 5` means that for a regressor) or shuffled.
 * @example new KFold(5); new KFold(5, { shuffle: true, randomState: 42 })
 * @throws InputError for an unknown option or one out of range
 */
export class KFold implements Splitter {
  private readonly options: Required<FoldOptions>;

  constructor(nSplits: number | FoldOptions = 5, options: FoldOptions = {}) {
    this.options = foldOptions('KFold', nSplits, options);
  }

  get nSplits(): number {
    return this.options.nSplits;
  }

  /** @throws InputError when there are fewer rows than folds */
  split(rowCount: number): Split[] {
    const { nSplits, shuffle, randomState } = this.options;
    requireFolds('KFold', nSplits, rowCount, 'rows');
    const order = shuffle
      ? new RandomState(randomState).permutation(rowCount)
      : Int32Array.from({ length: rowCount }, (_, row) => row);
    return splitsOf(blocks(order, nSplits), nSplits);
  }
}

/** scikit-learn's `RepeatedKFold`: shuffled k-fold several times, each repeat with a new permutation. */
export class RepeatedKFold implements Splitter {
  readonly nSplits: number;
  readonly nRepeats: number;
  readonly randomState: number;

  constructor(options: { nSplits?: number; nRepeats?: number; randomState?: number } = {}) {
    checkOptions('RepeatedKFold', options, ['nSplits', 'nRepeats', 'randomState']);
    const { nSplits = 5, nRepeats = 10, randomState = 0 } = options;
    this.nSplits = foldOptions('RepeatedKFold', nSplits).nSplits;
    this.randomState = requireSeed('RepeatedKFold', randomState);
    this.nRepeats = nRepeats;
    if (!Number.isInteger(nRepeats) || nRepeats < 1) {
      throw new InputError(
        `RepeatedKFold requires nRepeats to be a whole number of at least 1, got ${valueText(nRepeats)}`,
      );
    }
  }

  /** @throws InputError when there are fewer rows than folds */
  split(rowCount: number): Split[] {
    requireFolds('RepeatedKFold', this.nSplits, rowCount, 'rows');
    const random = new RandomState(this.randomState);
    return Array.from({ length: this.nRepeats }, () =>
      splitsOf(blocks(random.permutation(rowCount), this.nSplits), this.nSplits),
    ).flat();
  }
}

/**
 * scikit-learn's `GroupKFold(n_splits, shuffle, random_state)`: no group is in two folds. Without shuffling the
 * largest group goes first, each to the fold that has the fewest rows so far; with it, folds are equally many groups
 * in random order.
 * @throws InputError for an unknown option or one out of range
 */
export class GroupKFold implements Splitter {
  private readonly options: Required<FoldOptions>;

  constructor(nSplits: number | FoldOptions = 5, options: FoldOptions = {}) {
    this.options = foldOptions('GroupKFold', nSplits, options);
  }

  get nSplits(): number {
    return this.options.nSplits;
  }

  /**
   * @param groups the group of each row, a number or a text
   * @throws InputError when groups are missing or fewer than folds
   */
  split(rowCount: number, groups?: ArrayLike<number | string>): Split[] {
    if (groups?.length !== rowCount) {
      throw new InputError(
        `GroupKFold requires a group for each of the ${rowCount} rows, got ${groups ? groups.length : 'none'}`,
      );
    }
    const bad = Array.from(groups).findIndex((group) => typeof group !== 'string' && !Number.isFinite(group));
    if (bad >= 0) {
      throw new InputError(
        `GroupKFold requires a number or a text as each group, got ${valueText(groups[bad])} in row ${bad}`,
      );
    }
    const rowsOf = rowsByGroup(groups);
    requireFolds('GroupKFold', this.nSplits, rowsOf.size, 'groups');
    if (this.options.shuffle) return this.splitShuffled(groups, rowsOf);
    // Of groups of equal size the one that sorts last goes first: numpy's stable ascending order, reversed.
    const names = [...rowsOf.keys()].sort(inPythonsOrder).reverse();
    names.sort((a, b) => rowsOf.get(b)!.length - rowsOf.get(a)!.length);
    const sizes = new Array<number>(this.nSplits).fill(0);
    const foldOf = new Int32Array(rowCount);
    for (const name of names) {
      const fold = sizes.indexOf(Math.min(...sizes));
      for (const row of rowsOf.get(name)!) foldOf[row] = fold;
      sizes[fold] += rowsOf.get(name)!.length;
    }
    return splitsOf(foldOf, this.nSplits);
  }
  private splitShuffled(groups: ArrayLike<number | string>, rowsOf: Map<number | string, number[]>): Split[] {
    const names = [...rowsOf.keys()].sort(inPythonsOrder);
    const order = new RandomState(this.options.randomState).permutation(names.length);
    const foldOfGroup = blocks(order, this.nSplits);
    const foldOfName = new Map(names.map((name, i) => [name, foldOfGroup[i]]));
    return splitsOf(
      Int32Array.from(Array.from(groups), (group) => foldOfName.get(group)!),
      this.nSplits,
    );
  }
}
