import { distance } from 'fastest-levenshtein';
import { EXPORTIFY_NAMES } from './exportifyNames';
import { type Column, SCHEMA } from './schema';

/** The meaning of a file's header. */
export interface NameMatch {
  column: Column;
  /** The rank of the match: 0 for our own name, then the aliases in order, then names with something taken off. */
  rank: number;
  /** Units that the header names, e.g. `ms` or `percent`; two of them contradict each other. */
  units: readonly string[];
  /** The name says too little: only the cells can tell whether the column is meant. */
  isWeak: boolean;
}

/** The part of a column's name that is compared: letters and digits without accents in lower case. */
export const plainName = (name: string): string => unaccented(name).replace(/[^\p{L}\p{N}]/gu, '');

const unaccented = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');

/** Words before a name that say only whose the value is. */
const PREFIXES = new Set([
  'song',
  'songs',
  'track',
  'tracks',
  'audio',
  'feature',
  'features',
  'spotify',
  'music',
]);

/** Words behind a name that say its unit; '' for those that say none. */
const SUFFIXES = new Map([
  ...['ms', 'msec', 'millis', 'millisecond', 'milliseconds'].map((word) => [word, 'ms'] as const),
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((word) => [word, 's'] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((word) => [word, 'min'] as const),
  ...['percent', 'percentage', 'pct', 'perc'].map((word) => [word, 'percent'] as const),
  ...['in', 'db', 'decibel', 'decibels', 'bpm', 'value', 'score', 'level'].map((word) => [word, ''] as const),
]);

interface Spelling {
  column: Column;
  rank: number;
  isWeak: boolean;
}

/** Every known spelling; of two columns with one spelling the first counts. */
const bySpelling = new Map<string, Spelling>();
for (const column of SCHEMA) {
  const { name, aliases, weakAliases = [] } = column;
  const own = [name, ...aliases, ...(EXPORTIFY_NAMES[name] ?? [])];
  [...own, ...weakAliases].forEach((spelling, rank) => {
    const plain = plainName(spelling);
    if (!bySpelling.has(plain)) bySpelling.set(plain, { column, rank, isWeak: rank >= own.length });
  });
}

/** The rank of a name begins here where something had to be taken off. */
const TAKEN_OFF = 1000;

/**
 * Finds the meaning of a file's header: a name or alias of the schema, or one of Exportify's in another language.
 * If there is none, it looks again without `song_`, `track_`, `audio_` and the like before the name, and without
 * units behind it.
 * @returns undefined for an unknown name
 * @example matchName('song_duration_ms') // duration_ms, with the unit ms
 */
export function matchName(header: string): NameMatch | undefined {
  const words = wordsOf(header);
  const exact = bySpelling.get(plainName(header));
  if (exact) return { ...exact, units: unitsOf(words) };
  for (let taken = 0; taken < words.length; taken++) {
    // Units go first: `track_duration_ms` is nearer to `track_duration` than to `ms`.
    for (let before = 0; before <= taken; before++) {
      const end = words.length - (taken - before);
      const isTakenOff = words.every((word, i) =>
        i < before ? PREFIXES.has(word) : i < end || SUFFIXES.has(word),
      );
      const known = isTakenOff ? bySpelling.get(words.slice(before, end).join('')) : undefined;
      // Only numbers have a unit or a score: `track_score` is no name of a track.
      const isMeant = known && (end === words.length || known.column.kind === 'number');
      if (isMeant) return { ...known, rank: TAKEN_OFF * (taken + 1) + known.rank, units: unitsOf(words) };
    }
  }
  return undefined;
}

/** The column of the schema that a name means, undefined for an unknown or a doubtful one. */
export function findColumn(header: string): Column | undefined {
  const match = matchName(header);
  return match?.isWeak ? undefined : match?.column;
}

/** The words of a name: apart by signs, by spaces, and where a capital follows small letters (but not in `dB`). */
function wordsOf(header: string): string[] {
  const spaced = header
    .slice(0, 200)
    .replace(/%/g, ' percent ')
    // A range such as `(0-100)` says what the values may be, as the schema does.
    .replace(/\(?\b\d+\s*(?:-|\u2013|to)\s*\d+\b\)?/g, ' ')
    .replace(/(\p{Ll}{2})(\p{Lu})/gu, '$1 $2');
  return unaccented(spaced)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

const unitsOf = (words: readonly string[]) => [
  ...new Set(words.slice(1).flatMap((word) => SUFFIXES.get(word) || [])),
];

/**
 * The given names that may be meant by a missing one, nearest first: those that contain it or are contained in
 * it, and those at most a third of its letters away in edit distance.
 */
export function closestNames(missing: string, names: readonly string[]): string[] {
  const wanted = plainName(missing);
  const away = (name: string) => {
    const given = plainName(name);
    if (given.length < 3 || given.length > 60) return Number.POSITIVE_INFINITY;
    return given.includes(wanted) || wanted.includes(given) ? 1 : distance(wanted, given);
  };
  return names
    .map((name) => ({ name, steps: away(name) }))
    .filter(({ steps }) => steps <= wanted.length / 3)
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ name }) => name);
}
