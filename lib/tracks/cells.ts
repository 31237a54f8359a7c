import { type DecimalMark, isMissingWord, parseNumber } from './numbers';
import { type Column, KEYS, MODES } from './schema';

/** The notation of a cell's value: a plain number, or one of the forms that say their unit. */
export type Notation = 'plain' | 'percent' | 'm:ss' | 'h:mm:ss' | 's' | 'min';

/** The value of a cell, and the form in which it stands there; `mode` where a key's cell names it too. */
export interface CellValue {
  value: number;
  notation: Notation;
  mode?: number;
}

const plain = (value: number): CellValue => ({ value, notation: 'plain' });

/**
 * Reads a cell that is no plain number: `65%`, `-5.4 dB`, `120 BPM`, `3:45`, `0 days 00:03:45`, `4/4`, `4 beats`,
 * `C#/Db`, `F♯ minor`. Shares stay in percent, durations become milliseconds.
 * @returns undefined where the cell says nothing that the column can hold
 */
export function parseCell(column: Column, cell: string, mark: DecimalMark): CellValue | undefined {
  const text = cell.trim();
  if (text.length > 60) return undefined;
  if (column.name === 'duration_ms') return parseDuration(text, mark);
  if (column.name === 'time_signature') return parseBeats(text);
  if (column.name === 'key') return parseKey(text);
  if (column.name === 'mode') return parseMode(text);
  if (column.audio && column.unit === '') {
    const value = numberBefore(text, /\s*%$/, mark);
    return value === undefined ? undefined : { value, notation: 'percent' };
  }
  const ownUnit = { loudness: /\s*dB(?:FS)?$/i, tempo: /\s*BPM$/i }[column.name];
  const value = ownUnit && numberBefore(text, ownUnit, mark);
  return value === undefined ? undefined : plain(value);
}

/** The number before a unit; undefined where there is no such unit, or no number. */
function numberBefore(text: string, unit: RegExp, mark: DecimalMark): number | undefined {
  const match = unit.exec(text);
  const value = match ? parseNumber(text.slice(0, match.index), mark) : undefined;
  return Number.isNaN(value) ? undefined : value;
}

const TIME_UNITS: readonly (readonly [unit: RegExp, notation: Notation, milliseconds: number])[] = [
  [/\s*(?:ms|msecs?|milliseconds?)$/i, 'plain', 1],
  [/\s*(?:s|secs?|seconds?)$/i, 's', 1000],
  [/\s*(?:min|mins|minutes?)$/i, 'min', 60_000],
];

/** A length of time in milliseconds. */
function parseDuration(text: string, mark: DecimalMark): CellValue | undefined {
  const clock = /^(?:0 days? )?(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:[.,]\d{1,9})?)$/.exec(text);
  if (clock) {
    const [, hours, minutes, seconds] = clock;
    const rest = Number(seconds.replace(',', '.'));
    if (rest >= 60 || (hours !== undefined && Number(minutes) >= 60)) return undefined;
    const value = Math.round(1000 * (3600 * Number(hours ?? 0) + 60 * Number(minutes) + rest));
    return { value, notation: hours === undefined ? 'm:ss' : 'h:mm:ss' };
  }
  const words = /^(?:(\d+)\s*h\s*)?(\d+)\s*m(?:in)?\s*(\d+)\s*s(?:ec)?$/i.exec(text);
  if (words) {
    const [, hours, minutes, seconds] = words.map((part) => Number(part ?? 0));
    return { value: 1000 * (3600 * hours + 60 * minutes + seconds), notation: 'm:ss' };
  }
  for (const [unit, notation, milliseconds] of TIME_UNITS) {
    const value = numberBefore(text, unit, mark);
    if (value !== undefined) return { value: value * milliseconds, notation };
  }
  return undefined;
}

/** Beats per bar: `4/4`, `4 beats`. */
function parseBeats(text: string): CellValue | undefined {
  const match = /^(\d{1,2})\s*(?:\/\s*\d{1,2}|beats?(?: per bar)?)$/i.exec(text);
  return match ? plain(Number(match[1])) : undefined;
}

/** Words for the two modes in the languages that key names are written in. */
const MODE_WORDS: readonly (readonly string[])[] = [
  ['minor', 'min', 'm', 'mineur', 'mineure', 'moll', 'mol', 'minore', 'menor', '短調', '小调'],
  ['major', 'maj', 'majeur', 'majeure', 'dur', 'maggiore', 'mayor', 'maior', '長調', '大调'],
];

function parseMode(text: string): CellValue | undefined {
  const word = text.toLowerCase();
  const code = MODE_WORDS.findIndex((words) => words.includes(word));
  return code < 0 ? undefined : plain(code);
}

const NATURALS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** A key by its name: the pitch, both names of a black key, and perhaps the mode behind it. */
function parseKey(text: string): CellValue | undefined {
  const match =
    /^(\p{L})\s*([#\u266fb\u266d]|sharp|flat)?(?:\s*[/|]\s*(\p{L})\s*([#\u266fb\u266d]|sharp|flat)?)?\s*(\p{L}*)$/iu.exec(
      text,
    );
  if (!match) return undefined;
  const [, letter, sign, otherLetter, otherSign, word] = match;
  const key = pitchOf(letter, sign);
  const other = otherLetter === undefined ? key : pitchOf(otherLetter, otherSign);
  if (key === undefined || key !== other) return undefined;
  if (word === '') return plain(key);
  // `M` is major and `m` minor, the only words whose case counts.
  const mode = word === 'M' ? 1 : parseMode(word)?.value;
  return mode === undefined ? undefined : { ...plain(key), mode };
}

function pitchOf(letter: string, sign = ''): number | undefined {
  const natural = NATURALS[letter.toUpperCase()];
  if (natural === undefined) return undefined;
  const isSharp = /^(?:#|\u266f|sharp)$/i.test(sign);
  const shift = sign === '' ? 0 : isSharp ? 1 : -1;
  return (natural + shift + KEYS.length) % KEYS.length;
}

/** The code of a category's name (`C#` or `Db` is key 1, `Major` is mode 1), or undefined. */
export function categoryCode(name: string, categories: readonly string[]): number | undefined {
  const wanted = name.trim().toUpperCase();
  const code = categories.findIndex((one) => one.toUpperCase() === wanted);
  if (code >= 0) return code;
  if (categories === KEYS || same(categories, KEYS)) {
    const key = parseKey(name.trim());
    return key?.mode === undefined ? key?.value : undefined;
  }
  return categories === MODES || same(categories, MODES) ? parseMode(name.trim())?.value : undefined;
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one, i) => one === b[i]);

/** Spotify's identifier of a track, alone or in an address. */
const TRACK_ID =
  /^(?:spotify:track:|https?:\/\/open\.spotify\.com\/(?:[a-z-]+\/)?track\/)?[0-9A-Za-z]{22}(?:\?.*)?$/;

/** The number of a cell while the decimal mark of the file is not known; NaN for a missing one, undefined for a text. */
export const numberIn = (column: Column, cell: string): number | undefined =>
  parseNumber(cell, '.') ?? parseNumber(cell, ',') ?? parseCell(column, cell, '.')?.value;

/** Whether the cells of a column whose name says little look like those of a column of the schema. */
export function looksLike(column: Column, cells: readonly string[]): boolean {
  const present = cells.filter((cell) => !isMissingWord(cell)).map((cell) => cell.trim());
  if (present.length === 0) return false;
  if (column.kind === 'text') return present.every((cell) => TRACK_ID.test(cell));
  const values = present.map((cell) => numberIn(column, cell));
  if (values.some((value) => value === undefined)) return false;
  const numbers = values.map(Number);
  const largest = Math.max(...numbers);
  const { max = Number.POSITIVE_INFINITY, role } = column;
  // A 0/1 column called `pop` is a genre.
  if (role === 'target' && largest <= 1) return false;
  return Math.min(...numbers) >= 0 && largest <= (max === 1 ? 100 : max);
}
