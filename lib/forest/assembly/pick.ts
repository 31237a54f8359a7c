/** The split that each class of configurations picks in a node: what it draws, and what of that is best. */
import { classOf, configsAtLevel, constantsOf, featuresOf, leaderOf, leavesOf, part } from './classes';
import { hasOneValue, nextRanksOf } from './lists';
import {
  constantAt,
  entryBytes,
  featureCount,
  gainsAt,
  getF64,
  getI32,
  groupsAt,
  maxFeatures,
  neededAt,
  ordered,
  ordersAt,
  positionsAt,
  randomly,
  setI32,
} from './memory';
import { remainder, xorshift } from './random';
import { isConstant, resultOf, searchRandomly, winnerOf } from './scan';
import { activeOf, Branch, branchOf, endAt, EPSILON, listOf, meanOf, node, picked } from './tasks';

/** Values of `constantAt` for a feature whose values are close, and for one that has a single value. */
const CLOSE: u8 = 1;
const SINGLE: u8 = 2;

/** The feature that was drawn last and not known to be constant. */
export let lastExamined: i32 = 0;

/** Different splits that were picked in the node at work. */
export let groups: i32 = 0;

/** Ends the configurations that must not split here, and lists the classes of the others. */
export function endLeaves(): i32 {
  let searching = 0;
  for (let i = 0; i < node.branches; i++) {
    const branch = branchOf(node, i);
    let rest = branch.members;
    while (rest != 0) {
      let leader = leaderOf(<i32>ctz<u64>(rest));
      const members = classOf(leader).members;
      rest &= ~members;
      const isPure = ordered && branch.impurity <= EPSILON;
      const leaves = isPure ? members : leavesOf(leader, node.depth, node.rows);
      if (leaves != 0) {
        endAt(leaves, meanOf(branch), node.tests, node.testRows);
        if (leaves == members) continue;
        part(leader, leaves);
        leader = <i32>ctz<u64>(members ^ leaves);
      }
      activate(searching++, leader, branch);
    }
  }
  return searching;
}

function activate(index: i32, leader: i32, branch: Branch): void {
  const active = activeOf(index);
  active.leader = leader;
  active.known = branch.known;
  active.weight = ordered ? branch.weight : node.weight;
  active.target = ordered ? branch.target : node.target;
  if (!ordered) return;
  active.squares = branch.squares;
  active.impurity = branch.impurity;
  active.sorted = -1;
}

export function findConstants(): void {
  for (let feature = 0; feature < featureCount; feature++) {
    if (load<u8>(constantAt + feature)) continue;
    const list = listOf(feature);
    const isClose =
      entryBytes == 4
        ? isConstant<u32>(list, node.rows, nextRanksOf(feature))
        : isConstant<u64>(list, node.rows, 0);
    if (isClose) store<u8>(constantAt + feature, hasOneValue(list, node.rows) ? SINGLE : CLOSE);
  }
}

/**
 * Notes in the node which features have nothing left to split for all its descendants. One whose values are close
 * but not the same still is sorted where order counts, so it keeps its list.
 */
export function keepConstants(): void {
  for (let feature = 0; feature < min(featureCount, 64); feature++) {
    const constant = load<u8>(constantAt + feature);
    if (ordered ? constant == SINGLE : constant) node.constants |= (<u64>1) << feature;
  }
}

/** Marks the features that were constant in an ancestor, and no others. */
export function recallConstants(): void {
  for (let feature = 0; feature < featureCount; feature++) {
    store<u8>(constantAt + feature, feature < 64 && (node.constants >> feature) & 1 ? SINGLE : 0);
  }
}

/**
 * Draws features without replacement for a class, until max_features were visited and at least one of them was
 * not constant; those to be scanned, or sorted only, are written in the order drawn. A random threshold is drawn
 * with its feature. The order of features stays as it is left, but for its known constants, which relatives must find
 * in the order in which they were found.
 */
export function drawFeatures(index: i32, mark: bool): void {
  const active = activeOf(index);
  const features = featuresOf(active.leader);
  const constants = constantsOf(active.leader);
  const order = ordersAt + ((<usize>index * <usize>featureCount) << 2);
  const known = active.known;
  let random = classOf(active.leader).random;
  let undrawn = featureCount;
  let visited = 0;
  let drawnConstants = 0;
  let found = 0;
  let drawn = 0;
  while (undrawn > known + found && (visited < maxFeatures || visited <= found + drawnConstants)) {
    visited++;
    random = xorshift(random);
    let place = drawnConstants + <i32>remainder(random & 0x7fffffff, undrawn - found - drawnConstants);
    if (place < known) {
      swap(features, place, drawnConstants++);
      continue;
    }
    place += found;
    const feature = getI32(features, place);
    lastExamined = feature;
    const constant = load<u8>(constantAt + feature);
    if (constant) {
      swap(features, place, known + found++);
      if (ordered && !randomly && constant == CLOSE) setI32(order, drawn++, feature);
      continue;
    }
    swap(features, place, --undrawn);
    setI32(order, drawn++, feature);
    if (randomly) random = searchRandomly(feature, random);
    else if (mark) store<u8>(neededAt + feature, 1);
  }
  classOf(active.leader).random = random;
  for (let i = 0; i < known; i++) setI32(features, i, getI32(constants, i));
  for (let i = known; i < known + found; i++) setI32(constants, i, getI32(features, i));
  active.known = known + found;
  active.drawn = drawn;
}

// @ts-ignore: decorator
@inline
function swap(array: usize, i: i32, j: i32): void {
  const other = getI32(array, i);
  setI32(array, i, getI32(array, j));
  setI32(array, j, other);
}

/**
 * Each class's split per level: the greatest gain, of equals the feature drawn first. Classes whose levels
 * differ are parted.
 * @returns branches, each with its group; equal splits are one group
 */
export function pickSplits(searching: i32, all: bool): i32 {
  let count = 0;
  groups = 0;
  for (let i = 0; i < searching; i++) {
    let leader = activeOf(i).leader;
    let members = classOf(leader).members;
    const from = count;
    for (let rest = classOf(leader).levels; rest != 0; rest &= rest - 1) {
      const level = <i32>ctz<u64>(rest);
      const group = groupOf(i, level, all);
      const chosen = members & configsAtLevel(level);
      let at = from;
      while (at < count && picked(at).group != group) at++;
      if (at == count) {
        pick(picked(count++), i, group);
      }
      picked(at).members |= chosen;
    }
    // The last one keeps what is left of the class.
    for (let at = from; at < count - 1; at++) {
      part(leader, picked(at).members);
      members ^= picked(at).members;
      leader = <i32>ctz<u64>(members);
    }
  }
  return count;
}

/** A branch of an active class, still without members. */
function pick(branch: Branch, index: i32, group: i32): void {
  const active = activeOf(index);
  branch.members = 0;
  branch.known = active.known;
  branch.group = group;
  if (!ordered) return;
  branch.weight = active.weight;
  branch.target = active.target;
  branch.squares = active.squares;
  branch.impurity = active.impurity;
  branch.sorted = active.sorted;
}

/** Whether a class has sums of its own, and so results of its own. */
// @ts-ignore: decorator
@inline
function variantOf(index: i32): i32 {
  return ordered ? index : 0;
}

/** The number of the split that a class picks at a level, -1 for none. */
function groupOf(index: i32, level: i32, all: bool): i32 {
  const winner = winnerOf(variantOf(index), level);
  let feature = winner.gain > -Infinity ? winner.feature : -1;
  let position = winner.position;
  if (!all || winner.isTied) {
    feature = bestDrawn(index, level);
    position = getI32(positionsAt, resultOf(variantOf(index), max(feature, 0), level));
  }
  if (feature < 0) return -1;
  for (let group = 0; group < groups; group++) {
    if (getI32(groupsAt, 2 * group) == feature && getI32(groupsAt, 2 * group + 1) == position) return group;
  }
  setI32(groupsAt, 2 * groups, feature);
  setI32(groupsAt, 2 * groups + 1, position);
  return groups++;
}

/** The first drawn of the features with a class's greatest gain at a level, -1 for none. */
function bestDrawn(index: i32, level: i32): i32 {
  const order = ordersAt + ((<usize>index * <usize>featureCount) << 2);
  const drawn = activeOf(index).drawn;
  let best: f64 = -Infinity;
  let feature = -1;
  for (let i = 0; i < drawn; i++) {
    const candidate = getI32(order, i);
    const gain = getF64(gainsAt, resultOf(variantOf(index), candidate, level));
    if (gain > best) {
      best = gain;
      feature = candidate;
    }
  }
  return feature;
}
