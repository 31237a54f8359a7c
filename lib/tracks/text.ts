import { isAscii, isUtf8 } from 'node:buffer';
import { findOldEncoding } from './encoding';

/** An encoding by iconv-lite's name, and where the text begins behind its byte order mark. */
export interface FoundEncoding {
  encoding: string;
  start: number;
}

/**
 * The encoding of a text file: by its byte order mark; without one UTF-16 where every other of the first bytes
 * is zero, as in any mostly Latin text; else UTF-8 where all bytes are valid; else an older one.
 */
export function findEncoding(bytes: Buffer): FoundEncoding {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', start: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', start: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', start: 2 };
  const sample = bytes.subarray(0, 64);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]++;
  });
  const most = sample.length * 0.4;
  if (zeros[1] > most && zeros[0] === 0) return { encoding: 'utf-16le', start: 0 };
  if (zeros[0] > most && zeros[1] === 0) return { encoding: 'utf-16be', start: 0 };
  return { encoding: isUtf8(bytes) ? 'utf-8' : findOldEncoding(bytes), start: 0 };
}

/** Characters of a line that are looked at; a longer one is no row. */
const LOOK = 1 << 20;

/** Bytes that together have the shape of a character beyond ASCII in UTF-8, or of a part of one. */
const BEYOND_ASCII =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|([\xc2-\xf4][\x80-\xbf]*|[\x80-\xff])/g;

/**
 * The line of the first broken character in a text that is UTF-8 for the most part (a download cut short, or
 * files of two encodings joined), which Windows-1252 would turn into nonsense; undefined for other texts.
 */
export function findBrokenUtf8(bytes: Buffer, { encoding } = findEncoding(bytes)): number | undefined {
  if (encoding.startsWith('utf-')) return undefined;
  const newline = bytes.includes(10) ? 10 : 13;
  let whole = 0;
  let broken = 0;
  let firstBroken: number | undefined;
  // Line by line: a newline is never a part of another character.
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const end = bytes.indexOf(newline, from);
    const to = end < 0 ? bytes.length : end;
    const piece = bytes.subarray(from, to);
    from = to + 1;
    if (isAscii(piece)) continue;
    if (!isUtf8(piece)) firstBroken ??= line;
    for (const [, part] of piece.toString('latin1', 0, LOOK).matchAll(BEYOND_ASCII)) {
      if (part === undefined) whole++;
      else broken++;
    }
  }
  return whole > broken ? firstBroken : undefined;
}

/**
 * Decodes the bytes piece by piece, so that a large file is never in memory as one string (which Node limits
 * to half a gigabyte). The decoders of older encodings differ between versions of Node, hence iconv-lite's.
 * @param size bytes per piece, even
 */
export function* decode(
  bytes: Buffer,
  size: number,
  { encoding, start }: FoundEncoding = findEncoding(bytes),
): Generator<string> {
  const old = encoding.startsWith('utf-')
    ? undefined
    : (require('iconv-lite') as typeof import('iconv-lite')).getDecoder(encoding);
  let from = start;
  while (from < bytes.length) {
    let to = Math.min(bytes.length, from + size);
    // A piece ends before a character, never within one; iconv-lite keeps the half of one for the next piece.
    if (encoding === 'utf-8') while (to < bytes.length && (bytes[to] & 0xc0) === 0x80) to--;
    const piece = bytes.subarray(from, to);
    if (old) yield old.write(piece) + (to === bytes.length ? (old.end() ?? '') : '');
    else if (encoding === 'utf-8') yield piece.toString('utf8');
    else if (encoding === 'utf-16le') yield piece.toString('utf16le');
    else yield swapped(piece).toString('utf16le');
    from = to;
  }
}

/** The pairs of bytes the other way round; a last odd byte is no character. */
const swapped = (piece: Buffer) => Buffer.from(piece.subarray(0, piece.length & ~1)).swap16();
