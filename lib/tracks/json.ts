import { InputError } from '../forest/src/index';
import { type Form, formOfRows } from './form';
import { findColumn } from './names';
import { decode } from './text';

type Json = string | number | boolean | null | Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

/** More characters do not fit into one string. */
const LONGEST = 2 ** 29 - 25;
const PIECE = 1 << 20;
/** Objects that only hold a track's values: their names are no part of a column's name. */
const WRAPPERS = new Set(['track', 'audio_features', 'features']);
/** Levels of nesting in which the records are looked for. */
const DEEPEST = 5;
/** Known names among the keys of an object of columns. */
const COLUMN_NAMES = 4;

/**
 * A table in JSON: an array of records, a record per line, columns (each an array or an object of its cells), the
 * three spellings of pandas' `to_json`, or answers of Spotify's Web API, whose records stand deeper (`items[].track`
 * with `audio_features`).
 * @throws InputError where the text is no JSON or holds no records
 */
export function openJson(bytes: Buffer, source: string): Form {
  if (bytes.length > LONGEST) {
    throw new InputError(`${source} has ${bytes.length} bytes of JSON, at most ${LONGEST} can be read`);
  }
  const text = [...decode(bytes, PIECE)].join('').replace(/^\ufeff/, '');
  const whole = parse(text);
  if (whole === undefined) return openLines(text, source);
  const { records, path } = findRecords(whole, '', 0) ?? { records: [], path: '' };
  if (records.length === 0) {
    throw new InputError(
      `${source} is JSON without records: an array of objects belongs there, one for each track`,
    );
  }
  const joined = withAudioFeatures(records, whole);
  const notes = [`The file is JSON: ${path ? `the records stand in "${path}"` : 'each record is a row'}.`];
  return formOf(joined, undefined, notes);
}

/** The value of a text, with Python's NaN and Infinity as missing; undefined where it is no JSON. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    const strict = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
      part.startsWith('"') ? part : 'null',
    );
    try {
      return JSON.parse(strict);
    } catch {
      return undefined;
    }
  }
}

/** JSON lines: a record on each line that is not blank. */
function openLines(text: string, source: string): Form {
  const records: JsonObject[] = [];
  const lines: number[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parse(line);
    if (!isObject(value)) {
      const where = records.length > 0 ? `, line ${i + 1} is` : ' is';
      throw new InputError(`${source}${where} no whole JSON: perhaps it was cut short`);
    }
    records.push(value);
    lines.push(i + 1);
  }
  return formOf(records, lines, ['The file is JSON with a record on each line.']);
}

function formOf(records: readonly JsonObject[], lines: number[] | undefined, notes: string[]): Form {
  const flat = records.map((record) => flatten(record, '', new Map()));
  const header = [...new Set(flat.flatMap((cells) => [...cells.keys()]))];
  const rows = flat.map((cells) => header.map((name) => cells.get(name) ?? ''));
  return formOfRows({ header, rows, headerLine: 0, lines, unit: lines ? 'line' : 'record', notes });
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The cells of a record by column; what is nested bears the names above it, of two with one name the first stays. */
function flatten(record: JsonObject, above: string, cells: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(record)) {
    const name = above === '' ? key : `${above}_${key}`;
    if (isObject(value)) flatten(value, WRAPPERS.has(key) ? above : name, cells);
    // A track of the Web API has its album's date only.
    else if (name === 'album_release_date') cells.set('release_date', cellOf(value));
    else if (!cells.has(name)) cells.set(name, cellOf(value));
  }
  return cells;
}

/** A value as a cell's text: of objects in a list (artists) their names, of other lists JSON. */
function cellOf(value: Json): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) return JSON.stringify(value);
  const names = value.map((one) => (isObject(one) ? one.name : undefined));
  if (value.length > 0 && names.every((name) => typeof name === 'string')) return names.join(';');
  return value.length === 1 && typeof value[0] === 'string' ? value[0] : JSON.stringify(value);
}

type Found = { records: JsonObject[]; path: string };

/** The records in a value, the largest list of them where there are several. */
function findRecords(value: Json, path: string, depth: number): Found | undefined {
  if (Array.isArray(value)) {
    const records = value.filter(isObject);
    if (value.length > 0 && records.length === value.length) return { records, path };
    const [header, ...rows] = value;
    return isNames(header) && rows.every(Array.isArray)
      ? { records: recordsOf(header, rows as Json[][]), path }
      : undefined;
  }
  if (!isObject(value) || depth > DEEPEST) return undefined;
  // pandas: to_json(orient='split')
  const { columns, data } = value;
  if (isNames(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    return { records: recordsOf(columns, data as Json[][]), path };
  }
  const byColumn = fromColumns(value);
  if (byColumn) return { records: byColumn, path };
  // pandas: to_json(orient='index')
  const values = Object.values(value);
  const isIndexed =
    values.length > 1 && values.every((one) => isObject(one) && knownKeys(one) >= COLUMN_NAMES);
  if (isIndexed) return { records: values as JsonObject[], path };
  const found = Object.entries(value)
    .filter(([key]) => key !== 'audio_features')
    .flatMap(([key, one]) => findRecords(one, path ? `${path}.${key}` : key, depth + 1) ?? [])
    .sort((a, b) => b.records.length - a.records.length);
  return found[0] ?? (knownKeys(value) >= COLUMN_NAMES ? { records: [value], path } : undefined);
}

const knownKeys = (value: JsonObject) => Object.keys(value).filter(findColumn).length;

const isNames = (value: Json | undefined): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');

const recordsOf = (names: readonly string[], rows: readonly Json[][]): JsonObject[] =>
  rows.map((row) => Object.fromEntries(names.map((name, j) => [name, row[j] ?? null])));

/** Records from an object of columns: `{ tempo: [120, 97] }`, or pandas' `{ tempo: { 0: 120, 1: 97 } }`. */
function fromColumns(value: JsonObject): JsonObject[] | undefined {
  if (knownKeys(value) < COLUMN_NAMES) return undefined;
  const columns = Object.entries(value).filter(([, cells]) => typeof cells === 'object' && cells !== null);
  const keys = columns.map(([, cells]) => Object.keys(cells as object));
  const places = keys[0] ?? [];
  const fits = columns.length >= COLUMN_NAMES && keys.every((own) => own.length === places.length);
  if (!fits || places.length === 0) return undefined;
  return places.map((place) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, (cells as JsonObject)[place] ?? null])),
  );
}

/** The Web API answers with tracks and with their audio features apart: joined by the tracks' ids. */
function withAudioFeatures(records: JsonObject[], whole: Json): JsonObject[] {
  const list = isObject(whole) ? whole.audio_features : undefined;
  if (!Array.isArray(list)) return records;
  const features = new Map(list.filter(isObject).map((one) => [one.id, one]));
  return records.map((record) => {
    const id = isObject(record.track) ? record.track.id : record.id;
    return { ...record, audio_features: features.get(id) ?? null };
  });
}
