import { escapeHtml } from './displayHtml';

/** A table ready to be shown: HTML in Jupyter's own table style, and the same as aligned text. */
export interface TableView {
  readonly html: string;
  readonly text: string;
}

/** The members of danfo's DataFrames that are used here. */
export interface DataFrameLike {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

type TableRow = Readonly<Record<string, unknown>>;

export interface TableOptions {
  /** Columns to show, in order; all by default. */
  columns?: readonly string[];
  /** Headings by column name where they differ from it. */
  labels?: Readonly<Record<string, string>>;
  /** The bold first column: a column's name, one label per row, or false for none; row numbers by default. */
  index?: string | readonly (string | number)[] | false;
  /** Decimals: of all numbers, by column, or `'row'` where each row has its own scale; by column's size by default. */
  digits?: number | Readonly<Record<string, number>> | 'row';
  /** Rows of the whole table where only some are shown: "5 of 6000 rows × 21 columns". */
  ofRows?: number;
}

/** Longer texts end in an ellipsis. */
const MAX_TEXT = 80;

/** Decimals that show about four digits of the largest number, and none that no number has. */
function decimalsFor(numbers: readonly number[]): number {
  const finite = numbers.filter(Number.isFinite);
  if (finite.every(Number.isInteger)) return 0;
  const largest = finite.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  const magnitude = Math.floor(Math.log10(largest));
  const enough = Math.max(1, Math.min(8, largest < 1 ? 2 - magnitude : 3 - magnitude));
  const needed = Math.max(...finite.map((number) => (String(number).split('.')[1] ?? '').length));
  return finite.some((number) => String(number).includes('e')) ? enough : Math.min(enough, needed);
}

function formatNumber(number: number, decimals: number): string {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? 'inf' : '-inf';
  const fixed = number.toFixed(decimals);
  return Number(fixed) === 0 ? fixed.replace('-', '') : fixed;
}

function formatCell(value: unknown, decimals: number): string {
  if (value === null || value === undefined) return 'NaN';
  if (typeof value === 'number') return formatNumber(value, decimals);
  const text = String(value).replace(/\s+/g, ' ');
  const characters = Array.from(text);
  return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT - 1).join('')}…` : text;
}

/** A row's name up to this length is not broken into lines. */
const MAX_NAME = 30;

const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Also "0.36 [0.31, 0.41]" and "12%" stand at the right. */
const isNumeric = (value: unknown) =>
  value === null || value === undefined || isNumber(value) || /^[-−+±\d.,\s%[\]()×–]*$/.test(String(value));

/** East Asian characters and most emoji take two places in a terminal. */
const places = (text: string) =>
  Array.from(text).reduce(
    (sum, c) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        c,
      )
        ? 2
        : /\p{M}/u.test(c)
          ? 0
          : 1),
    0,
  );

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - places(text)));
  return right ? space + text : text + space;
}

function readRows(rows: readonly object[] | DataFrameLike): {
  rows: readonly TableRow[];
  names: string[];
  index?: readonly (string | number)[];
} {
  if (!('columns' in rows && 'values' in rows)) {
    const list = rows as readonly TableRow[];
    return { rows: list, names: [...new Set(list.flatMap((row) => Object.keys(row)))] };
  }
  const frame = rows as DataFrameLike;
  const values = frame.values as unknown[][];
  const named = values.map((row) => Object.fromEntries(frame.columns.map((name, j) => [name, row[j]])));
  return { rows: named, names: [...frame.columns], index: frame.index };
}

/**
 * A table as Jupyter shows a DataFrame: striped by JupyterLab, numbers at the right with decimals that suit
 * each column, an index, "rows × columns" below, and a scroll bar where it is wider than the page. Names are
 * escaped. The same values give the same text in every locale.
 * @param rows records, or a danfo DataFrame (`df.head()`)
 * @param options columns, headings, index and decimals
 * @throws Error where an index has another length than the rows
 */
export function table(rows: readonly object[] | DataFrameLike, options: TableOptions = {}): TableView {
  const read = readRows(rows);
  const indexName = typeof options.index === 'string' ? options.index : undefined;
  const names = options.columns ?? read.names.filter((name) => name !== indexName);
  const index =
    options.index === false
      ? undefined
      : indexName !== undefined
        ? read.rows.map((row) => String(row[indexName]))
        : ((options.index as readonly (string | number)[]) ?? read.index ?? read.rows.map((_, i) => i)).map(
            String,
          );
  if (index && index.length !== read.rows.length) {
    throw new Error(`table requires one index label per row (${read.rows.length}), got ${index.length}`);
  }

  const { digits } = options;
  const columns = names.map((name) => {
    const values = read.rows.map((row) => row[name]);
    const own = decimalsFor(values.filter(isNumber));
    const given = typeof digits === 'number' ? digits : typeof digits === 'object' ? digits[name] : undefined;
    const cells = values.map((value, i) => {
      if (digits !== 'row') return formatCell(value, own === 0 ? 0 : (given ?? own));
      return formatCell(value, decimalsFor(names.map((other) => read.rows[i][other]).filter(isNumber)));
    });
    return { heading: options.labels?.[name] ?? name, cells, right: values.every(isNumeric) };
  });

  const size = `${options.ofRows === undefined ? '' : `${read.rows.length} of `}${options.ofRows ?? read.rows.length} rows × ${names.length} columns`;
  return { html: toHtml(columns, index, size), text: toText(columns, index, size) };
}

interface TextColumn {
  heading: string;
  cells: string[];
  right: boolean;
}

function toHtml(columns: TextColumn[], index: string[] | undefined, size: string): string {
  const align = (column: TextColumn) => (column.right ? '' : ' style="text-align:left"');
  // "0.36 [0.32, 0.40]" stays on one line, and so does a row's name, beside which the table may scroll.
  const oneLine = (text: string) => escapeHtml(text).replaceAll(' ', '&nbsp;');
  const cellText = ({ cells, right }: TextColumn, i: number) =>
    right ? oneLine(cells[i]) : escapeHtml(cells[i]);
  const name = (text: string) => (text.length > MAX_NAME ? escapeHtml(text) : oneLine(text));
  const head = columns.map((column) => `<th${align(column)}>${escapeHtml(column.heading)}</th>`).join('');
  const rowCount = columns[0]?.cells.length ?? index?.length ?? 0;
  const body = Array.from({ length: rowCount }, (_, i) => {
    const cells = columns.map((column) => `<td${align(column)}>${cellText(column, i)}</td>`).join('');
    return `<tr>${index ? `<th>${name(index[i])}</th>` : ''}${cells}</tr>`;
  });
  return (
    '<div style="overflow-x:auto"><table border="1" class="dataframe">\n' +
    `<thead><tr style="text-align:right">${index ? '<th></th>' : ''}${head}</tr></thead>\n` +
    `<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n<p>${size}</p></div>`
  );
}

function toText(columns: TextColumn[], index: string[] | undefined, size: string): string {
  const all = index ? [{ heading: '', cells: index, right: false }, ...columns] : columns;
  const padded = all.map(({ heading, cells, right }) => {
    const width = Math.max(...[heading, ...cells].map(places));
    return [heading, ...cells].map((cell) => pad(cell, width, right));
  });
  const lines = (padded[0] ?? []).map((_, i) =>
    padded
      .map((column) => column[i])
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', size].join('\n');
}
