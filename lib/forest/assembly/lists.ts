/**
 * The lists that growth works on: per feature the rows of a node in order of value, as one entry a row. An
 * entry has what is compared in its high half and the number of the row among those in the bag in its low
 * half, so that a scan reads memory in order. Narrow entries (u32) compare ranks of values, wide ones (u64)
 * the float32 values themselves.
 */
import {
  bagNumberAt,
  bagSumsAt,
  bootstrap,
  classCount,
  closeAt,
  columnsAt,
  countsAt,
  digitsAt,
  entriesAt,
  entryBytes,
  draws,
  featureCount,
  getF64,
  getI32,
  keysAt,
  largestBag,
  missing,
  missingRankAt,
  nextRankAt,
  ordered,
  rankValuesAt,
  rowCount,
  rowSumsAt,
  setF64,
  setI32,
  sortedAt,
  squaresAt,
  targetAt,
  weightAt,
  weighted,
} from './memory';
import { randint, share } from './random';

/** f32 holds all whole numbers below this. */
const WHOLE_LIMIT: f64 = 16777216;
/** Values closer than this are one value. */
const FEATURE_THRESHOLD: f32 = 1e-7;

/** The sort key of a missing value: the largest. */
export const MISSING_KEY: u32 = 0xffffffff;

/** A float32's bits, changed so that they sort as whole numbers. */
// @ts-ignore: decorator
@inline
function sortKey(value: f32): u32 {
  if (value != value) return MISSING_KEY;
  const bits = reinterpret<u32>(value);
  return bits ^ (<u32>((<i32>bits) >> 31) | 0x80000000);
}

/** Sorts a column's rows by value, equal values by row number: a radix sort, 11 bits at a time. */
export function sortColumn(feature: i32): void {
  const column = columnOf(feature);
  const bytes = (<usize>rowCount) << 3;
  let from = entriesAt;
  let to = entriesAt + bytes;
  for (let row = 0; row < rowCount; row++) {
    store<u64>(from + ((<usize>row) << 3), ((<u64>sortKey(valueAt(column, row))) << 32) | row);
  }
  for (let shift: u64 = 32; shift < 64; shift += 11) {
    sortByDigit(from, to, shift);
    const other = from;
    from = to;
    to = other;
  }
  if (entryBytes == 4) writeRanked(feature, column, from);
  else writeValued(feature, column, from);
}

// @ts-ignore: decorator
@inline
export function columnOf(feature: i32): usize {
  return columnsAt + ((<usize>feature * <usize>rowCount) << 2);
}

/** Adding 0 turns -0 into 0, which is the same value. All missing values have the same bits. */
// @ts-ignore: decorator
@inline
function valueAt(column: usize, row: u32): f32 {
  const value = load<f32>(column + ((<usize>row) << 2));
  return value == value ? value + <f32>0 : f32.NaN;
}

function writeValued(feature: i32, column: usize, pairs: usize): void {
  const to = sortedAt + ((<usize>feature * <usize>rowCount) << 3);
  for (let i = 0; i < rowCount; i++) {
    const row = load<u32>(pairs + ((<usize>i) << 3));
    store<u64>(to + ((<usize>i) << 3), ((<u64>reinterpret<u32>(valueAt(column, row))) << 32) | row);
  }
}

/** A rank counts the different values up to it; two that are close are one value all the same. */
function writeRanked(feature: i32, column: usize, pairs: usize): void {
  const to = sortedAt + ((<usize>feature * <usize>rowCount) << 2);
  const values = rankValuesOf(feature);
  let rank = -1;
  let last: f32 = -Infinity;
  let close = false;
  let missingRank = -1;
  for (let i = 0; i < rowCount; i++) {
    const row = load<u32>(pairs + ((<usize>i) << 3));
    const value = valueAt(column, row);
    if (value != last && missingRank < 0) {
      close = close || value <= last + FEATURE_THRESHOLD;
      last = value;
      store<f32>(values + ((<usize>++rank) << 2), value);
      if (value != value) missingRank = rank;
    }
    setI32(to, i, (rank << 16) | row);
  }
  setI32(missingRankAt, feature, missingRank);
  setI32(closeAt, feature, i32(close));
  if (close) fillNextRanks(values, rank + 1, nextRankAt + ((<usize>feature * <usize>rowCount) << 2));
}

/** Moves the pairs to `to` in order of 11 bits of their keys, keeping the order of equals. */
function sortByDigit(from: usize, to: usize, shift: u64): void {
  memory.fill(digitsAt, 0, 2048 * 4);
  const end = from + ((<usize>rowCount) << 3);
  for (let at = from; at < end; at += 8) {
    const digit = <i32>((load<u64>(at) >> shift) & 2047);
    setI32(digitsAt, digit, getI32(digitsAt, digit) + 1);
  }
  let start = 0;
  for (let digit = 0; digit < 2048; digit++) {
    const count = getI32(digitsAt, digit);
    setI32(digitsAt, digit, start);
    start += count;
  }
  for (let at = from; at < end; at += 8) {
    const pair = load<u64>(at);
    const digit = <i32>((pair >> shift) & 2047);
    const place = getI32(digitsAt, digit);
    setI32(digitsAt, digit, place + 1);
    store<u64>(to + ((<usize>place) << 3), pair);
  }
}

/** Sums over rows, each by its weight: how often the bootstrap drew it, times a weight of its own. */
@unmanaged
export class Sums {
  weight: f64;
  target: f64;
  squares: f64;
}

/** The sums of all rows in the bag. */
// @ts-ignore: decorator
@inline
export function bagSums(): Sums {
  return changetype<Sums>(bagSumsAt);
}

/**
 * Whether all weighted targets are whole numbers that f32 holds, and the order of sums is free: then rows have
 * pairs of f32, else of f64.
 */
export let areWhole: bool = false;
/** Whether weights are whole numbers, so that at least they have the same sum in any order. */
export let haveWholeWeights: bool = false;

/**
 * Draws a tree's bag from a fold's training rows, numbers its rows and prepares their sums. A row without weight
 * takes no part.
 * @returns the rows in the bag
 */
export function fillBag(trainRows: usize, trainCount: i32): i32 {
  memory.fill(bagNumberAt, 0xff, (<usize>rowCount) << 2);
  for (let i = 0; i < trainCount; i++) setI32(countsAt, i, bootstrap ? 0 : 1);
  if (bootstrap) {
    for (let left = draws == 0 ? trainCount : draws; left > 0; left--) {
      const drawn = weighted ? drawByWeight(trainCount) : randint(trainCount);
      setI32(countsAt, drawn, getI32(countsAt, drawn) + 1);
    }
  }
  let bag = 0;
  const sums = bagSums();
  sums.weight = 0;
  sums.target = 0;
  sums.squares = 0;
  memory.fill(bagClassesAt(), 0, (<usize>classCount) << 3);
  areWhole = !ordered;
  haveWholeWeights = true;
  for (let i = 0; i < trainCount; i++) {
    const count = getI32(countsAt, i);
    if (count == 0) continue;
    const row = getI32(trainRows, i);
    const weight = weighted && !bootstrap ? <f64>count * getF64(weightAt, row) : <f64>count;
    if (weight == 0) continue;
    setI32(bagNumberAt, row, bag);
    const target = getF64(targetAt, row);
    if (classCount > 0) {
      const place = bagClassesAt() + ((<usize>target) << 3);
      store<f64>(place, load<f64>(place) + weight);
      setF64(rowSumsAt, 2 * bag, weight);
      setF64(rowSumsAt, 2 * bag + 1, target);
      sums.weight += weight;
      bag++;
      continue;
    }
    haveWholeWeights = haveWholeWeights && weight == Math.floor(weight);
    const weightedTarget = weight * target;
    const isWhole = haveWholeWeights && target == Math.floor(target);
    areWhole = areWhole && isWhole && max(weight, Math.abs(weightedTarget)) < WHOLE_LIMIT;
    setF64(rowSumsAt, 2 * bag, weight);
    setF64(rowSumsAt, 2 * bag + 1, weightedTarget);
    setF64(squaresAt, bag, weightedTarget * target);
    sums.weight += weight;
    sums.target += weightedTarget;
    sums.squares += weightedTarget * target;
    bag++;
  }
  // Half the memory is twice as many rows in the processor's cache.
  if (areWhole) {
    for (let i = 0; i < bag; i++) {
      const at = rowSumsAt + ((<usize>i) << 3);
      const weight = <f32>getF64(rowSumsAt, 2 * i);
      const second = getF64(rowSumsAt, 2 * i + 1);
      if (classCount > 0) store<i32>(at + 4, <i32>second);
      else store<f32>(at + 4, <f32>second);
      store<f32>(at, weight);
    }
  }
  return bag;
}

/** Draws a row by its weight, numpy's way: by bisection of the weights' running share. */
function drawByWeight(trainCount: i32): i32 {
  const value = share();
  let low = 0;
  let high = trainCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (getF64(weightAt, middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** f64[class]: the weights of the classes in the bag. */
// @ts-ignore: decorator
@inline
export function bagClassesAt(): usize {
  return bagSumsAt + 24;
}

/** Count and weighted target of the row of an entry of a list; `rowSums` is `rowSumsAt`, in a register. */
// @ts-ignore: decorator
@inline
export function sumsOf<Entry, Sums>(rowSums: usize, list: usize, i: i32): v128 {
  const number = numberOf<Entry>(load<Entry>(list + <usize>i * sizeof<Entry>()));
  if (sizeof<Sums>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(rowSums + (number << 3)));
  return v128.load(rowSums + (number << 4));
}

/** Writes the root's lists, one after the other, of the rows in the bag. */
export function fillLists(bag: i32): void {
  for (let feature = 0; feature < featureCount; feature++) {
    if (entryBytes == 4) fillList<u32>(feature, bag);
    else fillList<u64>(feature, bag);
    if (!ordered) continue;
    if (entryBytes == 4) fillKeys<u32>(feature, bag);
    else fillKeys<u64>(feature, bag);
  }
}

/** Notes what each row in the bag is compared by where rows are not in order of the feature. */
function fillKeys<Entry>(feature: i32, bag: i32): void {
  const list = entriesAt + <usize>feature * <usize>bag * sizeof<Entry>();
  const keys = keysAt + <usize>feature * <usize>largestBag * (sizeof<Entry>() / 2);
  for (let i = 0; i < bag; i++) {
    const entry = load<Entry>(list + <usize>i * sizeof<Entry>());
    const number = numberOf<Entry>(entry);
    if (sizeof<Entry>() == 4) store<u16>(keys + (number << 1), <u16>(<u32>entry >> 16));
    else setI32(keys, <i32>number, sortKey(valueOf<Entry>(entry, feature)));
  }
}

/** There is no branch per row: what is written for a row outside the bag is overwritten. */
function fillList<Entry>(feature: i32, bag: i32): void {
  const bytes = sizeof<Entry>();
  let from = sortedAt + <usize>feature * <usize>rowCount * bytes;
  let to = entriesAt + <usize>feature * <usize>bag * bytes;
  for (const end = from + <usize>rowCount * bytes; from < end; from += bytes) {
    const entry = load<Entry>(from);
    const row = numberOf<Entry>(entry);
    const number = load<i32>(bagNumberAt + (row << 2));
    store<Entry>(to, entry ^ <Entry>row | <Entry>(<u32>number & numberMask<Entry>()));
    to += bytes & ~(<usize>(number >> 31));
  }
}

/** For each rank the next one that counts as a different value. */
function fillNextRanks(values: usize, ranks: i32, to: usize): void {
  let next = 0;
  for (let rank = 0; rank < ranks; rank++) {
    const limit = load<f32>(values + ((<usize>rank) << 2)) + FEATURE_THRESHOLD;
    while (next < ranks && load<f32>(values + ((<usize>next) << 2)) <= limit) next++;
    next = max(next, rank + 1); // missing values are larger than none
    setI32(to, rank, next);
  }
}

/** Values by rank. */
function rankValuesOf(feature: i32): usize {
  return rankValuesAt + ((<usize>feature * <usize>rowCount) << 2);
}

/** The table of next ranks that `differ` needs, 0 where all ranks differ or entries are wide. */
export function nextRanksOf(feature: i32): usize {
  return entryBytes == 4 && getI32(closeAt, feature) ? nextRankAt + ((<usize>feature * <usize>rowCount) << 2) : 0;
}

/** Whether two neighbours of a list, the smaller first, have values that count as different. */
// @ts-ignore: decorator
@inline
export function differ<Entry>(below: Entry, above: Entry, nextRanks: usize): bool {
  if (sizeof<Entry>() == 8) {
    const small = reinterpret<f32>(<u32>(<u64>below >> 32));
    const isNear = reinterpret<f32>(<u32>(<u64>above >> 32)) <= small + FEATURE_THRESHOLD;
    return !isNear && !isOneValue<Entry>(below, above); // a missing value is near to none
  }
  const rank = <u32>below >> 16;
  return nextRanks == 0 ? <u32>above >> 16 != rank : <u32>above >> 16 >= <u32>getI32(nextRanks, rank);
}

/** Whether two neighbours of a list have one value exactly, and not two that count as the same. */
// @ts-ignore: decorator
@inline
export function isOneValue<Entry>(below: Entry, above: Entry): bool {
  return <u64>below >> (sizeof<Entry>() == 4 ? 16 : 32) == <u64>above >> (sizeof<Entry>() == 4 ? 16 : 32);
}

/** The number of a list's rows that do not miss the feature; they come first. */
// @ts-ignore: decorator
@inline
export function knownIn<Entry>(list: usize, rows: i32, feature: i32): i32 {
  return missing ? countKnown<Entry>(list, rows, feature) : rows;
}

function countKnown<Entry>(list: usize, rows: i32, feature: i32): i32 {
  if (!isMissing<Entry>(list, rows - 1, feature)) return rows;
  let low = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isMissing<Entry>(list, middle, feature)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// @ts-ignore: decorator
@inline
function isMissing<Entry>(list: usize, i: i32, feature: i32): bool {
  const entry = load<Entry>(list + <usize>i * sizeof<Entry>());
  if (sizeof<Entry>() == 4) return <i32>(<u32>entry >> 16) == getI32(missingRankAt, feature);
  const value = valueOf<Entry>(entry, feature);
  return value != value;
}

/** Whether all values of a list are one. */
export function hasOneValue(list: usize, rows: i32): bool {
  if (entryBytes == 4) return isOneValue<u32>(load<u32>(list), load<u32>(list + ((<usize>rows - 1) << 2)));
  return isOneValue<u64>(load<u64>(list), load<u64>(list + ((<usize>rows - 1) << 3)));
}

/** The bits of an entry that hold its row's number. */
// @ts-ignore: decorator
@inline
function numberMask<Entry>(): u32 {
  return sizeof<Entry>() == 4 ? 0xffff : 0xffffffff;
}

/** Number of an entry's row: in the table while sorted, in the bag later. */
// @ts-ignore: decorator
@inline
export function numberOf<Entry>(entry: Entry): usize {
  return <usize>(<u32>entry & numberMask<Entry>());
}

/** The value of an entry. */
export function valueOf<Entry>(entry: Entry, feature: i32): f32 {
  if (sizeof<Entry>() == 8) return reinterpret<f32>(<u32>(<u64>entry >> 32));
  return load<f32>(rankValuesOf(feature) + ((<u32>entry >> 16) << 2));
}
