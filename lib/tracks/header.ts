import { InputError } from '../forest/src/index';
import type { Form } from './form';
import { type DecimalMark, findDecimalMark } from './numbers';
import { type Column, closestNames, findColumn, plainName, SCHEMA } from './schema';

/** One column of a file: under which name it is kept, and what the schema knows of it. */
export interface FileColumn {
  /** As the file spells it. */
  header: string;
  /** Canonical name, or for an unknown column its own. */
  name: string;
  known: Column | undefined;
}

/** What the columns of a file are. */
export interface Columns {
  columns: FileColumn[];
  decimalMark: DecimalMark;
}

/**
 * Understands the columns of a table from their names and first cells.
 * @param source the file's name in messages
 * @throws InputError where the header is not that of a table of tracks
 */
export function understandColumns(form: Form, source: string): Columns {
  const columns = nameColumns(form.header, source, form.headerLine);
  requireColumns(columns, source, form.headerLine);
  const numeric = columns.flatMap(({ known }, j) => (known?.kind === 'number' ? [j] : []));
  const decimalMark = findDecimalMark(form.sample.flatMap((fields) => numeric.map((j) => fields[j] ?? '')));
  return { columns, decimalMark };
}

/** Gives every column its name; unnamed and repeated unknown ones are called as pandas calls them. */
function nameColumns(header: readonly string[], source: string, line: number): FileColumn[] {
  const holder = new Map<string, number>();
  header.forEach((spelling, j) => {
    const known = findColumn(spelling);
    if (!known) return;
    const exact = (k: number) => plainName(header[k]) === plainName(known.name);
    const before = holder.get(known.name);
    if (before !== undefined && exact(before) && exact(j)) {
      throw new InputError(
        `${source}, line ${line}: columns ${before + 1} and ${j + 1} are both ${known.name}, where one belongs`,
      );
    }
    // The canonical name goes before an alias, a first alias before a second.
    if (before === undefined || (exact(j) && !exact(before))) holder.set(known.name, j);
  });
  const taken = new Set(holder.keys());
  const repeats = new Map<string, number>();
  return header.map((spelling, j) => {
    const known = findColumn(spelling);
    if (known && holder.get(known.name) === j) return { header: spelling, name: known.name, known };
    const own = spelling.trim() || `Unnamed: ${j}`;
    let name = own;
    for (let n = repeats.get(own) ?? 1; taken.has(name); n++) {
      name = `${own}.${n}`;
      repeats.set(own, n + 1);
    }
    taken.add(name);
    return { header: spelling, name, known: undefined };
  });
}

/** Refuses a table without the needed columns: which, what was found instead, what it may be meant by. */
function requireColumns(columns: readonly FileColumn[], source: string, line: number): void {
  const have = new Set(columns.map(({ name }) => name));
  const missing = SCHEMA.filter(({ name, needed }) => needed && !have.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  const unknown = columns.filter(({ known }) => !known).map(({ header }) => header);
  const hints = missing.flatMap((name) => {
    const close = closestNames(name, unknown).map((one) => `"${one}"`);
    return close.length > 0 ? [`${close.join(' or ')} may be meant by ${name}`] : [];
  });
  const found = columns.map(({ header }) => (header.trim() ? shorten(header, 40) : '(unnamed)'));
  throw new InputError(
    `${source}, line ${line} lacks the ${missing.length > 1 ? 'columns' : 'column'} ${missing.join(', ')}; it has ` +
      `${found.slice(0, 25).join(', ')}${found.length > 25 ? ` and ${found.length - 25} more` : ''}` +
      (hints.length > 0 ? `; ${hints.join(', ')}` : ''),
  );
}

/** A text of the file as a message quotes it: one line, not too long, nothing that steers a terminal. */
export const shorten = (text: string, length = 30): string => {
  const clean = text.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return clean.length > length ? `${clean.slice(0, length - 3)}...` : clean;
};
