/** Which split each class of configurations picks in a node: what it draws, and what of that is best. */
import { classOf, configsAtLevel, constantsOf, featuresOf, leaderOf, leavesOf, part } from './classes';
import { nextRanksOf } from './lists';
import {
  constantAt,
  entryBytes,
  featureCount,
  gainsAt,
  getF64,
  getI32,
  groupsAt,
  levelCount,
  maxFeatures,
  neededAt,
  ordersAt,
  positionsAt,
  setI32,
} from './memory';
import { remainder, xorshift } from './random';
import { isConstant, winnerOf } from './scan';
import { activeOf, branchOf, endAt, listOf, node, picked } from './tasks';

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
      const leaves = leavesOf(leader, node.depth, node.rows);
      if (leaves != 0) {
        endAt(leaves, node.target / node.weight, node.tests, node.testRows);
        if (leaves == members) continue;
        part(leader, leaves);
        leader = <i32>ctz<u64>(members ^ leaves);
      }
      activeOf(searching).leader = leader;
      activeOf(searching).known = branch.known;
      searching++;
    }
  }
  return searching;
}

export function findConstants(): void {
  for (let feature = 0; feature < featureCount; feature++) {
    if (load<u8>(constantAt + feature)) continue;
    const constant =
      entryBytes == 4
        ? isConstant<u32>(listOf(feature), node.rows, nextRanksOf(feature))
        : isConstant<u64>(listOf(feature), node.rows, 0);
    store<u8>(constantAt + feature, u8(constant));
  }
}

/**
 * Draws features without replacement for a class, until max_features were visited and at least one of them was
 * not constant; those to be scanned are written in the order drawn. The order of features stays as it is left,
 * but for its known constants, which relatives must find in the order in which they were found.
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
    if (load<u8>(constantAt + feature)) {
      swap(features, place, known + found++);
      continue;
    }
    swap(features, place, --undrawn);
    setI32(order, drawn++, feature);
    if (mark) store<u8>(neededAt + feature, 1);
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
        picked(count).members = 0;
        picked(count).known = activeOf(i).known;
        picked(count++).group = group;
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

/** The number of the split that a class picks at a level, -1 for none. */
function groupOf(index: i32, level: i32, all: bool): i32 {
  const winner = winnerOf(level);
  let feature = winner.gain > -Infinity ? winner.feature : -1;
  let position = winner.position;
  if (!all || winner.isTied) {
    feature = bestDrawn(index, level);
    position = getI32(positionsAt, max(feature, 0) * levelCount + level);
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
    const gain = getF64(gainsAt, candidate * levelCount + level);
    if (gain > best) {
      best = gain;
      feature = candidate;
    }
  }
  return feature;
}
