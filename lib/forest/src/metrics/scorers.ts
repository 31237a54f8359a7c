import { InputError, valueText } from '../errors';
import { accuracyScore } from './classification';
import {
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
} from './metrics';

/** A score of predictions; greater is better. */
export type Scorer<Y = number> = (actual: ArrayLike<Y>, predicted: ArrayLike<Y>) => number;

/** Scores by scikit-learn's names; greater is better, so errors are negative. */
const SCORERS = {
  accuracy: (y, p) => accuracyScore(y, p),
  neg_mean_absolute_error: (y, p) => -meanAbsoluteError(y, p),
  neg_mean_squared_error: (y, p) => -meanSquaredError(y, p),
  neg_median_absolute_error: (y, p) => -medianAbsoluteError(y, p),
  neg_root_mean_squared_error: (y, p) => -rootMeanSquaredError(y, p),
  r2: r2Score,
} satisfies Record<string, Scorer>;

/** The names that `scoring` may have. */
export type ScorerName = keyof typeof SCORERS;

/**
 * The score that `scoring` stands for: a name of scikit-learn's, or a function of targets and predictions whose
 * greater values are better.
 * @param caller named in the message
 * @throws InputError for an unknown name
 */
export function scorerOf<Y>(caller: string, scoring: ScorerName | Scorer<Y>): Scorer<Y> {
  if (typeof scoring === 'function') return scoring;
  if (!Object.hasOwn(SCORERS, scoring)) {
    throw new InputError(
      `${caller} requires scoring to be a function or one of ${Object.keys(SCORERS).join(', ')}, got ${valueText(scoring)}`,
    );
  }
  return SCORERS[scoring] as Scorer<unknown> as Scorer<Y>;
}
