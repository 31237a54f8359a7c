import { InputError, valueText } from '../errors';
import { rowsByGroup } from '../matrix';
import { inPythonsOrder } from '../pythonsOrder';
import { RandomState } from '../randomState';
import type { Split } from '../types';
import { type FoldOptions, foldOptions, type Splitter, splitsOf } from './folds';

/** Classes by numbers or texts, one per row. */
export type Classes = ArrayLike<number | string>;

/** @throws InputError where a class is missing or is no number and no text */
export function requireClasses(caller: string, y: Classes | undefined, rowCount: number): Classes {
  if (y?.length !== rowCount) {
    throw new InputError(
      `${caller} requires a class for each of the ${rowCount} rows, got ${y?.length ?? 'none'}`,
    );
  }
  const bad = Array.from(y).findIndex((one) => typeof one !== 'string' && !Number.isFinite(one));
  if (bad >= 0) {
    throw new InputError(
      `${caller} requires a number or a text as each class, got ${valueText(y[bad])} in row ${bad}`,
    );
  }
  return y;
}

/**
 * scikit-learn's `StratifiedKFold(n_splits, shuffle, random_state)`: each fold has the same share of every class;
 * what `cv: 5` means for a classifier.
 * @throws InputError for an unknown option or one out of range
 */
export class StratifiedKFold implements Splitter {
  private readonly options: Required<FoldOptions>;

  constructor(nSplits: number | FoldOptions = 5, options: FoldOptions = {}) {
    this.options = foldOptions('StratifiedKFold', nSplits, options);
  }

  get nSplits(): number {
    return this.options.nSplits;
  }

  /**
   * @param y the class of each row
   * @throws InputError when classes are missing, or every class has fewer rows than there are folds
   */
  split(rowCount: number, _groups: unknown, y?: Classes): Split[] {
    const { nSplits, shuffle, randomState } = this.options;
    const classes = [...rowsByGroup(requireClasses('StratifiedKFold', y, rowCount)).values()];
    const largest = Math.max(0, ...classes.map(({ length }) => length));
    if (largest < nSplits) {
      throw new InputError(
        `StratifiedKFold requires a class of at least as many rows as folds (${nSplits}), got at most ${largest}`,
      );
    }
    const allocation = allocate(classes, nSplits);
    const random = new RandomState(randomState);
    const foldOf = new Int32Array(rowCount);
    classes.forEach((rows, k) => {
      const folds = allocation.flatMap((counts, fold) => new Array<number>(counts[k]).fill(fold));
      const order = shuffle ? random.permutation(rows.length) : rows.map((_, i) => i);
      rows.forEach((row, i) => {
        foldOf[row] = folds[order[i]];
      });
    });
    return splitsOf(foldOf, nSplits);
  }
}

/** `allocation[fold][class]`: how many rows, when the rows sorted by class are dealt out to the folds in turn. */
function allocate(classes: readonly number[][], nSplits: number): number[][] {
  const counts = Array.from({ length: nSplits }, () => classes.map(() => 0));
  let dealt = 0;
  classes.forEach((rows, k) => {
    for (let i = 0; i < rows.length; i++) counts[dealt++ % nSplits][k]++;
  });
  return counts;
}

/**
 * Random training and test rows that have each class in the same share, scikit-learn's `StratifiedShuffleSplit`.
 * @throws InputError when a class has one row only, or a part fewer rows than there are classes
 */
export function stratifiedDraw(
  caller: string,
  y: Classes,
  trainCount: number,
  testCount: number,
  random: RandomState,
): Split {
  const rowsOf = rowsByGroup(y);
  const names = [...rowsOf.keys()].sort(inPythonsOrder);
  const classes = names.map((name) => rowsOf.get(name)!);
  const lonely = classes.findIndex(({ length }) => length < 2);
  if (lonely >= 0) {
    throw new InputError(
      `${caller} requires at least 2 rows of each class to stratify by, got 1 of ${valueText(names[lonely])}`,
    );
  }
  if (Math.min(trainCount, testCount) < classes.length) {
    throw new InputError(
      `${caller} requires at least as many rows in each part as classes (${classes.length}), got ${trainCount} and ${testCount}`,
    );
  }
  const sizes = classes.map(({ length }) => length);
  const inTrain = approximateMode(sizes, trainCount, random);
  const left = sizes.map((size, k) => size - inTrain[k]);
  const inTest = approximateMode(left, testCount, random);
  const train: number[] = [];
  const test: number[] = [];
  classes.forEach((rows, k) => {
    const order = random.permutation(rows.length);
    for (const i of order.subarray(0, inTrain[k])) train.push(rows[i]);
    for (const i of order.subarray(inTrain[k], inTrain[k] + inTest[k])) test.push(rows[i]);
  });
  const shuffled = (rows: readonly number[]) => random.permutation(rows.length).map((i) => rows[i]);
  return { train: shuffled(train), test: shuffled(test) };
}

/** scikit-learn's `_approximate_mode`: how many of each class when so many are drawn, ties broken at random. */
function approximateMode(sizes: readonly number[], draws: number, random: RandomState): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const expected = sizes.map((size) => (size / total) * draws);
  const counts = expected.map(Math.floor);
  let missing = draws - counts.reduce((sum, count) => sum + count, 0);
  const remainders = expected.map((value, k) => value - counts[k]);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = remainders.flatMap((remainder, k) => (remainder === value ? [k] : []));
    const chosen = random.permutation(tied.length).subarray(0, Math.min(tied.length, missing));
    for (const i of chosen) counts[tied[i]]++;
    missing -= chosen.length;
  }
  return counts;
}
