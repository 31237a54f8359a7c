import { InputError } from '../forest/src/index';
import { firstRows, LONGEST_ROW } from './csv';
import { type DecimalMark, findDecimalMark } from './numbers';
import { type Column, closestNames, findColumn, plainName, SCHEMA } from './schema';

/** One column of a file: under which name it is kept, and what the schema knows of it. */
export interface FileColumn {
  /** As the file spells it. */
  header: string;
  /** Canonical name, or for an unknown column its own. */
  name: string;
  known: Column | undefined;
}

/** How a file is written, found from its beginning. */
export interface Layout {
  delimiter: string;
  newline: '\n' | '\r';
  decimalMark: DecimalMark;
  columns: FileColumn[];
  /** The line of the header; what stands above it is blank, or Excel's `sep=;`. */
  headerLine: number;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** The first line by which a file tells Excel its separator; pandas takes it for the header. */
const SEPARATOR_LINE = /^"?sep=.?"?[ ;,|\t]*(?=[\r\n])/i;

/** A text without Excel's line `sep=;`: the line stays, blank, so that lines keep their numbers. */
export const withoutSeparatorLine = (text: string): string => text.replace(SEPARATOR_LINE, '');

/** Rows from which the decimal mark is found. */
const SAMPLE_ROWS = 1000;

/**
 * Finds separator, line ends, decimal mark and columns of a CSV text from its beginning.
 * @param text the first piece of the file, which holds at least the header line
 * @param source the file's name in messages
 * @param isWhole whether it is the whole file, so that its last row is whole even without a newline
 * @throws InputError where the header is not that of a table of tracks
 */
export function findLayout(text: string, source: string, isWhole: boolean): Layout {
  const body = withoutSeparatorLine(text);
  if (body.trim() === '')
    throw new InputError(`${source} is empty, where a CSV file with a header line belongs`);

  const newline = body.includes('\n') || !body.includes('\r') ? '\n' : '\r';
  const rows = (delimiter: string, count: number) =>
    firstRows(isWhole ? body + newline : body, count, { delimiter, newline, source });
  // The separator under which most of the names are known; of equals the one with most columns.
  const [best] = DELIMITERS.flatMap((delimiter) => {
    const [first] = attempt(() => rows(delimiter, 1)) ?? [];
    return first ? [{ delimiter, ...first, known: first.fields.filter(findColumn).length }] : [];
  }).sort((a, b) => b.known - a.known || b.fields.length - a.fields.length);
  if (!best?.known && /[\x00-\x08\x0e-\x1f\ufffd]/.test(body.slice(0, 1000))) {
    throw new InputError(`${source} holds binary data, where a CSV file with a header line belongs`);
  }
  if (!best)
    throw new InputError(
      `${source} has a quote (") that is never closed or a line of over ${LONGEST_ROW} characters, where a header of columns belongs`,
    );
  const { delimiter, fields: header, line: headerLine } = best;
  const columns = nameColumns(header, source, headerLine);
  requireColumns(columns, source, headerLine);

  const numeric = columns.flatMap(({ known }, j) => (known?.kind === 'number' ? [j] : []));
  const sample = rows(delimiter, SAMPLE_ROWS + 1).slice(1);
  const decimalMark = findDecimalMark(sample.flatMap(({ fields }) => numeric.map((j) => fields[j] ?? '')));
  return { delimiter, newline, decimalMark, columns, headerLine };
}

/** Quotes that fit one separator are an error under another. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Gives every column its name; unnamed and repeated unknown ones are called as pandas calls them. */
function nameColumns(header: readonly string[], source: string, line: number): FileColumn[] {
  const holder = new Map<string, number>();
  header.forEach((spelling, j) => {
    const known = findColumn(spelling);
    if (!known) return;
    const exact = (k: number) => plainName(header[k]) === plainName(known.name);
    const before = holder.get(known.name);
    if (before !== undefined && exact(before) && exact(j)) {
      throw new InputError(
        `${source}, line ${line}: columns ${before + 1} and ${j + 1} are both ${known.name}, where one belongs`,
      );
    }
    // The canonical name goes before an alias, a first alias before a second.
    if (before === undefined || (exact(j) && !exact(before))) holder.set(known.name, j);
  });
  const taken = new Set(holder.keys());
  const repeats = new Map<string, number>();
  return header.map((spelling, j) => {
    const known = findColumn(spelling);
    if (known && holder.get(known.name) === j) return { header: spelling, name: known.name, known };
    const own = spelling.trim() || `Unnamed: ${j}`;
    let name = own;
    for (let n = repeats.get(own) ?? 1; taken.has(name); n++) {
      name = `${own}.${n}`;
      repeats.set(own, n + 1);
    }
    taken.add(name);
    return { header: spelling, name, known: undefined };
  });
}

/** Refuses a table without the needed columns: which, what was found instead, what it may be meant by. */
function requireColumns(columns: readonly FileColumn[], source: string, line: number): void {
  const have = new Set(columns.map(({ name }) => name));
  const missing = SCHEMA.filter(({ name, needed }) => needed && !have.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  const unknown = columns.filter(({ known }) => !known).map(({ header }) => header);
  const hints = missing.flatMap((name) => {
    const close = closestNames(name, unknown).map((one) => `"${one}"`);
    return close.length > 0 ? [`${close.join(' or ')} may be meant by ${name}`] : [];
  });
  const found = columns.map(({ header }) => (header.trim() ? shorten(header, 40) : '(unnamed)'));
  throw new InputError(
    `${source}, line ${line} lacks the ${missing.length > 1 ? 'columns' : 'column'} ${missing.join(', ')}; it has ` +
      `${found.slice(0, 25).join(', ')}${found.length > 25 ? ` and ${found.length - 25} more` : ''}` +
      (hints.length > 0 ? `; ${hints.join(', ')}` : ''),
  );
}

/** A text of the file as a message quotes it: one line, not too long, nothing that steers a terminal. */
export const shorten = (text: string, length = 30): string => {
  const clean = text.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return clean.length > length ? `${clean.slice(0, length - 3)}...` : clean;
};
