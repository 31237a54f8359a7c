import { setImmediate } from 'node:timers/promises';
import { Parser } from 'papaparse';
import { InputError } from '../forest/src/index';
import type { ModelFeature } from '../model/format';
import type { Model } from '../model/model';
import { yearOf } from '../tracks/features';
import { withoutSeparatorLine } from '../tracks/header';
import {
  categoryCode,
  type DecimalMark,
  findDecimalMark,
  isMissingWord,
  parseBoolean,
  parseNumber,
} from '../tracks/numbers';
import { columnOf, findColumn, SCHEMA } from '../tracks/schema';
import { decode } from '../tracks/text';

/** Bytes per step: about 60 rows, a few milliseconds in which no other request is answered. */
const PIECE = 1 << 13;
/** A row longer than this many characters means a quote that is never closed. */
const LONGEST_ROW = 100_000;
const BLANK_LINES = /^(?:[^\S\r\n]*(?:\r\n|\n|\r))*/;
/** What the answer has after the table's own columns. */
const ADDED = ['predicted_popularity', 'interval_low', 'interval_high', 'filled_in', 'problem'];

type ParsedText = { data: string[][]; errors: { row?: number }[]; meta: { cursor: number } };
type CsvParser = { parse(text: string, base?: number, ignoreLastRow?: boolean): ParsedText };

/** A feature and where the table has it; -1 for an optional one that it does not have. */
interface Source {
  feature: ModelFeature;
  header: string;
  field: number;
  optional: boolean;
}

/**
 * A table's predictions, row by row: its own columns and five more. A text that a spreadsheet would run as a
 * formula has an apostrophe before it. A row that cannot be read keeps its place and says why. Where an optional feature (genre, release date, ...) is missing, the typical value stands in, as
 * it did in training, and `filled_in` names it; a table without a needed column is refused as a whole.
 * @param model what predicts
 * @param bytes a CSV in any spelling, encoding and separator that the project reads; popularity is not needed
 * @returns the answer in pieces, with other requests let in between
 * @throws InputError when the header is missing or lacks columns
 */
export async function* predictCsv(model: Model, bytes: Buffer): AsyncGenerator<string> {
  let reader: RowReader | undefined;
  let rest: string | undefined;
  let line = 1;
  for (const piece of decode(bytes, PIECE)) {
    rest = rest === undefined ? withoutSeparatorLine(piece) : rest + piece;
    if (!reader) {
      const blank = BLANK_LINES.exec(rest)![0];
      line += blank.split(/\r\n|\n|\r/).length - 1;
      rest = rest.slice(blank.length);
      if (!rest.includes('\n') && rest.length < LONGEST_ROW) continue; // the header is not complete yet
      reader = new RowReader(model, rest, line);
      yield reader.header;
    }
    const [text, used] = reader.read(rest, false);
    rest = rest.slice(used);
    if (rest.length > LONGEST_ROW) {
      yield `${text}${reader.broken()}`;
      return;
    }
    yield text;
    await setImmediate();
  }
  if (!reader) {
    if (!rest?.trim()) throw new InputError('The body requires a CSV table with a header line, got nothing');
    reader = new RowReader(model, rest, line);
    yield reader.header;
  }
  if (rest) yield reader.read(rest, true)[0];
}

/** A row as it was read: the numbers of its track, or why there are none. */
interface TableRow {
  fields: readonly string[];
  numbers?: Float64Array;
  filled: string;
  problem: string;
}

/** Reads rows as the header says, and writes them with their predictions. */
class RowReader {
  readonly header: string;
  readonly #model: Model;
  readonly #parser: CsvParser;
  readonly #sources: Source[];
  readonly #width: number;
  readonly #delimiter: string;
  readonly #newline: string;
  readonly #mark: DecimalMark;
  #line: number;
  #headerSeen = false;

  /**
   * @param beginning of the table: the header and, where they are there, some rows
   * @param line of the file on which the header stands
   */
  constructor(model: Model, beginning: string, line: number) {
    this.#model = model;
    this.#line = line;
    this.#newline = beginning.includes('\n') ? '\n' : '\r';
    const parse = (delimiter: string) => {
      const parser = new Parser({ delimiter, newline: this.#newline } as object) as unknown as CsvParser;
      const { data } = parser.parse(beginning, 0, false);
      return { delimiter, parser, rows: data.map(withoutReturn) };
    };
    const known = (header: readonly string[] = []) => header.filter(findColumn).length;
    // The separator under which most of the names are known.
    const [best] = [',', ';', '\t', '|'].map(parse).sort((a, b) => known(b.rows[0]) - known(a.rows[0]));
    const { delimiter, parser, rows } = best!;
    const names = rows[0] ?? [];
    this.#parser = parser;
    this.#delimiter = delimiter;
    this.#width = names.length;
    this.#sources = sourcesOf(model, names);
    const numeric = this.#sources.filter(({ feature }) => feature.kind === 'number');
    this.#mark = findDecimalMark(
      rows.slice(1, 1000).flatMap((row) => numeric.map(({ field }) => row[field] ?? '')),
    );
    this.header = this.#write([...names, ...ADDED]);
  }

  /**
   * @param whole rows, and perhaps a part of one
   * @param isEnd whether the part is a row as well
   * @returns the rows' answer and how many characters they took
   */
  read(whole: string, isEnd: boolean): [string, number] {
    const { data, errors, meta } = this.#parser.parse(whole, 0, !isEnd);
    const badQuotes = new Set(errors.map(({ row }) => row));
    const rows: TableRow[] = [];
    data.forEach((fields, i) => {
      const row = withoutReturn(fields);
      const line = this.#line;
      this.#line += 1 + row.reduce((sum, field) => sum + newlinesIn(field, this.#newline), 0);
      if (!this.#headerSeen) this.#headerSeen = true;
      else if (row.length > 1 || row[0].trim() !== '') rows.push(this.#read(row, line, badQuotes.has(i)));
    });
    const answers = this.#model.answerAll(rows.flatMap(({ numbers }) => (numbers ? [numbers] : [])));
    let next = 0;
    const text = rows.map(({ fields, numbers, filled, problem }) => {
      if (!numbers) return this.#write([...fields, '', '', '', '', problem]);
      const { prediction, interval } = answers[next++];
      // With the table's own decimal mark, so that a spreadsheet reads these numbers as it reads the others.
      const numbersToWrite = [prediction, interval.low, interval.high].map((value) =>
        String(value).replace('.', this.#mark),
      );
      return this.#write([...fields, ...numbersToWrite, filled, '']);
    });
    return [text.join(''), isEnd ? whole.length : meta.cursor];
  }

  /** The answer for the rest of a table in which a quote is never closed. */
  broken(): string {
    const blank = new Array<string>(this.#width + ADDED.length - 1).fill('');
    return this.#write([...blank, `line ${this.#line}: a quote (") is never closed, the rest was not read`]);
  }

  #read(row: readonly string[], line: number, badQuotes: boolean): TableRow {
    const fields =
      row.length === this.#width ? row : Array.from({ length: this.#width }, (_, i) => row[i] ?? '');
    const refuse = (why: string) => ({ fields, filled: '', problem: `line ${line}: ${why}` });
    if (badQuotes) return refuse('a quote (") is not closed, or not followed by the separator');
    if (row.length !== this.#width)
      return refuse(`${row.length} fields, where the header has ${this.#width}`);
    const numbers = new Float64Array(this.#sources.length);
    let filled = '';
    for (let j = 0; j < numbers.length; j++) {
      const { feature, header, field, optional } = this.#sources[j];
      if (optional && (field < 0 || isMissingWord(row[field]))) {
        numbers[j] = feature.typical;
        filled += filled === '' ? feature.name : ` ${feature.name}`;
        continue;
      }
      const value = featureValue(feature, row[field], this.#mark);
      if (value === undefined || !(value >= feature.min && value <= feature.max)) {
        return refuse(
          `${header} requires ${allowed(feature)}, got ${JSON.stringify(row[field].slice(0, 60))}`,
        );
      }
      numbers[j] = value;
    }
    return { fields, numbers, filled, problem: '' };
  }

  #write(fields: readonly string[]): string {
    const special = /["\r\n]/;
    const quoted = fields.map(withoutFormula).map((field) => {
      const mustQuote = field.includes(this.#delimiter) || special.test(field) || field.trim() !== field;
      return mustQuote ? `"${field.replaceAll('"', '""')}"` : field;
    });
    return `${quoted.join(this.#delimiter)}\n`;
  }
}

/**
 * A spreadsheet runs what begins with one of these signs (the wide ones in East Asia), also within quotes; an
 * apostrophe before it makes it text. Numbers and the words for missing ones stay.
 */
function withoutFormula(field: string): string {
  if (!/^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]./s.test(field)) return field;
  return (parseNumber(field, '.') ?? parseNumber(field, ',')) === undefined ? `'${field}` : field;
}

function newlinesIn(field: string, newline: string): number {
  return field.includes(newline) ? field.split(newline).length - 1 : 0;
}

/** Papa Parse cuts at one newline; what a file with CRLF has before it is not part of the field. */
function withoutReturn(row: string[]): string[] {
  const last = row.length - 1;
  if (row[last].endsWith('\r')) row[last] = row[last].slice(0, -1);
  return row;
}

/** The release year is read from the column of release dates; every other feature has its own. */
const columnName = (feature: ModelFeature) =>
  feature.name === 'release_year' ? 'release_date' : feature.name;

function sourcesOf(model: Model, names: readonly string[]): Source[] {
  const fieldOf = new Map<string, number>();
  names.forEach((name, field) => {
    const column = findColumn(name)?.name ?? name.trim();
    // The canonical spelling goes before an alias.
    if (!fieldOf.has(column) || name.trim() === column) fieldOf.set(column, field);
  });
  const sources = model.features.map((feature) => {
    const name = columnName(feature);
    const field = fieldOf.get(name) ?? -1;
    const optional = SCHEMA.some((column) => column.name === name && !column.needed);
    return { feature, field, optional, header: names[field]?.trim() ?? name };
  });
  const missing = sources.filter(({ field, optional }) => field < 0 && !optional).map(({ header }) => header);
  if (missing.length > 0) {
    const found = names.slice(0, 25).map((name) => name.slice(0, 40) || '(unnamed)');
    throw new InputError(
      `The table lacks the columns ${missing.join(', ')}; its header has ${found.join(', ')}`,
    );
  }
  return sources;
}

/** A cell's value in natural units, a category as its code; NaN where it is missing, undefined where it is wrong. */
function featureValue(feature: ModelFeature, cell: string, mark: DecimalMark): number | undefined {
  if (feature.kind === 'boolean') return parseBoolean(cell);
  if (feature.name === 'release_year') return yearOf(cell);
  if (feature.kind === 'number') return parseNumber(cell, mark);
  const named = categoryCode(cell, feature.categories!);
  // Files write key and mode as numbers; a genre's number means nothing outside this model.
  const isCoded =
    SCHEMA.some(({ name }) => name === feature.name) && columnOf(feature.name).categories !== undefined;
  const code = named ?? (isCoded ? parseNumber(cell, mark) : undefined);
  return code !== undefined && Number.isInteger(code) ? code : undefined;
}

function allowed(feature: ModelFeature): string {
  if (feature.kind === 'boolean') return 'true or false';
  if (feature.kind === 'number') return `a number from ${feature.min} to ${feature.max}`;
  return `one of ${feature.categories!.slice(0, 30).join(', ')}`;
}
