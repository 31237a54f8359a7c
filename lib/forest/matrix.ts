import { InputError } from '../errors';
import type { Matrix, Table } from './types';

/** The given rows of a table, in the given order; a row may be taken more than once. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  return {
    names: table.names,
    rowCount: rows.length,
    columns: table.columns.map((column) => take(column, rows)),
  };
}

/** The given elements of a column, in the given order. */
export function take(values: ArrayLike<number>, rows: ArrayLike<number>): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

/** Features of a table of rows or columns. */
export function featureCount(X: Matrix): number {
  return 'columns' in X ? X.columns.length : (X[0]?.length ?? 0);
}

/**
 * The columns of X, rounded to float32 as scikit-learn's trees see them.
 * @param caller named in the message
 * @param features how many features X must have, where that is known
 * @param makeColumn where a column's memory comes from
 * @throws InputError for no rows, no features, ragged rows, or a value that is no finite float32
 */
export function float32Columns(caller: string, X: Matrix, features = featureCount(X)): Float32Array[] {
  const rowCount = 'columns' in X ? X.rowCount : X.length;
  if (rowCount < 1) throw new InputError(`${caller} requires at least one row, got none`);
  if (features < 1) throw new InputError(`${caller} requires at least one feature, got none`);
  if ('columns' in X) {
    if (X.columns.length !== features) {
      throw new InputError(`${caller} requires ${features} features, got ${X.columns.length}`);
    }
  } else {
    const ragged = X.findIndex((row) => row.length !== features);
    if (ragged >= 0) {
      throw new InputError(
        `${caller} requires ${features} features in every row, got ${X[ragged]!.length} in row ${ragged}`,
      );
    }
  }
  return Array.from({ length: features }, (_, j) => {
    const column = new Float32Array(rowCount);
    if ('columns' in X) {
      if (X.columns[j]!.length !== rowCount) {
        throw new InputError(
          `${caller} requires ${rowCount} values in every column, got ${X.columns[j]!.length} in column ${j}`,
        );
      }
      column.set(X.columns[j]!);
    } else for (let i = 0; i < rowCount; i++) column[i] = X[i]![j]!;
    for (let i = 0; i < rowCount; i++) {
      if (!Number.isFinite(column[i])) {
        const value = 'columns' in X ? X.columns[j]![i] : X[i]![j];
        throw new InputError(
          `${caller} requires finite float32 numbers, got ${value} in row ${i}, column ${columnName(X, j)}`,
        );
      }
    }
    return column;
  });
}

function columnName(X: Matrix, j: number): string {
  return 'columns' in X && X.names[j] ? `${j} (${X.names[j]})` : String(j);
}

/**
 * The target as float64.
 * @throws InputError when its length is not the number of rows, or a value is not finite
 */
export function targetOf(caller: string, y: ArrayLike<number>, rowCount: number): Float64Array {
  if (y.length !== rowCount) {
    throw new InputError(`${caller} requires one target for each of the ${rowCount} rows, got ${y.length}`);
  }
  const target = Float64Array.from(y);
  const bad = target.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`${caller} requires finite targets, got ${y[bad]} in row ${bad}`);
  return target;
}
