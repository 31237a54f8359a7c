/// <reference path="./ml-cross-validation.d.ts" />
import ConfusionMatrix from 'ml-confusion-matrix';
import { getFolds } from 'ml-cross-validation';
import {
  brierScoreLoss,
  InputError,
  isSeed,
  predictFolds,
  RandomState,
  type Regressor,
  type RunOptions,
  type Split,
  type Table,
} from '../forest/src/index';

/** Would this track be a hit? Counts and shares over all rows, each predicted by a model that did not see it. */
export interface HitReport {
  /** Popularity from which a track counts as a hit. */
  threshold: number;
  /** `matrix[actual][predicted]`, in the order of `labels`. */
  labels: ['not a hit', 'hit'];
  matrix: [[number, number], [number, number]];
  /** Share of hits. */
  baseRate: number;
  accuracy: number;
  /** Share of hits among the tracks called a hit; null when none was. */
  precision: number | null;
  /** Share of the hits that were called one. */
  recall: number;
  /** Mean squared difference of probability and truth (Brier 1950): 0 is best. */
  brier: number;
  /** 1 for a hit and 0 else, and the probability that the model gave, by the row of X. */
  isHit: Float64Array;
  probability: Float64Array;
}

/**
 * The threshold that parts some songs: the one wanted, or where all songs are on one side of it, the popularity
 * from which the upper quarter begins.
 * @param y popularity
 * @returns NaN where all songs have the same popularity
 */
export function usableThreshold(y: ArrayLike<number>, wanted: number): number {
  const ascending = Float64Array.from(y).sort();
  const [low, high] = [ascending[0], ascending[ascending.length - 1]];
  if (!(low < high)) return Number.NaN;
  if (low < wanted && wanted <= high) return wanted;
  const quarter = ascending[Math.floor(0.75 * ascending.length)];
  return quarter > low ? quarter : ascending.find((value) => value > low)!;
}

const HIT = 'hit';
const MISS = 'not a hit';

/**
 * Cross-validated confusion matrix of "hit or not" on ml-cross-validation's folds, as that package's own (it is
 * ml-confusion-matrix's). A model learns 1 for a hit and 0 else, so that it predicts the probability of a hit, and says
 * hit from 0.5.
 * @param makeModel gives an unfitted model
 * @param X features; y popularity, 0 to 100
 * @param options threshold: popularity from which a track is a hit; folds: at least 2; randomState: seed
 * @throws InputError when there are fewer rows than folds squared (ml-cross-validation would leave some out),
 *   or the threshold leaves no hit or nothing else
 */
export async function crossValidateHits(
  makeModel: () => Regressor,
  X: Table,
  y: ArrayLike<number>,
  options: { threshold?: number; folds?: number; randomState?: number } & RunOptions = {},
): Promise<HitReport> {
  const { threshold = 60, folds = 5, randomState = 0, ...runOptions } = options;
  const isHit = Float64Array.from(y, (popularity) => Number(popularity >= threshold));
  const hits = isHit.reduce((sum, hit) => sum + hit, 0);
  if (!(folds >= 2 && X.rowCount >= folds * folds)) {
    throw new InputError(
      `crossValidateHits requires at least 2 folds and their square in rows, got ${folds} folds and ${X.rowCount} rows`,
    );
  }
  if (hits === 0 || hits === X.rowCount) {
    const [low, high] = [
      Array.from(y).reduce((a, b) => Math.min(a, b)),
      Array.from(y).reduce((a, b) => Math.max(a, b)),
    ];
    throw new InputError(
      low === high
        ? `crossValidateHits requires tracks of different popularity, got ${X.rowCount} of ${low}`
        : `crossValidateHits requires a threshold above ${low} and at most ${high}, so that it parts the tracks, got ${threshold}`,
    );
  }
  const splits = seeded(randomState, () => drawFolds(X.rowCount, folds));
  const probabilities = await predictFolds(makeModel, X, isHit, splits, runOptions);
  const probability = new Float64Array(X.rowCount);
  splits.forEach(({ test }, fold) => {
    test.forEach((row, i) => {
      probability[row] = probabilities[fold][i];
    });
  });
  const labelOf = (share: number) => (share >= 0.5 ? HIT : MISS);
  const actual = Array.from(isHit, labelOf);
  const predicted = Array.from(probability, labelOf);
  const confusion = ConfusionMatrix.fromLabels(actual, predicted, { labels: [MISS, HIT] });
  return {
    threshold,
    labels: [MISS, HIT],
    matrix: confusion.getMatrix() as HitReport['matrix'],
    baseRate: hits / X.rowCount,
    accuracy: confusion.getAccuracy(),
    precision: predicted.includes(HIT) ? confusion.getPositivePredictiveValue(HIT) : null,
    recall: confusion.getTruePositiveRate(HIT),
    brier: brierScoreLoss(Array.from(isHit), probability, { labels: [0, 1] }),
    isHit,
    probability,
  };
}

/** Options of `crossValidateHits`. */
type HitOptions = NonNullable<Parameters<typeof crossValidateHits>[3]>;

/**
 * Some models judged by `crossValidateHits`, each on the same folds.
 * @param models name to a function that makes the unfitted model
 * @param options as of `crossValidateHits`; progress counts fits
 * @returns a report for each model, with fewer folds for few songs (their square must not exceed the songs); none
 *   where there are fewer than four songs, or the threshold does not part them
 */
export async function compareHits(
  models: Readonly<Record<string, () => Regressor>>,
  X: Table,
  y: ArrayLike<number>,
  options: HitOptions = {},
): Promise<Record<string, HitReport>> {
  const { threshold = 60, onProgress } = options;
  const folds = Math.min(options.folds ?? 5, Math.floor(Math.sqrt(X.rowCount)));
  const names = Object.keys(models);
  const hits = Array.from(y).filter((popularity) => popularity >= threshold).length;
  const reports: Record<string, HitReport> = {};
  if (folds < 2 || hits === 0 || hits === X.rowCount) return reports;
  for (const [k, name] of names.entries()) {
    const own = {
      ...options,
      folds,
      onProgress: ({ done }: { done: number }) =>
        onProgress?.({ done: k * folds + done, total: names.length * folds, label: name }),
    };
    reports[name] = await crossValidateHits(models[name], X, y, own);
  }
  return reports;
}

/** The time of `getFolds` grows with the square of the rows, so more than this are divided part by part. */
const ROWS_AT_A_TIME = 20_000;

/** ml-cross-validation's folds; of a large table part after part, each of which has rows from its whole length. */
function drawFolds(rowCount: number, folds: number): Split[] {
  const count = Math.min(Math.ceil(rowCount / ROWS_AT_A_TIME), Math.floor(rowCount / folds ** 2));
  const parts = Array.from({ length: count }, (_, part) => {
    const rows = Array.from({ length: Math.ceil((rowCount - part) / count) }, (_, i) => part + i * count);
    return { rows, divided: getFolds(rows, folds) };
  });
  return Array.from({ length: folds }, (_, fold) => {
    const rowsOf = (side: 'trainIndex' | 'testIndex') =>
      Int32Array.from(parts.flatMap(({ rows, divided }) => divided[fold][side].map((i) => rows[i])));
    return { train: rowsOf('trainIndex'), test: rowsOf('testIndex') };
  });
}

/**
 * The scores of always giving the more frequent answer, which a model must beat; its probability is the share of hits,
 * which has the best Brier score of all that say the same every time.
 */
export function alwaysTheSame({
  baseRate,
}: HitReport): Pick<HitReport, 'accuracy' | 'precision' | 'recall' | 'brier'> & { answer: string } {
  const brier = baseRate * (1 - baseRate);
  return baseRate > 0.5
    ? { answer: HIT, accuracy: baseRate, precision: baseRate, recall: 1, brier }
    : { answer: MISS, accuracy: 1 - baseRate, precision: null, recall: 0, brier };
}

/** Some reports, by model, and behind them what always giving the more frequent answer would reach. */
export function withAlwaysTheSame(
  reports: Readonly<Record<string, HitReport>>,
): Record<string, Pick<HitReport, 'accuracy' | 'precision' | 'recall' | 'brier'>> {
  const [first] = Object.values(reports);
  if (!first) return {};
  const same = alwaysTheSame(first);
  return { ...reports, [`always "${same.answer}"`]: same };
}

/**
 * Runs a function that draws from `Math.random` with a seeded generator in its place, put back afterwards.
 * Only for functions that return at once: nothing else can run, and draw, in between.
 */
export function seeded<T>(seed: number, draw: () => T): T {
  if (!isSeed(seed)) throw new InputError(`seeded requires a seed from 0 to 2^32 - 1, got ${seed}`);
  const generator = new RandomState(seed);
  const original = Math.random;
  Math.random = () => generator.bits() / 2 ** 32;
  try {
    return draw();
  } finally {
    Math.random = original;
  }
}
