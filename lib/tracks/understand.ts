import { InputError } from '../forest/src/index';
import { parseCell } from './cells';
import { builderFor, type Collected } from './columnBuilders';
import { readDates } from './dates';
import { firstGenres } from './genres';
import type { FileColumn } from './header';
import { hintsFor, shorten } from './header';
import { matchName, plainName } from './names';
import { type DecimalMark, parseNumber } from './numbers';
import { countMissing, listOf, notesOf } from './readings';
import { type Column, lackingFeatures } from './schema';
import type { ColumnReading, Tracks } from './types';
import {
  areInPercent,
  describeNumbers,
  isFew,
  type Numbers,
  type Question,
  requirePopularity,
  requirePossible,
  type Unit,
  unitOfDuration,
  unitOfShare,
} from './units';

/** A file's columns as they were collected. */
export interface CollectedTable {
  source: string;
  rowCount: number;
  fileColumns: readonly FileColumn[];
  collected: readonly Collected[];
  /** A row's place, e.g. `line 3`, for messages. */
  placeOf(row: number): string;
}

/** One column of the file, its meaning and its conversion. */
interface Settled {
  name: string;
  values: Float64Array | string[];
  reading: ColumnReading;
  /** The column is not used: it holds next to nothing that can be read. */
  isLeftOut?: boolean;
}

const isShare = ({ known }: FileColumn) =>
  known?.audio === true && known.kind === 'number' && known.unit === '';

/**
 * Decides from whole columns what the file means: units, dates, lists of genres, what counts as missing.
 * @returns the columns in our units, how each was read, and what is to be said of the table
 * @throws InputError where a column is in no unit that can be told
 */
export function understand(table: CollectedTable): Pick<Tracks, 'columns' | 'readings' | 'notes'> {
  const { fileColumns, collected } = table;
  const numbers = fileColumns.map(({ known }, j) => {
    const { values } = collected[j];
    return known && values instanceof Float64Array ? describeColumn(values, known) : undefined;
  });
  const shares = numbers.flatMap((found, j) => (found && isShare(fileColumns[j]) ? [found] : []));
  const inPercent = areInPercent(shares);
  const settled = fileColumns.map((_, j) => settle(table, j, numbers[j], inPercent));
  const used = settled.filter(({ isLeftOut }) => !isLeftOut);
  const columns = Object.fromEntries(used.map(({ name, values }) => [name, values]));
  const readings = settled.map(({ reading }) => reading);
  addModes(columns, table);
  const notes = [...notesOf(readings), ...notesOnTable(columns, table)];
  return { columns, readings, notes };
}

/** A column's numbers, and how many of its cells were -1 for a missing value. */
type Described = Numbers & { marked: number };

/** Describes a column of numbers. Where -1 is the only value below zero, and none can be, it marks missing values. */
function describeColumn(values: Float64Array, known: Column): Described {
  const numbers = describeNumbers(values, known);
  const isPossible = known.kind !== 'number' || known.role === 'target' || known.min! < 0;
  if (isPossible || numbers.min !== -1 || values.some((value) => value < 0 && value !== -1)) {
    return { ...numbers, marked: 0 };
  }
  let marked = 0;
  for (let row = 0; row < values.length; row++) {
    if (values[row] !== -1) continue;
    values[row] = Number.NaN;
    marked++;
  }
  return { ...describeNumbers(values, known), marked };
}

/** Settles the column at a place of the file. */
function settle(
  table: CollectedTable,
  place: number,
  numbers: Described | undefined,
  inPercent: boolean,
): Settled {
  const column = table.fileColumns[place];
  const { header, name, known, note } = column;
  const { values, unreadable } = table.collected[place];
  const reading: ColumnReading = {
    header,
    takenAs: known ? name : '',
    unit: '',
    conversion: '',
    missing: 0,
    note,
  };
  if (!known) return { name, values, reading: { ...reading, missing: countMissing(values) } };
  if (Array.isArray(values)) {
    if (known.kind === 'date') return settleDates(table, place, reading);
    if (known.kind === 'category') return settleGenres(name, values, reading);
    return { name, values, reading: { ...reading, missing: countMissing(values) } };
  }
  const missing = table.rowCount - numbers!.count;
  const { marked } = numbers!;
  const notes = [note];
  if (marked > 0) {
    notes.push(
      `${marked} ${marked > 1 ? 'cells' : 'cell'} of "${shorten(header.trim())}" ${marked > 1 ? 'are' : 'is'} -1 and ${marked > 1 ? 'count' : 'counts'} as missing.`,
    );
  }
  if (unreadable.count > 0) {
    const { count, row, cell } = unreadable;
    const readable = numbers!.count;
    notes.push(saidUnreadable(header, count, cell, table.placeOf(row)));
    // Cleaning would leave out every row without a needed value.
    const isTooMany = count > readable || known.needed;
    if (isTooMany && !isFew(count, readable + count)) {
      notes.push(`The column is left out.`);
      return { name, values, reading: { ...reading, missing, note: said(notes) }, isLeftOut: true };
    }
  }
  const unit = unitOf(table, place, numbers!, inPercent);
  if (unit.factor !== 1) scaleBy(values, unit.factor);
  notes.push(unit.note);
  const { unit: found, conversion } = unit;
  return { name, values, reading: { ...reading, unit: found, conversion, missing, note: said(notes) } };
}

const said = (notes: readonly string[]) => notes.filter(Boolean).join(' ');

const saidUnreadable = (header: string, count: number, cell: string, place: string) =>
  `${count} ${count > 1 ? 'cells' : 'cell'} of "${shorten(header.trim())}" could not be read and ${count > 1 ? 'count' : 'counts'} as missing, first "${shorten(cell)}" in ${place}.`;

/** In place, as these values were collected for this table alone; divided, as 0.65 is 65 / 100 to the digit. */
function scaleBy(values: Float64Array, factor: number): void {
  if (factor >= 1) for (let row = 0; row < values.length; row++) values[row] *= factor;
  else {
    const divisor = Math.round(1 / factor);
    for (let row = 0; row < values.length; row++) values[row] /= divisor;
  }
}

/**
 * The readers of single cells of columns of numbers, for a table whose rows are answered one by one.
 * @param columns what each is in the schema, its header and its first cells, which show its unit
 * @returns for each a function from a cell to the value in our unit: NaN for a missing one, undefined for a text. A
 *   column in no unit that can be told is read as it stands.
 */
export function cellReaders(
  columns: readonly { known: Column; header: string; cells: readonly string[] }[],
  mark: DecimalMark,
): ((cell: string) => number | undefined)[] {
  const fileColumns = columns.map(({ known, header }) => {
    const units = matchName(header)?.units ?? [];
    return { header, name: known.name, known, units, note: '' };
  });
  const collected = columns.map(({ known, cells }) => {
    const builder = builderFor(known, mark);
    for (const [row, cell] of cells.entries()) builder.set(row, cell, 0, cell.length);
    return builder.finish(cells.length);
  });
  const table: CollectedTable = { source: '', rowCount: 0, fileColumns, collected, placeOf: String };
  const numbers = columns.map(({ known }, j) => describeColumn(collected[j].values as Float64Array, known));
  const inPercent = areInPercent(numbers.filter((_, j) => isShare(fileColumns[j])));
  return columns.map(({ known }, j) => {
    const factor = factorOrOne(() => unitOf(table, j, numbers[j], inPercent));
    return (cell) => {
      const value = parseNumber(cell, mark) ?? parseCell(known, cell, mark)?.value;
      if (value === undefined) return undefined;
      return factor >= 1 ? value * factor : value / Math.round(1 / factor);
    };
  });
}

function factorOrOne(find: () => Unit): number {
  try {
    return find().factor;
  } catch (error) {
    if (error instanceof InputError) return 1;
    throw error;
  }
}

/** The unit of a column of numbers; an empty column has none. */
function unitOf(table: CollectedTable, place: number, numbers: Numbers, inPercent: boolean): Unit {
  const column = table.fileColumns[place];
  const { known, header, units } = column;
  const { values, notations = new Map() } = table.collected[place];
  const own: Unit = { factor: 1, unit: '', conversion: '', note: '' };
  if (numbers.count === 0) return own;
  const question: Question = { column: known!, header, source: table.source, numbers, notations, units };
  if (known!.name === 'popularity') return { ...own, note: requirePopularity(question) };
  if (known!.name === 'duration_ms') return unitOfDuration(question, values as Float64Array);
  if (isShare(column)) return unitOfShare(question, inPercent);
  requirePossible(question, impossibleOf(question, values as Float64Array));
  return own;
}

/** Values that cannot be; key -1 says that none was detected. */
function impossibleOf({ column, numbers }: Question, values: Float64Array): number {
  const { below, above, fractions } = numbers;
  const undetected = column.name === 'key' && below > 0 ? values.filter((value) => value === -1).length : 0;
  return below + above - undetected + (column.whole ? fractions : 0);
}

function settleDates(table: CollectedTable, place: number, reading: ColumnReading): Settled {
  const { name, header } = table.fileColumns[place];
  const values = table.collected[place].values as string[];
  const { converted, unreadable, unit, conversion } = readDates(new Set(values.filter(Boolean)));
  const yearNote = saidOfYear(header);
  if (converted.size === 0 && unreadable.size === 0) {
    const note = said([reading.note, yearNote]);
    return { name, values, reading: { ...reading, missing: countMissing(values), note } };
  }
  let count = 0;
  let first = -1;
  const dates = values.map((date, row) => {
    if (!unreadable.has(date)) return converted.get(date) ?? date;
    count++;
    if (first < 0) first = row;
    return '';
  });
  const notes = [reading.note, yearNote];
  if (count > 0) notes.push(saidUnreadable(header, count, values[first], table.placeOf(first)));
  const missing = countMissing(dates);
  return {
    ...{ name, values: dates },
    reading: { ...reading, unit, conversion, missing, note: said(notes) },
  };
}

/** A `year` may be that of a playlist or of a chart. */
const saidOfYear = (header: string) =>
  plainName(header) === 'year'
    ? `"${header.trim()}" is taken for the year of release; nothing in the table says whether it is.`
    : '';

function settleGenres(name: string, values: string[], reading: ColumnReading): Settled {
  const { genres, lists } = firstGenres(values);
  const missing = countMissing(genres);
  if (lists === 0) return { name, values: genres, reading: { ...reading, missing } };
  const conversion = 'the first of each list';
  return { name, values: genres, reading: { ...reading, unit: 'list', conversion, missing } };
}

/** A column of keys such as `F♯ minor` holds the mode too, where the table has no column of its own for it. */
function addModes(columns: Record<string, Float64Array | string[]>, table: CollectedTable): void {
  const place = table.fileColumns.findIndex(({ name }) => name === 'key');
  const modes = table.collected[place]?.modes;
  if (modes && columns.key && !columns.mode) columns.mode = modes;
}

/** The notes on the table as a whole. */
function notesOnTable(columns: Tracks['columns'], table: CollectedTable): string[] {
  const notes: string[] = [];
  const place = table.fileColumns.findIndex(({ name }) => name === 'key');
  if (place >= 0 && columns.mode === table.collected[place].modes) {
    notes.push(`The mode is read from the column "${table.fileColumns[place].header.trim()}".`);
  }
  const lacking = lackingFeatures(Object.keys(columns)).map(({ name }) => name);
  if (lacking.length > 0) {
    notes.push(
      `The table has no ${listOf(lacking, 'or')}: the features do without ${lacking.length > 1 ? 'them' : 'it'}.`,
    );
    for (const { name, close } of hintsFor(lacking, table.fileColumns)) {
      const [one] = close;
      notes.push(`"${one}" may be meant by ${name}: if so, say it with --columns ${name}=${one}.`);
    }
  }
  return [...notes, ...noTracks(columns, table.rowCount)];
}

/** Fewer rows than this say nothing about what the rows are. */
const FEWEST_ROWS = 10;

/** A sentence where the rows seem to be averages by genre, year or artist, and not tracks. */
function noTracks(columns: Tracks['columns'], rowCount: number): string[] {
  if (rowCount < FEWEST_ROWS || columns.track_name || columns.track_id || !columns.popularity) return [];
  for (const name of ['track_genre', 'release_date', 'artists']) {
    const values = columns[name];
    if (!Array.isArray(values)) continue;
    const present = values.filter(Boolean);
    if (present.length >= rowCount - 1 && new Set(present).size === present.length) {
      return [
        `The rows have no names, and each has its own ${name}: they seem to be averages and not tracks, so the forecasts will say little about single tracks.`,
      ];
    }
  }
  return [];
}
