/** Which sign separates the decimals; the other one may group thousands. */
export type DecimalMark = '.' | ',';

/** Words that stand for a missing value: those that pandas takes, and dashes. Compared without case. */
const MISSING = new Set([
  '',
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
]);

export const isMissingWord = (text: string): boolean => MISSING.has(text.trim().toLowerCase());

const PLAIN = {
  '.': /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  ',': /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/,
};
const GROUPED = {
  '.': /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/,
  ',': /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$/,
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

/** The rarer forms: exponents, many digits, thousands, missing values. */
function parseAny(text: string, mark: DecimalMark): number | undefined {
  if (MISSING.has(text.toLowerCase())) return Number.NaN;
  const grouped = GROUPED[mark].test(text);
  if (!grouped && !PLAIN[mark].test(text)) return undefined;
  const plain = grouped ? text.replaceAll(mark === ',' ? '.' : ',', '') : text;
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
    const text = cell.trim();
    const asPoint = PLAIN['.'].test(text) || GROUPED['.'].test(text);
    const asComma = PLAIN[','].test(text) || GROUPED[','].test(text);
    if (asComma && !asPoint) commas++;
    if (asPoint && !asComma) points++;
  }
  return commas > points ? ',' : '.';
}

const TRUTH = new Map([
  ...['true', 't', 'yes', 'y', '1', '1.0'].map((word) => [word, 1] as const),
  ...['false', 'f', 'no', 'n', '0', '0.0'].map((word) => [word, 0] as const),
]);

/** 1 or 0 for a truth value in any usual spelling, NaN for a missing one, undefined for anything else. */
export function parseBoolean(cell: string): number | undefined {
  const word = cell.trim().toLowerCase();
  return TRUTH.get(word) ?? (MISSING.has(word) ? Number.NaN : undefined);
}

/** Other names of the black keys' pitch classes. */
const FLATS: Record<string, string> = {
  DB: 'C#',
  EB: 'D#',
  GB: 'F#',
  AB: 'G#',
  BB: 'A#',
  CB: 'B',
  FB: 'E',
  'E#': 'F',
  'B#': 'C',
};

/** The code of a category's name (`C#` or `Db` is key 1, `Major` is mode 1), or undefined. */
export function categoryCode(name: string, categories: readonly string[]): number | undefined {
  const wanted = name.trim().replace('\u266f', '#').replace('\u266d', 'b').toUpperCase();
  const code = categories.findIndex((one) => one.toUpperCase() === (FLATS[wanted] ?? wanted));
  return code < 0 ? undefined : code;
}
