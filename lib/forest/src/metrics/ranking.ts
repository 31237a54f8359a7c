import { InputError, valueText } from '../errors';
import { weightsOf } from '../matrix';
import { checkOptions } from '../options';
import { inPythonsOrder } from '../pythonsOrder';
import { sum, type Weights } from './metrics';

/** The class that counts as positive, and the rows' weights. */
export interface RankingOptions<C> {
  /** The class that high scores stand for; without it 1, where the classes are 0 and 1 or -1 and 1. */
  posLabel?: C;
  sampleWeight?: Weights;
}

/** The number of rows (or their weight) above each threshold, of the class and not of it. */
interface Counts {
  positives: Float64Array;
  negatives: Float64Array;
  thresholds: Float64Array;
}

function positiveLabel<C>(caller: string, actual: readonly C[], posLabel: C | undefined): C {
  if (posLabel !== undefined) return posLabel;
  if (actual.every((name) => [0, 1, -1].includes(name as number))) return 1 as C;
  throw new InputError(`${caller} requires posLabel where classes are not 0, 1 or -1, got none`);
}

/** Rows counted from the highest score down; one entry for each different score. */
function countsByThreshold<C>(
  caller: string,
  actual: ArrayLike<C>,
  scores: ArrayLike<number>,
  { posLabel, sampleWeight = null }: RankingOptions<C>,
): Counts {
  const names = Array.from(actual);
  if (names.length === 0 || names.length !== scores.length) {
    throw new InputError(
      `${caller} requires as many scores as classes and at least one, got ${scores.length} for ${names.length}`,
    );
  }
  const bad = Array.from(scores).findIndex((score) => !Number.isFinite(score));
  if (bad >= 0)
    throw new InputError(`${caller} requires finite scores, got ${valueText(scores[bad])} in row ${bad}`);
  const label = positiveLabel(caller, names, posLabel);
  const weights = weightsOf(caller, sampleWeight, names.length);
  const rows = names.map((_, row) => row).filter((row) => !weights || weights[row] > 0);
  // JavaScript's sort is stable, as numpy's is where scikit-learn asks for it.
  rows.sort((a, b) => scores[b] - scores[a]);
  const counts: [number, number, number][] = [];
  let positive = 0;
  let negative = 0;
  rows.forEach((row, i) => {
    const weight = weights ? weights[row] : 1;
    if (names[row] === label) positive += weight;
    else negative += weight;
    if (scores[row] !== scores[rows[i + 1]]) counts.push([positive, negative, scores[row]]);
  });
  const column = (k: 0 | 1 | 2) => Float64Array.from(counts, (entry) => entry[k]);
  return { positives: column(0), negatives: column(1), thresholds: column(2) };
}

/** A curve's points; `thresholds` are the scores from which on a row counts as predicted. */
export interface RocCurve {
  fpr: Float64Array;
  tpr: Float64Array;
  thresholds: Float64Array;
}

/**
 * The share of other rows and the share of the class's rows above each threshold, scikit-learn's `roc_curve`.
 * Points on a straight line between their neighbours are left out unless `dropIntermediate` is false.
 * @throws InputError when lengths differ, a score is not finite, or the class of high scores is not clear
 */
export function rocCurve<C>(
  actual: ArrayLike<C>,
  scores: ArrayLike<number>,
  options: RankingOptions<C> & { dropIntermediate?: boolean } = {},
): RocCurve {
  checkOptions('rocCurve', options, ['posLabel', 'sampleWeight', 'dropIntermediate']);
  const { positives, negatives, thresholds } = countsByThreshold('rocCurve', actual, scores, options);
  const last = positives.length - 1;
  const bends = (values: Float64Array, i: number) =>
    values[i + 1] - values[i] - (values[i] - values[i - 1]) !== 0;
  const isKept = (_: number, i: number) =>
    options.dropIntermediate === false ||
    last < 2 ||
    i === 0 ||
    i === last ||
    bends(positives, i) ||
    bends(negatives, i);
  const share = (values: Float64Array) => {
    const all = values[last];
    return Float64Array.from([0, ...values.filter(isKept)], (value) => (all > 0 ? value / all : Number.NaN));
  };
  return {
    fpr: share(negatives),
    tpr: share(positives),
    thresholds: Float64Array.of(Number.POSITIVE_INFINITY, ...thresholds.filter(isKept)),
  };
}

/**
 * The area below a curve, by trapezoids: scikit-learn's `auc`.
 * @param x in ascending or descending order
 * @throws InputError for fewer than two points, or where x rises and falls
 */
export function auc(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length < 2 || x.length !== y.length) {
    throw new InputError(`auc requires at least two points, got ${x.length} and ${y.length} coordinates`);
  }
  const steps = Float64Array.from({ length: x.length - 1 }, (_, i) => x[i + 1] - x[i]);
  const falls = steps.some((step) => step < 0);
  const back = steps.findIndex((step) => step > 0);
  if (falls && back >= 0) {
    throw new InputError(`auc requires x in ascending or descending order, got both at point ${back + 1}`);
  }
  const area = sum(steps.map((step, i) => (step * (y[i + 1] + y[i])) / 2));
  return falls ? -area : area;
}

/**
 * Returns the probability that a row of the class has a higher score than another one, scikit-learn's
 * `roc_auc_score` of two classes; NaN where all rows are of one class. The class of high scores is the
 * one that sorts last.
 * @throws InputError when lengths differ, a score is not finite, or there are more than two classes
 */
export function rocAucScore<C extends number | string>(
  actual: ArrayLike<C>,
  scores: ArrayLike<number>,
  options: { sampleWeight?: Weights } = {},
): number {
  checkOptions('rocAucScore', options, ['sampleWeight']);
  const names = [...new Set(Array.from(actual))].sort(inPythonsOrder);
  if (names.length > 2) {
    throw new InputError(
      `rocAucScore requires two classes, got ${names.length}: score one against the others`,
    );
  }
  if (names.length < 2) return Number.NaN;
  const { fpr, tpr } = rocCurve(actual, scores, { ...options, posLabel: names[1] });
  return auc(fpr, tpr);
}

/** A curve's points from the lowest threshold up; precision and recall end with 1 and 0, at no threshold. */
export interface PrecisionRecallCurve {
  precision: Float64Array;
  recall: Float64Array;
  thresholds: Float64Array;
}

/**
 * Precision and recall above each threshold, scikit-learn's `precision_recall_curve`. With `dropIntermediate` only
 * the first and the last point of each recall are kept.
 * @throws InputError when lengths differ, a score is not finite, or the class of high scores is not clear
 */
export function precisionRecallCurve<C>(
  actual: ArrayLike<C>,
  scores: ArrayLike<number>,
  options: RankingOptions<C> & { dropIntermediate?: boolean } = {},
): PrecisionRecallCurve {
  const caller = 'precisionRecallCurve';
  checkOptions(caller, options, ['posLabel', 'sampleWeight', 'dropIntermediate']);
  const { positives, negatives, thresholds } = countsByThreshold(caller, actual, scores, options);
  const last = positives.length - 1;
  const all = positives[last];
  const precision = positives.map((value, i) => {
    const predicted = value + negatives[i];
    return predicted === 0 ? 0 : value / predicted;
  });
  const recall = positives.map((value) => (all === 0 ? 1 : value / all));
  const isKept = (_: number, i: number) =>
    !options.dropIntermediate ||
    i === 0 ||
    i === last ||
    positives[i] !== positives[i - 1] ||
    positives[i] !== positives[i + 1];
  return {
    precision: Float64Array.of(...precision.filter(isKept).reverse(), 1),
    recall: Float64Array.of(...recall.filter(isKept).reverse(), 0),
    thresholds: thresholds.filter(isKept).reverse(),
  };
}

/**
 * Precision averaged over the steps of recall, scikit-learn's `average_precision_score` of two classes.
 * @throws InputError when lengths differ, a score is not finite, or the class of high scores is not clear or not there
 */
export function averagePrecisionScore<C>(
  actual: ArrayLike<C>,
  scores: ArrayLike<number>,
  options: RankingOptions<C> = {},
): number {
  checkOptions('averagePrecisionScore', options, ['posLabel', 'sampleWeight']);
  const names = new Set(Array.from(actual));
  const { posLabel } = options;
  if (posLabel !== undefined && names.size === 2 && !names.has(posLabel)) {
    throw new InputError(
      `averagePrecisionScore requires posLabel to be one of ${[...names].join(', ')}, got ${posLabel}`,
    );
  }
  const { precision, recall } = precisionRecallCurve(actual, scores, options);
  const steps = Float64Array.from(
    { length: recall.length - 1 },
    (_, i) => (recall[i + 1] - recall[i]) * precision[i],
  );
  return Math.max(0, -sum(steps));
}

/** Per bin that has rows: the share of them that are of the class, and their mean probability. */
export interface CalibrationCurve {
  probTrue: Float64Array;
  probPred: Float64Array;
}

/**
 * Returns the share of the class among rows of about the same probability, scikit-learn's `calibration_curve` with
 * bins of equal width.
 * @param probabilities from 0 to 1, of the class `posLabel`
 * @throws InputError when lengths differ, or a probability is out of range
 */
export function calibrationCurve<C>(
  actual: ArrayLike<C>,
  probabilities: ArrayLike<number>,
  options: { posLabel?: C; nBins?: number } = {},
): CalibrationCurve {
  checkOptions('calibrationCurve', options, ['posLabel', 'nBins']);
  const { posLabel, nBins = 5 } = options;
  const names = Array.from(actual);
  const isRight =
    names.length === probabilities.length && names.length > 0 && Number.isInteger(nBins) && nBins > 0;
  if (!isRight) {
    throw new InputError(
      `calibrationCurve requires as many probabilities as classes and a whole number of bins, got ${probabilities.length} for ${names.length} and ${valueText(nBins)}`,
    );
  }
  const label = positiveLabel('calibrationCurve', names, posLabel);
  const total = new Float64Array(nBins);
  const right = new Float64Array(nBins);
  const summed = new Float64Array(nBins);
  const step = 1 / nBins;
  names.forEach((name, row) => {
    const probability = probabilities[row];
    if (!(probability >= 0 && probability <= 1)) {
      throw new InputError(
        `calibrationCurve requires probabilities from 0 to 1, got ${valueText(probability)} in row ${row}`,
      );
    }
    let bin = 0;
    while (bin < nBins - 1 && (bin + 1) * step < probability) bin++;
    total[bin] += 1;
    right[bin] += Number(name === label);
    summed[bin] += probability;
  });
  const share = (values: Float64Array) =>
    values.map((value, bin) => value / total[bin]).filter((_, bin) => total[bin] > 0);
  return { probTrue: share(right), probPred: share(summed) };
}
