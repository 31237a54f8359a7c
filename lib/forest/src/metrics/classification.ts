import { InputError, valueText } from '../errors';
import { weightsOf } from '../matrix';
import { checkOptions } from '../options';
import { inPythonsOrder } from '../pythonsOrder';
import { naturalLog } from '../tree/naturalLog';
import { average, sum, type Weights } from './metrics';

/** The type of a class's name. */
type ClassName = number | string;

function requireSameLength(caller: string, actual: ArrayLike<unknown>, predicted: ArrayLike<unknown>): void {
  if (actual.length > 0 && actual.length === predicted.length) return;
  throw new InputError(
    `${caller} requires as many predictions as classes and at least one, got ${predicted.length} for ${actual.length}`,
  );
}

/**
 * The share of rows whose class was predicted, scikit-learn's `accuracy_score`.
 * @param sampleWeight each row's weight
 * @throws InputError when the lengths differ or are 0, or a weight is negative
 */
export function accuracyScore<C extends ClassName>(
  actual: ArrayLike<C>,
  predicted: ArrayLike<C>,
  sampleWeight: Weights = null,
): number {
  requireSameLength('accuracyScore', actual, predicted);
  const isRight = Float64Array.from(Array.from(actual), (name, row) => Number(name === predicted[row]));
  return average(isRight, weightsOf('accuracyScore', sampleWeight, isRight.length));
}

/** Options of the scores of probabilities. */
export interface ProbabilityOptions<C extends ClassName> {
  /** All classes, in the order of the probabilities; without it, those of the rows. */
  labels?: readonly C[];
  sampleWeight?: Weights;
}

/** Rows as indicators of classes, beside their probabilities. */
function indicators<C extends ClassName>(
  caller: string,
  actual: ArrayLike<C>,
  probabilities: readonly ArrayLike<number>[] | ArrayLike<number>,
  labels?: readonly C[],
): { code: number; shares: number[] }[] {
  requireSameLength(caller, actual, probabilities);
  const names = [...new Set(labels ?? Array.from(actual))].sort(inPythonsOrder);
  const rows = Array.from(probabilities as ArrayLike<ArrayLike<number> | number>, (given) =>
    typeof given === 'number' ? [1 - given, given] : Array.from(given),
  );
  return rows.map((shares, row) => {
    const code = names.indexOf(actual[row]);
    if (names.length < 2 || shares.length !== names.length || code < 0) {
      throw new InputError(
        `${caller} requires the probabilities of at least two classes, those of the rows or of labels, got ${shares.length} for ${names.length} classes and ${valueText(actual[row])} in row ${row}`,
      );
    }
    const bad = shares.find((share) => !(share >= 0 && share <= 1));
    if (bad === undefined) return { code, shares };
    throw new InputError(`${caller} requires probabilities from 0 to 1, got ${valueText(bad)} in row ${row}`);
  });
}

/**
 * Mean negative logarithm of the probability of the right class, scikit-learn's `log_loss`, but for the last bit:
 * the logarithm is glibc's, and numpy has one of its own, which is another one on another processor. A
 * probability of 0 counts as 2^-52.
 * @param probabilities `[row][class]` in the order of the classes, or of the second of two classes by row
 * @throws InputError when lengths differ, a probability is out of range, or there are fewer than two classes
 */
export function logLoss<C extends ClassName>(
  actual: ArrayLike<C>,
  probabilities: readonly ArrayLike<number>[] | ArrayLike<number>,
  options: ProbabilityOptions<C> = {},
): number {
  checkOptions('logLoss', options, ['labels', 'sampleWeight']);
  const { labels, sampleWeight = null } = options;
  const rows = indicators('logLoss', actual, probabilities, labels);
  const least = 2 ** -52;
  const losses = rows.map(
    ({ code, shares }) => -naturalLog(Math.min(Math.max(shares[code], least), 1 - least)),
  );
  return average(losses, weightsOf('logLoss', sampleWeight, rows.length));
}

/**
 * Mean squared distance of the probabilities from 1 for the right class and 0 for others, scikit-learn's
 * `brier_score_loss`: from 0 to 1 for two classes, to 2 for more.
 * @param probabilities `[row][class]` in the order of the classes, or of the second of two classes by row
 * @throws InputError when lengths differ, a probability is out of range, or there are fewer than two classes
 */
export function brierScoreLoss<C extends ClassName>(
  actual: ArrayLike<C>,
  probabilities: readonly ArrayLike<number>[] | ArrayLike<number>,
  options: ProbabilityOptions<C> = {},
): number {
  checkOptions('brierScoreLoss', options, ['labels', 'sampleWeight']);
  const { labels, sampleWeight = null } = options;
  const rows = indicators('brierScoreLoss', actual, probabilities, labels);
  const distances = rows.map(({ code, shares }) =>
    sum(shares.map((share, other) => (Number(other === code) - share) ** 2)),
  );
  const score = average(distances, weightsOf('brierScoreLoss', sampleWeight, rows.length));
  return rows[0].shares.length < 3 ? score * 0.5 : score;
}
