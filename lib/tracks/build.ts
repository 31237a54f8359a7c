import { categoryCode, type DecimalMark, isMissingWord, parseBoolean, parseNumber } from './numbers';
import type { Column } from './schema';

/** Collects one column cell by cell. */
export interface ColumnBuilder {
  /** Takes the next row's cell; returns what is wrong with it, as the end of a sentence, or undefined. */
  add(cell: string): string | undefined;
  finish(): Float64Array | string[];
}

/** The builder for a column of the file: numbers for what the schema counts as such, text for the rest. */
export function builderFor(column: Column | undefined, mark: DecimalMark): ColumnBuilder {
  if (!column || column.kind === 'text' || column.kind === 'date') return textBuilder((cell) => cell);
  if (column.kind === 'boolean') return numberBuilder(parseBoolean, 'where true or false belongs');
  if (column.kind === 'number') {
    const { role, min = 0, max = 0 } = column;
    const example = min < 0 ? -6.5 : max <= 1 ? 0.65 : 120;
    const right = `where a number such as ${mark === ',' ? String(example).replace('.', ',') : example} belongs`;
    if (role !== 'target') return numberBuilder((cell) => parseNumber(cell, mark), right);
    // A target out of range makes every score meaningless, so the whole table is refused.
    return numberBuilder(
      (cell) => parseNumber(cell, mark),
      right,
      (value) => (value < min || value > max ? `where a number from ${min} to ${max} belongs` : undefined),
    );
  }
  const { categories } = column;
  // An open list of categories, such as the genres: text, in which a missing word is no category.
  if (!categories) return textBuilder((cell) => (isMissingWord(cell) ? '' : cell));
  const right = `where a number from 0 to ${categories.length - 1} or one of ${categories.join(' ')} belongs`;
  return numberBuilder((cell) => parseNumber(cell, mark) ?? categoryCode(cell, categories), right);
}

function numberBuilder(
  parse: (cell: string) => number | undefined,
  right: string,
  check?: (value: number) => string | undefined,
): ColumnBuilder {
  let values = new Float64Array(1024);
  let count = 0;
  return {
    add(cell) {
      const value = parse(cell);
      if (count === values.length) {
        const larger = new Float64Array(count * 2);
        larger.set(values);
        values = larger;
      }
      values[count++] = value ?? Number.NaN;
      return value === undefined ? right : check?.(value);
    },
    finish: () => values.slice(0, count),
  };
}

function textBuilder(read: (cell: string) => string): ColumnBuilder {
  const values: string[] = [];
  return {
    add(cell) {
      values.push(read(cell));
      return undefined;
    },
    finish: () => values,
  };
}
