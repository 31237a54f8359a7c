import { yearOf } from './features';
import { categoryCode, type DecimalMark, isMissingWord, parseBoolean, parseNumber } from './numbers';
import type { Column } from './schema';

/** Collects one column cell by cell. */
export interface ColumnBuilder {
  /**
   * Takes the cell of a row: the characters `from` to `to` of `text`. Rows come in order; the last one may come
   * again, and then replaces what it said. Returns what belongs there instead where the cell does not fit.
   */
  set(row: number, text: string, from: number, to: number): string | undefined;
  /** The column, of that many rows: what was collected, not a copy, as a large table has no room for two. */
  finish(rowCount: number): Float64Array | string[];
}

/** The builder for a column of the file: numbers for what the schema counts as such, text for the rest. */
export function builderFor(column: Column | undefined, mark: DecimalMark): ColumnBuilder {
  if (!column || column.kind === 'text') return textBuilder();
  if (column.kind === 'date') {
    const right = `where a date such as 2024-05-04 or a year from ${column.min} to ${column.max} belongs`;
    return categoryBuilder((cell) => {
      // Zeros are how Spotify (0000) and MySQL (0000-00-00) write that a date is unknown.
      if (isMissingWord(cell) || /^[0\W]*$/.test(cell)) return { value: '' };
      return { value: cell, wrong: Number.isNaN(yearOf(cell)) ? right : undefined };
    });
  }
  if (column.kind === 'boolean') {
    return numberBuilder(
      (text, from, to) => parseBoolean(text.slice(from, to)),
      'where true or false belongs',
    );
  }
  if (column.kind === 'number') {
    const { role, min = 0, max = 0, example } = column;
    const right = `where a number such as ${String(example).replace('.', mark)} belongs`;
    // A target out of range makes every score meaningless, so the whole table is refused.
    const range = role === 'target' ? `where a number from ${min} to ${max} belongs` : undefined;
    return numberBuilder((text, from, to) => parseNumber(text, mark, from, to), right, range, min, max);
  }
  const { categories } = column;
  if (!categories) return categoryBuilder((cell) => ({ value: isMissingWord(cell) ? '' : cell }));
  const right = `where a number from 0 to ${categories.length - 1} or one of ${categories.join(' ')} belongs`;
  const parse = (text: string, from: number, to: number) =>
    parseNumber(text, mark, from, to) ?? categoryCode(text.slice(from, to), categories);
  return numberBuilder(parse, right);
}

function numberBuilder(
  parse: (text: string, from: number, to: number) => number | undefined,
  right: string,
  range?: string,
  min = 0,
  max = 0,
): ColumnBuilder {
  let values = new Float64Array(1024);
  return {
    set(row, text, from, to) {
      if (row >= values.length) {
        const larger = new Float64Array(row * 2);
        larger.set(values);
        values = larger;
      }
      const value = parse(text, from, to);
      values[row] = value ?? Number.NaN;
      if (value === undefined) return right;
      return range && (value < min || value > max) ? range : undefined;
    },
    finish: (rowCount) => values.subarray(0, rowCount),
  };
}

function textBuilder(): ColumnBuilder {
  const values: string[] = [];
  return {
    set(row, text, from, to) {
      values[row] = text.slice(from, to);
      return undefined;
    },
    finish: (rowCount) => {
      values.length = rowCount;
      return values;
    },
  };
}

/** Text that repeats, such as genres and dates: each looked at and kept once. */
function categoryBuilder(read: (cell: string) => { value: string; wrong?: string }): ColumnBuilder {
  const values: string[] = [];
  const seen = new Map<string, ReturnType<typeof read>>();
  return {
    set(row, text, from, to) {
      const cell = text.slice(from, to);
      let known = seen.get(cell);
      if (known === undefined) {
        known = read(cell);
        seen.set(cell, known);
      }
      values[row] = known.value;
      return known.wrong;
    },
    finish: (rowCount) => {
      values.length = rowCount;
      return values;
    },
  };
}
