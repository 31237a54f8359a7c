import {
  crossValidate,
  type Estimate,
  InputError,
  pairedDifference,
  type Regressor,
  type RunOptions,
  type Scores,
  type Split,
  summarizeScores,
  type Table,
} from '../forest/src/index';

/** One model's cross-validated scores, and what the first model has on it. */
export interface FoldScores extends Record<keyof Scores, Estimate> {
  name: string;
  /** The first model's scores less this one's on the same splits (see `pairedDifference`); 0 for the first. */
  firstLess: Record<keyof Scores, Estimate>;
}

/**
 * Cross-validates several models on the same splits. Whether the first is better than another is told by the
 * interval of the difference, since both meet the same easy and hard splits.
 * @param models name to a function that makes the unfitted model; the first is the one to judge
 * @param splits at least two, e.g. from `RepeatedKFold`
 * @param options progress counts fits
 * @returns one entry per model, in the order given
 * @throws InputError when there is no model
 */
export async function compareOnFolds(
  models: Readonly<Record<string, () => Regressor>>,
  X: Table,
  y: ArrayLike<number>,
  splits: readonly Split[],
  options: RunOptions = {},
): Promise<FoldScores[]> {
  const names = Object.keys(models);
  if (names.length === 0) throw new InputError('compareOnFolds requires at least one model, got none');
  const scores: Scores[][] = [];
  for (const [k, name] of names.entries()) {
    const onProgress: RunOptions['onProgress'] = ({ done }) =>
      options.onProgress?.({
        done: k * splits.length + done,
        total: names.length * splits.length,
        label: name,
      });
    scores.push(await crossValidate(models[name], X, y, splits, { ...options, onProgress }));
  }
  return names.map((name, k) => ({
    name,
    ...summarizeScores(scores[k], splits),
    firstLess: pairedDifference(scores[0], scores[k], splits),
  }));
}
