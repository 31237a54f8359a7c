/**
 * Introsort (Musser 1997) with a three-way partition around the median of three values, as scikit-learn sorts:
 * the order of equal values is the algorithm's own. The sorted list is known, so a range in which no value occurs
 * twice is copied from it instead.
 */
import { getI32, tiesAt } from './memory';

/** Ranges of at most this many rows are sorted by insertion. */
const FEW: i32 = 15;

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
    const range = entries + <usize>start * bytes;
    if (rows < 2 || getI32(tiesAt, start) >= start + rows - 1) {
      memory.copy(range, list + <usize>start * bytes, <usize>rows * bytes);
      return;
    }
    if (rows <= FEW) return sortByInsertion<Entry>(range, rows);
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
  let equal: usize = range;
  let at: usize = range;
  let larger = range + <usize>rows * bytes;
  let entry = load<Entry>(at);
  while (at < larger) {
    const key = keyOf<Entry>(entry);
    const isSmaller = key < pivot;
    const isLarger = key > pivot;
    larger -= isLarger ? bytes : 0;
    const other = isSmaller ? equal : isLarger ? larger : at;
    const swapped = load<Entry>(other);
    store<Entry>(other, entry);
    store<Entry>(at, swapped);
    equal += isSmaller ? bytes : 0;
    at += isLarger ? 0 : bytes;
    const next = load<Entry>(at);
    entry = isLarger ? swapped : next;
  }
  return <u64>((equal - range) / bytes) | (<u64>((larger - range) / bytes) << 32);
}

function median(a: u32, b: u32, c: u32): u32 {
  return max(min(a, b), min(max(a, b), c));
}

/** Keeps the order of equal values. */
function sortByInsertion<Entry>(range: usize, rows: i32): void {
  const bytes = sizeof<Entry>();
  const end = range + <usize>rows * bytes;
  for (let at = range + bytes; at < end; at += bytes) {
    const entry = load<Entry>(at);
    const key = keyOf<Entry>(entry);
    let to = at;
    while (to > range && keyOf<Entry>(load<Entry>(to - bytes)) > key) {
      store<Entry>(to, load<Entry>(to - bytes));
      to -= bytes;
    }
    store<Entry>(to, entry);
  }
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
