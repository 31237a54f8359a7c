import { InputError } from '../forest/src/index';

/** Takes what a scanner finds, in the order of the file. */
export interface CsvSink {
  /**
   * A field without its quotes: the characters `from` to `to` of `text`. If a piece of the file ends within
   * a row, the row's fields come again with the next piece, so only `endRow` may count.
   */
  field(column: number, text: string, from: number, to: number): void;
  /** The end of a row that is not blank. Returns true to stop the scan. */
  endRow(line: number, fieldCount: number): boolean;
  /** A line whose quotes do not match. Without this, all such lines are refused at the end. */
  badRow?(line: number, why: string): void;
}

/** A row longer than this many characters means a quote that is never closed. */
export const LONGEST_ROW = 1_000_000;
const QUOTE = 34;
const RETURN = 13;

/** The signs that cut a text into fields. */
export interface CsvLayout {
  delimiter: string;
  newline: '\n' | '\r';
  /** The file's name in messages. */
  source: string;
  /** Fields of a whole row, where it is known: only then a row with unpaired quotes can be read. */
  width?: number;
  /** The rows down to this line are not handed over. */
  headerLine?: number;
}

/** The scanner needs more text to see where the row ends. */
const CUT = -1;
/** Lines that a message or a note names one by one. */
const LINES_NAMED = 20;

/**
 * Cuts a CSV text (RFC 4180) into fields, piece by piece, and knows the line of every row. Fields are handed
 * over as positions in the text: making a string of each takes about four times as long for a million rows.
 * A row whose quotes do not match is read from its one line if only one reading has the right number of fields.
 * Guessing where a quote ends would otherwise shift columns, so all other such lines are refused together.
 * @throws InputError with the lines whose quotes do not match
 */
export class CsvScanner {
  /** Lines whose quotes are not doubled and that were read all the same. */
  readonly mendedLines: number[] = [];
  /** Lines that stand in quotes as a whole. */
  readonly wrappedLines: number[] = [];
  private readonly badLines: { line: number; why: string }[] = [];
  private rest = '';
  private line = 1;
  private readonly headerLine: number;
  private stopped = false;
  private hasNul = false;
  /** The state of the row at hand, down to `fault`. */
  private fieldCount = 0;
  private height = 1;
  private isBlank = true;
  private fault = '';

  constructor(
    private readonly layout: CsvLayout,
    private readonly sink: CsvSink,
  ) {
    this.headerLine = layout.headerLine ?? 0;
  }

  /** Takes the next piece of the text. */
  push(piece: string): void {
    const text = this.rest + piece;
    this.hasNul ||= piece.includes('\0');
    this.rest = text.slice(this.scan(text, false));
    while (this.rest.length > LONGEST_ROW && !this.stopped) {
      const end = this.rest.indexOf(this.layout.newline);
      if (end < 0 || end > LONGEST_ROW) {
        this.refuse(`has over ${LONGEST_ROW} characters: perhaps a quote (") is never closed`);
      }
      // No quote within reach closes the one that this line opens.
      this.fault = ' has a quote (") that is never closed';
      const next = this.looseRow(this.rest, 0, false);
      this.rest = this.rest.slice(next);
      this.rest = this.rest.slice(this.scan(this.rest, false));
    }
  }

  /** Takes what is left after the last piece as the last row, and refuses the lines that could not be read. */
  end(): void {
    this.scan(this.rest, true);
    this.rest = '';
    const [first, ...others] = this.badLines;
    if (!first) return;
    const more = others.length > 0 ? `; so ${others.length > 1 ? 'have' : 'has'} ${namedLines(others)}` : '';
    throw new InputError(
      `${this.layout.source}, line ${first.line}${first.why}${more}: write a quote within quotes twice`,
    );
  }

  private refuse(what: string, column?: number): never {
    const where = column === undefined ? '' : `, field ${column + 1}`;
    throw new InputError(`${this.layout.source}, line ${this.line}${where} ${what}`);
  }

  /** Scans whole rows; returns where the first row begins that is not whole. */
  private scan(text: string, isLast: boolean): number {
    const { width } = this.layout;
    let rowStart = 0;
    while (rowStart < text.length && !this.stopped) {
      let next = this.row(text, rowStart, isLast);
      if (next === CUT) return rowStart;
      if (this.fieldCount === 1 && this.fault === '') this.unwrap(text, rowStart, next);
      // A quote that is taken for the beginning of a text swallows the lines below it.
      if (this.fault !== '' || (this.height > 1 && width !== undefined && this.fieldCount !== width)) {
        next = this.looseRow(text, rowStart, isLast, next);
        if (next === CUT) return rowStart;
      } else this.endRow();
      rowStart = next;
    }
    return rowStart;
  }

  /** Reads a row that stands in quotes as a whole, as spreadsheets write text with separators: `"a,""b"",c"`. */
  private unwrap(text: string, rowStart: number, next: number): void {
    const { width, newline } = this.layout;
    const row = text.slice(rowStart, next).trim();
    if (width === 1 || !row.startsWith('"') || row.length < 3) return;
    const { line, height } = this;
    this.row(row.slice(1, -1).replaceAll('""', '"') + newline, 0, true);
    const isRow =
      this.fault === '' && (width === undefined ? this.fieldCount > 1 : this.fieldCount === width);
    if (isRow) this.wrappedLines.push(line);
    else this.row(text, rowStart, true);
    this.height = height;
  }

  private endRow(): void {
    const { width } = this.layout;
    // Below an unpaired quote a row's parts may stand as rows: the quote is the fault to report.
    const isPart = this.badLines.length > 0 && width !== undefined && this.fieldCount !== width;
    if (!this.isBlank && !isPart && this.line > this.headerLine)
      this.stopped = this.sink.endRow(this.line, this.fieldCount);
    this.line += this.height;
  }

  /** Scans one row; returns where the next begins, or CUT. A fault of its quotes is left in `fault`. */
  private row(text: string, rowStart: number, isLast: boolean): number {
    const { delimiter, newline } = this.layout;
    const sink = this.sink;
    const delimiterCode = delimiter.charCodeAt(0);
    const newlineCode = newline.charCodeAt(0);
    const length = text.length;
    let at = rowStart;
    let column = 0;
    let isBlank = true;
    this.height = 1;
    this.fault = '';
    for (;;) {
      let from = at;
      let to: number;
      if (text.charCodeAt(at) === QUOTE) {
        isBlank = false;
        from = at + 1;
        to = text.indexOf('"', from);
        while (to >= 0 && text.charCodeAt(to + 1) === QUOTE) to = text.indexOf('"', to + 2);
        if (to < 0) {
          if (!isLast) return CUT;
          this.fault = `, field ${column + 1} has a quote (") that is never closed`;
          return length;
        }
        const inside = text.slice(from, to);
        this.height += countOf(newline, inside);
        if (inside.includes('"')) {
          const plain = inside.replaceAll('""', '"');
          sink.field(column, plain, 0, plain.length);
        } else sink.field(column, text, from, to);
        at = to + 1;
        if (text.charCodeAt(at) === RETURN && newlineCode !== RETURN) at++;
      } else {
        while (at < length) {
          const code = text.charCodeAt(at);
          if (code === delimiterCode || code === newlineCode) break;
          at++;
        }
        // In a file with CRLF the return before the newline belongs to neither field.
        const endsLine = at === length || text.charCodeAt(at) === newlineCode;
        to = endsLine && at > from && text.charCodeAt(at - 1) === RETURN ? at - 1 : at;
        if (column === 0 && endsLine) isBlank = text.slice(from, to).trim() === '';
        else isBlank = false;
        sink.field(column, text, from, to);
      }
      if (this.hasNul && text.slice(from, to).includes('\0')) {
        this.refuse('holds a NUL character, which no text has', column);
      }
      column++;
      if (at >= length && !isLast) return CUT;
      const code = at < length ? text.charCodeAt(at) : newlineCode;
      at++;
      if (code === newlineCode) break;
      if (code !== delimiterCode) {
        this.fault = `, field ${column} has a quote (") that is closed before its field ends`;
        return at;
      }
    }
    this.fieldCount = column;
    this.isBlank = isBlank;
    return at;
  }

  /**
   * Reads the one line at `rowStart` with quotes that are not doubled, or notes that it cannot be read.
   * @param rowEnd where the row ends by its quotes; it stays so where they are not at fault
   * @returns where the next row begins, or CUT
   */
  private looseRow(text: string, rowStart: number, isLast: boolean, rowEnd = rowStart): number {
    const { delimiter, newline, width } = this.layout;
    const end = text.indexOf(newline, rowStart);
    if (end < 0 && !isLast) return CUT;
    const line = text.slice(rowStart, end < 0 ? text.length : end).replace(/\r$/, '');
    const fields = width === undefined ? undefined : looseFields(line, delimiter, width);
    if (!fields && this.fault === '') {
      this.endRow();
      return rowEnd;
    }
    this.height = 1;
    this.isBlank = false;
    if (fields) {
      this.mendedLines.push(this.line);
      fields.forEach((field, column) => {
        this.sink.field(column, field, 0, field.length);
      });
      this.fieldCount = fields.length;
      this.endRow();
    } else {
      if (this.line <= this.headerLine) {
        // A remark above the header may hold any sign.
      } else if (this.sink.badRow) this.sink.badRow(this.line, this.fault.replace(/^, /, ''));
      else this.badLines.push({ line: this.line, why: this.fault });
      this.line++;
    }
    return end < 0 ? text.length : end + 1;
  }
}

/** Says "line 3" or "lines 3, 8 and 11"; of very many the first ones and how many there are. */
export function namedLines(lines: readonly (number | { line: number })[], unit = 'line'): string {
  const numbers = lines.map((one) => (typeof one === 'number' ? one : one.line));
  if (numbers.length === 1) return `${unit} ${numbers[0]}`;
  if (numbers.length > LINES_NAMED) {
    return `${numbers.length} ${unit}s (${numbers.slice(0, LINES_NAMED).join(', ')} ...)`;
  }
  return `${unit}s ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

/**
 * The fields of a line in which a quote closes its field only before a separator or at the end: of the two ways
 * to write a quote within (plain, with a backslash) the one that gives the right number, or undefined.
 */
function looseFields(line: string, delimiter: string, width: number): string[] | undefined {
  const readings = [true, false].map((hasEscapes) => cutLoosely(line, delimiter, hasEscapes));
  return readings.find((fields) => fields?.length === width);
}

function cutLoosely(line: string, delimiter: string, hasEscapes: boolean): string[] | undefined {
  const fields: string[] = [];
  const closes = (at: number) =>
    (at + 1 === line.length || line[at + 1] === delimiter) && !(hasEscapes && line[at - 1] === '\\');
  for (let at = 0; at <= line.length; at++) {
    let end: number;
    if (line[at] === '"') {
      end = line.indexOf('"', at + 1);
      while (end >= 0 && !closes(end)) end = line.indexOf('"', end + 1);
      if (end < 0) return undefined;
      const inside = line.slice(at + 1, end);
      // A quote behind a separator opens a field of its own, so it is no part of this one and does not close it.
      if (line.slice(at + 1, end + 1).includes(`${delimiter}"`)) return undefined;
      const plain = inside.replaceAll('""', '"');
      fields.push(hasEscapes ? plain.replaceAll('\\"', '"') : plain);
      end++;
    } else {
      end = line.indexOf(delimiter, at);
      if (end < 0) end = line.length;
      const field = line.slice(at, end);
      // The rest of a text that was cut at a separator of its own.
      if (field.includes('"')) return undefined;
      fields.push(field);
    }
    at = end;
  }
  return fields;
}

/** The first whole rows of a text, for a look at how it is written; lines with unpaired quotes are left out. */
export function firstRows(
  text: string,
  count: number,
  layout: CsvLayout,
): { line: number; fields: string[] }[] {
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  const sink: CsvSink = {
    field: (column, whole, from, to) => {
      if (column === 0) fields = [];
      fields.push(whole.slice(from, to));
    },
    endRow: (line) => rows.push({ line, fields }) >= count,
    badRow: () => {},
  };
  try {
    new CsvScanner(layout, sink).push(text);
  } catch (error) {
    // A fault below the first rows is reported when the whole text is read.
    if (rows.length === 0 || !(error instanceof InputError)) throw error;
  }
  return rows;
}

function countOf(sign: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
