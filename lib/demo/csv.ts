import { setImmediate } from 'node:timers/promises';
import { InputError } from '../forest/src/index';
import type { ModelFeature } from '../model/format';
import type { Model } from '../model/model';
import { songsOf } from '../model/songs';
import { categoryOf, isOpenCategory } from '../model/track';
import { categoryCode, looksLike, parseCell } from '../tracks/cells';
import type { CsvSink } from '../tracks/csv';
import { dateReader, yearOf } from '../tracks/dates';
import type { Form } from '../tracks/form';
import { splitList } from '../tracks/genres';
import { findColumn, matchName } from '../tracks/names';
import {
  type DecimalMark,
  findDecimalMark,
  isMissingWord,
  parseBoolean,
  parseNumber,
} from '../tracks/numbers';
import { openForm } from '../tracks/open';
import { columnOf, SCHEMA } from '../tracks/schema';
import { songKey } from '../tracks/songs';
import { cellReaders } from '../tracks/understand';

/** Bytes per step: about 60 rows, a few milliseconds in which no other request is answered. */
const PIECE = 1 << 13;
/** The columns of the answer between the table's own ones and `filled_in` and `problem`. */
const ANSWER = ['predicted_popularity', 'interval_low', 'interval_high'];

/** A feature and where the table has it; -1 for an optional one that it does not have. */
interface Source {
  feature: ModelFeature;
  header: string;
  field: number;
  optional: boolean;
  /** A cell's value in natural units, a category as its code; NaN where it is missing, undefined where it is wrong. */
  read(cell: string): number | undefined;
}

/**
 * A table's predictions, row by row: its own columns and five more. A text that a spreadsheet would run as a
 * formula has an apostrophe before it. A row that cannot be read keeps its place and says why. Where an optional
 * feature (release date, ...) is missing, the typical value stands in, as it did in training; for a genre that is
 * missing or unknown, the mix of genres. `filled_in` names them; a table without a needed column is refused as a
 * whole. A table that holds popularity gets `actual_popularity` beside the prediction, and `learnt_from`, which is
 * `yes` where the model learnt from a song of that name and artist.
 * @param model what predicts
 * @param bytes a table as `readTracks` reads it; popularity is not needed
 * @returns the answer in pieces, with other requests let in between
 * @throws InputError when the header is missing or lacks columns
 */
export async function* predictCsv(model: Model, bytes: Buffer): AsyncGenerator<string> {
  const form = await openForm(bytes, 'The table');
  const reader = new RowReader(model, form);
  yield reader.header;
  try {
    for (const _ of form.scan(reader, PIECE)) {
      yield reader.take();
      await setImmediate();
    }
    yield reader.take();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // The answer has begun: its last row says why there are no more.
    yield reader.take() + reader.broken(error.message);
  }
}

/** A row as it was read: the numbers of its track, or why there are none. */
interface TableRow {
  fields: readonly string[];
  numbers?: Float64Array;
  /** The popularity that the table holds, and whether the model learnt from the song. */
  known?: readonly string[];
  filled: string;
  problem: string;
}

/** Reads rows as the header says, and writes them with their predictions. */
class RowReader implements CsvSink {
  readonly header: string;
  readonly #model: Model;
  readonly #form: Form;
  readonly #sources: Source[];
  readonly #width: number;
  readonly #mark: DecimalMark;
  readonly #popularity: PopularityReader | undefined;
  readonly #added: readonly string[];
  #fields: string[] = [];
  #rows: TableRow[] = [];

  constructor(model: Model, form: Form) {
    this.#model = model;
    this.#form = form;
    this.#width = form.header.length;
    const columns = columnsOf(model, form);
    const numeric = columns.filter(({ feature }) => feature.kind === 'number');
    this.#mark = findDecimalMark(form.sample.flatMap((row) => numeric.map(({ field }) => row[field] ?? '')));
    this.#sources = withReaders(columns, form, this.#mark);
    this.#popularity = popularityReader(model, form.header, this.#mark);
    const known = this.#popularity ? ['actual_popularity', 'learnt_from'] : [];
    this.#added = [...ANSWER, ...known, 'filled_in', 'problem'];
    this.header = this.#write([...form.header, ...this.#added]);
  }

  field(column: number, text: string, from: number, to: number): void {
    if (column === 0) this.#fields = [];
    this.#fields.push(text.slice(from, to));
  }

  endRow(line: number): boolean {
    this.#rows.push(this.#read(this.#fields, line));
    return false;
  }

  badRow(line: number, why: string): void {
    this.#rows.push(this.#refuse([], line, why));
  }

  /** The answer to the rows that were read since the last call. */
  take(): string {
    const rows = this.#rows;
    this.#rows = [];
    const answers = this.#model.answerAll(rows.flatMap(({ numbers }) => (numbers ? [numbers] : [])));
    let next = 0;
    const text = rows.map(({ fields, numbers, known = [], filled, problem }) => {
      if (!numbers) return this.#write([...fields, ...this.#blank(), problem]);
      const { prediction, interval } = answers[next++];
      // With the table's own decimal mark, so that a spreadsheet reads these numbers as it reads the others.
      const numbersToWrite = [prediction, interval.low, interval.high].map((value) =>
        String(value).replace('.', this.#mark),
      );
      return this.#write([...fields, ...numbersToWrite, ...known, filled, '']);
    });
    return text.join('');
  }

  /** The answer for the rest of a table that cannot be read to its end. */
  broken(why: string): string {
    const own = new Array<string>(this.#width).fill('');
    return this.#write([...own, ...this.#blank(), `${why}; the rest was not read`]);
  }

  /** The added columns of a row without an answer, but for its problem. */
  #blank(): string[] {
    return this.#added.slice(1).map(() => '');
  }

  #refuse(row: readonly string[], line: number, why: string): TableRow {
    const fields = Array.from({ length: this.#width }, (_, i) => row[i] ?? '');
    return { fields, filled: '', problem: `${this.#form.unit} ${line}: ${why}` };
  }

  #read(fields: readonly string[], line: number): TableRow {
    if (fields.length !== this.#width) {
      return this.#refuse(fields, line, `${fields.length} fields, where the header has ${this.#width}`);
    }
    const numbers = new Float64Array(this.#sources.length);
    let filled = '';
    for (let j = 0; j < numbers.length; j++) {
      const { feature, header, field, optional, read } = this.#sources[j];
      if (isOpenCategory(feature)) {
        numbers[j] = field < 0 ? Number.NaN : genreIn(feature, fields[field]);
        if (Number.isNaN(numbers[j])) filled += filled === '' ? feature.name : ` ${feature.name}`;
        continue;
      }
      if (optional && (field < 0 || isMissingWord(fields[field]))) {
        numbers[j] = feature.typical;
        filled += filled === '' ? feature.name : ` ${feature.name}`;
        continue;
      }
      const value = read(fields[field]);
      if (value === undefined || !(value >= feature.min && value <= feature.max)) {
        const got = JSON.stringify(fields[field].slice(0, 60));
        return this.#refuse(fields, line, `${header} requires ${allowed(feature)}, got ${got}`);
      }
      numbers[j] = value;
    }
    return { fields, numbers, known: this.#popularity?.(fields), filled, problem: '' };
  }

  #write(fields: readonly string[]): string {
    const special = /["\r\n]/;
    const quoted = fields.map(withoutFormula).map((field) => {
      const mustQuote = field.includes(this.#form.delimiter) || special.test(field) || field.trim() !== field;
      return mustQuote ? `"${field.replaceAll('"', '""')}"` : field;
    });
    return `${quoted.join(this.#form.delimiter)}\n`;
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

/** The code of a cell's genre, of a list the first that the model knows; NaN for none. */
function genreIn(feature: ModelFeature, cell: string): number {
  const codes = [cell, ...splitList(cell)].map((name) => categoryOf(feature, name));
  return codes.find((code) => !Number.isNaN(code)) ?? Number.NaN;
}

/** A row's popularity as it is written into the answer, and `yes` where the model learnt from its song. */
type PopularityReader = (fields: readonly string[]) => [actual: string, learntFrom: string];

function popularityReader(
  model: Model,
  header: readonly string[],
  mark: DecimalMark,
): PopularityReader | undefined {
  const place = (name: string) => header.findIndex((one) => findColumn(one)?.name === name);
  const [popularity, name, artists] = ['popularity', 'track_name', 'artists'].map(place);
  if (popularity < 0) return undefined;
  const { min, max } = model.contents.target;
  return (fields) => {
    const value = parseNumber(fields[popularity], mark) ?? Number.NaN;
    const actual = value >= min && value <= max ? String(value).replace('.', mark) : '';
    const key = name < 0 || artists < 0 ? '' : songKey(fields[name], fields[artists]);
    return [actual, learntKeys(model).has(key) ? 'yes' : ''];
  };
}

const keysOf = new WeakMap<Model, Set<string>>();

/** The songs that a model learnt from, as `songKey` tells songs apart. */
function learntKeys(model: Model): Set<string> {
  let keys = keysOf.get(model);
  if (!keys) {
    const learnt = songsOf(model.contents).filter((song) => song.learnt);
    keys = new Set(learnt.map(({ name, artists }) => songKey(name, artists)));
    keys.delete('');
    keysOf.set(model, keys);
  }
  return keys;
}

/** The release year is read from the column of release dates; every other feature has its own. */
const columnName = (feature: ModelFeature) =>
  feature.name === 'release_year' ? 'release_date' : feature.name;

/** The column of the table for each feature of the model. */
function columnsOf(model: Model, { header: names, sample }: Form): Omit<Source, 'read'>[] {
  const fieldOf = new Map<string, number>();
  names.forEach((name, field) => {
    const match = matchName(name);
    const isMeant =
      match &&
      (!match.isWeak ||
        looksLike(
          match.column,
          sample.map((row) => row[field] ?? ''),
        ));
    const column = isMeant ? match.column.name : name.trim();
    // The canonical spelling goes before an alias.
    if (!fieldOf.has(column) || name.trim() === column) fieldOf.set(column, field);
  });
  const columns = model.features.map((feature) => {
    const name = columnName(feature);
    // A key such as `F# minor` names the mode too.
    const field =
      fieldOf.get(name) ??
      (name === 'mode' && namesModes(fieldOf.get('key'), sample) ? fieldOf.get('key')! : -1);
    const optional = SCHEMA.some((column) => column.name === name && !column.needed);
    return { feature, field, optional, header: names[field]?.trim() ?? name };
  });
  const missing = columns.filter(({ field, optional }) => field < 0 && !optional).map(({ header }) => header);
  if (missing.length > 0) {
    const found = names.slice(0, 25).map((name) => name.slice(0, 40) || '(unnamed)');
    throw new InputError(
      `The table lacks the columns ${missing.join(', ')}; its header has ${found.join(', ')}`,
    );
  }
  return columns;
}

/** Whether the keys in a column of the table have their mode behind them. */
const namesModes = (field: number | undefined, sample: Form['sample']): boolean =>
  field !== undefined && sample.some((row) => modeOf(row[field] ?? '') !== undefined);

const modeOf = (key: string) => parseCell(columnOf('key'), key, '.')?.mode;

/** Adds to each column how its cells are read: in the units and the order of day and month that the first rows show. */
function withReaders(columns: readonly Omit<Source, 'read'>[], form: Form, mark: DecimalMark): Source[] {
  const cellsOf = (field: number) => form.sample.map((row) => row[field] ?? '');
  const numeric = columns.filter(
    ({ feature: { name, kind }, field }) =>
      kind === 'number' && field >= 0 && SCHEMA.some((known) => known.name === name),
  );
  const readers = cellReaders(
    numeric.map(({ feature, header, field }) => ({
      known: columnOf(feature.name),
      header,
      cells: cellsOf(field),
    })),
    mark,
  );
  const readNumber = new Map(numeric.map(({ feature }, j) => [feature.name, readers[j]]));
  return columns.map((column) => {
    const { feature, field } = column;
    if (feature.kind === 'boolean') return { ...column, read: parseBoolean };
    if (feature.name === 'release_year') {
      const readDate = dateReader(field < 0 ? [] : cellsOf(field));
      return {
        ...column,
        read: (cell) => yearOf(Number.isNaN(yearOf(cell)) ? (readDate(cell)?.text ?? '') : cell),
      };
    }
    return {
      ...column,
      read: readNumber.get(feature.name) ?? ((cell) => categoryValue(feature, cell, mark)),
    };
  });
}

/** A category's code, of key and mode also where the cell holds the code itself; undefined for anything else. */
function categoryValue(feature: ModelFeature, cell: string, mark: DecimalMark): number | undefined {
  const known = SCHEMA.find(({ name }) => name === feature.name);
  const named =
    categoryCode(cell, feature.categories!) ?? (feature.name === 'mode' ? modeOf(cell) : undefined);
  if (!known?.categories) return named;
  const code = named ?? parseNumber(cell, mark) ?? parseCell(known, cell, mark)?.value;
  return code !== undefined && Number.isInteger(code) ? code : undefined;
}

function allowed(feature: ModelFeature): string {
  if (feature.kind === 'boolean') return 'true or false';
  if (feature.kind === 'number') return `a number from ${feature.min} to ${feature.max}`;
  return `one of ${feature.categories!.slice(0, 30).join(', ')}`;
}
