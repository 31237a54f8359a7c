import { InputError } from '../errors';
import { checkOptions } from '../options';
import { RandomState } from '../randomState';
import type { Split } from '../types';

/**
 * Shuffled group k-fold, repeated: scikit-learn's `GroupKFold(nSplits, shuffle=True, random_state=...)` with
 * one generator for all repeats. Folds hold equally many groups, not rows.
 * @param groups the group of each row
 * @throws InputError when there are fewer groups than folds
 */
export function repeatedGroupKFold(
  groups: ArrayLike<number>,
  options: { nSplits?: number; nRepeats?: number; randomState?: number } = {},
): Split[] {
  checkOptions('repeatedGroupKFold', options, ['nSplits', 'nRepeats', 'randomState']);
  const { nSplits = 5, nRepeats = 1, randomState = 0 } = options;
  const names = Int32Array.from(new Set(Array.from(groups))).sort();
  if (!(nSplits >= 2 && names.length >= nSplits)) {
    throw new InputError(
      `repeatedGroupKFold requires at least 2 folds and as many groups, got ${nSplits} folds and ${names.length} groups`,
    );
  }
  const random = new RandomState(randomState);
  const rows = Int32Array.from({ length: groups.length }, (_, row) => row);
  const splits: Split[] = [];
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const order = random.permutation(names.length);
    let start = 0;
    for (let fold = 0; fold < nSplits; fold++) {
      const size = Math.floor(names.length / nSplits) + (fold < names.length % nSplits ? 1 : 0);
      const held = new Set(Array.from(order.subarray(start, start + size), (i) => names[i]));
      start += size;
      splits.push({
        train: rows.filter((row) => !held.has(groups[row])),
        test: rows.filter((row) => held.has(groups[row])),
      });
    }
  }
  return splits;
}
