import { type CellValue, type Notation, parseCell } from './cells';
import { type DecimalMark, isMissingWord, parseBoolean, parseNumber } from './numbers';
import type { Column } from './schema';

/** A column as it stands in the file, before its unit is known. */
export interface Collected {
  /** The collected values themselves, as a large table has no room for a copy. */
  values: Float64Array | string[];
  /** The rows whose cells are no plain numbers, by their form; undefined where all are. */
  notations?: Map<Notation, number>;
  /** Rows whose cells could not be read and so count as missing, and the first of them. */
  unreadable: { count: number; row: number; cell: string };
  /** The modes that the cells of a column of keys name. */
  modes?: Float64Array;
}

/** Collects one column cell by cell. */
export interface ColumnBuilder {
  /**
   * Takes the cell of a row: the characters `from` to `to` of `text`. Rows come in order; the last one may come
   * again, and then replaces what it said. Returns what belongs there instead where the table must be refused.
   */
  set(row: number, text: string, from: number, to: number): string | undefined;
  /** The column, of that many rows. */
  finish(rowCount: number): Collected;
}

/** The builder for a column of the file: numbers for what the schema counts as such, text for the rest. */
export function builderFor(column: Column | undefined, mark: DecimalMark): ColumnBuilder {
  if (!column || column.kind === 'text') return textBuilder();
  // Zeros are how Spotify (0000) and MySQL (0000-00-00) write that a date is unknown.
  if (column.kind === 'date') return categoryBuilder((cell) => isMissingWord(cell) || /^[0\W]*$/.test(cell));
  if (column.kind === 'category' && !column.categories) return categoryBuilder(isMissingWord);
  if (column.kind === 'boolean') {
    return new NumberBuilder(column, mark, (text, from, to) => parseBoolean(text.slice(from, to)));
  }
  return new NumberBuilder(column, mark, (text, from, to) => parseNumber(text, mark, from, to));
}

/** The forms of a cell, by the codes under which a row's form is kept. */
const NOTATIONS: readonly (Notation | 'unreadable')[] = [
  ...(['plain', 'unreadable', 'percent', 'm:ss', 'h:mm:ss', 's', 'min'] as const),
];

/** A column of numbers. Nearly all cells are plain ones; for the others a byte per row keeps the form. */
class NumberBuilder implements ColumnBuilder {
  private values = new Float64Array(1024);
  private forms: Uint8Array | undefined;
  private modes: Float64Array | undefined;
  /** Cells that could not be read: the first few, as the last row may come again. */
  private readonly odd = new Map<number, string>();
  private readonly right: string;
  private readonly outside: string | undefined;
  /** An unreadable audio feature or popularity means that something is wrong with the table. */
  private readonly isStrict: boolean;

  constructor(
    private readonly column: Column,
    private readonly mark: DecimalMark,
    private readonly parse: (text: string, from: number, to: number) => number | undefined,
  ) {
    const { kind, role, needed, min = 0, max = 0, example } = column;
    this.isStrict = kind === 'number' && needed;
    this.right = `where a number such as ${String(example).replace('.', mark)} belongs`;
    // A target out of range makes every score meaningless, so the whole table is refused.
    this.outside = role === 'target' ? `where a number from ${min} to ${max} belongs` : undefined;
  }

  set(row: number, text: string, from: number, to: number): string | undefined {
    if (row >= this.values.length) this.grow(2 * row);
    const value = this.parse(text, from, to);
    if (value === undefined) return this.setOdd(row, text.slice(from, to));
    if (this.forms) this.forms[row] = 0;
    this.values[row] = value;
    if (!this.outside) return undefined;
    return value < this.column.min! || value > this.column.max! ? this.outside : undefined;
  }

  private setOdd(row: number, cell: string): string | undefined {
    const read = parseCell(this.column, cell, this.mark);
    this.values[row] = read?.value ?? Number.NaN;
    if (!read && this.isStrict) return this.right;
    this.forms ??= new Uint8Array(this.values.length);
    this.forms[row] = NOTATIONS.indexOf(read?.notation ?? 'unreadable');
    if (!read && this.odd.size < 10) this.odd.set(row, cell);
    if (read?.mode !== undefined) this.setMode(row, read);
    return undefined;
  }

  private setMode(row: number, { mode = Number.NaN }: CellValue): void {
    this.modes ??= new Float64Array(this.values.length).fill(Number.NaN);
    this.modes[row] = mode;
  }

  private grow(length: number): void {
    const values = new Float64Array(length);
    values.set(this.values);
    this.values = values;
    if (this.forms) {
      const forms = new Uint8Array(length);
      forms.set(this.forms);
      this.forms = forms;
    }
    if (this.modes) {
      const modes = new Float64Array(length).fill(Number.NaN);
      modes.set(this.modes);
      this.modes = modes;
    }
  }

  finish(rowCount: number): Collected {
    const { forms } = this;
    const values = this.values.subarray(0, rowCount);
    const unreadable = { count: 0, row: -1, cell: '' };
    if (!forms) return { values, unreadable };
    const notations = new Map<Notation, number>();
    for (let row = 0; row < rowCount; row++) {
      if (forms[row] === 0) continue;
      const form = NOTATIONS[forms[row]];
      if (form !== 'unreadable') notations.set(form, (notations.get(form) ?? 0) + 1);
      else if (unreadable.count++ === 0) Object.assign(unreadable, { row, cell: this.odd.get(row) ?? '' });
    }
    return { values, unreadable, notations, modes: this.modes?.subarray(0, rowCount) };
  }
}

const NONE_UNREADABLE = { count: 0, row: -1, cell: '' };

function textBuilder(): ColumnBuilder {
  const values: string[] = [];
  return {
    set(row, text, from, to) {
      values[row] = text.slice(from, to);
      return undefined;
    },
    finish: (rowCount) => {
      values.length = rowCount;
      return { values, unreadable: NONE_UNREADABLE };
    },
  };
}

/** Text that repeats, such as genres and dates: each looked at and kept once. */
function categoryBuilder(isMissing: (cell: string) => boolean): ColumnBuilder {
  const values: string[] = [];
  const seen = new Map<string, string>();
  return {
    set(row, text, from, to) {
      const cell = text.slice(from, to);
      let known = seen.get(cell);
      if (known === undefined) {
        known = isMissing(cell) ? '' : cell;
        seen.set(cell, known);
      }
      values[row] = known;
      return undefined;
    },
    finish: (rowCount) => {
      values.length = rowCount;
      return { values, unreadable: NONE_UNREADABLE };
    },
  };
}
