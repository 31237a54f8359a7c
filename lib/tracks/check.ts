import type { ColumnReading, Tracks } from './types';

/** Letters of a cell in a terminal's table. */
const WIDEST = 28;

/**
 * Describes for a terminal how a table was read: rows, one line per column, and the notes (`npm start -- --check`).
 * @returns lines of text that end without a newline
 */
export function describeReading(tracks: Tracks): string {
  const { source, rowCount, notes, readings } = tracks;
  const titles = ['column', 'taken as', 'unit', 'converted', 'missing'];
  const rows = [titles, ...readings.map(cellsOf)];
  const widths = titles.map((_, j) => Math.max(...rows.map((row) => [...row[j]].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, j) => cell + ' '.repeat(widths[j] - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
  return [`${plain(source)}: ${rowCount} rows`, '', ...lines, '', ...notes.map((note) => `- ${plain(note)}`)]
    .join('\n')
    .trimEnd();
}

function cellsOf({ header, takenAs, unit, conversion, missing }: ColumnReading): string[] {
  return [
    plain(header),
    takenAs || '(kept as text)',
    unit,
    conversion,
    missing > 0 ? String(missing) : '',
  ].map((cell) => (cell.length > WIDEST ? `${cell.slice(0, WIDEST - 3)}...` : cell));
}

/** A text of the file without what steers a terminal. */
const plain = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
