import type { CsvSink } from './csv';

/**
 * A table in whatever form a file has it (separated text, JSON, a sheet, Parquet), before its columns have a
 * meaning: names, and cells as text.
 */
export interface Form {
  /** The names of the columns as the file spells them; '' for one without a name. */
  readonly header: readonly string[];
  /** The line of the header. */
  readonly headerLine: number;
  /** What separates the fields of a text; a comma for forms without separators, so that an answer can be written. */
  readonly delimiter: string;
  /** How messages call the place of a row. */
  readonly unit: 'line' | 'row' | 'record';
  /** The first rows below the header, for a look at what the columns hold. */
  readonly sample: readonly (readonly string[])[];
  /** Sentences on how the file was read; complete only when `scan` has ended. */
  readonly notes: readonly string[];
  /**
   * Hands the rows below the header to a sink, some at a time; yields the share of the file that is done.
   * @param pieceSize bytes of a text that are taken at a time
   */
  scan(sink: CsvSink, pieceSize?: number): Generator<number>;
}
