import { isUtf8 } from 'node:buffer';

/** Bytes beyond ASCII with their fields from which an encoding is told. */
const SAMPLE = 1 << 14;
/** Bytes that are searched for them at a time. */
const PIECE = 1 << 20;

/** Encodings whose characters are pairs of bytes. Names of jschardet, and of iconv-lite. */
const PAIRS: Record<string, string> = {
  GB18030: 'gb18030',
  Big5: 'big5',
  CP932: 'cp932',
  SHIFT_JIS: 'cp932',
  'EUC-JP': 'euc-jp',
  CP949: 'cp949',
  'EUC-KR': 'cp949',
};
/** Encodings of a script of its own: words hold no other letters. */
const OTHER_SCRIPTS: Record<string, string> = {
  ...PAIRS,
  'Windows-1251': 'windows-1251',
  'KOI8-R': 'koi8-r',
  'koi8-u': 'koi8-u',
  'Windows-1253': 'windows-1253',
  'ISO-8859-7': 'windows-1253',
  'Windows-1255': 'windows-1255',
  'ISO-8859-8': 'windows-1255',
  'Windows-1256': 'windows-1256',
  CP874: 'windows-874',
  'TIS-620': 'windows-874',
};
/** Encodings of accented Latin letters, which stand one by one among ASCII's. */
const LATIN: Record<string, string> = {
  'Windows-1252': 'windows-1252',
  'Windows-1250': 'windows-1250',
  'Windows-1254': 'windows-1254',
  'Windows-1257': 'windows-1257',
};
/** So few different letters are no statistics: `Ti\u00ebsto` alone looks Lithuanian to them. */
const FEW_LETTERS = 3;
/** Another Latin encoding than Windows-1252 must be this many times as probable. */
const SURER = 1.5;

/**
 * The encoding of a text that is neither Unicode nor ASCII, by jschardet's statistics of languages; where these
 * do not tell, Windows-1252, which Excel writes and which reads Latin-1 too. Only the bytes decide, never the
 * machine's locale.
 */
export function findOldEncoding(bytes: Buffer): string {
  const sample = fieldsBeyondAscii(bytes);
  if (hasPinyinLetters(sample)) return 'gb18030';
  const runs: string[] = sample.toString('latin1').match(/[\x80-\xff]+/g) ?? [];
  const length = runs.reduce((sum, run) => sum + run.length, 0);
  // Big5's characters end in ASCII half of the time, and then few bytes beyond ASCII stand side by side.
  const signs = runs.join('').match(/[\x80-\x84\x86-\x90\x98-\xbf]/g) ?? [];
  const isOtherScript = length > 2 * runs.length;
  const mayBePairs = signs.length > length / 4;
  // Loaded only when needed: most files are UTF-8.
  const { detectAll } = require('jschardet') as typeof import('jschardet');
  const iconv = require('iconv-lite') as typeof import('iconv-lite');
  const found = detectAll(sample);
  const likely = (names: Record<string, string>) =>
    found.flatMap(({ encoding, confidence }) =>
      encoding && names[encoding] ? [{ encoding: names[encoding], confidence }] : [],
    );
  if (isOtherScript || mayBePairs) {
    const best = likely(isOtherScript ? OTHER_SCRIPTS : PAIRS).find(({ encoding }) => {
      const text = iconv.decode(sample, encoding);
      return !/[\ufffd\ue000-\uf8ff]/.test(text) && hasWords(text);
    });
    if (best) return best.encoding;
  }
  if (isOtherScript || (new Set(runs.join('')).size < FEW_LETTERS && !hasSignsInWords(sample)))
    return 'windows-1252';
  const [latin] = likely(LATIN);
  const western = likely(LATIN).find(({ encoding }) => encoding === 'windows-1252')?.confidence ?? 0;
  return latin && latin.confidence >= SURER * western ? latin.encoding : 'windows-1252';
}

/** Whether a sign of Windows-1252 that is a Slavic letter elsewhere stands behind a letter, as in `Podsiad\u00b3o`. */
const hasSignsInWords = (sample: Buffer): boolean =>
  /[A-Za-z\xc0-\xff][\xa3\xa5\xaf\xb3\xb9\xbc\xbe\xbf]/.test(sample.toString('latin1'));

/** Whether most letters beyond ASCII stand beside others of their kind, as in words of another script. */
function hasWords(text: string): boolean {
  const letters = text.match(/[^\x00-\x7f\P{L}]/gu) ?? [];
  const inWords = text.match(/[^\x00-\x7f\P{L}]{2,}/gu) ?? [];
  return letters.length >= 2 && [...inWords.join('')].length >= letters.length / 2;
}

/** The fields that hold bytes beyond ASCII, one to a line, as the rest of a table tells nothing of its language. */
function fieldsBeyondAscii(bytes: Buffer): Buffer {
  let sample = '';
  for (let from = 0; from < bytes.length && sample.length < SAMPLE; from += PIECE) {
    const text = bytes.toString('latin1', from, from + PIECE);
    for (const [field] of text.matchAll(/[^",;\t\r\n]*[\x80-\xff][^",;\t\r\n]*/g)) {
      sample += `${field}\n`;
      if (sample.length >= SAMPLE) break;
    }
  }
  return Buffer.from(sample, 'latin1');
}

/**
 * R on a Chinese Windows writes the accented letters of pinyin as pairs of bytes, and a question mark for other
 * letters: a text with nothing else beyond ASCII, too short for statistics. As Windows-1252 it is all signs.
 */
function hasPinyinLetters(sample: Buffer): boolean {
  const runs = sample.toString('latin1').match(/[\x80-\xff]+/g) ?? [];
  return !isUtf8(sample) && runs.every((run) => /^(?:\xa8[\xa1-\xba])+$/.test(run));
}
