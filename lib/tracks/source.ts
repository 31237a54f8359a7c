import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../forest/src/index';

/** More bytes than this do not fit into one buffer on every supported Node. */
const MAX_BYTES = 2 ** 31 - 1;
/** Of an address less, whose answer may have no end: a few million rows. */
const MAX_DOWNLOAD = 2 ** 29;

/** First bytes of files that people hand in instead of a CSV, and what to do with them. */
const LOOKALIKES: readonly (readonly [start: string, what: string])[] = [
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['PK\x03\x04', 'a ZIP archive or an Excel workbook (unpack it, or save the sheet as CSV)'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook (save the sheet as CSV)'],
  ['\x1f\x8b', 'gzip-compressed (unpack it first)'],
  ['PAR1', 'a Parquet file (save the table as CSV)'],
  ['SQLite format 3', 'an SQLite database'],
];

/**
 * The bytes of a file or of an http(s) address.
 * @param source a path, or an address that starts with http:// or https://
 * @param timeout seconds that an address may take for its whole answer
 * @param most bytes that are taken from an address
 * @throws InputError where there is no file, no answer, or what is there cannot be a CSV
 */
export async function readBytes(
  source: string,
  timeout: number,
  signal?: AbortSignal,
  most = MAX_DOWNLOAD,
): Promise<Buffer> {
  if (typeof source !== 'string' || source.trim() === '') {
    throw new InputError(
      `readTracks requires the path or the address of a CSV file, got ${JSON.stringify(source)}`,
    );
  }
  const bytes = /^https?:\/\//i.test(source)
    ? await download(source, timeout, signal, most)
    : readFile(source);
  const what = lookalike(bytes);
  if (what) throw new InputError(`${source} is ${what}, where a CSV file with a header line belongs`);
  return bytes;
}

function readFile(path: string): Buffer {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new InputError(`${path} is a folder, where a CSV file belongs`);
    // Of a pipe nobody may ever write the end.
    if (!stat.isFile()) throw new InputError(`${path} is a pipe or a device, where a CSV file belongs`);
    if (stat.size > MAX_BYTES)
      throw new InputError(`${path} has ${stat.size} bytes, at most ${MAX_BYTES} can be read`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new InputError(
        `There is no file ${path}: give the path or the http(s) address of a CSV file of tracks`,
      );
    }
    if (code === 'EACCES' || code === 'EPERM')
      throw new InputError(`${path} may not be read: its permissions forbid it`);
    throw new InputError(`${path} cannot be read: ${message}`);
  }
}

async function download(
  address: string,
  timeout: number,
  signal: AbortSignal | undefined,
  most: number,
): Promise<Buffer> {
  const late = AbortSignal.timeout(timeout * 1000);
  try {
    const response = await fetch(address, { signal: signal ? AbortSignal.any([late, signal]) : late });
    if (!response.ok) {
      await response.body?.cancel();
      throw new InputError(
        `${address} answers with status ${response.status}, where 200 and a CSV file belong`,
      );
    }
    const pieces: Uint8Array[] = [];
    let length = 0;
    // Leaving the loop ends the connection.
    for await (const piece of response.body ?? []) {
      length += piece.length;
      if (length > most) {
        throw new InputError(
          `${address} answers with over ${most} bytes: download the file and give its path`,
        );
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (error instanceof InputError) throw error;
    signal?.throwIfAborted();
    if (late.aborted) throw new InputError(`${address} does not answer within ${timeout} seconds`);
    const { message, cause } = error as Error & { cause?: Error & { code?: string } };
    throw new InputError(`${address} does not answer: ${cause?.code ?? cause?.message ?? message}`);
  }
}

/** What the bytes are instead of a CSV, or undefined. */
function lookalike(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 512);
  const known = LOOKALIKES.find(([first]) => start.startsWith(first));
  if (known) return known[1];
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(text)) {
    return 'a web page (perhaps a login or an error page)';
  }
  if (/^[{[]\s*["{[\]}]/.test(text)) return 'JSON';
  return undefined;
}
