import { InputError, valueText } from '../errors';
import { checkOptions } from '../options';
import { RandomState } from '../randomState';
import type { Split } from '../types';
import { requireSeed, type Splitter } from './folds';
import { type Classes, requireClasses, stratifiedDraw } from './stratified';

/** The number of rows of each part: a count of at least 1, or a share of all rows below 1. */
export interface PartSizes {
  testSize?: number;
  trainSize?: number;
}

/** The sizes of both parts, as scikit-learn rounds them: shares of test rows up, of training rows down. */
function partCounts(caller: string, rowCount: number, sizes: PartSizes, testShare: number) {
  const { trainSize } = sizes;
  const testSize = sizes.testSize ?? (trainSize === undefined ? testShare : undefined);
  if (!(Number.isInteger(rowCount) && rowCount >= 1)) {
    throw new InputError(`${caller} requires a whole number of rows, got ${valueText(rowCount)}`);
  }
  for (const [name, size] of Object.entries({ testSize, trainSize })) {
    const isCount = Number.isInteger(size) && size! >= 1;
    const isShare = typeof size === 'number' && size > 0 && size < 1;
    if (size !== undefined && !isCount && !isShare) {
      throw new InputError(
        `${caller} requires ${name} to be a count of at least 1 or a share above 0 and below 1, got ${valueText(size)}`,
      );
    }
  }
  const both = Math.max(testSize ?? 1, trainSize ?? 1) < 1 ? testSize! + trainSize! : 0;
  if (both > 1) {
    throw new InputError(
      `${caller} requires shares of at most 1 together, got ${both} of testSize and trainSize`,
    );
  }
  const countOf = (size: number, round: (rows: number) => number) =>
    size < 1 ? round(size * rowCount) : size;
  const givenTest = testSize === undefined ? undefined : countOf(testSize, Math.ceil);
  const givenTrain = trainSize === undefined ? undefined : countOf(trainSize, Math.floor);
  const testCount = givenTest ?? rowCount - givenTrain!;
  const trainCount = givenTrain ?? rowCount - givenTest!;
  if (trainCount < 1 || testCount < 1 || trainCount + testCount > rowCount) {
    throw new InputError(
      `${caller} requires enough rows for both parts, got ${rowCount} for ${trainCount} to train and ${testCount} to test`,
    );
  }
  return { trainCount, testCount };
}

/**
 * Training and test rows as scikit-learn's `train_test_split` chooses them: of one permutation the first rows are the
 * test part and the following ones the training part, in that order.
 * @param rowCount rows to divide
 * @param options testSize, trainSize: a count, or a share below 1 (a quarter to test where neither is said); shuffle:
 *   whether rows are drawn at random, else the last ones are the test part; stratify: the class of each row, whose
 *   shares both parts keep; randomState: the seed
 * @throws InputError for an unknown option, one out of range, or a part that would be empty
 */
export function trainTestSplit(
  rowCount: number,
  options: PartSizes & { shuffle?: boolean; stratify?: Classes; randomState?: number } = {},
): Split {
  const caller = 'trainTestSplit';
  checkOptions(caller, options, ['testSize', 'trainSize', 'shuffle', 'stratify', 'randomState']);
  const { shuffle = true, stratify, randomState = 0 } = options;
  if (typeof shuffle !== 'boolean') {
    throw new InputError(`${caller} requires shuffle to be true or false, got ${valueText(shuffle)}`);
  }
  const { trainCount, testCount } = partCounts(caller, rowCount, options, 0.25);
  const random = new RandomState(requireSeed(caller, randomState));
  if (!shuffle) {
    if (stratify !== undefined) {
      throw new InputError(`${caller} requires shuffle to stratify, got shuffle false`);
    }
    const rows = Int32Array.from({ length: trainCount + testCount }, (_, row) => row);
    return { train: rows.slice(0, trainCount), test: rows.slice(trainCount) };
  }
  if (stratify !== undefined) {
    const classes = requireClasses(caller, stratify, rowCount);
    return stratifiedDraw(caller, classes, trainCount, testCount, random);
  }
  return draw(rowCount, trainCount, testCount, random);
}

function draw(rowCount: number, trainCount: number, testCount: number, random: RandomState): Split {
  const order = random.permutation(rowCount);
  return { test: order.slice(0, testCount), train: order.slice(testCount, testCount + trainCount) };
}

/**
 * scikit-learn's `ShuffleSplit(n_splits, test_size, train_size, random_state)`: random rows to test, drawn anew for
 * each split.
 * @throws InputError for an unknown option or one out of range
 */
export class ShuffleSplit implements Splitter {
  readonly nSplits: number;
  private readonly sizes: PartSizes;
  private readonly randomState: number;

  constructor(options: PartSizes & { nSplits?: number; randomState?: number } = {}) {
    checkOptions('ShuffleSplit', options, ['nSplits', 'testSize', 'trainSize', 'randomState']);
    const { nSplits = 10, randomState = 0, ...sizes } = options;
    if (!(Number.isInteger(nSplits) && nSplits >= 1)) {
      throw new InputError(
        `ShuffleSplit requires nSplits to be a whole number of at least 1, got ${valueText(nSplits)}`,
      );
    }
    this.nSplits = nSplits;
    this.sizes = sizes;
    this.randomState = requireSeed('ShuffleSplit', randomState);
  }

  /** @throws InputError when there are too few rows for both parts */
  split(rowCount: number): Split[] {
    const { trainCount, testCount } = partCounts('ShuffleSplit', rowCount, this.sizes, 0.1);
    const random = new RandomState(this.randomState);
    return Array.from({ length: this.nSplits }, () => draw(rowCount, trainCount, testCount, random));
  }
}
