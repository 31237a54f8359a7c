import type { FoldData, Regressor } from '../estimator';
import { takeRows, takeTargets } from '../matrix';
import type { Split } from '../types';

/** Fits a model on a split's training rows and predicts its test rows. */
export async function predictSplit<Y>(
  model: Regressor<Y>,
  { X, y }: Pick<FoldData, 'X' | 'y'>,
  { train, test }: Split,
  signal: AbortSignal | undefined,
): Promise<ArrayLike<Y>> {
  await model.fit(takeRows(X, train), takeTargets(y as ArrayLike<Y>, train), { signal });
  return model.predict(takeRows(X, test));
}
