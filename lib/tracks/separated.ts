import { isUtf8 } from 'node:buffer';
import { InputError } from '../forest/src/index';
import { numberIn } from './cells';
import { type CsvLayout, CsvScanner, type CsvSink, firstRows, LONGEST_ROW, namedLines } from './csv';
import { type Form, SAMPLE_ROWS } from './form';
import { findColumn } from './names';
import type { Column } from './schema';
import { decode, type FoundEncoding, findBrokenUtf8, findEncoding } from './text';

/** Bytes that are decoded and parsed at a time: few enough that a piece's fields are garbage while still young. */
const PIECE = 1 << 18;
/** Bytes in which the header is looked for: the longest row in any encoding. */
const BEGINNING = 4 * LONGEST_ROW;
/** Rows among which the header is looked for: a title and some remarks may stand above it. */
const HEADER_ROWS = 20;
/** Known names that a row below the first must hold to be the header. */
const HEADER_NAMES = 4;

const DELIMITERS = [',', ';', '\t', '|'];

/** The first line by which a file tells Excel its separator; pandas takes it for the header. */
const SEPARATOR_LINE = /^"?sep=.?"?[ ;,|\t]*(?=[\r\n])/i;

/** A byte order mark that was taken for letters and saved as such. */
const LETTERS_OF_MARK = 'ï»¿';

/** A text without such letters and Excel's line `sep=;`: the line stays, blank, so that lines keep their numbers. */
const withoutMarks = (text: string): string =>
  (text.startsWith(LETTERS_OF_MARK) ? text.slice(LETTERS_OF_MARK.length) : text).replace(SEPARATOR_LINE, '');

/**
 * A text whose fields a sign separates: its encoding, separator, line ends and header are found from the bytes.
 * @throws InputError where there is no text or no header
 */
export function openSeparated(bytes: Buffer, source: string): Form {
  const found = findEncoding(bytes);
  if (found.encoding.startsWith('utf-16') && (bytes.length - found.start) % 2 === 1) {
    throw new InputError(
      `${source} is UTF-16 with an odd number of bytes, so one is missing or too many: save the file as UTF-8`,
    );
  }
  const brokenLine = findBrokenUtf8(bytes, found);
  if (brokenLine) {
    throw new InputError(`${source}, line ${brokenLine} holds a broken character: save the file as UTF-8`);
  }
  const onceSaved = undoSecondSaving(bytes, found);
  if (onceSaved) {
    const form = openSeparated(onceSaved, source);
    form.notes.unshift('The text was UTF-8, read as Windows-1252 and saved as UTF-8 again; that was undone.');
    return form;
  }
  const isWhole = bytes.length <= BEGINNING;
  const beginning: string = decode(bytes, BEGINNING, found).next().value ?? '';
  const body = withoutMarks(beginning);
  if (body.trim() === '')
    throw new InputError(`${source} is empty, where a CSV file with a header line belongs`);
  const newline = body.includes('\n') || !body.includes('\r') ? '\n' : '\r';
  const whole = isWhole ? body + newline : body;
  const top = findHeader(whole, { newline, source });
  const { headerLine } = top;
  const notes = [...encodingNotes(found.encoding), ...top.notes];
  const layout = {
    delimiter: top.delimiter,
    newline,
    source,
    width: top.header.length,
    headerLine,
  } as const;
  const sample = firstRows(whole, SAMPLE_ROWS, layout).map(({ fields }) => fields);

  function* scan(sink: CsvSink, pieceSize = PIECE): Generator<number> {
    const scanner = new CsvScanner(layout, sink);
    let done = 0;
    for (const piece of decode(bytes, pieceSize, found)) {
      scanner.push(done === 0 ? withoutMarks(piece) : piece);
      done = Math.min(bytes.length, done + pieceSize);
      yield done / bytes.length;
    }
    scanner.end();
    if (scanner.mendedLines.length > 0) {
      const where = namedLines(scanner.mendedLines);
      notes.push(
        `Quotes (") within a text are not doubled on ${where}: they were read as a part of the text.`,
      );
    }
    if (scanner.wrappedLines.length > 0) {
      notes.push(
        `Quotes stand around the whole of ${namedLines(scanner.wrappedLines)}: they were taken off.`,
      );
    }
  }
  return { header: top.header, headerLine, delimiter: top.delimiter, unit: 'line', sample, notes, scan };
}

/**
 * The UTF-8 of a text that was read as Windows-1252 and saved as UTF-8 once more, which the letters of a byte order
 * mark at its beginning prove; undefined where there are none, or where other changes followed.
 */
function undoSecondSaving(bytes: Buffer, found: FoundEncoding): Buffer | undefined {
  const start: string = decode(bytes.subarray(0, 16), 16, found).next().value ?? '';
  if (!start.startsWith(LETTERS_OF_MARK)) return undefined;
  const { encode, decode: decodeOld } = require('iconv-lite') as typeof import('iconv-lite');
  const pieces: Buffer[] = [];
  for (const text of decode(bytes, PIECE, found)) {
    const piece = encode(text, 'windows-1252');
    if (decodeOld(piece, 'windows-1252') !== text) return undefined;
    pieces.push(piece);
  }
  const once = Buffer.concat(pieces);
  return isUtf8(once) ? once : undefined;
}

/** Other encodings than UTF-8 are said, as names are wrong where one was found in error. */
function encodingNotes(encoding: string): string[] {
  if (encoding === 'utf-8') return [];
  return [
    `The text is not UTF-8; its bytes look like ${encoding}, so letters beyond ASCII were read as such.`,
  ];
}

/** The separator and the row under which most of the names are known; of equals the one with most columns. */
function findHeader(
  text: string,
  layout: Omit<CsvLayout, 'delimiter'>,
): { delimiter: string; header: string[]; headerLine: number; notes: string[] } {
  const { source } = layout;
  const candidates = (delimiters: readonly string[]) =>
    delimiters
      .flatMap((delimiter) => {
        const rows = attempt(() => firstRows(text, HEADER_ROWS, { ...layout, delimiter })) ?? [];
        return rows.length > 0 ? [{ delimiter, rows, ...headerAmong(rows) }] : [];
      })
      .sort((a, b) => b.known - a.known || b.rows[b.index].fields.length - a.rows[a.index].fields.length);
  let [best] = candidates(DELIMITERS);
  // Blanks stand within names too, so they separate fields only where no other sign does.
  if (!best || best.known < HEADER_NAMES) {
    const [blank] = candidates([' ']);
    if (blank && blank.known >= HEADER_NAMES) best = blank;
  }
  if (!best?.known && /[\x00-\x08\x0e-\x1f\ufffd]/.test(text.slice(0, 1000))) {
    throw new InputError(`${source} holds binary data, where a CSV file with a header line belongs`);
  }
  if (!best) {
    throw new InputError(
      `${source} has a quote (") that is never closed or a line of over ${LONGEST_ROW} characters, where a header of columns belongs`,
    );
  }
  const { delimiter, rows, index } = best;
  const { line: headerLine, fields } = rows[index];
  const notes: string[] = [];
  if (delimiter === ' ') notes.push(`Blanks separate the fields.`);
  if (index > 0) notes.push(`The header is line ${headerLine}; what stands above it was left out.`);
  if (hasRowNames(fields, rows.slice(index + 1))) {
    notes.push('The header is one name short: the first column was taken for the names of the rows.');
    return { delimiter, header: ['', ...fields], headerLine, notes };
  }
  return { delimiter, header: fields, headerLine, notes };
}

/**
 * Tells whether the rows have names, which R writes without a name above them: then each row has one field more than the
 * header. A separator at the end of each row makes as many fields, but then the values are possible under the names above
 * them, and not under the names to the left. A quote after a blank may have cut a text in two.
 */
function hasRowNames(header: readonly string[], below: readonly { fields: readonly string[] }[]): boolean {
  if (below.length < 2 || below.some(({ fields }) => fields.length !== header.length + 1)) return false;
  if (below.some(({ fields }) => fields.some((cell) => /^\s+"/.test(cell)))) return false;
  const columns = header.map(findColumn);
  const possibleAt = (shift: number) =>
    columns.reduce(
      (sum, column, j) => sum + below.filter(({ fields }) => isPossible(column, fields[j + shift])).length,
      0,
    );
  const more = possibleAt(1) - possibleAt(0);
  return more > 0 || (more === 0 && below.some(({ fields }) => fields.at(-1)?.trim() !== ''));
}

/** Whether a cell holds a number that the column can have. */
function isPossible(column: Column | undefined, cell: string): boolean {
  if (column?.min === undefined || column.max === undefined || column.kind === 'date') return false;
  const value = numberIn(column, cell);
  return value !== undefined && value >= column.min && value <= column.max && !(column.whole && value % 1);
}

/** Finds the header among the first rows: the first, unless a later one has more names that are known. */
export function headerAmong(rows: readonly { fields: readonly string[] }[]): {
  index: number;
  known: number;
} {
  const counts = rows.map(({ fields }) => fields.filter(findColumn).length);
  const most = Math.max(...counts);
  const index = most >= HEADER_NAMES ? counts.indexOf(most) : 0;
  return { index, known: counts[index] };
}

/** Tries to read with one separator; a table with another one gives an error, which is undefined here. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
