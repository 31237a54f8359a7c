import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { InputError, type RunOptions } from '../forest/src/index';
import { chooseTable } from './choose';
import { builderFor, type ColumnBuilder } from './columnBuilders';
import { type CsvSink, namedLines } from './csv';
import type { Form, Unit } from './form';
import { type ColumnOptions, type Columns, shorten, understandColumns } from './header';
import { openForm } from './open';
import { publicName, readBytes, tablesInFolder } from './source';
import type { Tracks } from './types';
import { understand } from './understand';

/** Options of reading a table: the columns that are meant, and the usual progress and signal. */
export type ReadOptions = RunOptions & ColumnOptions;

/**
 * Reads a table of tracks from a file, a folder with one table in it, or an address: the shipped table, the tutorial's,
 * the 114,000-track file of Kaggle, or any other with popularity and at least three audio features of `SCHEMA`
 * (pandas: `read_csv`).
 * Columns may be in any order, in any of the known spellings and in other units. The file may be
 * separated text, JSON, Parquet or a workbook, also gzip-compressed or in a ZIP archive; form, encoding, separator,
 * line ends, decimal mark and units are found from its bytes. What
 * cannot be told for certain is refused, and `notes` says what was converted, guessed or left out.
 * @param source a path, or an address that starts with http:// or https://
 * @param options seconds to wait for an address (30), columns by hand, and the usual progress and signal
 * @returns the columns in the file's order and in our units, its SHA-256, the line of each row, and how it was read
 * @throws InputError in one sentence: what is wrong, in which file, line and column, what would be right
 * @example (await readTracks('dataset/spotify_tracks.csv')).rowCount // 6000
 */
export async function readTracks(
  source: string,
  options: ReadOptions & { timeout?: number } = {},
): Promise<Tracks> {
  const { timeout = 30, signal } = options;
  const files = tablesInFolder(source) ?? [source];
  const opened = new Map<Form, { path: string; bytes: Buffer }>();
  const candidates = files.map((path) => ({
    name: files.length > 1 ? basename(path) : source,
    open: async () => {
      const bytes = await readBytes(path, timeout, signal);
      const form = await openForm(bytes, publicName(path));
      opened.set(form, { path, bytes });
      return form;
    },
  }));
  const form = await chooseTable(candidates, source);
  const { path, bytes } = opened.get(form)!;
  return readForm(form, bytes, publicName(path), options);
}

/**
 * The same from bytes that are at hand.
 * @param source the file's name in messages
 */
export async function parseTracks(bytes: Buffer, source: string, options: ReadOptions = {}): Promise<Tracks> {
  return readForm(await openForm(bytes, source), bytes, source, options);
}

async function readForm(form: Form, bytes: Buffer, source: string, options: ReadOptions): Promise<Tracks> {
  const { onProgress, signal } = options;
  const table = new TableBuilder(source, form.unit, understandColumns(form, source, options));
  const total = bytes.length;
  for (const done of form.scan(table)) {
    onProgress?.({ done: Math.round(done * total), total, label: 'Reading' });
    // Between pieces the event loop may draw the progress and hear of an interrupt.
    await setImmediate();
    signal?.throwIfAborted();
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = table.finish();
  return { source, sha256, ...read, notes: [...form.notes, ...read.notes] };
}

/** Puts the fields of a file into typed columns. */
class TableBuilder implements CsvSink {
  private readonly builders: ColumnBuilder[];
  private readonly problems: Problems;
  private lines = new Int32Array(1024);
  private rowCount = 0;
  /** Rows with more or fewer fields than the header. */
  private readonly ragged: { line: number; fieldCount: number }[] = [];
  /** The fault of the row at hand; only the row's end shows whether the row belongs to the table. */
  private wrong: { column: number; cell: string; right: string }[] = [];

  constructor(
    private readonly source: string,
    private readonly unit: Unit,
    private readonly understood: Columns,
  ) {
    this.builders = understood.columns.map(({ known }) => builderFor(known, understood.decimalMark));
    this.problems = new Problems(source, unit);
  }

  field(column: number, text: string, from: number, to: number): void {
    if (column === 0 && this.wrong.length > 0) this.wrong = [];
    if (column >= this.builders.length) return;
    const right = this.builders[column].set(this.rowCount, text, from, to);
    if (right) this.wrong.push({ column, cell: text.slice(from, to), right });
  }

  endRow(line: number, fieldCount: number): boolean {
    const { columns } = this.understood;
    if (fieldCount !== columns.length) {
      this.ragged.push({ line, fieldCount });
      return false;
    }
    for (const { column, cell, right } of this.wrong)
      this.problems.add(line, columns[column].header, cell, right);
    if (this.rowCount === this.lines.length) {
      const larger = new Int32Array(2 * this.rowCount);
      larger.set(this.lines);
      this.lines = larger;
    }
    this.lines[this.rowCount++] = line;
    return false;
  }

  /** Refuses a table in which rows have more or fewer fields than the header, and names all of them. */
  private requireFields(): void {
    const [first, ...others] = this.ragged;
    if (!first) return;
    const { line, fieldCount } = first;
    const more =
      others.length > 0
        ? `; ${namedLines(others, this.unit)} ${others.length > 1 ? 'do' : 'does'} not have as many either`
        : '';
    throw new InputError(
      `${this.source}, ${this.unit} ${line} has ${fieldCount} ${fieldCount > 1 ? 'fields' : 'field'}, where the header has ${this.understood.columns.length}${more}`,
    );
  }

  finish(): Pick<Tracks, 'rowCount' | 'columns' | 'lines' | 'notes' | 'readings'> {
    const { rowCount, source } = this;
    this.requireFields();
    this.problems.throwAny();
    if (rowCount === 0) {
      throw new InputError(`${source} has a header line but no rows of tracks below it`);
    }
    const lines = this.lines.slice(0, rowCount);
    const read = understand({
      ...{ source, rowCount, fileColumns: this.understood.columns },
      collected: this.builders.map((builder) => builder.finish(rowCount)),
      placeOf: (row) => `${this.unit} ${lines[row]}`,
    });
    return { rowCount, lines, ...read };
  }
}

/** The cells that do not fit: the first in the file is reported, the others are counted. */
class Problems {
  private first: { line: number; text: string } | undefined;
  private count = 0;

  constructor(
    private readonly source: string,
    private readonly unit: Unit,
  ) {}

  add(line: number, header: string, cell: string, right: string): void {
    this.count++;
    if (this.first && this.first.line <= line) return;
    const text = `${this.source}, ${this.unit} ${line}, column "${shorten(header)}" holds "${shorten(cell)}", ${right}`;
    this.first = { line, text };
  }

  throwAny(): void {
    if (!this.first) return;
    const more = this.count - 1;
    throw new InputError(
      this.first.text + (more ? ` (${more} more ${more > 1 ? 'cells do' : 'cell does'} not fit)` : ''),
    );
  }
}
