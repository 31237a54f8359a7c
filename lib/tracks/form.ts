import type { CsvSink } from './csv';

export type Unit = 'line' | 'row' | 'record';

/**
 * A table in whatever form a file has it (separated text, JSON, a sheet, Parquet), before its columns have a
 * meaning: names, and cells as text.
 */
export interface Form {
  /** The names of the columns as the file spells them; '' for one without a name. */
  readonly header: readonly string[];
  /** The line of the header; 0 in a form that has none. */
  readonly headerLine: number;
  /** The separator of a text's fields; a comma for forms without separators, so that an answer can be written. */
  readonly delimiter: string;
  /** The word for a row's place in messages. */
  readonly unit: Unit;
  /** The first rows below the header, for a look at what the columns hold. */
  readonly sample: readonly (readonly string[])[];
  /** Sentences on how the file was read; complete only when `scan` has ended. */
  readonly notes: string[];
  /**
   * Hands the rows below the header to a sink, some at a time; yields the share of the file that is done.
   * @param pieceSize bytes of a text that are taken at a time
   */
  scan(sink: CsvSink, pieceSize?: number): Generator<number>;
}

/** The header's place, for messages: `, line 3`, or nothing if the names stand in no line. */
export const headerPlace = ({ unit, headerLine }: Form): string =>
  headerLine > 0 ? `, ${unit} ${headerLine}` : '';

/** Rows from which the columns are understood. */
export const SAMPLE_ROWS = 1000;
/** Rows that are handed over before the event loop has its turn. */
const STEP = 2000;

/** A table whose cells are all at hand. */
export function formOfRows(table: {
  header: readonly string[];
  rows: readonly (readonly string[])[];
  headerLine: number;
  /** Each row's place; one below the other from the header on if not given. */
  lines?: readonly number[];
  unit: Unit;
  notes: string[];
}): Form {
  const { header, rows, headerLine, lines, unit, notes } = table;
  function* scan(sink: CsvSink): Generator<number> {
    for (const [r, cells] of rows.entries()) {
      cells.forEach((cell, column) => {
        sink.field(column, cell, 0, cell.length);
      });
      if (sink.endRow(lines?.[r] ?? headerLine + 1 + r, cells.length)) return;
      if ((r + 1) % STEP === 0) yield (r + 1) / rows.length;
    }
    yield 1;
  }
  return { header, headerLine, delimiter: ',', unit, sample: rows.slice(0, SAMPLE_ROWS), notes, scan };
}
