/** The sign that separates the decimals; the other one may group thousands. */
export type DecimalMark = '.' | ',';

/** Words that stand for a missing value: those that pandas takes, dashes and question marks. In lower case. */
const MISSING = new Set([
  '',
  '?',
  '??',
  '\u2013',
  '\u2014',
  '-',
  '--',
  'na',
  'n/a',
  '#n/a',
  '#n/a n/a',
  '#na',
  '<na>',
  'nan',
  '-nan',
  'null',
  'none',
  '1.#ind',
  '-1.#ind',
  '1.#qnan',
  '-1.#qnan',
]);

export const isMissingWord = (text: string): boolean => MISSING.has(text.trim().toLowerCase());

// Each character can be taken in one way only: a cell of a million digits and a letter costs no more than a look.
const PLAIN = {
  '.': /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/,
  ',': /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?$/,
};
/** Groups of three apart by the other mark, by apostrophes (Switzerland) or by spaces (France, narrow ones too). */
const GROUPED = {
  '.': /^[+-]?[1-9]\d{0,2}([,'\u2019 \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:\.\d*)?$/,
  ',': /^[+-]?[1-9]\d{0,2}([.'\u2019 \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:,\d*)?$/,
};

/** Powers of ten that float64 holds exactly. */
const TENS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/**
 * The number that a cell holds: decimal notation with an optional exponent, or with thousands in groups of
 * three, as near as float64 comes. Hexadecimal, dates, percents, infinity and numbers too large are refused.
 * @param text the cell, or a longer text of which it is the characters `from` to `to`
 * @returns the number, NaN for a missing value, undefined for anything else
 */
export function parseNumber(text: string, mark: DecimalMark, from = 0, to = text.length): number | undefined {
  // Nearly every cell is a few digits around a mark: two exact integers, whose one division rounds as Number()
  // does, at a fraction of its time.
  const start = to > from && text.charCodeAt(from) === MINUS ? from + 1 : from;
  if (to > start && to <= start + 15) {
    const markCode = mark.charCodeAt(0);
    let digits = 0;
    let decimals = -1;
    let i = start;
    for (; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code >= ZERO && code <= ZERO + 9) {
        digits = digits * 10 + (code - ZERO);
        if (decimals >= 0) decimals++;
      } else if (code === markCode && decimals < 0) decimals = 0;
      else break;
    }
    if (i === to && to > start + (decimals < 0 ? 0 : 1)) {
      const value = decimals > 0 ? digits / TENS[decimals] : digits;
      return start > from ? -value : value;
    }
  }
  return parseAny(text.slice(from, to).trim(), mark);
}

const MINUS = 45;
const ZERO = 48;

/** Typographers' minus, which looks the same in a message. */
const withAsciiMinus = (text: string) => (text.startsWith('\u2212') ? `-${text.slice(1)}` : text);

/** The rarer forms: exponents, many digits, thousands, missing values. */
function parseAny(text: string, mark: DecimalMark): number | undefined {
  if (isMissingWord(text)) return Number.NaN;
  const signed = withAsciiMinus(text);
  const sign = GROUPED[mark].exec(signed)?.[1];
  if (!sign && !PLAIN[mark].test(signed)) return undefined;
  const plain = sign ? signed.replaceAll(sign, '') : signed;
  const value = Number(plain.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The decimal mark that a sample of number cells uses: what most of those say that can mean only one thing.
 * `0,654`, `1.234,5` and `1.234.567` say comma, `0.654` says point, `4,644` and `4.644` may be thousands and
 * say nothing.
 */
export function findDecimalMark(cells: Iterable<string>): DecimalMark {
  let commas = 0;
  let points = 0;
  for (const cell of cells) {
    const text = withAsciiMinus(cell.trim());
    const asPoint = PLAIN['.'].test(text) || GROUPED['.'].test(text);
    const asComma = PLAIN[','].test(text) || GROUPED[','].test(text);
    if (asComma && !asPoint) commas++;
    if (asPoint && !asComma) points++;
  }
  return commas > points ? ',' : '.';
}

/** Spreadsheets and exports write truth values in the language of their user. */
const TRUE_WORDS = [
  ...['true', 't', 'yes', 'y', '1', '1.0', 'wahr', 'ja', 'vrai', 'oui', 'verdadero', 'sí', 'si', 'vero'],
  ...['sì', 'verdadeiro', 'sim', 'waar', 'sant', 'sann', 'doğru', 'evet', 'αληθές', 'ναι', 'prawda', 'tak'],
  ...['истина', 'да', '是', '真', 'はい', 'نعم', 'explicit', 'e', '✓', '✔'],
];
const FALSE_WORDS = [
  ...['false', 'f', 'no', 'n', '0', '0.0', 'falsch', 'nein', 'faux', 'non', 'falso', 'não', 'nao', 'onwaar'],
  ...['nee', 'falskt', 'nej', 'yanlış', 'hayır', 'ψευδές', 'όχι', 'fałsz', 'nie', 'ложь', 'нет'],
  ...['否', '假', 'いいえ', 'لا', 'clean', 'not explicit'],
];
const TRUTH = new Map([
  ...TRUE_WORDS.map((word) => [word, 1] as const),
  ...FALSE_WORDS.map((word) => [word, 0] as const),
]);

/** 1 or 0 for a truth value in any usual spelling, NaN for a missing one, undefined for anything else. */
export function parseBoolean(cell: string): number | undefined {
  const word = cell.trim().toLowerCase();
  return TRUTH.get(word) ?? (MISSING.has(word) ? Number.NaN : undefined);
}
