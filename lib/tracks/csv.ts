import { InputError } from '../forest/src/index';

/** Takes what a scanner finds, in the order of the file. */
export interface CsvSink {
  /**
   * A field without its quotes: the characters `from` to `to` of `text`. Where a piece of the file ends within
   * a row, the row's fields come again with the next piece, so only `endRow` may count.
   */
  field(column: number, text: string, from: number, to: number): void;
  /** The end of a row that is not blank. Returns true to stop the scan. */
  endRow(line: number, fieldCount: number): boolean;
}

/** A row longer than this many characters means a quote that is never closed. */
export const LONGEST_ROW = 1_000_000;
const QUOTE = 34;
const RETURN = 13;

/**
 * Cuts a CSV text (RFC 4180) into fields, piece by piece, and knows the line of every row. Fields are handed
 * over as positions in the text: Papa Parse, which makes a string of each, takes about four times as long for
 * a million rows, most of it collecting the strings of numbers, and does not know lines.
 * @throws InputError with the line where quotes do not match: as a guess about what was meant shifts columns
 */
export class CsvScanner {
  private rest = '';
  private line: number;
  private stopped = false;
  private hasNul = false;

  constructor(
    private readonly delimiter: string,
    private readonly newline: '\n' | '\r',
    private readonly source: string,
    private readonly sink: CsvSink,
    firstLine = 1,
  ) {
    this.line = firstLine;
  }

  /** Takes the next piece of the text. */
  push(piece: string): void {
    const text = this.rest + piece;
    this.hasNul ||= piece.includes('\0');
    this.rest = text.slice(this.scan(text, false));
    if (this.rest.length > LONGEST_ROW && !this.stopped) {
      this.refuse(`has over ${LONGEST_ROW} characters: perhaps a quote (") is never closed`);
    }
  }

  /** Takes what is left after the last piece as the last row. */
  end(): void {
    this.scan(this.rest, true);
    this.rest = '';
  }

  private refuse(what: string, column?: number): never {
    const where = column === undefined ? '' : `, field ${column + 1}`;
    throw new InputError(`${this.source}, line ${this.line}${where} ${what}`);
  }

  /** Scans whole rows; returns where the first row begins that is not whole. */
  private scan(text: string, isLast: boolean): number {
    const sink = this.sink;
    const newline = this.newline;
    const delimiterCode = this.delimiter.charCodeAt(0);
    const newlineCode = newline.charCodeAt(0);
    const length = text.length;
    let rowStart = 0;
    while (rowStart < length && !this.stopped) {
      let at = rowStart;
      let column = 0;
      let height = 1;
      let isBlank = true;
      let isOpen = true;
      while (isOpen) {
        let from = at;
        let to: number;
        if (text.charCodeAt(at) === QUOTE) {
          isBlank = false;
          from = at + 1;
          to = text.indexOf('"', from);
          while (to >= 0 && text.charCodeAt(to + 1) === QUOTE) to = text.indexOf('"', to + 2);
          if (to < 0) {
            if (!isLast) return rowStart;
            this.refuse('has a quote (") that is never closed', column);
          }
          const inside = text.slice(from, to);
          height += countOf(newline, inside);
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
        if (at >= length) {
          if (!isLast) return rowStart;
          isOpen = false;
        } else {
          const code = text.charCodeAt(at);
          if (code === newlineCode) isOpen = false;
          else if (code !== delimiterCode)
            this.refuse('has a quote (") that is closed before its field ends', column - 1);
          at++;
        }
      }
      if (!isBlank) this.stopped = sink.endRow(this.line, column);
      this.line += height;
      rowStart = at;
    }
    return rowStart;
  }
}

/** The first whole rows of a text, for a look at how it is written. */
export function firstRows(
  text: string,
  count: number,
  layout: { delimiter: string; newline: '\n' | '\r'; source: string },
): { line: number; fields: string[] }[] {
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  const sink: CsvSink = {
    field: (column, whole, from, to) => {
      if (column === 0) fields = [];
      fields.push(whole.slice(from, to));
    },
    endRow: (line) => rows.push({ line, fields }) >= count,
  };
  const scanner = new CsvScanner(layout.delimiter, layout.newline, layout.source, sink);
  scanner.push(text);
  return rows;
}

function countOf(sign: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
