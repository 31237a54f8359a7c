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
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]];
  return taken;
}

/** The given targets, in the given order: numbers, or classes by text. */
export function takeTargets<Y>(y: ArrayLike<Y>, rows: ArrayLike<number>): ArrayLike<Y> {
  if (ArrayBuffer.isView(y))
    return take(y as ArrayLike<unknown> as ArrayLike<number>, rows) as ArrayLike<unknown> as ArrayLike<Y>;
  return Array.from(rows, (row) => y[row]);
}

/**
 * X as a table of columns, its values as they are.
 * @param caller named in the message
 * @throws InputError where X is neither a list of rows nor a table, or has no rows, no features, or ragged ones
 */
export function tableOf(caller: string, X: Matrix): Table {
  shapeOf(caller, X);
  if ('columns' in X) return X;
  const names = X[0].map((_, j) => `x${j}`);
  const columns = names.map((_, j) => Float64Array.from(X, (row) => numberOf(row[j])));
  return { names, rowCount: X.length, columns };
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

type Rows = readonly (readonly number[])[];

/** Returns the numbers of rows and features of X, and checks that all rows and columns have them. */
function shapeOf(caller: string, X: Matrix, expected?: number) {
  const isTable = hasColumns(caller, X);
  const features = expected ?? (isTable ? X.columns.length : (X[0]?.length ?? 0));
  const rowCount = isTable ? X.rowCount : X.length;
  if (rowCount < 1) throw new InputError(`${caller} requires at least one row, got none`);
  if (features < 1) throw new InputError(`${caller} requires at least one feature, got none`);
  if (!isTable) {
    const ragged = X.findIndex((row) => row?.length !== features);
    if (ragged < 0) return { isTable, features, rowCount };
    const got = X[ragged]?.length ?? valueText(X[ragged]);
    throw new InputError(`${caller} requires ${features} features in every row, got ${got} in row ${ragged}`);
  }
  if (X.columns.length !== features) {
    throw new InputError(`${caller} requires ${features} features, got ${X.columns.length}`);
  }
  const short = X.columns.findIndex((values) => values?.length !== rowCount);
  if (short >= 0) {
    const got = X.columns[short]?.length ?? valueText(X.columns[short]);
    throw new InputError(
      `${caller} requires ${rowCount} values in every column, got ${got} in column ${short}`,
    );
  }
  return { isTable, features, rowCount };
}

/**
 * The columns of X, rounded to float32 as scikit-learn's trees see them.
 * @param caller named in the message
 * @param expected features: how many X must have, where that is known; mayMiss: whether NaN is a missing value
 * @throws InputError for no rows, no features, ragged rows, or a value that is no finite float32
 */
export function float32Columns(
  caller: string,
  X: Matrix,
  expected: { features?: number; mayMiss?: boolean } = {},
): Float32Array[] {
  const { isTable, features, rowCount } = shapeOf(caller, X, expected.features);
  return Array.from({ length: features }, (_, j) => {
    const values = isTable ? (X as Table).columns[j] : undefined;
    const column = new Float32Array(rowCount);
    if (!values) for (let i = 0; i < rowCount; i++) column[i] = numberOf((X as Rows)[i][j]);
    else column.set(values instanceof Float64Array ? values : Array.from(values, numberOf));
    for (let i = 0; i < rowCount; i++) {
      if (!Number.isFinite(column[i])) {
        const value = values ? values[i] : (X as Rows)[i][j];
        if (expected.mayMiss && Number.isNaN(value)) continue;
        throw new InputError(
          `${caller} requires finite float32 numbers, got ${valueText(value)} in row ${i}, column ${columnName(X, j)}`,
        );
      }
    }
    return column;
  });
}

/** Whether a value is missing in any of the columns. */
export function hasMissing(columns: readonly Float32Array[]): boolean {
  return columns.some((column) => {
    for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) return true;
    return false;
  });
}

/** NaN for what is no number, where JavaScript would take null for 0. */
const numberOf = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);

/** Targets of a table: `outputs` numbers a row, row after row. */
export interface Targets {
  y: Float64Array;
  outputs: number;
}

/**
 * One target a row, or several where y is a list of rows.
 * @throws InputError when there is not one for each row, rows differ in length, or a value is not finite
 */
export function targetsOf(
  caller: string,
  y: ArrayLike<number> | readonly (readonly number[])[],
  rowCount: number,
): Targets {
  if (!Array.isArray(y?.[0])) return { y: targetOf(caller, y as ArrayLike<number>, rowCount), outputs: 1 };
  const rows = y as readonly (readonly number[])[];
  const outputs = rows[0].length;
  const ragged = rows.findIndex((row) => row?.length !== outputs);
  if (outputs < 1 || ragged >= 0) {
    throw new InputError(
      `${caller} requires equally many targets in every row, got ${rows[Math.max(0, ragged)]?.length ?? 'none'} in row ${Math.max(0, ragged)}`,
    );
  }
  if (rows.length !== rowCount) {
    throw new InputError(`${caller} requires targets for each of the ${rowCount} rows, got ${rows.length}`);
  }
  return { y: targetOf(caller, rows.flat(), rowCount * outputs), outputs };
}

/**
 * Weights of rows as float64, null where none are given.
 * @throws InputError where there is not one for each row, one is negative or not finite, or all are 0
 */
export function weightsOf(
  caller: string,
  weights: ArrayLike<number> | null | undefined,
  rowCount: number,
): Float64Array | null {
  if (weights === null || weights === undefined) return null;
  if (weights.length !== rowCount) {
    throw new InputError(
      `${caller} requires a weight for each of the ${rowCount} rows, got ${weights.length}`,
    );
  }
  const given = Float64Array.from(weights, numberOf);
  const bad = given.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new InputError(
      `${caller} requires finite weights of at least 0, got ${valueText(weights[bad])} in row ${bad}`,
    );
  }
  if (!given.some((weight) => weight > 0)) {
    throw new InputError(`${caller} requires a weight above 0, got only 0`);
  }
  return given;
}

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
