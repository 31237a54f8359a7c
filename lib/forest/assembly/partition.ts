/** From a node's lists to those of its children. */
import { areWhole, columnOf, numberOf, Sums, sumsOf, valueOf } from './lists';
import { classCount, entryBytes, featureCount, getI32, rowSumsAt, setI32, sideAt, spareAt, squaresAt } from './memory';
import { addClasses } from './sides';
import { node, testRowsOfFold } from './tasks';

/** Adds rows of a list to sums, and marks them as going left. */
export function markLeft(list: usize, from: i32, to: i32, sums: Sums): void {
  if (classCount > 0) {
    markRows(list, from, to, entryBytes);
    sums.weight +=
      entryBytes == 4 ? addClasses<u32>(list, from, to) : addClasses<u64>(list, from, to);
  } else if (entryBytes == 4) {
    if (areWhole) sumRows<u32, f32>(list, from, to, sums);
    else sumRows<u32, f64>(list, from, to, sums);
  } else {
    if (areWhole) sumRows<u64, f32>(list, from, to, sums);
    else sumRows<u64, f64>(list, from, to, sums);
  }
}

function sumRows<Entry, Values>(list: usize, from: i32, to: i32, into: Sums): void {
  const rowSums = rowSumsAt;
  const rowSquares = squaresAt;
  const sides = sideAt;
  let sums = f64x2.splat(0);
  let squares: f64 = 0;
  for (let i = from; i < to; i++) {
    const number = numberOf<Entry>(load<Entry>(list + <usize>i * sizeof<Entry>()));
    store<u8>(sides + number, <u8>sizeof<Entry>());
    squares += load<f64>(rowSquares + (number << 3));
    sums = f64x2.add(sums, sumsOf<Entry, Values>(rowSums, list, i));
  }
  into.weight += f64x2.extract_lane(sums, 0);
  into.target += f64x2.extract_lane(sums, 1);
  into.squares += squares;
}

/** Marks the side of a list's rows from one position to another: the size of an entry for left, 0 for right. */
export function markRows(list: usize, from: i32, to: i32, side: usize): void {
  if (entryBytes == 4) markSides<u32>(list, from, to, <u8>side);
  else markSides<u64>(list, from, to, <u8>side);
}

function markSides<Entry>(list: usize, from: i32, to: i32, side: u8): void {
  const sides = sideAt;
  for (let i = from; i < to; i++) {
    store<u8>(sides + numberOf<Entry>(load<Entry>(list + <usize>i * sizeof<Entry>())), side);
  }
}

/** Halfway between the values on both sides of a position. */
export function thresholdAt(feature: i32, at: usize): f64 {
  if (entryBytes == 4) {
    return <f64>valueOf<u32>(load<u32>(at - 4), feature) / 2 + <f64>valueOf<u32>(load<u32>(at), feature) / 2;
  }
  return <f64>valueOf<u64>(load<u64>(at - 8), feature) / 2 + <f64>valueOf<u64>(load<u64>(at), feature) / 2;
}

/** Writes the children's lists, see `partition`; of a feature -1 no list is cut in two. */
export function partitionLists(
  feature: i32,
  position: i32,
  left: usize,
  right: usize,
  needLeft: bool,
  needRight: bool,
): void {
  if (entryBytes == 4) partition<u32>(feature, position, left, right, needLeft, needRight);
  else partition<u64>(feature, position, left, right, needLeft, needRight);
}

/**
 * Writes the lists of the two children, in order, without a branch per row: an entry is written to both sides,
 * and stays where the side moves on. So a list that is full is written one entry past its end, which is where
 * the next feature's list will begin; only the last feature has to be careful. A child that will not be
 * searched needs no lists, nor does a feature that is constant.
 */
function partition<Entry>(
  feature: i32,
  position: i32,
  left: usize,
  right: usize,
  needLeft: bool,
  needRight: bool,
): void {
  const bytes = sizeof<Entry>();
  const leftBytes = <usize>position * bytes;
  const rightBytes = <usize>(node.rows - position) * bytes;
  const constants = node.constants;
  const last = featureCount - 1;
  let list = node.lists;
  for (let other = 0; other <= last; other++) {
    const end = list + leftBytes + rightBytes;
    if (other < 64 && (constants >> other) & 1) {
      // nothing to write
    } else if (other == feature) {
      if (needLeft) copy<Entry>(left, list, leftBytes);
      if (needRight) copy<Entry>(right, list + leftBytes, rightBytes);
    } else if (!needRight) writeLeft<Entry>(list, end, left);
    else if (other == last) writeCarefully<Entry>(list, end, needLeft ? left : spareAt, right, needLeft);
    else if (!needLeft) writeRight<Entry>(list, end, right);
    else writeBoth<Entry>(list, end, left, right);
    list = end;
    left += leftBytes;
    right += rightBytes;
  }
}

/** The bytes by which an entry moves the left side's list: its size, or 0 when its row goes right. */
// @ts-ignore: decorator
@inline
function leftStep<Entry>(sides: usize, entry: Entry): usize {
  return <usize>load<u8>(sides + numberOf<Entry>(entry));
}

function writeBoth<Entry>(list: usize, end: usize, left: usize, right: usize): void {
  const sides = sideAt;
  for (; list < end; list += sizeof<Entry>()) {
    const entry = load<Entry>(list);
    const step = leftStep<Entry>(sides, entry);
    store<Entry>(left, entry);
    store<Entry>(right, entry);
    left += step;
    right += sizeof<Entry>() - step;
  }
}

function writeLeft<Entry>(list: usize, end: usize, left: usize): void {
  const sides = sideAt;
  for (; list < end; list += sizeof<Entry>()) {
    const entry = load<Entry>(list);
    store<Entry>(left, entry);
    left += leftStep<Entry>(sides, entry);
  }
}

function writeRight<Entry>(list: usize, end: usize, right: usize): void {
  const sides = sideAt;
  for (; list < end; list += sizeof<Entry>()) {
    const entry = load<Entry>(list);
    store<Entry>(right, entry);
    right += sizeof<Entry>() - leftStep<Entry>(sides, entry);
  }
}

function writeCarefully<Entry>(list: usize, end: usize, left: usize, right: usize, needLeft: bool): void {
  const sides = sideAt;
  const mask = needLeft ? ~(<usize>0) : 0;
  for (; list < end; list += sizeof<Entry>()) {
    const entry = load<Entry>(list);
    const step = leftStep<Entry>(sides, entry);
    store<Entry>(step ? left : right, entry);
    left += step & mask;
    right += sizeof<Entry>() - step;
  }
}

/** Few entries are sooner copied by hand than by a call out of the kernel. */
function copy<Entry>(to: usize, from: usize, bytes: usize): void {
  if (bytes > 256) memory.copy(to, from, bytes);
  else for (let i: usize = 0; i < bytes; i += sizeof<Entry>()) store<Entry>(to + i, load<Entry>(from + i));
}

/** Writes the test rows that go left, then those that go right; returns how many go left. */
export function partitionTests(feature: i32, threshold: f64, isMissingLeft: bool, to: usize): i32 {
  const column = columnOf(feature);
  const count = node.testRows;
  let left = 0;
  let right = count;
  for (let i = 0; i < count; i++) {
    const test = getI32(node.tests, i);
    const row = getI32(testRowsOfFold, test);
    const value: f64 = load<f32>(column + ((<usize>row) << 2));
    const goesLeft = i32(value <= threshold || (isMissingLeft && value != value));
    right -= 1 - goesLeft;
    setI32(to, goesLeft ? left : right, test);
    left += goesLeft;
  }
  return left;
}
