import { InputError } from '../errors';
import { take } from '../matrix';
import { type Scorer, type ScorerName, scorerOf } from '../metrics/scorers';
import { checkRunOptions } from '../options';
import { RandomState } from '../randomState';
import type { Matrix, RunOptions, Split } from '../types';
import { type ModelOrMaker, predictFolds } from './foldPredictions';

/** A score against the number of training rows: would more rows help? */
export interface LearningCurve {
  /** Training rows at each point, ascending. */
  trainSizes: number[];
  /** `trainScores[point][split]`: the score on the rows learnt from; `testScores`: on the split's test rows. */
  trainScores: number[][];
  testScores: number[][];
}

/**
 * Learning curve, scikit-learn's `learning_curve(..., shuffle=True, random_state)`: each split's training
 * rows are shuffled once, and the model is fitted on the first few, more and all of them.
 * @param model an estimator, or a function that gives an unfitted model
 * @param X features; y targets
 * @param splits e.g. from `KFold` or `repeatedGroupKFold`
 * @param options trainSizes: shares of the first split's training rows, above 0, at most 1; randomState: seed;
 *   scoring: a name of scikit-learn's, or a function of targets and predictions whose greater values are better
 * @throws InputError when a share is out of range; the signal's reason when aborted
 */
export async function learningCurve(
  model: ModelOrMaker,
  X: Matrix,
  y: ArrayLike<number>,
  splits: readonly Split[],
  options: {
    trainSizes?: readonly number[];
    randomState?: number;
    scoring?: ScorerName | Scorer;
  } & RunOptions = {},
): Promise<LearningCurve> {
  checkRunOptions('learningCurve', options, ['trainSizes', 'randomState', 'scoring']);
  const {
    trainSizes = [0.1, 0.325, 0.55, 0.775, 1],
    randomState = 0,
    scoring = 'r2',
    ...runOptions
  } = options;
  const score = scorerOf('learningCurve', scoring);
  const wrong = trainSizes.find((share) => !(share > 0 && share <= 1));
  if (wrong !== undefined || splits.length === 0) {
    throw new InputError(
      `learningCurve requires splits and shares above 0 and at most 1, got ${splits.length} splits and ${wrong ?? 'shares in range'}`,
    );
  }
  const most = splits[0].train.length;
  const sizes = [...new Set(trainSizes.map((share) => Math.max(1, Math.floor(share * most))))];
  sizes.sort((a, b) => a - b);
  const random = new RandomState(randomState);
  const fits = splits.flatMap(({ train, test }) => {
    const shuffled = random.permutation(train.length).map((i) => train[i]);
    return sizes.map((size) => ({ rows: shuffled.slice(0, size), test }));
  });
  // Both scores of a fit come from one prediction: of the rows learnt from, then of the test rows.
  // (From an array: the arguments of a call, as in Int32Array.of, are too many from about 120,000 rows on.)
  const both = fits.map(({ rows, test }) => ({ train: rows, test: Int32Array.from([...rows, ...test]) }));
  const predicted = await predictFolds(model, X, y, both, runOptions);
  const curve: LearningCurve = {
    trainSizes: sizes,
    trainScores: sizes.map(() => []),
    testScores: sizes.map(() => []),
  };
  fits.forEach(({ rows, test }, fit) => {
    const values = Float64Array.from(predicted[fit]);
    const point = fit % sizes.length;
    curve.trainScores[point].push(score(take(y, rows), values.subarray(0, rows.length)));
    curve.testScores[point].push(score(take(y, test), values.subarray(rows.length)));
  });
  return curve;
}
