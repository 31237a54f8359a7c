import { InputError, valueText } from '../errors';
import { rowsByGroup } from '../matrix';
import { RandomState } from '../randomState';
import type { Split } from '../types';

/** What `GridSearchCV` takes as `cv`: anything that divides row numbers into training and test rows. */
export interface Splitter {
  split(rowCount: number, groups?: ArrayLike<number | string>): Split[];
}

/**
 * Training and test rows as scikit-learn's `train_test_split(test_size=..., random_state=...)` chooses them:
 * one permutation, of which the first ceil(testSize * rowCount) rows are the test part and all others the
 * training part, in that order.
 * @param rowCount rows to divide, at least 2
 * @param options testSize: the share of test rows, above 0 and below 1; randomState: the seed
 * @throws InputError when testSize is not a share or a part would be empty
 */
export function trainTestSplit(
  rowCount: number,
  options: { testSize?: number; randomState?: number } = {},
): Split {
  const { testSize = 0.25, randomState = 0 } = options;
  if (!(testSize > 0 && testSize < 1)) {
    throw new InputError(`trainTestSplit requires testSize above 0 and below 1, got ${testSize}`);
  }
  const testCount = Math.ceil(testSize * rowCount);
  const trainCount = rowCount - testCount;
  if (!Number.isInteger(rowCount) || trainCount < 1) {
    throw new InputError(`trainTestSplit requires enough rows for both parts, got ${rowCount}`);
  }
  const order = new RandomState(randomState).permutation(rowCount);
  return { test: order.slice(0, testCount), train: order.slice(testCount) };
}

/** The splits in which fold k's rows, ascending, are the test part and all others, ascending, train. */
function splitsOf(foldOf: ArrayLike<number>, nSplits: number): Split[] {
  return Array.from({ length: nSplits }, (_, fold) => {
    const rows = Array.from({ length: foldOf.length }, (_, row) => row);
    return {
      train: Int32Array.from(rows.filter((row) => foldOf[row] !== fold)),
      test: Int32Array.from(rows.filter((row) => foldOf[row] === fold)),
    };
  });
}

function requireFolds(caller: string, nSplits: number, available: number, what: string): void {
  if (!Number.isInteger(nSplits) || nSplits < 2) {
    throw new InputError(
      `${caller} requires nSplits to be a whole number of at least 2, got ${valueText(nSplits)}`,
    );
  }
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

/** scikit-learn's `KFold(n_splits)`: contiguous blocks of rows; what `cv: 5` means for a regressor. */
export class KFold implements Splitter {
  constructor(readonly nSplits = 5) {}

  /** @throws InputError when there are fewer rows than folds */
  split(rowCount: number): Split[] {
    requireFolds('KFold', this.nSplits, rowCount, 'rows');
    const order = Int32Array.from({ length: rowCount }, (_, row) => row);
    return splitsOf(blocks(order, this.nSplits), this.nSplits);
  }
}

/** scikit-learn's `RepeatedKFold`: shuffled k-fold several times, each repeat with a new permutation. */
export class RepeatedKFold implements Splitter {
  readonly nSplits: number;
  readonly nRepeats: number;
  readonly randomState: number;

  constructor(options: { nSplits?: number; nRepeats?: number; randomState?: number } = {}) {
    this.nSplits = options.nSplits ?? 5;
    this.nRepeats = options.nRepeats ?? 10;
    this.randomState = options.randomState ?? 0;
    if (!Number.isInteger(this.nRepeats) || this.nRepeats < 1) {
      throw new InputError(
        `RepeatedKFold requires nRepeats to be a whole number of at least 1, got ${this.nRepeats}`,
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
 * scikit-learn's `GroupKFold(n_splits)`: no group is in two folds. The largest group goes first, each to the
 * fold that has the fewest rows so far.
 */
export class GroupKFold implements Splitter {
  constructor(readonly nSplits = 5) {}

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
}

/** Numbers by size, texts by code points (JavaScript's own order goes by UTF-16 units). */
function inPythonsOrder(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = [...String(a)];
  const right = [...String(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
