import { InputError } from '../errors';
import { mean } from '../metrics/metrics';
import { checkOptions } from '../options';
import type { Table } from '../types';
import type { RegressionForest } from './regression';

/**
 * A prediction interval as a rule small enough for model.json. Its width grows with the disagreement of the
 * trees: from `prediction + lower * (spread + floor)` to `prediction + upper * (spread + floor)`.
 */
export interface IntervalRule {
  /** The source of the two factors, in words for the model card. */
  method: string;
  /** The share of unseen tracks that the interval is meant to hold, e.g. 0.9. */
  level: number;
  /** Usually negative and positive: quantiles of (actual - prediction) / (spread + floor). */
  lower: number;
  upper: number;
  /** Points of popularity added to the spread, so that trees that agree by chance do not promise certainty. */
  floor: number;
}

/** Prediction and disagreement of the trees, per row. */
export interface Spread {
  prediction: Float64Array;
  /** Standard deviation over the trees (divided by their number), in points of popularity. */
  spread: Float64Array;
}

/** The scale's ends, which no interval leaves. */
const LOWEST = 0;
const HIGHEST = 100;

/**
 * The interval that a rule gives around one prediction, in points of popularity, within 0 to 100.
 * @param rule from `fitIntervals` or model.json
 * @param prediction the forest's prediction for the track
 * @param spread standard deviation of the trees' predictions for it (divided by the number of trees)
 * @returns `[lower, upper]`
 */
export function predictInterval(rule: IntervalRule, prediction: number, spread: number): [number, number] {
  const scale = spread + rule.floor;
  const clip = (value: number) => Math.min(HIGHEST, Math.max(LOWEST, value));
  return [clip(prediction + rule.lower * scale), clip(prediction + rule.upper * scale)];
}

/**
 * Learns an interval from the training rows alone: each row's error is that of the trees whose bootstrap left
 * it out, so it is an error on an unseen track. Conformal prediction with out-of-bag errors (Johansson,
 * Boström, Löfström and Linusson 2014, Machine Learning 97), divided by how far those trees disagree, a
 * quantile for each side. Holds `level` of tracks that are like the training rows; that holds on average
 * over tracks, not for each genre. The benchmark that this choice rests on is `npm run bench -- intervals`.
 * @param forest fitted on X and y with bootstrap
 * @param options level: above 0 and below 1; floor: points added to the spread, above 0; unseen: predictions of
 *   the rows of X by trees that had not learnt from them, such as cross-validation's, in the place of `outOfBag`'s
 * @throws InputError when the forest has no bootstrap, or too few rows were left out by two trees or more
 */
export function fitIntervals(
  forest: RegressionForest,
  X: Table,
  y: ArrayLike<number>,
  options: { level?: number; floor?: number; unseen?: Spread } = {},
): IntervalRule {
  checkOptions('fitIntervals', options, ['level', 'floor', 'unseen']);
  const { level = 0.9, floor = 5 } = options;
  if (!(level > 0 && level < 1 && floor > 0)) {
    throw new InputError(
      `fitIntervals requires a level between 0 and 1 and a floor above 0, got ${level} and ${floor}`,
    );
  }
  const { unseen } = options;
  if (unseen && !(unseen.prediction.length === y.length && unseen.spread.length === y.length)) {
    throw new InputError(
      `fitIntervals requires unseen predictions of ${y.length} rows, got ${unseen.prediction.length} with ${unseen.spread.length} spreads`,
    );
  }
  const { prediction, spread } = unseen ?? outOfBag(forest, X);
  const errors = prediction
    .map((value, row) => (y[row] - value) / (spread[row] + floor))
    .filter((error) => !Number.isNaN(error))
    .sort();
  const [lower, upper] = conformalQuantiles(errors, level);
  const errorsOf = unseen ? 'errors of cross-validation' : 'out-of-bag errors';
  return { method: `${errorsOf} over the spread of the trees`, level, lower, upper, floor };
}

/**
 * The two values between which a new one falls with probability `level`, half of the rest on each side, when it
 * and the given ones are exchangeable (Vovk, Gammerman and Shafer 2005): of n values, a new one is equally
 * likely in each of the n + 1 gaps. Between two order statistics the quantile is linear, numpy's
 * `quantile(method='weibull')`, so that small tables too are held to the level and not to more.
 * @param sorted ascending
 * @throws InputError when there are too few values for that level
 */
export function conformalQuantiles(sorted: ArrayLike<number>, level: number): [number, number] {
  const rank = ((sorted.length + 1) * (1 - level)) / 2;
  if (rank < 1 - 1e-9) {
    throw new InputError(
      `conformalQuantiles requires at least ${Math.ceil(2 / (1 - level) - 1e-9) - 1} values for level ${level}, got ${sorted.length}`,
    );
  }
  const whole = Math.max(1, Math.floor(rank));
  const share = Math.max(0, rank - whole);
  const between = (from: number, to: number) => from + share * (to - from);
  const last = sorted.length - 1;
  return [between(sorted[whole - 1], sorted[whole]), between(sorted[last - whole + 1], sorted[last - whole])];
}

/** Predicts training rows by the trees that did not learn from them; NaN for rows with fewer than two such trees. */
export function outOfBag(forest: RegressionForest, X: Table): Spread {
  const { bootstrap, nEstimators } = forest.params;
  if (!bootstrap) throw new InputError('outOfBag requires a forest with bootstrap, got one without');
  const countsOf = forest.drawnCounts(X.rowCount);
  const leftOut = Array.from({ length: nEstimators }, (_, tree) => {
    const counts = countsOf(tree);
    const isLeftOut = new Uint8Array(X.rowCount); // a byte for each row, as there are many trees
    for (let row = 0; row < X.rowCount; row++) isLeftOut[row] = Number(counts[row] === 0);
    return isLeftOut;
  });
  return spreadOf(forest, X, (tree, row) => leftOut[tree][row] === 1);
}

/** Predicts rows that the forest has not seen, by all trees. */
export function predictWithSpread(forest: RegressionForest, X: Table): Spread {
  return spreadOf(forest, X, () => true);
}

/** Rows that are predicted at a time: what every tree says of a million rows would take gigabytes. */
const ROWS_AT_A_TIME = 4096;

/** Mean and spread of those trees that may speak about a row; NaN where fewer than two may. */
function spreadOf(
  forest: RegressionForest,
  X: Table,
  maySpeak: (tree: number, row: number) => boolean,
): Spread {
  const prediction = new Float64Array(X.rowCount).fill(Number.NaN);
  const spread = new Float64Array(X.rowCount).fill(Number.NaN);
  for (let start = 0; start < X.rowCount; start += ROWS_AT_A_TIME) {
    const end = Math.min(X.rowCount, start + ROWS_AT_A_TIME);
    const columns = X.columns.map((column) => column.subarray(start, end));
    const trees = forest.predictTrees({ ...X, rowCount: end - start, columns });
    for (let row = start; row < end; row++) {
      const values: number[] = [];
      for (let t = 0; t < trees.length; t++) if (maySpeak(t, row)) values.push(trees[t][row - start]);
      if (values.length < 2) continue;
      const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
      prediction[row] = centre;
      spread[row] = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
    }
  }
  return { prediction, spread };
}

/** The share of targets inside their intervals (ends included) and the mean width. */
export function coverageOf(
  ends: readonly (readonly [number, number])[],
  y: ArrayLike<number>,
): { coverage: number; width: number } {
  return {
    coverage: mean(ends.map(([low, high], row) => Number(low <= y[row] && y[row] <= high))),
    width: mean(ends.map(([low, high]) => high - low)),
  };
}

/**
 * The shortest range that holds at least the share `level` of some values: what intervals that differ from row
 * to row must beat. At level 0.5 it is Rousseeuw and Leroy's (1988) shorth; of equally short ones the lowest.
 * @throws InputError when there is no value, or the level is not above 0 and at most 1
 * @example shortestRange([0, 0, 0, 10, 90], 0.8) // [0, 10]
 */
export function shortestRange(values: ArrayLike<number>, level: number): [number, number] {
  if (!(values.length > 0 && level > 0 && level <= 1)) {
    throw new InputError(
      `shortestRange requires values and a level above 0 and at most 1, got ${values.length} values and ${level}`,
    );
  }
  const sorted = Float64Array.from(values).sort();
  const held = Math.ceil(level * sorted.length - 1e-9);
  let best = 0;
  for (let i = 1; i + held <= sorted.length; i++) {
    if (sorted[i + held - 1] - sorted[i] < sorted[best + held - 1] - sorted[best]) best = i;
  }
  return [sorted[best], sorted[best + held - 1]];
}
