/**
 * Genres of a track that stand as a list in one cell: `a,b`, `['a', 'b']`, `["a"]`, `a / b`, `a; b`, `a | b`.
 */

/** Marks between the genres of a cell. A comma within a genre's name does not occur at Spotify. */
const BETWEEN = /\s*[,;|]\s*|\s+\/\s+/;

/** The parts of a list in a cell; of a cell that is no list, itself. */
export function splitList(cell: string): string[] {
  const inner = /^\s*[[({](.*)[\])}]\s*$/s.exec(cell)?.[1] ?? cell;
  const isQuoted = inner !== cell;
  return inner
    .split(BETWEEN)
    .map((part) => (isQuoted ? part.trim().replace(/^u?(['"])(.*)\1$/s, '$2') : part.trim()))
    .filter(Boolean);
}

/**
 * The first genre of each cell, where a column holds lists. The first is the one that Spotify counts as the most
 * fitting; the others of a list would need a column each.
 * @returns the genres, '' where a list is empty, and how many cells were lists
 */
export function firstGenres(cells: readonly string[]): { genres: string[]; lists: number } {
  const firstOf = new Map<string, string>();
  let lists = 0;
  const genres = cells.map((cell) => {
    let first = firstOf.get(cell);
    if (first === undefined) {
      const parts = splitList(cell);
      const isList = parts.length > 1 || /^\s*\[.*\]\s*$/s.test(cell);
      first = isList ? (parts[0] ?? '') : cell;
      firstOf.set(cell, first);
    }
    if (first !== cell) lists++;
    return first;
  });
  return { genres: lists > 0 ? genres : (cells as string[]), lists };
}
