import {
  InputError,
  RandomState,
  type Regressor,
  type RunOptions,
  type Table,
  takeRows,
} from '../forest/src/index';
import type { Tracks } from '../tracks/types';

/** A model that is shown some of the columns only: what are the others worth to it? */
export class OnColumns implements Regressor {
  /** @param names of the columns that it sees; those that a table does not have do not matter */
  constructor(
    private readonly inner: Regressor,
    private readonly names: readonly string[],
  ) {}

  async fit(X: Table, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    await this.inner.fit(this.seen(X), y, options);
    return this;
  }

  predict(X: Table): ArrayLike<number> {
    return this.inner.predict(this.seen(X));
  }

  private seen({ names, rowCount, columns }: Table): Table {
    const kept = names.map((_, j) => j).filter((j) => this.names.includes(names[j]));
    return { rowCount, names: kept.map((j) => names[j]), columns: kept.map((j) => columns[j]) };
  }
}

/** The first rows of a table of features, as many as there are. */
export function firstRowsOf(X: Table, count: number): Table {
  const rows = Int32Array.from({ length: Math.min(count, X.rowCount) }, (_, row) => row);
  return takeRows(X, rows);
}

/**
 * The rows to work on where all of a large table would take too long: all, or so many drawn without repeating.
 * @param most rows at most
 * @param randomState seed of the draw
 * @returns their numbers, ascending
 * @throws InputError unless `most` is a whole number of at least 1
 */
export function drawRows(rowCount: number, most: number, randomState: number): Int32Array {
  if (!(Number.isInteger(most) && most >= 1)) {
    throw new InputError(`drawRows requires a whole number of at least 1 row, got ${most}`);
  }
  const all = Int32Array.from({ length: rowCount }, (_, row) => row);
  return rowCount <= most ? all : new RandomState(randomState).permutation(rowCount).slice(0, most).sort();
}

/** A table with further columns at its right. */
export function withColumns(X: Table, columns: Readonly<Record<string, ArrayLike<number>>>): Table {
  return {
    names: [...X.names, ...Object.keys(columns)],
    rowCount: X.rowCount,
    columns: [...X.columns, ...Object.values(columns).map((values) => Float64Array.from(values))],
  };
}

/** A column of numbers; zeros where the table lacks it, which no model can learn from. */
export function numbersOrZeros(tracks: Tracks, name: string): Float64Array {
  const values = tracks.columns[name];
  return values instanceof Float64Array ? values : new Float64Array(tracks.rowCount);
}
