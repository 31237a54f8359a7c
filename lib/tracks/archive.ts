import { gunzipSync } from 'node:zlib';
import { InputError } from '../forest/src/index';
import { type Candidate, chooseTable } from './choose';
import type { Form } from './form';

/** More unpacked bytes than this do not fit into one buffer on every supported Node. */
const MAX_BYTES = 2 ** 31 - 1;
/** Names of files that may be tables; others in an archive or a folder are not opened. */
const TABLE_NAME = /\.(csv|tsv|tab|txt|json|jsonl|ndjson|parquet|xlsx|xlsm|xls|ods|gz|zip)$/i;

type Open = (bytes: Buffer, source: string) => Promise<Form>;

/** Whether a file may be a table by its name; what systems and hidden folders leave behind is none. */
export const mayBeTable = (path: string): boolean =>
  TABLE_NAME.test(path) && !path.split(/[\\/]/).some((part) => part.startsWith('.') || part === '__MACOSX');

/**
 * The table in a gzip-compressed file.
 * @param open reads what is inside
 */
export async function openGzip(bytes: Buffer, source: string, open: Open): Promise<Form> {
  let inside: Buffer;
  try {
    inside = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `${source} unpacks to over ${MAX_BYTES} bytes`
        : `${source} is gzip-compressed and damaged: ${message}`,
    );
  }
  const form = await open(inside, source);
  form.notes.unshift('The file was gzip-compressed.');
  return form;
}

/**
 * The table in a ZIP archive; of several the one that holds tracks.
 * @param open reads what is inside
 * @throws InputError where the archive is damaged, locked or too large, or holds no table or several of tracks
 */
export async function openZip(bytes: Buffer, source: string, open: Open): Promise<Form> {
  const paths = pathsIn(bytes, source).filter(mayBeTable);
  if (paths.length === 0) {
    throw new InputError(`${source} is a ZIP archive without a table (CSV, JSON, Parquet or Excel)`);
  }
  const candidates: Candidate[] = paths.map((path) => ({
    name: path,
    open: () => open(unzip(bytes, path, source), `${source}, ${path}`),
  }));
  const form = await chooseTable(candidates, source);
  if (candidates.length === 1)
    form.notes.unshift(`The file is a ZIP archive, from which ${paths[0]} was read.`);
  return form;
}

/** Whether a ZIP archive is a workbook: these are archives too. */
export function isWorkbook(bytes: Buffer, source: string): boolean {
  return pathsIn(bytes, source).some((path) => /^(\[Content_Types\]\.xml|content\.xml)$/i.test(path));
}

function pathsIn(bytes: Buffer, source: string): string[] {
  const paths: string[] = [];
  filtered(bytes, source, ({ name }) => {
    paths.push(name);
    return false;
  });
  return paths;
}

function unzip(bytes: Buffer, path: string, source: string): Buffer {
  const files = filtered(bytes, source, ({ name, originalSize }) => {
    if (name === path && originalSize > MAX_BYTES) {
      throw new InputError(`${source}, ${path} unpacks to over ${MAX_BYTES} bytes`);
    }
    return name === path;
  });
  return Buffer.from(files[path]);
}

function filtered(
  bytes: Buffer,
  source: string,
  filter: (file: { name: string; originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  // Loaded only when needed.
  const { unzipSync } = require('fflate') as typeof import('fflate');
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${source} is a ZIP archive that cannot be unpacked: it is damaged, or a password locks it`,
    );
  }
}
