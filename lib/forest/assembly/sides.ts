/**
 * Scans that add row by row to the left side: for classes, for columns with missing values and for random thresholds.
 * Only the last can have sums whose order matters.
 */
import { gainOf, giniGainOf, scaledGain } from './criterion';
import { differ, knownIn, numberOf, sumsOf, valueOf } from './lists';
import {
  classCount,
  entryBytes,
  getF64,
  leftClassesAt,
  ordered,
  rowSumsAt,
  setF64,
  SHORT_BRANCH_BYTES,
  thresholdsAt,
} from './memory';
import { xorshift } from './random';
import { partRows, stretchOf } from './order';
import { markRows } from './partition';
import { bound, clearResults, feature, moveSums, nextRanks, offer, rows, target, weight } from './scan';
import { activeOf, branchOf, listOf, node } from './tasks';

/** f64[class]: the weights of the classes in the node at work. */
// @ts-ignore: decorator
@inline
export function classesOfNode(): usize {
  return changetype<usize>(branchOf(node, 0)) + SHORT_BRANCH_BYTES;
}

/** The weight of a class on one side of the split at work. */
// @ts-ignore: decorator
@inline
export function classWeight(code: i32, isLeft: i32): f64 {
  const left = getF64(leftClassesAt, code);
  return isLeft ? left : getF64(classesOfNode(), code) - left;
}

/** The sum of the squared weights of one side's classes. */
export function squaresOf(isLeft: i32): f64 {
  let sum: f64 = 0;
  for (let code = 0; code < classCount; code++) {
    const own = classWeight(code, isLeft);
    sum += own * own;
  }
  return sum;
}

/** Empties the left side's classes. */
export function clearLeft(): void {
  memory.fill(leftClassesAt, 0, (<usize>classCount) << 3);
}

/** Adds rows of a list to the left side's classes; returns their weight. */
export function addClasses<Entry>(list: usize, from: i32, to: i32): f64 {
  let sum: f64 = 0;
  for (let i = from; i < to; i++) {
    const row = rowSumsAt + (numberOf<Entry>(load<Entry>(list + <usize>i * sizeof<Entry>())) << 3);
    const place = leftClassesAt + ((<usize>load<i32>(row, 4)) << 3);
    const own = <f64>load<f32>(row);
    store<f64>(place, load<f64>(place) + own);
    sum += own;
  }
  return sum;
}

/**
 * Tries all positions of a list. Where rows miss the feature, it does so twice: with them on the right side, where
 * they may also stand alone, and with them on the left side. The position of the latter is noted as negative.
 */
export function scanSides<Entry, Sums>(list: usize): void {
  clearResults();
  const known = knownIn<Entry>(list, rows, feature);
  scanSide<Entry, Sums>(list, known, 0);
  if (known < rows) scanSide<Entry, Sums>(list, known, rows - known);
}

/** @param before the rows that are on the left side from the start: those that miss the feature, or none */
function scanSide<Entry, Sums>(list: usize, known: i32, before: i32): void {
  const end = known < rows && before == 0 ? known : known - 1;
  if (classCount > 0) scanClasses<Entry>(list, known, before, end);
  else scanNumbers<Entry, Sums>(list, known, before, end);
}

// @ts-ignore: decorator
@inline
function scanNumbers<Entry, Sums>(list: usize, known: i32, before: i32, end: i32): void {
  const rowSums = rowSumsAt;
  let left = f64x2.splat(0);
  for (let i = known; i < known + before; i++) left = f64x2.add(left, sumsOf<Entry, Sums>(rowSums, list, i));
  for (let position = 1; position <= end; position++) {
    left = f64x2.add(left, sumsOf<Entry, Sums>(rowSums, list, position - 1));
    const leftWeight = f64x2.extract_lane(left, 0);
    const leftTarget = f64x2.extract_lane(left, 1);
    const rightWeight = weight - leftWeight;
    const rightTarget = target - leftTarget;
    const scaled = scaledGain(leftWeight, leftTarget, rightWeight, rightTarget);
    if (scaled < bound * (leftWeight * rightWeight) || !isBorder<Entry>(list, position, known)) continue;
    const gain = gainOf(leftWeight, leftTarget, rightWeight, rightTarget);
    offer(gain, before + position, before > 0 ? -position : position);
  }
}

/** The sums of squares move with each row, because adding w to s adds w(2s + w) to the square of s. */
// @ts-ignore: decorator
@inline
function scanClasses<Entry>(list: usize, known: i32, before: i32, end: i32): void {
  const rowSums = rowSumsAt;
  const lefts = leftClassesAt;
  const totals = classesOfNode();
  clearLeft();
  let leftWeight = addClasses<Entry>(list, known, known + before);
  let leftSquares = before > 0 ? squaresOf(1) : 0;
  let rightSquares = squaresOf(0);
  for (let position = 1; position <= end; position++) {
    const last = list + <usize>(position - 1) * sizeof<Entry>();
    const row = rowSums + (numberOf<Entry>(load<Entry>(last)) << 3);
    const own = <f64>load<f32>(row);
    const code = (<usize>load<i32>(row, 4)) << 3;
    const left = load<f64>(lefts + code);
    store<f64>(lefts + code, left + own);
    leftWeight += own;
    leftSquares += own * (2 * left + own);
    rightSquares -= own * (2 * (load<f64>(totals + code) - left) - own);
    const rightWeight = weight - leftWeight;
    const scaled = leftSquares * rightWeight + rightSquares * leftWeight;
    if (scaled < bound * (leftWeight * rightWeight) || !isBorder<Entry>(list, position, known)) continue;
    const gain = giniGainOf(leftWeight, leftSquares, rightWeight, rightSquares);
    offer(gain, before + position, before > 0 ? -position : position);
  }
}

/** Whether the values on both sides of a position differ; behind the last known value they always do. */
// @ts-ignore: decorator
@inline
function isBorder<Entry>(list: usize, position: i32, known: i32): bool {
  const at = list + <usize>position * sizeof<Entry>();
  return position == known || differ<Entry>(load<Entry>(at - sizeof<Entry>()), load<Entry>(at), nextRanks);
}

/**
 * Tries one random threshold of the feature at work, and one random side for the rows that miss it.
 * @param random the state of the generator
 * @returns its next state
 */
export function scanRandomly<Entry, Sums>(random: u32): u32 {
  clearResults();
  const list = listOf(feature);
  const known = knownIn<Entry>(list, rows, feature);
  const least: f64 = valueOf<Entry>(load<Entry>(list), feature);
  const most: f64 = valueOf<Entry>(load<Entry>(list + <usize>(known - 1) * sizeof<Entry>()), feature);
  let state = xorshift(random);
  let threshold = ((most - least) * <f64>(state & 0x7fffffff)) / 2147483647 + least;
  let isMissingLeft = false;
  if (known < rows) {
    state = xorshift(state);
    isMissingLeft = (state & 1) == 1;
  }
  if (threshold == most) threshold = least;
  setF64(thresholdsAt, feature, threshold);
  const position = upTo<Entry>(list, known, threshold);
  const before = isMissingLeft ? rows - known : 0;
  const leftRows = position + before;
  if (ordered) {
    offerInOrder<Entry>(list, position, known, before);
    return state;
  }
  if (leftRows == rows) return state;
  let gain: f64 = 0;
  if (classCount > 0) {
    clearLeft();
    const leftWeight =
      addClasses<Entry>(list, 0, position) + addClasses<Entry>(list, known, known + before);
    gain = giniGainOf(leftWeight, squaresOf(1), weight - leftWeight, squaresOf(0));
  } else {
    const left = f64x2.add(sumOf<Entry, Sums>(list, 0, position), sumOf<Entry, Sums>(list, known, known + before));
    const leftWeight = f64x2.extract_lane(left, 0);
    const leftTarget = f64x2.extract_lane(left, 1);
    gain = gainOf(leftWeight, leftTarget, weight - leftWeight, target - leftTarget);
  }
  offer(gain, leftRows, isMissingLeft ? -position : position);
  return state;
}

/** Parts the rows by the threshold, as scikit-learn does before it sums them. */
function offerInOrder<Entry>(list: usize, position: i32, known: i32, before: i32): void {
  markRows(list, 0, position, entryBytes);
  markRows(list, position, known, 0);
  markRows(list, known, rows, before > 0 ? entryBytes : 0);
  const leftRows = position + before;
  const stretch = stretchOf(activeOf(0).leader, node.start);
  partRows<Entry>(stretch, stretch, rows);
  if (leftRows == rows) return;
  const totals = f64x2.replace_lane(f64x2.splat(weight), 1, target);
  const left = moveSums<Entry>(stretch, 0, leftRows, rows, f64x2.splat(0), totals);
  const leftWeight = f64x2.extract_lane(left, 0);
  const leftTarget = f64x2.extract_lane(left, 1);
  const rightWeight = weight - leftWeight;
  if (leftWeight < 0 || rightWeight < 0) return; // real weights may be less than their rounding
  offer(gainOf(leftWeight, leftTarget, rightWeight, target - leftTarget), leftRows, before > 0 ? -position : position);
}

function sumOf<Entry, Sums>(list: usize, from: i32, to: i32): v128 {
  const rowSums = rowSumsAt;
  let sum = f64x2.splat(0);
  for (let i = from; i < to; i++) sum = f64x2.add(sum, sumsOf<Entry, Sums>(rowSums, list, i));
  return sum;
}

/** The number of known values up to a threshold. */
function upTo<Entry>(list: usize, known: i32, threshold: f64): i32 {
  let low = 0;
  let high = known;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value: f64 = valueOf<Entry>(load<Entry>(list + <usize>middle * sizeof<Entry>()), feature);
    if (value <= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
