/**
 * Base64 (RFC 4648) without Node's Buffer, so that a browser reads a model file too. `atob` would make a text of
 * the bytes first and takes several times as long.
 */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const OTHER = 255;

/** The six bits that every character stands for. */
const VALUES = new Uint8Array(65_536).fill(OTHER);
for (let value = 0; value < LETTERS.length; value++) VALUES[LETTERS.charCodeAt(value)] = value;

/** Bytes as text. */
export function toBase64(bytes: Uint8Array): string {
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) letters[to++] = LETTERS.charCodeAt((bits >> shift) & 63);
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return new TextDecoder().decode(letters.subarray(0, letters.length - padding)) + '='.repeat(padding);
}

/** The bytes of a text, or undefined where it is not base64 in groups of four characters. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = padding > 0 ? text.slice(0, -padding) + 'A'.repeat(padding) : text;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < letters.length; at += 4) {
    const a = VALUES[letters.charCodeAt(at)];
    const b = VALUES[letters.charCodeAt(at + 1)];
    const c = VALUES[letters.charCodeAt(at + 2)];
    const d = VALUES[letters.charCodeAt(at + 3)];
    if ((a | b | c | d) > 63) return undefined;
    // An assignment beyond the array's end does nothing.
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = ((b & 15) << 4) | (c >> 2);
    bytes[to++] = ((c & 3) << 6) | d;
  }
  return bytes;
}
