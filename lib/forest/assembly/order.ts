/**
 * scikit-learn's order of rows, on which the last bits of all sums depend where they are not exact. A tree's rows
 * stand in one array, and a node is a stretch of it. Searching a feature sorts the stretch, splitting the node
 * parts it by swaps, and every step starts from the order that the last one has left. Each class of configurations
 * draws features of its own, and so has a stretch of its own.
 *
 * A feature is clean in a node when no two of its values count as the same. Then its order is that of the node's
 * list, whatever the order before was, and no row is moved: the class only notes the feature. Other features have
 * to be sorted by scikit-learn's algorithm, because the order of equal values is what the algorithm makes of the
 * order before.
 */
import { classOf } from './classes';
import { differ, haveWholeWeights, isOneValue, knownIn, MISSING_KEY, nextRanksOf, numberOf } from './lists';
import {
  cleanAt,
  entryBytes,
  featureCount,
  getI32,
  keysAt,
  largestBag,
  missingRankAt,
  neededAt,
  ordersAt,
  setI32,
  sideAt,
  stretchesAt,
  tiesAt,
} from './memory';
import { FEW, introsort, sortFew } from './introsort';
import { scanClean, scanMoved, serve, startSearch } from './scan';
import { Active, activeOf, listOf, node } from './tasks';

/** A class's rows from a node's first on: entries of which only the row's number counts. */
// @ts-ignore: decorator
@inline
export function stretchOf(leader: i32, start: i32): usize {
  return stretchesAt + (<usize>leader * <usize>largestBag + <usize>start) * entryBytes;
}

/** The rows of the root in ascending order, for the first class. */
export function startStretch(bag: i32): void {
  const stretch = stretchOf(0, 0);
  for (let i = 0; i < bag; i++) {
    if (entryBytes == 4) setI32(stretch, i, i);
    else store<u64>(stretch + ((<usize>i) << 3), <u64>i);
  }
}

/** A class that parts from another takes its rows along. */
export function copyStretch(from: i32, to: i32): void {
  memory.copy(stretchOf(to, 0), stretchOf(from, 0), <usize>largestBag * entryBytes);
}

/** The place of a class's rows of the node, in order: in its stretch, or in the list of a clean feature. */
// @ts-ignore: decorator
@inline
export function orderOf(leader: i32, sorted: i32): usize {
  return sorted < 0 ? stretchOf(leader, node.start) : listOf(sorted);
}

/** Searches the node for all classes, each in its own order. See `searchFeatures` for what is noted. */
export function searchInOrder(classes: i32, levels: u64, isShared: bool): void {
  startSearch(levels, classes, isShared);
  if (entryBytes == 4) searchOrdered<u32>(classes);
  else searchOrdered<u64>(classes);
}

function searchOrdered<Entry>(classes: i32): void {
  findClean<Entry>();
  // Target sums a little apart can share a scan, weights cannot.
  const together = haveWholeWeights ? classes : 1;
  for (let from = 0; from < classes; from += together) {
    serve(from, from + together);
    for (let feature = 0; feature < featureCount; feature++) {
      if (load<u8>(neededAt + feature) && load<u8>(cleanAt + feature)) scanClean<Entry>(feature, listOf(feature));
    }
  }
  for (let index = 0; index < classes; index++) {
    const active = activeOf(index);
    const drawn = ordersAt + ((<usize>index * <usize>featureCount) << 2);
    serve(index, index + 1);
    for (let i = 0; i < active.drawn; i++) {
      const feature = getI32(drawn, i);
      if (load<u8>(cleanAt + feature)) active.sorted = feature;
      else searchTied<Entry>(index, active, feature);
    }
  }
}

/** Sorts the class's rows by a feature that is not clean, and searches it. */
function searchTied<Entry>(index: i32, active: Active, feature: i32): void {
  const list = listOf(feature);
  const before = orderOf(active.leader, active.sorted);
  const stretch = stretchOf(active.leader, node.start);
  const known = knownIn<Entry>(list, node.rows, feature);
  if (known < node.rows) {
    writeKeys<Entry>(feature, before, stretch);
    active.sorted = -1;
    searchGappy<Entry>(index, active, feature, known);
    return;
  }
  if (node.rows <= FEW) {
    sortFew<Entry>(before, stretch, list, node.rows);
    active.sorted = -1;
  } else if (fillTies<Entry>(list, node.rows)) {
    writeKeys<Entry>(feature, before, stretch);
    introsort<Entry>(stretch, list, node.rows);
    active.sorted = -1;
  } else active.sorted = feature; // values so close that they count as the same still have one order
  const order = orderOf(active.leader, active.sorted);
  for (let rest = classOf(active.leader).levels; rest != 0; rest &= rest - 1) {
    scanMoved<Entry>(feature, list, order, known, 0, index, <i32>ctz<u64>(rest));
  }
}

/**
 * The same where rows miss the feature. scikit-learn moves them to the end, sorts the others, and after a first search
 * moves them to the start for a second one. The rows' keys of the feature are in the stretch.
 */
function searchGappy<Entry>(index: i32, active: Active, feature: i32, known: i32): void {
  const list = listOf(feature);
  const stretch = stretchOf(active.leader, node.start);
  const bytes = <usize>known * sizeof<Entry>();
  const gaps = node.rows - known;
  const gapBytes = <usize>gaps * sizeof<Entry>();
  moveGapsToEnd<Entry>(stretch, node.rows, missingKey<Entry>(feature));
  if (known <= FEW) sortFew<Entry>(stretch, stretch, list, known);
  else if (fillTies<Entry>(list, known)) introsort<Entry>(stretch, list, known);
  else memory.copy(stretch, list, bytes);
  const levels = classOf(active.leader).levels;
  for (let rest = levels; rest != 0; rest &= rest - 1) {
    scanMoved<Entry>(feature, list, stretch, known, 0, index, <i32>ctz<u64>(rest));
  }
  // The ties are no longer needed, so the rows that miss the feature can wait in their place.
  memory.copy(tiesAt, stretch + bytes, gapBytes);
  memory.copy(stretch + gapBytes, stretch, bytes);
  memory.copy(stretch, tiesAt, gapBytes);
  for (let rest = levels; rest != 0; rest &= rest - 1) {
    scanMoved<Entry>(feature, list, stretch, known, gaps, index, <i32>ctz<u64>(rest));
  }
}

/** An entry with the key of missing values. */
// @ts-ignore: decorator
@inline
function missingKey<Entry>(feature: i32): Entry {
  if (sizeof<Entry>() == 4) return <Entry>(getI32(missingRankAt, feature) << 16);
  return <Entry>(<u64>MISSING_KEY << 32);
}

/** From the left, each row that misses the feature changes places with the last one that does not. */
function moveGapsToEnd<Entry>(stretch: usize, rows: i32, gap: Entry): void {
  const bytes = sizeof<Entry>();
  let at = stretch;
  let last = stretch + <usize>(rows - 1) * bytes;
  while (at <= last) {
    if (isOneValue<Entry>(load<Entry>(last), gap)) {
      last -= bytes;
      continue;
    }
    const entry = load<Entry>(at);
    if (isOneValue<Entry>(entry, gap)) {
      store<Entry>(at, load<Entry>(last));
      store<Entry>(last, entry);
      last -= bytes;
    }
    at += bytes;
  }
}

/** Marks the needed features that are clean; one that was in an ancestor is. */
function findClean<Entry>(): void {
  for (let feature = 0; feature < featureCount; feature++) {
    let isClean = false;
    if (load<u8>(neededAt + feature)) {
      const isKnown = feature < 64 && ((node.clean >> feature) & 1) != 0;
      const list = listOf(feature);
      const hasGaps = knownIn<Entry>(list, node.rows, feature) < node.rows;
      isClean = isKnown || (!hasGaps && isCleanList<Entry>(list, nextRanksOf(feature)));
    }
    store<u8>(cleanAt + feature, u8(isClean));
    if (feature < 64) node.clean |= (<u64>isClean) << feature;
  }
}

function isCleanList<Entry>(list: usize, nextRanks: usize): bool {
  let below = load<Entry>(list);
  for (let i = 1; i < node.rows; i++) {
    const above = load<Entry>(list + <usize>i * sizeof<Entry>());
    if (!differ<Entry>(below, above, nextRanks)) return false;
    below = above;
  }
  return true;
}

/**
 * Notes for each position of a list's first rows the next one, from it on, whose value is that of the position after
 * it; the number of rows where there is none.
 * @returns whether there are equal values
 */
function fillTies<Entry>(list: usize, rows: i32): bool {
  let next = rows;
  let above = load<Entry>(list + <usize>(rows - 1) * sizeof<Entry>());
  setI32(tiesAt, rows - 1, rows);
  for (let i = rows - 2; i >= 0; i--) {
    const below = load<Entry>(list + <usize>i * sizeof<Entry>());
    next = isOneValue<Entry>(below, above) ? i : next;
    setI32(tiesAt, i, next);
    above = below;
  }
  return next < rows;
}

/** Writes rows with their keys of a feature, in the same order. */
function writeKeys<Entry>(feature: i32, from: usize, to: usize): void {
  const bytes = sizeof<Entry>();
  const keys = keysAt + <usize>feature * <usize>largestBag * (bytes / 2);
  for (let i: usize = 0, end = <usize>node.rows * bytes; i < end; i += bytes) {
    const number = numberOf<Entry>(load<Entry>(from + i));
    if (bytes == 4) store<u32>(to + i, (<u32>load<u16>(keys + (number << 1)) << 16) | <u32>number);
    else store<u64>(to + i, ((<u64>load<u32>(keys + (number << 2))) << 32) | <u64>number);
  }
}

/**
 * Parts rows by the side that is marked for each: scikit-learn walks from the left and swaps a row that goes right
 * with the last row not looked at yet. `to` may be the same place as `from`.
 */
export function partRows<Entry>(from: usize, to: usize, rows: i32): void {
  const bytes = sizeof<Entry>();
  const sides = sideAt;
  let left = 0 as usize;
  let right = <usize>rows * bytes;
  let row = load<Entry>(from);
  while (left < right) {
    const next = load<Entry>(from + left + bytes);
    const last = load<Entry>(from + right - bytes);
    const goesLeft = load<u8>(sides + numberOf<Entry>(row)) != 0;
    right -= select<usize>(0, bytes, goesLeft);
    store<Entry>(to + select<usize>(left, right, goesLeft), row);
    left += select<usize>(bytes, 0, goesLeft);
    row = select<Entry>(next, last, goesLeft);
  }
}
