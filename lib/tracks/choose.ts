import { InputError } from '../forest/src/index';
import type { Form } from './form';
import { findColumn } from './names';

/** One of several tables: a sheet, a file of an archive or of a folder. */
export interface Candidate {
  name: string;
  open(): Promise<Form>;
}

/**
 * Of several tables the one that holds tracks: the one with most names that are known.
 * @param source what holds the tables, in messages
 * @throws InputError where none can be read, or where two are equal: choosing one would be a guess
 */
export async function chooseTable(candidates: readonly Candidate[], source: string): Promise<Form> {
  if (candidates.length === 1) return candidates[0].open();
  const opened: { name: string; form: Form; known: number }[] = [];
  for (const { name, open } of candidates) {
    const form = await open().catch((error) => {
      if (error instanceof InputError) return undefined;
      throw error;
    });
    if (form) opened.push({ name, form, known: form.header.filter(findColumn).length });
  }
  const most = Math.max(...opened.map(({ known }) => known));
  const best = opened.filter(({ known }) => known === most);
  if (opened.length === 0 || most === 0) {
    throw new InputError(`${source} holds ${listed(candidates)}, of which none is a table of tracks`);
  }
  if (best.length > 1) {
    throw new InputError(`${source} holds ${best.length} tables of tracks: give one of ${listed(best)}`);
  }
  const [{ name, form }] = best;
  const others = candidates.filter((one) => one.name !== name);
  // The form's notes go on growing while it is read.
  form.notes.unshift(
    `Of ${candidates.length} tables in ${source} ${name} holds the tracks; the others are left out: ${listed(others)}.`,
  );
  return form;
}

function listed(tables: readonly { name: string }[]): string {
  const names = tables.slice(0, 10).map(({ name }) => name);
  return names.join(', ') + (tables.length > 10 ? ` and ${tables.length - 10} more` : '');
}
