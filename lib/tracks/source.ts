import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../forest/src/index';
import { mayBeTable } from './archive';

/** More bytes than this do not fit into one buffer on every supported Node. */
const MAX_BYTES = 2 ** 31 - 1;
/** Of an address less, whose answer may have no end: a few million rows. */
const MAX_DOWNLOAD = 2 ** 29;

/**
 * The bytes of a file or of an http(s) address.
 * @param source a path, or an address that starts with http:// or https://
 * @param timeout seconds that an address may take for its whole answer
 * @param most bytes that are taken from an address
 * @throws InputError where there is no file, no answer, or what is there is no file
 */
export async function readBytes(
  source: string,
  timeout: number,
  signal?: AbortSignal,
  most = MAX_DOWNLOAD,
): Promise<Buffer> {
  if (typeof source !== 'string' || source.trim() === '') {
    throw new InputError(
      `readTracks requires the path or the address of a table of tracks, got ${JSON.stringify(source)}`,
    );
  }
  return isAddress(source) ? download(source, timeout, signal, most) : readFile(source);
}

/** Whether a source is an address and not a path. */
const isAddress = (source: string): boolean => /^https?:\/\//i.test(source);

/** Parts of an address's query whose values are secrets. */
const SECRETS =
  /([?&;](?:[^=&;]*(?:token|key|secret|signature|password|credential|auth)[^=&;]*|sig)=)[^&;#]*/gi;

/** A source as messages, notes and results name it: an address without its password, name of user and keys. */
export const publicName = (source: string): string =>
  isAddress(source) ? source.replace(/^(https?:\/\/)[^/?#]*@/i, '$1').replace(SECRETS, '$1...') : source;

/**
 * The files of a folder that may be tables, as Kaggle's archives unpack; undefined where the source is no folder.
 * @throws InputError where there is none
 */
export function tablesInFolder(source: string): string[] | undefined {
  if (typeof source !== 'string' || isAddress(source)) return undefined;
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const files = readdirSync(source, { withFileTypes: true });
  const names = files.flatMap((file) => (file.isFile() && mayBeTable(file.name) ? [file.name] : []));
  if (names.length === 0) {
    throw new InputError(`${source} is a folder without a table (CSV, JSON, Parquet or Excel)`);
  }
  return names.sort().map((name) => join(source, name));
}

function readFile(path: string): Buffer {
  try {
    const stat = statSync(path);
    // A pipe may never end, so it is not read.
    if (!stat.isFile()) throw new InputError(`${path} is a pipe or a device, where a file of tracks belongs`);
    if (stat.size > MAX_BYTES)
      throw new InputError(`${path} has ${stat.size} bytes, at most ${MAX_BYTES} can be read`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new InputError(
        `There is no file ${path}: give the path or the http(s) address of a table of tracks`,
      );
    }
    if (code === 'EACCES' || code === 'EPERM')
      throw new InputError(`${path} may not be read: its permissions forbid it`);
    throw new InputError(`${path} cannot be read: ${message}`);
  }
}

/** Fetches an address; its user and password go into a header, since fetch refuses them in an address. */
async function request(address: string, signal: AbortSignal): Promise<Response> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new InputError(`${publicName(address)} is no address: http://host/path belongs there`);
  }
  const headers: Record<string, string> = {};
  if (url.username || url.password) {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  const hasProxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some(
    (name) => process.env[name],
  );
  if (!hasProxy) return fetch(url, { headers, signal });
  // Loaded only when needed: Node's own fetch knows no proxy before Node 24. NO_PROXY is heeded too.
  const undici = require('undici') as typeof import('undici');
  const dispatcher = new undici.EnvHttpProxyAgent();
  return undici.fetch(url, { headers, signal, dispatcher }) as unknown as Promise<Response>;
}

async function download(
  source: string,
  timeout: number,
  signal: AbortSignal | undefined,
  most: number,
): Promise<Buffer> {
  const late = AbortSignal.timeout(timeout * 1000);
  const address = publicName(source);
  try {
    const response = await request(source, signal ? AbortSignal.any([late, signal]) : late);
    if (!response.ok) {
      await response.body?.cancel();
      throw new InputError(
        `${address} answers with status ${response.status}, where 200 and a table of tracks belong`,
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
