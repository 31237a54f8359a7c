/** The search for the best position in the lists of a node's features: most of the time goes here. */
import { gainOf, scaledGain, scaledGains, slackOf } from './criterion';
import { areWhole, differ, knownIn, nextRanksOf, numberOf, sumsOf } from './lists';
import {
  aloneAt,
  classCount,
  constantAt,
  entryBytes,
  featureCount,
  gainsAt,
  getF64,
  getI32,
  leafSizesAt,
  levelCount,
  missing,
  neededAt,
  positionsAt,
  rowSumsAt,
  setF64,
  setI32,
  WINNER_BYTES,
  winnersAt,
} from './memory';
import { scanRandomly, scanSides } from './sides';
import { activeOf, node } from './tasks';

/**
 * A gain below this bound is surely below `gain`: either side of the comparison that uses it is wrong by a few
 * parts in 1e16, while sums are far from underflow. -1 bounds nothing.
 */
function safeBound(gain: f64): f64 {
  return gain > 1e-280 ? gain * (1 - 1e-14) : -1;
}

/** The best gain of all features per variant and level of min_samples_leaf, and whether one feature alone has it. */
@unmanaged
export class Winner {
  gain: f64;
  feature: i32;
  position: i32;
  isTied: i32;
}

// @ts-ignore: decorator
@inline
export function winnerOf(variant: i32, level: i32): Winner {
  return changetype<Winner>(winnersAt + <usize>(variant * levelCount + level) * WINNER_BYTES);
}

/** The place of the result of a variant, a feature and a level. */
// @ts-ignore: decorator
@inline
export function resultOf(variant: i32, feature: i32, level: i32): i32 {
  return (variant * featureCount + feature) * levelCount + level;
}

// The node at work. Only what passes the bound needs most of these, so they need not be in registers.
export let rows: i32 = 0;
/**
 * Variants are the classes whose sums differ in their last bits, because their rows stand in another order; exact
 * sums have one variant. A scan serves those from `first` to `end` - 1. `weight` and `target` are the sums of the
 * first, and no other target sum is farther away than `spread`.
 */
let first: i32 = 0;
let end: i32 = 0;
export let weight: f64 = 0;
export let target: f64 = 0;
let spread: f64 = 0;
/** Whether a gain below another feature's is of no use, because all classes draw the same features. */
let shareBound: bool = false;
/** Levels for which a split is wanted, and the lowest of them. */
let levels: u64 = 0;
let lowest: i32 = 0;
export let bound: f64 = 0;
/** Whether the rows are so few that every split sets one of them apart, and whether the gains of that are known. */
let areFew: bool = false;
let areWeighed: bool = false;
/** The feature at work. */
export let feature: i32 = 0;
export let nextRanks: usize = 0;

/**
 * Prepares the search of the node at work, for the levels of min_samples_leaf in `wanted`.
 * @param variants how many kinds of sums there are
 * @param isShared whether all classes draw the same features
 */
export function startSearch(wanted: u64, variants: i32, isShared: bool): void {
  rows = node.rows;
  levels = wanted;
  lowest = <i32>ctz<u64>(wanted);
  shareBound = isShared;
  bound = -1;
  areFew = areWhole && rows <= 3;
  areWeighed = false;
  for (let variant = 0; variant < variants; variant++) {
    for (let rest = wanted; rest != 0; rest &= rest - 1) {
      const winner = winnerOf(variant, <i32>ctz<u64>(rest));
      winner.gain = -Infinity;
      winner.isTied = 0;
    }
  }
  serve(0, variants);
}

/** Chooses the variants of the scans that follow. */
export function serve(from: i32, to: i32): void {
  first = from;
  end = to;
  weight = activeOf(from).weight;
  target = activeOf(from).target;
  spread = 0;
  for (let variant = from + 1; variant < to; variant++) {
    spread = max(spread, Math.abs(activeOf(variant).target - target));
  }
  bound = -1;
}

/**
 * Searches the features of the node, whose lists follow each other. For each level it notes each feature's greatest
 * gain and its position (rows to the left; of equals the first), and the winner.
 * @param all whether each class of configurations draws all features: then this function itself finds out which
 * are constant; else it searches those marked as needed
 */
export function searchFeatures(all: bool): void {
  // Narrow entries or wide ones, sums in f32 or f64: each combination has its own code.
  if (entryBytes == 4) {
    if (areWhole) searchLists<u32, f32>(all);
    else searchLists<u32, f64>(all);
  } else {
    if (areWhole) searchLists<u64, f32>(all);
    else searchLists<u64, f64>(all);
  }
}

function searchLists<Entry, Sums>(all: bool): void {
  const bytes = <usize>rows * sizeof<Entry>();
  const mayBeUnusual = classCount > 0 || missing != 0;
  let list = node.lists;
  for (let i = 0; i < featureCount; i++, list += bytes) {
    if (all ? load<u8>(constantAt + i) : !load<u8>(neededAt + i)) continue;
    feature = i;
    nextRanks = nextRanksOf(i);
    if (all) {
      if (isConstant<Entry>(list, rows, nextRanks)) {
        store<u8>(constantAt + i, 1);
        continue;
      }
    }
    const isUnusual = mayBeUnusual && (classCount > 0 || knownIn<Entry>(list, rows, i) < rows);
    if (areFew && !isUnusual) {
      scanFew<Entry>(list);
      continue;
    }
    if (!shareBound) bound = -1;
    if (isUnusual) scanSides<Entry, Sums>(list);
    else scan<Entry, Sums>(list);
  }
}

/**
 * Tries one random threshold of a feature that is not constant in the node.
 * @param random the state of the generator
 * @returns its next state
 */
export function searchRandomly(drawn: i32, random: u32): u32 {
  feature = drawn;
  bound = -1;
  if (entryBytes == 4) return areWhole ? scanRandomly<u32, f32>(random) : scanRandomly<u32, f64>(random);
  return areWhole ? scanRandomly<u64, f32>(random) : scanRandomly<u64, f64>(random);
}

/** Searches a feature without values that count as the same, for the variants that are served. */
export function scanClean<Entry>(cleanFeature: i32, list: usize): void {
  feature = cleanFeature;
  nextRanks = 0;
  if (!shareBound) bound = -1;
  scan<Entry, f64>(list);
}

/** Whether the first and the last value of a list count as the same. */
// @ts-ignore: decorator
@inline
export function isConstant<Entry>(list: usize, rows: i32, nextRanks: usize): bool {
  const last = list + <usize>(rows - 1) * sizeof<Entry>();
  return !differ<Entry>(load<Entry>(list), load<Entry>(last), nextRanks);
}

/** Forgets what is known of a feature. */
export function clearResults(): void {
  for (let variant = first; variant < end; variant++) {
    for (let rest = levels; rest != 0; rest &= rest - 1) {
      setF64(gainsAt, resultOf(variant, feature, <i32>ctz<u64>(rest)), -Infinity);
    }
  }
}

/**
 * Tries all positions of a list, two at once: first without a division, against a bound that few pass; whether
 * the values on both sides differ is asked only then.
 */
// @ts-ignore: decorator
@inline
function scan<Entry, Sums>(list: usize): void {
  clearResults();
  const rowSums = rowSumsAt;
  const leaf = getI32(leafSizesAt, lowest);
  const last = rows - leaf;
  // Weight and target of the rows to the left of a position.
  let left = sumsOf<Entry, Sums>(rowSums, list, 0);
  for (let i = 1; i < leaf; i++) left = f64x2.add(left, sumsOf<Entry, Sums>(rowSums, list, i));
  const weights = f64x2.splat(weight);
  const targets = f64x2.splat(target);
  let bounds = f64x2.splat(bound);
  let position = leaf;
  for (; position < last; position += 2) {
    const next = f64x2.add(left, sumsOf<Entry, Sums>(rowSums, list, position));
    const leftWeights = v128.shuffle<f64>(left, next, 0, 2);
    const leftTargets = v128.shuffle<f64>(left, next, 1, 3);
    const rightWeights = f64x2.sub(weights, leftWeights);
    const rightTargets = f64x2.sub(targets, leftTargets);
    const scaled = scaledGains(leftWeights, leftTargets, rightWeights, rightTargets);
    const enough = f64x2.mul(bounds, f64x2.mul(leftWeights, rightWeights));
    const passing = i64x2.bitmask(f64x2.ge(scaled, enough));
    if (passing) {
      for (let lane = 0; lane < 2; lane++) {
        if ((passing >> lane) & 1) consider<Entry>(list, position + lane, lane ? next : left);
      }
      bounds = f64x2.splat(bound);
    }
    left = f64x2.add(next, sumsOf<Entry, Sums>(rowSums, list, position + 1));
  }
  if (position == last) consider<Entry>(list, position, left);
}

/**
 * Two or three rows, as a third to a half of the nodes have: two or three gains serve all features, because with
 * exact sums it does not matter which side a row is on. Only min_samples_leaf 1 splits so few.
 */
// @ts-ignore: decorator
@inline
function scanFew<Entry>(list: usize): void {
  const first = load<Entry>(list);
  const second = load<Entry>(list + sizeof<Entry>());
  const last = load<Entry>(list + <usize>(rows - 1) * sizeof<Entry>());
  if (!areWeighed) {
    weighAlone(numberOf<Entry>(first));
    weighAlone(numberOf<Entry>(second));
    weighAlone(numberOf<Entry>(last));
    areWeighed = true;
  }
  let gain = -Infinity;
  let position = 1;
  if (differ<Entry>(first, second, nextRanks)) gain = getF64(aloneAt, <i32>numberOf<Entry>(first));
  if (rows == 3 && differ<Entry>(second, last, nextRanks)) {
    const other = getF64(aloneAt, <i32>numberOf<Entry>(last));
    if (other > gain) {
      gain = other;
      position = 2;
    }
  }
  note(0, lowest, gain, position);
}

/** The gain of setting a row apart. */
function weighAlone(number: usize): void {
  const alone = f64x2.promote_low_f32x4(v128.load64_zero(rowSumsAt + (number << 3)));
  const ownWeight = f64x2.extract_lane(alone, 0);
  const ownTarget = f64x2.extract_lane(alone, 1);
  setF64(aloneAt, <i32>number, gainOf(ownWeight, ownTarget, weight - ownWeight, target - ownTarget));
}

/** Notes a gain as the feature's greatest of a level, and as the winner where it is. */
// @ts-ignore: decorator
@inline
function note(variant: i32, level: i32, gain: f64, position: i32): void {
  const own = resultOf(variant, feature, level);
  const winner = winnerOf(variant, level);
  setF64(gainsAt, own, gain);
  setI32(positionsAt, own, position);
  if (gain > winner.gain) {
    winner.gain = gain;
    winner.feature = feature;
    winner.position = position;
    winner.isTied = 0;
  } else if (gain == winner.gain) winner.isTied = 1;
}

/** Notes the gain of a position where it is the greatest of a level that allows it. */
// @ts-ignore: decorator
@inline
function consider<Entry>(list: usize, position: i32, left: v128): void {
  const leftWeight = f64x2.extract_lane(left, 0);
  const leftTarget = f64x2.extract_lane(left, 1);
  const rightWeight = weight - leftWeight;
  if (scaledGain(leftWeight, leftTarget, rightWeight, target - leftTarget) < bound * (leftWeight * rightWeight)) return;
  const at = list + <usize>position * sizeof<Entry>();
  if (!differ<Entry>(load<Entry>(at - sizeof<Entry>()), load<Entry>(at), nextRanks)) return;
  if (leftWeight < 0 || rightWeight < 0) return; // real weights may be less than their rounding
  const smaller = min(position, rows - position);
  let least = Infinity;
  for (let variant = first; variant < end; variant++) {
    const sums = activeOf(variant);
    const gain = gainOf(leftWeight, leftTarget, sums.weight - leftWeight, sums.target - leftTarget);
    least = min(least, noteGreatest(variant, gain, smaller, position));
  }
  bound = max(bound, safeBound(least - slackOf(least, spread)));
}

/**
 * Notes a gain where it is the greatest of a level that allows a side of `smaller` rows.
 * @returns the gain below which none is of use to any level
 */
// @ts-ignore: decorator
@inline
function noteGreatest(variant: i32, gain: f64, smaller: i32, position: i32): f64 {
  let least = Infinity;
  for (let rest = levels; rest != 0; rest &= rest - 1) {
    const level = <i32>ctz<u64>(rest);
    const own = resultOf(variant, feature, level);
    if (gain > getF64(gainsAt, own) && smaller >= getI32(leafSizesAt, level)) note(variant, level, gain, position);
    least = min(least, shareBound ? winnerOf(variant, level).gain : getF64(gainsAt, own));
  }
  return least;
}

/**
 * The same for exact sums, which have one variant.
 * @param position what is noted as the gain's position
 */
export function offer(gain: f64, leftRows: i32, position: i32): void {
  const least = noteGreatest(0, gain, min(leftRows, rows - leftRows), position);
  // The Gini index's gain is less by the node's weight than the sum that its bound is compared with.
  const isKnown = classCount > 0 && least > -Infinity;
  bound = max(bound, isKnown ? least + weight * (1 - 1e-13) : safeBound(least));
}

/**
 * Searches a feature with values that count as the same, for one variant and one level. scikit-learn moves its left
 * sums from the last position that it evaluated to the next, forward or, where that is shorter, from the node's
 * sums backward; the last bits depend on it.
 * @param list the node's rows in order of the feature
 * @param order the same rows, equal values in scikit-learn's order
 * @param known the rows of the list that do not miss the feature
 * @param before those that miss it, where they come first in the order; 0 where they come last
 */
export function scanMoved<Entry>(
  movedFeature: i32,
  list: usize,
  order: usize,
  known: i32,
  before: i32,
  variant: i32,
  level: i32,
): void {
  feature = movedFeature;
  nextRanks = nextRanksOf(feature);
  const own = resultOf(variant, feature, level);
  if (before == 0) setF64(gainsAt, own, -Infinity);
  const leaf = getI32(leafSizesAt, level);
  const totals = f64x2.replace_lane(f64x2.splat(weight), 1, target);
  let left = f64x2.splat(0);
  let moved = 0;
  let enough = shareBound ? safeBound(winnerOf(variant, level).gain) : -1;
  const end = min(before == 0 ? known : rows - 1, rows - leaf);
  for (let position = max(leaf, before + 1); position <= end; position++) {
    const border = position - before;
    const at = list + <usize>border * sizeof<Entry>();
    // Behind the last known value those that are missing begin.
    const isBorder = border == known || differ<Entry>(load<Entry>(at - sizeof<Entry>()), load<Entry>(at), nextRanks);
    if (!isBorder) continue;
    left = moveSums<Entry>(order, moved, position, rows, left, totals);
    moved = position;
    const leftWeight = f64x2.extract_lane(left, 0);
    const leftTarget = f64x2.extract_lane(left, 1);
    const rightWeight = weight - leftWeight;
    const rightTarget = target - leftTarget;
    const scaled = scaledGain(leftWeight, leftTarget, rightWeight, rightTarget);
    if (scaled < enough * (leftWeight * rightWeight) || leftWeight < 0 || rightWeight < 0) continue;
    const gain = gainOf(leftWeight, leftTarget, rightWeight, rightTarget);
    if (gain > getF64(gainsAt, own)) note(variant, level, gain, before == 0 ? border : -border);
    enough = safeBound(shareBound ? winnerOf(variant, level).gain : getF64(gainsAt, own));
  }
}

/** Left sums at `to`, moved from those at `from` or from the node's sums, whichever is nearer. */
// @ts-ignore: decorator
@inline
export function moveSums<Entry>(order: usize, from: i32, to: i32, rows: i32, left: v128, totals: v128): v128 {
  const rowSums = rowSumsAt;
  if (to - from <= rows - to) {
    for (let i = from; i < to; i++) left = f64x2.add(left, sumsOf<Entry, f64>(rowSums, order, i));
    return left;
  }
  left = totals;
  for (let i = rows - 1; i >= to; i--) left = f64x2.sub(left, sumsOf<Entry, f64>(rowSums, order, i));
  return left;
}
