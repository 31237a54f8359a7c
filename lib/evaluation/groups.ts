import { InputError } from '../errors';
import { RandomState } from '../forest/randomState';
import type { Split } from '../forest/types';

/**
 * Groups of rows that belong together through any chain of shared keys (union-find, Tarjan 1975): rows 1 and
 * 2 share a song, 2 and 3 an artist, so all three are one group.
 * @param keys one or more columns of keys, equally long; rows with equal keys are joined, '' joins nothing;
 *   a row may have several keys (`string[]`), e.g. its artists
 * @returns the group of each row, numbered from 0 by first appearance
 * @throws InputError when the columns differ in length
 */
export function joinGroups(...keys: readonly ArrayLike<string | number | readonly string[]>[]): Int32Array {
  const count = keys[0]?.length ?? 0;
  const parent = Int32Array.from({ length: count }, (_, row) => row);
  const rootOf = (row: number): number => {
    while (parent[row] !== row) {
      parent[row] = parent[parent[row]!]!;
      row = parent[row]!;
    }
    return row;
  };
  for (const column of keys) {
    if (column.length !== count) {
      throw new InputError(`joinGroups requires columns of equal length, got ${count} and ${column.length}`);
    }
    const firstRow = new Map<string | number, number>();
    for (let row = 0; row < count; row++) {
      for (const key of [column[row]!].flat()) {
        if (key === '') continue;
        const first = firstRow.get(key);
        if (first === undefined) firstRow.set(key, row);
        else parent[rootOf(row)] = rootOf(first);
      }
    }
  }
  const numberOf = new Map<number, number>();
  return parent.map((_, row) => {
    const root = rootOf(row);
    if (!numberOf.has(root)) numberOf.set(root, numberOf.size);
    return numberOf.get(root)!;
  });
}

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
      const held = new Set(Array.from(order.subarray(start, start + size), (i) => names[i]!));
      start += size;
      splits.push({
        train: rows.filter((row) => !held.has(groups[row]!)),
        test: rows.filter((row) => held.has(groups[row]!)),
      });
    }
  }
  return splits;
}
