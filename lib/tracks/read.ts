import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Parser } from 'papaparse';
import { InputError } from '../errors';
import type { RunOptions } from '../forest/types';
import { builderFor } from './build';
import { findLayout, shorten } from './header';
import { readBytes } from './source';
import { decode, findBrokenUtf8 } from './text';
import type { Tracks } from './types';

/** Bytes that are decoded and parsed at a time. */
const PIECE = 1 << 22;

/** A row longer than this many characters means a quote that is never closed. */
const LONGEST_ROW = 1_000_000;

/** Papa Parse's parser of one text, without its streams, workers and guesses. */
interface CsvParser {
  parse(text: string, base: number, ignoreLastRow: boolean): ParsedText;
}
interface ParsedText {
  data: string[][];
  errors: { row?: number; message: string }[];
  meta: { cursor: number };
}

/**
 * Reads a table of tracks from a CSV file or address: the shipped table, the tutorial's, the 114,000-track file
 * of Kaggle, or any other with the needed columns of `SCHEMA` (pandas: `read_csv`). Columns may be in any order
 * and in any of the known spellings; encoding (UTF-8, UTF-16, Windows-1252), separator (`,` `;` tab `|`), line
 * ends and decimal mark are found from the file. What cannot be read for certain is refused, never guessed.
 * @param source a path, or an address that starts with http:// or https://
 * @param options seconds to wait for an address (30), and the usual progress and signal
 * @returns the columns in the file's order, its SHA-256, and the line of each row
 * @throws InputError in one sentence: what is wrong, in which file, line and column, what would be right
 * @example (await readTracks('dataset/spotify_tracks.csv')).rowCount // 6000
 */
export async function readTracks(
  source: string,
  options: RunOptions & { timeout?: number } = {},
): Promise<Tracks> {
  const { timeout = 30, onProgress, signal } = options;
  const bytes = await readBytes(source, timeout, signal);
  const brokenLine = findBrokenUtf8(bytes);
  if (brokenLine) {
    throw new InputError(`${source}, line ${brokenLine} holds a broken character: save the file as UTF-8`);
  }
  const pieces = decode(bytes, PIECE);
  let rest: string = pieces.next().value ?? '';
  const layout = findLayout(rest, source);
  const { columns, delimiter, newline } = layout;
  rest = rest.slice(layout.skip);
  const parser = new Parser({ delimiter, newline }) as unknown as CsvParser;

  // The first wrong cell, and how many are wrong in the same way.
  let problem: { kind: string; where: string; more: number } | undefined;
  const refuse = (kind: string, line: number, header: string, cell: string) => {
    problem ??= { kind, where: `line ${line}, column "${shorten(header)}": "${shorten(cell)}"`, more: -1 };
    if (problem.kind === kind) problem.more++;
  };
  const builders = columns.map(({ known }) => builderFor(known, layout.decimalMark));
  let lines = new Int32Array(1024);
  let rowCount = 0;
  let line = layout.headerLine;

  const take = ({ data, errors, meta }: ParsedText) => {
    const text = rest.slice(0, meta.cursor);
    // Newlines within quotes make a row span lines; NUL is rare: look for them only where the piece has some.
    const newlines = countOf(newline, text);
    const spans = newlines !== data.length && newlines !== data.length - 1;
    const hasNul = text.includes('\0');
    const wrongQuotes = errors.find(({ row }) => row !== undefined && row < data.length)?.row;
    for (let r = 0; r < data.length; r++) {
      const row = data[r];
      const height = 1 + (spans ? row.reduce((sum, cell) => sum + countOf(newline, cell), 0) : 0);
      const last = row.length - 1;
      if (row[last].endsWith('\r')) row[last] = row[last].slice(0, -1);
      if (r === wrongQuotes) {
        refuseNow(`line ${line}: a quote (") is not closed or not followed by the separator`);
      }
      const isHeader = line === layout.headerLine && rowCount === 0;
      const isBlank = row.length === 1 && row[0].trim() === '';
      if (!isHeader && !isBlank) {
        if (row.length !== columns.length) {
          refuseNow(`line ${line} has ${row.length} fields, where the header has ${columns.length}`);
        }
        for (let j = 0; j < builders.length; j++) {
          const wrong = builders[j].add(row[j]) ?? (hasNul && row[j].includes('\0') ? NUL : undefined);
          if (wrong) refuse(wrong, line, columns[j].header, row[j]);
        }
        if (rowCount === lines.length) lines = grown(lines);
        lines[rowCount++] = line;
      }
      line += height;
    }
  };
  const refuseNow = (what: string) => {
    if (!problem) throw new InputError(`${source}, ${what}`);
    throw new InputError(sentence());
  };
  const sentence = () => {
    const { kind, where, more } = problem!;
    return `${source}, ${where} ${kind}${more > 0 ? ` (and ${more} more such ${more > 1 ? 'cells' : 'cell'})` : ''}`;
  };

  let done = 0;
  for (let piece: string | undefined = ''; piece !== undefined; piece = pieces.next().value) {
    rest += piece;
    const parsed = parser.parse(rest, 0, true);
    take(parsed);
    rest = rest.slice(parsed.meta.cursor);
    if (rest.length > LONGEST_ROW) {
      refuseNow(
        `line ${line}: the row has over ${LONGEST_ROW} characters, perhaps a quote (") is never closed`,
      );
    }
    done = Math.min(bytes.length, done + PIECE);
    onProgress?.({ done, total: bytes.length, label: 'Reading' });
    await setImmediate();
    signal?.throwIfAborted();
  }
  take(parser.parse(rest, 0, false));
  if (problem) throw new InputError(sentence());
  if (rowCount === 0) throw new InputError(`${source} has a header line but no rows of tracks below it`);

  return {
    source,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    rowCount,
    columns: Object.fromEntries(columns.map(({ name }, j) => [name, builders[j].finish()])),
    lines: lines.slice(0, rowCount),
  };
}

const NUL = 'holds a NUL character, which no text has';

const grown = (numbers: Int32Array) => {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
};

function countOf(sign: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
