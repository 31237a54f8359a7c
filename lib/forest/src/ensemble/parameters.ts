import { InputError, valueText } from '../errors';
import { isSeed } from '../randomState';
import type { RunOptions } from '../types';

/** The settings of a forest: scikit-learn's names in camelCase, with its meanings. */
export interface ForestParams {
  /** Trees, at least 1. */
  nEstimators: number;
  /** Largest depth of a tree, the root being at 0; null for no limit. */
  maxDepth: number | null;
  /** Rows a node must have to be split: a count of at least 2, or a fraction of all rows below 1. */
  minSamplesSplit: number;
  /** Rows that each side of a split must keep: a count of at least 1, or a fraction of all rows below 1. */
  minSamplesLeaf: number;
  /**
   * Features examined per split: a count of at least 2, or a fraction of all features up to 1 (1 is all of
   * them: JavaScript has no 1 apart from 1.0; for a single feature give any small fraction), or 'sqrt', 'log2'.
   */
  maxFeatures: number | 'sqrt' | 'log2';
  /** Whether each tree learns from n rows drawn with replacement, or from all rows. */
  bootstrap: boolean;
  /** Seed of all random draws; the same seed gives the same forest. */
  randomState: number;
  /** Worker threads at most; null for as many as there are cores. The result never depends on it. */
  nJobs: number | null;
}

/** scikit-learn's defaults; only the seed is fixed here, which scikit-learn draws anew when it is not given. */
export const DEFAULTS: Readonly<ForestParams> = {
  nEstimators: 100,
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: 1.0,
  bootstrap: true,
  randomState: 0,
  nJobs: null,
};

/** The largest number that the kernel can take. */
const LARGEST = 0x7fffffff;
const isWhole = (value: unknown, least: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST;
const isFraction = (value: unknown) => typeof value === 'number' && value > 0 && value < 1;

/** Per parameter, what it requires in words and as a test. */
const REQUIRED: { [name in keyof ForestParams]: [string, (value: unknown) => boolean] } = {
  nEstimators: ['a whole number of at least 1', (v) => isWhole(v, 1)],
  maxDepth: ['null or a whole number of at least 1', (v) => v === null || isWhole(v, 1)],
  minSamplesSplit: [
    'a whole number of at least 2 or a fraction between 0 and 1',
    (v) => isWhole(v, 2) || isFraction(v),
  ],
  minSamplesLeaf: [
    'a whole number of at least 1 or a fraction between 0 and 1',
    (v) => isWhole(v, 1) || isFraction(v),
  ],
  maxFeatures: [
    "'sqrt', 'log2', a whole number of at least 1 or a fraction between 0 and 1",
    (v) => v === 'sqrt' || v === 'log2' || isWhole(v, 1) || isFraction(v),
  ],
  bootstrap: ['true or false', (v) => typeof v === 'boolean'],
  randomState: ['a whole number from 0 to 2^32 - 1', isSeed],
  nJobs: ['null or a whole number of at least 1', (v) => v === null || isWhole(v, 1)],
};

/**
 * The whole set of parameters: those given over `base`.
 * @param caller named in the message
 * @throws InputError for an unknown name or a value out of range
 */
export function checkParams(caller: string, given: Partial<ForestParams>, base = DEFAULTS): ForestParams {
  if (typeof given !== 'object' || given === null) {
    throw new InputError(`${caller} requires parameters by name, got ${valueText(given)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    const required = Object.hasOwn(REQUIRED, name) && REQUIRED[name as keyof ForestParams];
    if (!required) {
      throw new InputError(`${caller} requires one of ${Object.keys(REQUIRED).join(', ')}, got ${name}`);
    }
    if (!required[1](value)) {
      throw new InputError(`${caller} requires ${name} to be ${required[0]}, got ${valueText(value)}`);
    }
  }
  return { ...base, ...given };
}

/** @throws InputError where the options of a run are none */
export function checkRunOptions(caller: string, options: RunOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`${caller} requires its options as an object, got ${valueText(options)}`);
  }
  const { onProgress, signal } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InputError(`${caller} requires onProgress to be a function, got ${valueText(onProgress)}`);
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new InputError(`${caller} requires signal to be an AbortSignal, got ${valueText(signal)}`);
  }
}

/** A tree's limits as whole numbers, for one table. */
export interface Rules {
  maxDepth: number;
  minSamplesSplit: number;
  minSamplesLeaf: number;
  maxFeatures: number;
}

/** Resolves fractions and names against the table's size, rounding as scikit-learn does. */
export function rulesFor(params: ForestParams, rowCount: number, featureCount: number): Rules {
  const { maxDepth, maxFeatures } = params;
  const count = (value: number, least: number) =>
    value < 1 ? Math.max(least, Math.ceil(value * rowCount)) : value;
  const minSamplesLeaf = count(params.minSamplesLeaf, 1);
  const features =
    maxFeatures === 'sqrt'
      ? Math.sqrt(featureCount)
      : maxFeatures === 'log2'
        ? Math.log2(featureCount)
        : maxFeatures <= 1
          ? maxFeatures * featureCount
          : maxFeatures;
  return {
    maxDepth: maxDepth ?? LARGEST,
    minSamplesLeaf,
    minSamplesSplit: Math.min(Math.max(count(params.minSamplesSplit, 2), 2 * minSamplesLeaf), LARGEST),
    maxFeatures: Math.max(1, Math.floor(features)),
  };
}
