import { InputError } from '../forest/src/index';
import { looksLike } from './cells';
import type { ColumnMap } from './columnMap';
import { type Form, headerPlace } from './form';
import { closestNames, matchName, plainName } from './names';
import { type DecimalMark, findDecimalMark } from './numbers';
import { type Column, FEWEST_AUDIO_FEATURES, SCHEMA } from './schema';

/** One column of a file: under which name it is kept, and what the schema knows of it. */
export interface FileColumn {
  /** As the file spells it. */
  header: string;
  /** Canonical name, or for an unknown column its own. */
  name: string;
  known: Column | undefined;
  /** Units that its name says, e.g. `ms`. */
  units: readonly string[];
  /** The note on the choice of this column; '' for none. */
  note: string;
}

/** The columns that the caller asks for. */
export interface ColumnOptions {
  /** Columns by hand, e.g. `{ tempo: 'beats' }` (see `ColumnMap`). */
  columns?: ColumnMap;
  /** Refuse a table without popularity (default); false for one that is to be forecast. */
  needsPopularity?: boolean;
}

/** The meaning of a file's columns. */
export interface Columns {
  columns: FileColumn[];
  decimalMark: DecimalMark;
}

/**
 * Understands the columns of a table from their names and first cells.
 * @param source the file's name in messages
 * @param options columns by hand, and whether popularity must be there
 * @throws InputError where the header is not that of a table of tracks
 */
export function understandColumns(form: Form, source: string, options: ColumnOptions = {}): Columns {
  const { header, sample } = form;
  const columns = nameColumns({ header, sample, source, place: headerPlace(form) }, options);
  const numeric = columns.flatMap(({ known }, j) => (known?.kind === 'number' ? [j] : []));
  const decimalMark = findDecimalMark(sample.flatMap((fields) => numeric.map((j) => fields[j] ?? '')));
  return { columns, decimalMark };
}

/** The beginning of a table: its header, some rows below it, and where it is. */
interface TableStart {
  header: readonly string[];
  sample: readonly (readonly string[])[];
  source: string;
  /** The header's place, e.g. `, line 3`; '' in a file that has no lines. */
  place: string;
}

/**
 * Gives every column its name: a known one the schema's, any other its own; unnamed and repeated unknown ones are
 * called as pandas calls them.
 * @throws InputError where two columns may be the same one, or needed ones are missing
 */
function nameColumns(start: TableStart, options: ColumnOptions = {}): FileColumn[] {
  const { header } = start;
  const chosen = chooseColumns(start, options.columns ?? {});
  const taken = new Set([...chosen.values()].map(({ column }) => column.name));
  const repeats = new Map<string, number>();
  const columns = header.map((spelling, j) => {
    const choice = chosen.get(j);
    if (choice) {
      const { column, units, note } = choice;
      return { header: spelling, name: column.name, known: column, units, note };
    }
    const own = spelling.trim() || `Unnamed: ${j}`;
    let name = own;
    for (let n = repeats.get(own) ?? 1; taken.has(name); n++) {
      name = `${own}.${n}`;
      repeats.set(own, n + 1);
    }
    taken.add(name);
    return { header: spelling, name, known: undefined, units: [], note: '' };
  });
  requireColumns(columns, start, options.needsPopularity ?? true);
  return columns;
}

/** A column of the file that is taken for one of the schema. */
interface Choice {
  column: Column;
  units: readonly string[];
  note: string;
}

/** The schema's column for each column of the file, by its place. */
function chooseColumns(start: TableStart, byHand: ColumnMap): Map<number, Choice> {
  const { header, sample } = start;
  const chosen = new Map<number, Choice>();
  const settled = new Set<string>();
  for (const [ours, theirs] of Object.entries(byHand)) {
    const { column, units } = ownColumn(ours);
    settled.add(column.name);
    if (theirs !== '') chosen.set(placeOf(theirs, start), { column, units, note: '' });
  }
  const candidates = new Map<string, Candidate[]>();
  header.forEach((spelling, place) => {
    const match = chosen.has(place) ? undefined : matchName(spelling);
    if (!match || settled.has(match.column.name)) return;
    const cells = () => sample.map((fields) => fields[place] ?? '');
    if (match.isWeak && !looksLike(match.column, cells())) return;
    candidates.set(match.column.name, [...(candidates.get(match.column.name) ?? []), { ...match, place }]);
  });
  for (const [name, list] of candidates) {
    const [best, second] = list.sort((a, b) => a.rank - b.rank || a.place - b.place);
    requireOneMeaning(best, second, start);
    const others = list.slice(1).map(({ place }) => `"${shorten(header[place].trim())}"`);
    const note =
      others.length > 0
        ? `"${shorten(header[best.place].trim())}" is taken for ${name}, and not ${others.join(' or ')}.`
        : '';
    chosen.set(best.place, { column: best.column, units: best.units, note });
  }
  return chosen;
}

type Candidate = NonNullable<ReturnType<typeof matchName>> & { place: number };

/** Our column of that name, with the unit that the name says. */
function ownColumn(ours: string) {
  const match = matchName(ours);
  if (match) return match;
  const names = SCHEMA.map(({ name }) => name).join(', ');
  throw new InputError(`columns requires names among ${names}, got ${JSON.stringify(ours)}`);
}

function placeOf(theirs: string, { header, source, place }: TableStart): number {
  const exact = header.findIndex((one) => one.trim() === theirs.trim());
  const column = exact >= 0 ? exact : header.findIndex((one) => plainName(one) === plainName(theirs));
  if (column >= 0) return column;
  throw new InputError(
    `${source}${place} has no column "${shorten(theirs)}", which the option columns names; it has ${listed(header)}`,
  );
}

/**
 * Refuses two columns of which either may be meant. Our own name goes before any other; among names, genres and
 * dates, of which tables have several kinds, the likelier one is taken and that is said.
 */
function requireOneMeaning(best: Candidate, second: Candidate | undefined, start: TableStart): void {
  if (!second || second.isWeak) return;
  const { name, kind } = best.column;
  const { header, source, place } = start;
  if (second.rank === 0) {
    const [a, b] = [best.place + 1, second.place + 1].sort((x, y) => x - y);
    throw new InputError(`${source}${place}: columns ${a} and ${b} are both ${name}, where one belongs`);
  }
  const mayGuess = kind === 'text' || kind === 'date' || name === 'track_genre';
  if (best.rank === 0 || mayGuess) return;
  const [a, b] = [best, second].map(({ place }) => shorten(header[place].trim()));
  throw new InputError(
    `${source}${place}: "${a}" and "${b}" may both be ${name}; say which with columns: { ${name}: '${a}' }, or --columns ${name}=${a}`,
  );
}

/** Refuses a table without popularity or with too few audio features, and says what may be meant by them. */
function requireColumns(
  columns: readonly FileColumn[],
  { source, place, header }: TableStart,
  needsPopularity: boolean,
): void {
  if (!needsPopularity) return;
  const have = new Set(columns.map(({ name }) => name));
  const audio = SCHEMA.filter(({ audio }) => audio).map(({ name }) => name);
  const present = audio.filter((name) => have.has(name));
  const missing = have.has('popularity') ? [] : ['popularity'];
  const hints = (names: readonly string[]) => {
    const found = hintsFor(names, columns).map(
      ({ name, close }) => `${close.map((one) => `"${one}"`).join(' or ')} may be meant by ${name}`,
    );
    return found.length > 0 ? `; ${found.join(', ')}` : '';
  };
  if (missing.length > 0) {
    throw new InputError(
      `${source}${place} lacks the column popularity; it has ${listed(header)}${hints(missing)}`,
    );
  }
  if (present.length < FEWEST_AUDIO_FEATURES) {
    const lacking = audio.filter((name) => !have.has(name));
    throw new InputError(
      `${source}${place} has ${present.join(' and ') || 'none'} of the audio features, where at least ${FEWEST_AUDIO_FEATURES} of ${audio.join(', ')} belong; it has ${listed(header)}${hints(lacking)}`,
    );
  }
}

/** The unknown columns that may be meant by missing ones. */
export function hintsFor(
  missing: readonly string[],
  columns: readonly FileColumn[],
): { name: string; close: string[] }[] {
  const unknown = columns.filter(({ known }) => !known).map(({ header }) => shorten(header.trim(), 40));
  return missing
    .map((name) => ({ name, close: closestNames(name, unknown) }))
    .filter(({ close }) => close.length > 0);
}

/** A header as a message lists it. */
function listed(header: readonly string[]): string {
  const names = header.map((one) => (one.trim() ? shorten(one, 40) : '(unnamed)'));
  return names.slice(0, 25).join(', ') + (names.length > 25 ? ` and ${names.length - 25} more` : '');
}

/** A text of the file as a message quotes it: one line, not too long, nothing that steers a terminal. */
export const shorten = (text: string, length = 30): string => {
  const clean = text.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return clean.length > length ? `${clean.slice(0, length - 3)}...` : clean;
};
