/**
 * Introsort (Musser 1997) with a three-way partition around the median of three values, as scikit-learn sorts:
 * the order of equal values is the algorithm's own. The sorted list is known, so a range in which no value occurs
 * twice is copied from it instead.
 */
import { isOneValue, numberOf } from './lists';
import { fewAt, getI32, sideAt, tiesAt } from './memory';

/** So few rows are sorted by insertion, which keeps the order of equal values. */
export const FEW: i32 = 15;

/** Sorts entries by their high halves; `list` has them in order already, but for the order of equal values. */
export function introsort<Entry>(entries: usize, list: usize, rows: i32): void {
  sortRange<Entry>(entries, list, 0, rows, 2 * (31 - clz<i32>(rows)));
}

// @ts-ignore: decorator
@inline
function keyAt<Entry>(entries: usize, i: i32): u32 {
  return keyOf<Entry>(load<Entry>(entries + <usize>i * sizeof<Entry>()));
}

// @ts-ignore: decorator
@inline
function keyOf<Entry>(entry: Entry): u32 {
  return <u32>(<u64>entry >> (sizeof<Entry>() == 4 ? 16 : 32));
}

/** Sorts `rows` entries from `start` on; `depth` partitions are allowed. */
function sortRange<Entry>(entries: usize, list: usize, start: i32, rows: i32, depth: i32): void {
  const bytes = sizeof<Entry>();
  for (;;) {
    if (rows < 2) return;
    const range = entries + <usize>start * bytes;
    const sorted = list + <usize>start * bytes;
    if (getI32(tiesAt, start) >= start + rows - 1) {
      memory.copy(range, sorted, <usize>rows * bytes);
      return;
    }
    if (rows <= FEW) return sortFew<Entry>(range, range, sorted, rows);
    if (isOneValue<Entry>(load<Entry>(sorted), load<Entry>(sorted + <usize>(rows - 1) * bytes))) return;
    if (depth-- <= 0) return sortByHeap<Entry>(range, rows);
    const middle = partition<Entry>(range, rows);
    const smaller = <i32>middle;
    const larger = <i32>(middle >> 32);
    sortRange<Entry>(entries, list, start, smaller, depth);
    start += larger;
    rows -= larger;
  }
}

/**
 * Puts smaller entries before and larger ones behind those equal to the pivot, without a branch an entry: which
 * way it goes is as good as random.
 * @returns where the equal ones begin, and in the high half where they end
 */
function partition<Entry>(range: usize, rows: i32): u64 {
  const bytes = sizeof<Entry>();
  const pivot = median(keyAt<Entry>(range, 0), keyAt<Entry>(range, rows / 2), keyAt<Entry>(range, rows - 1));
  let equal = range;
  let at = range;
  let larger = range + <usize>rows * bytes;
  // The next entry is one of two that are read before it is known which.
  let entry = load<Entry>(at);
  let last = load<Entry>(larger - bytes);
  while (at < larger) {
    const next = load<Entry>(at + bytes);
    const lastButOne = load<Entry>(larger - 2 * bytes);
    const key = keyOf<Entry>(entry);
    const isSmaller = key < pivot;
    const isLarger = key > pivot;
    const other = select<usize>(equal, select<usize>(larger - bytes, at, isLarger), isSmaller);
    store<Entry>(at, load<Entry>(other));
    store<Entry>(other, entry);
    equal += select<usize>(bytes, 0, isSmaller);
    larger -= select<usize>(bytes, 0, isLarger);
    at += select<usize>(0, bytes, isLarger);
    entry = select<Entry>(last, next, isLarger);
    last = select<Entry>(lastButOne, last, isLarger);
  }
  return <u64>((equal - range) / bytes) | (<u64>((larger - range) / bytes) << 32);
}

function median(a: u32, b: u32, c: u32): u32 {
  return max(min(a, b), min(max(a, b), c));
}

/**
 * Sorts few rows by the places that the sorted list gives them, which no branch has to guess.
 * @param to where they are written, may be where they stand
 * @param list the same rows in order, but for the order of equal values
 */
export function sortFew<Entry>(from: usize, to: usize, list: usize, rows: i32): void {
  const bytes = sizeof<Entry>();
  const places = sideAt; // sides are marked later
  const sorted = fewAt + FEW + 1;
  let before = load<Entry>(list);
  let place = 0;
  for (let i = 0; i < rows; i++) {
    const entry = load<Entry>(list + <usize>i * bytes);
    place = select<i32>(place, i, isOneValue<Entry>(before, entry));
    store<u8>(places + numberOf<Entry>(entry), <u8>place);
    store<u8>(fewAt + i, <u8>i);
    before = entry;
  }
  for (let i = 0; i < rows; i++) {
    const entry = load<Entry>(from + <usize>i * bytes);
    const next = fewAt + <usize>load<u8>(places + numberOf<Entry>(entry));
    const at = <usize>load<u8>(next);
    store<u8>(next, <u8>(at + 1));
    store<Entry>(sorted + at * bytes, entry);
  }
  for (let i: usize = 0; i < <usize>rows * bytes; i += bytes) store<Entry>(to + i, load<Entry>(sorted + i));
}

function sortByHeap<Entry>(range: usize, rows: i32): void {
  for (let root = (rows - 2) / 2; root >= 0; root--) siftDown<Entry>(range, root, rows);
  for (let end = rows - 1; end > 0; end--) {
    swap<Entry>(range, 0, end);
    siftDown<Entry>(range, 0, end);
  }
}

function siftDown<Entry>(range: usize, root: i32, end: i32): void {
  for (;;) {
    const child = root * 2 + 1;
    let largest = root;
    if (child < end && keyAt<Entry>(range, largest) < keyAt<Entry>(range, child)) largest = child;
    if (child + 1 < end && keyAt<Entry>(range, largest) < keyAt<Entry>(range, child + 1)) largest = child + 1;
    if (largest == root) return;
    swap<Entry>(range, root, largest);
    root = largest;
  }
}

function swap<Entry>(range: usize, i: i32, j: i32): void {
  const at = range + <usize>i * sizeof<Entry>();
  const other = range + <usize>j * sizeof<Entry>();
  const entry = load<Entry>(at);
  store<Entry>(at, load<Entry>(other));
  store<Entry>(other, entry);
}
