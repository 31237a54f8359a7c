import { InputError, valueText } from './errors';
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
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]]!;
  return taken;
}

/** The row numbers of each group, the groups in the order in which they first appear. */
export function rowsByGroup<T>(groups: ArrayLike<T>): Map<T, number[]> {
  const rowsOf = new Map<T, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const rows = rowsOf.get(groups[row]);
    if (rows) rows.push(row);
    else rowsOf.set(groups[row], [row]);
  }
  return rowsOf;
}

/** Whether X is a table of columns, and not one of rows. */
function hasColumns(caller: string, X: Matrix): X is Table {
  if (Array.isArray(X)) return false;
  if (!Array.isArray((X as Table | null)?.columns)) {
    throw new InputError(`${caller} requires X as a list of rows or a table of columns, got ${valueText(X)}`);
  }
  return true;
}

/**
 * The columns of X, rounded to float32 as scikit-learn's trees see them.
 * @param caller named in the message
 * @param expected how many features X must have, where that is known
 * @throws InputError for no rows, no features, ragged rows, or a value that is no finite float32
 */
export function float32Columns(caller: string, X: Matrix, expected?: number): Float32Array[] {
  const isTable = hasColumns(caller, X);
  const features = expected ?? (isTable ? X.columns.length : (X[0]?.length ?? 0));
  const rowCount = isTable ? X.rowCount : X.length;
  if (rowCount < 1) throw new InputError(`${caller} requires at least one row, got none`);
  if (features < 1) throw new InputError(`${caller} requires at least one feature, got none`);
  if (isTable) {
    if (X.columns.length !== features) {
      throw new InputError(`${caller} requires ${features} features, got ${X.columns.length}`);
    }
  } else {
    const ragged = X.findIndex((row) => row?.length !== features);
    if (ragged >= 0) {
      const got = X[ragged]?.length ?? valueText(X[ragged]);
      throw new InputError(
        `${caller} requires ${features} features in every row, got ${got} in row ${ragged}`,
      );
    }
  }
  return Array.from({ length: features }, (_, j) => {
    const values = isTable ? X.columns[j] : undefined;
    if (isTable && values?.length !== rowCount) {
      throw new InputError(
        `${caller} requires ${rowCount} values in every column, got ${values?.length ?? valueText(values)} in column ${j}`,
      );
    }
    const column = new Float32Array(rowCount);
    if (!isTable) for (let i = 0; i < rowCount; i++) column[i] = numberOf(X[i][j]);
    else column.set(values instanceof Float64Array ? values : Array.from(values!, numberOf));
    for (let i = 0; i < rowCount; i++) {
      if (!Number.isFinite(column[i])) {
        const value = values ? values[i] : (X as readonly (readonly number[])[])[i][j];
        throw new InputError(
          `${caller} requires finite float32 numbers, got ${valueText(value)} in row ${i}, column ${columnName(X, j)}`,
        );
      }
    }
    return column;
  });
}

/** NaN for what is no number, where JavaScript would take null for 0. */
const numberOf = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);

function columnName(X: Matrix, j: number): string {
  return 'columns' in X && X.names?.[j] ? `${j} (${X.names[j]})` : String(j);
}

/**
 * The target as float64.
 * @throws InputError when its length is not the number of rows, or a value is not finite
 */
export function targetOf(caller: string, y: ArrayLike<number>, rowCount: number): Float64Array {
  if (y?.length !== rowCount) {
    const got = y?.length ?? valueText(y);
    throw new InputError(`${caller} requires one target for each of the ${rowCount} rows, got ${got}`);
  }
  const target = new Float64Array(rowCount);
  for (let i = 0; i < rowCount; i++) target[i] = numberOf(y[i]);
  const bad = target.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new InputError(`${caller} requires finite targets, got ${valueText(y[bad])} in row ${bad}`);
  return target;
}
