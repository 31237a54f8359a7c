/**
 * Growth of one tree for all configurations at once. A node is visited with the set of configurations that
 * came to it by the same splits; one scan of its rows serves all of them. Each class of configurations draws
 * its own features and picks its own split among those scanned. Those that picked the same go on together;
 * for each other split the node's lists are partitioned again. Nearly all rows are scanned near the root,
 * where configurations still agree, so a whole grid costs little more than its largest tree.
 *
 * Nodes are visited depth first, left before right, with an explicit stack. A node's lists (one per feature,
 * then nothing between them) are partitioned into its children's, which take the same place in a second
 * buffer, and back again a level below: no memory is allocated. Where configurations part, all but the last
 * group take a fresh pair of buffers, because the node's lists are still needed.
 */
import { Class, classOf, configsAtLevel, constantsOf, featuresOf, leaderOf, leavesOf, part, startClasses } from './classes';
import { areSingle, differ, fillBag, fillLists, nextRanksOf, numberOf, sumSquares, sumsOf, sumTarget, sumWeight, valueOf } from './lists';
import {
  activeAt,
  BRANCH_BYTES,
  branchesAt,
  columnsAt,
  configCount,
  constantAt,
  entriesAt,
  entryBytes,
  featureCount,
  gainsAt,
  getF64,
  getI32,
  groupsAt,
  leafMeansAt,
  levelCount,
  maxFeatures,
  neededAt,
  nodeFeatureAt,
  nodeImpurityAt,
  nodeLeftAt,
  nodeRightAt,
  nodeRowsAt,
  nodeThresholdAt,
  nodeValueAt,
  nodeWeightAt,
  ordersAt,
  partedAt,
  positionsAt,
  rowCount,
  setF64,
  setI32,
  sideAt,
  spareAt,
  squaresAt,
  stackAt,
  storing,
  TASK_BYTES,
} from './memory';
import { fillFactors, randint, remainder, seedTwister, xorshift } from './random';
import { isConstant, searchFeatures, winnerOf } from './scan';

/** A node whose impurity is at most this is pure; a split may lose this much to rounding. */
const EPSILON: f64 = 2.220446049250313e-16;

/** A node to visit, or (with a feature) one to split for some of its configurations; branches follow it. */
@unmanaged
class Task {
  weight: f64;
  target: f64;
  squares: f64;
  impurity: f64;
  /** Features known to be constant in the node, of the first 64. */
  constants: u64;
  /** The node's lists, and their place in the other buffer. */
  lists: usize;
  otherLists: usize;
  /** The same for the test rows in the node. */
  tests: usize;
  otherTests: usize;
  /** Where memory for parted configurations is free. */
  freeAt: usize;
  rows: i32;
  testRows: i32;
  depth: i32;
  /** Node number of the parent, or of the node itself when it is to be split. */
  node: i32;
  isLeft: i32;
  /** 1 when no configuration will split the node. */
  isLeaf: i32;
  branches: i32;
  /** The split: -1 for a node to visit, rows to the left. */
  feature: i32;
  position: i32;
  /** 1 when the split must leave the node's lists as they are, for others to follow. */
  fresh: i32;
}

/** Configurations of a task that know as many constant features; those of one class are together. */
@unmanaged
class Branch {
  members: u64;
  /** Length of the known-constant part of the class's order of features. */
  known: i32;
  /** While a node is searched: the group that it will go with, -1 for a leaf. */
  group: i32;
}

/** A class that searches the node. */
@unmanaged
class Active {
  leader: i32;
  known: i32;
  drawn: i32;
}

let stackTop: usize = 0;
let testCount: i32 = 0;
/** Row numbers of the fold's test rows; lists of them hold places in this one. */
let testRowsOfFold: usize = 0;
let rootWeight: f64 = 0;
export let nodeCount: i32 = 0;

/** The task at work, copied off the stack. */
let node = changetype<Task>(0);
let groups: i32 = 0;

// @ts-ignore: decorator
@inline
function branchOf(task: Task, i: i32): Branch {
  return changetype<Branch>(changetype<usize>(task) + TASK_BYTES + <usize>i * BRANCH_BYTES);
}

// @ts-ignore: decorator
@inline
function picked(i: i32): Branch {
  return changetype<Branch>(branchesAt + <usize>i * BRANCH_BYTES);
}

// @ts-ignore: decorator
@inline
function activeOf(i: i32): Active {
  return changetype<Active>(activeAt + ((<usize>i) << 4));
}

/** Room for one more task on the stack; its branches come behind it, then its size. */
function push(branches: i32): Task {
  const task = changetype<Task>(stackTop);
  const bytes = TASK_BYTES + <usize>branches * BRANCH_BYTES + 16;
  stackTop += bytes;
  store<usize>(stackTop - 16, bytes);
  task.branches = branches;
  return task;
}

/** Grows the tree of `seed` on a fold; leaf means of the test rows, or the nodes, are the result. */
export function growTree(seed: u32, trainRows: usize, trainCount: i32, testRows: usize, tests: i32): void {
  seedTwister(seed);
  const bag = fillBag(trainRows, trainCount);
  fillLists(bag);
  seedTwister(seed);
  fillFactors();
  const all = startClasses(randint(0x7fffffff));
  testCount = tests;
  rootWeight = sumWeight;
  nodeCount = 0;
  stackTop = stackAt;
  const root = push(1);
  const listBytes = <usize>featureCount * <usize>bag * entryBytes;
  root.lists = entriesAt;
  root.otherLists = entriesAt + listBytes;
  root.tests = entriesAt + 2 * listBytes;
  root.otherTests = root.tests + ((<usize>tests) << 2);
  root.freeAt = partedAt;
  for (let i = 0; i < tests; i++) setI32(root.tests, i, i);
  testRowsOfFold = testRows;
  const mean = sumTarget / sumWeight;
  root.impurity = sumSquares / sumWeight - mean * mean;
  root.weight = sumWeight;
  root.target = sumTarget;
  root.squares = sumSquares;
  root.constants = 0;
  root.rows = bag;
  root.testRows = tests;
  root.depth = 0;
  root.node = -1;
  root.isLeft = 0;
  root.isLeaf = i32(root.impurity <= EPSILON);
  root.feature = -1;
  branchOf(root, 0).members = all;
  branchOf(root, 0).known = 0;
  while (stackTop > stackAt) {
    stackTop -= load<usize>(stackTop - 16);
    node = changetype<Task>(stackTop);
    if (node.feature < 0) visit();
    else {
      for (let i = 0; i < node.branches; i++) {
        picked(i).members = branchOf(node, i).members;
        picked(i).known = branchOf(node, i).known;
      }
      split(node.branches, node.feature, node.position, node.fresh != 0);
    }
  }
}

// @ts-ignore: decorator
@inline
function listOf(feature: i32): usize {
  return node.lists + <usize>feature * <usize>node.rows * entryBytes;
}

/** Ends or searches the node at the top of the stack for each of its configurations. */
function visit(): void {
  const mean = node.target / node.weight;
  if (storing) node.node = addNode(node.node, node.isLeft, mean, node.rows, node.weight, node.impurity);
  if (node.isLeaf) {
    for (let i = 0; i < node.branches; i++) endAt(branchOf(node, i).members, mean, node.tests, node.testRows);
    return;
  }
  const searching = endLeaves();
  if (searching == 0) return;
  let levels: u64 = 0;
  for (let i = 0; i < searching; i++) levels |= classOf(activeOf(i).leader).levels;
  const all = maxFeatures >= featureCount;
  for (let feature = 0; feature < featureCount; feature++) {
    store<u8>(constantAt + feature, u8(feature < 64 && (node.constants >> feature) & 1));
  }
  if (all) {
    searchFeatures(node.lists, node.rows, node.weight, node.target, levels, true, searching);
    for (let i = 0; i < searching; i++) drawFeatures(i, false);
  } else {
    findConstants();
    memory.fill(neededAt, 0, featureCount);
    for (let i = 0; i < searching; i++) drawFeatures(i, true);
    searchFeatures(node.lists, node.rows, node.weight, node.target, levels, false, searching);
  }
  for (let feature = 0; feature < min(featureCount, 64); feature++) {
    node.constants |= <u64>load<u8>(constantAt + feature) << feature;
  }
  splitGroups(pickSplits(searching, all));
}

/** Ends the configurations that must not split here, and lists the classes of the others. */
function endLeaves(): i32 {
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

function findConstants(): void {
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
function drawFeatures(index: i32, mark: bool): void {
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
function pickSplits(searching: i32, all: bool): i32 {
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

/** Ends the branches that found no split, and splits the node for each group of the others. */
function splitGroups(count: i32): void {
  let going = 0;
  for (let i = 0; i < count; i++) {
    const branch = picked(i);
    if (branch.group < 0) {
      endAt(branch.members, node.target / node.weight, node.tests, node.testRows);
      continue;
    }
    const kept = picked(going++);
    kept.members = branch.members;
    kept.known = branch.known;
    kept.group = branch.group;
  }
  if (groups == 1) {
    split(going, getI32(groupsAt, 0), getI32(groupsAt, 1), false);
    return;
  }
  memory.copy(spareAt, changetype<usize>(node), TASK_BYTES);
  for (let group = groups - 1; group >= 0; group--) {
    let size = 0;
    for (let i = 0; i < going; i++) size += i32(picked(i).group == group);
    const task = push(size);
    memory.copy(changetype<usize>(task), spareAt, TASK_BYTES);
    task.branches = size;
    task.feature = getI32(groupsAt, 2 * group);
    task.position = getI32(groupsAt, 2 * group + 1);
    task.fresh = i32(group < groups - 1);
    for (let i = 0, to = 0; i < going; i++) {
      if (picked(i).group != group) continue;
      branchOf(task, to).members = picked(i).members;
      branchOf(task, to++).known = picked(i).known;
    }
  }
}

/** Sums of the rows that `mark` went over. */
let markWeight: f64 = 0;
let markTarget: f64 = 0;
let markSquares: f64 = 0;

/** Notes the side of a stretch of entries, and sums their rows in order. */
function mark<Entry, Sums>(list: usize, from: i32, to: i32, side: u8): void {
  let sums = f64x2.splat(0);
  let squares: f64 = 0;
  for (let i = from; i < to; i++) {
    const number = numberOf<Entry>(load<Entry>(list + <usize>i * sizeof<Entry>()));
    store<u8>(sideAt + number, side);
    squares += load<f64>(squaresAt + (number << 3));
    sums = f64x2.add(sums, sumsOf<Entry, Sums>(list, i));
  }
  markWeight = f64x2.extract_lane(sums, 0);
  markTarget = f64x2.extract_lane(sums, 1);
  markSquares = squares;
}

function markSide(list: usize, from: i32, to: i32, side: u8): void {
  if (entryBytes == 4) {
    if (areSingle) mark<u32, f32>(list, from, to, side);
    else mark<u32, f64>(list, from, to, side);
  } else {
    if (areSingle) mark<u64, f32>(list, from, to, side);
    else mark<u64, f64>(list, from, to, side);
  }
}

/**
 * Splits the node for the picked branches: sums and impurity of both sides, the children's lists, and the
 * children's places on the stack. A split that gains nothing can lose to rounding; then the branches end here.
 */
function split(count: i32, feature: i32, position: i32, fresh: bool): void {
  const rows = node.rows;
  const list = listOf(feature);
  markSide(list, 0, position, 1);
  const leftWeight = markWeight;
  const leftTarget = markTarget;
  const leftSquares = markSquares;
  let rightWeight = node.weight - leftWeight;
  let rightTarget = node.target - leftTarget;
  let rightSquares = node.squares - leftSquares;
  const leftMean = leftTarget / leftWeight;
  const leftImpurity = leftSquares / leftWeight - leftMean * leftMean;
  let rightMean = rightTarget / rightWeight;
  const rightImpurity = rightSquares / rightWeight - rightMean * rightMean;
  const improvement =
    (node.weight / rootWeight) *
    (node.impurity -
      (rightWeight / node.weight) * rightImpurity -
      (leftWeight / node.weight) * leftImpurity);
  if (improvement + EPSILON < 0) {
    const mean = node.target / node.weight;
    for (let i = 0; i < count; i++) endAt(picked(i).members, mean, node.tests, node.testRows);
    return;
  }
  markSide(list, position, rows, 0);
  rightWeight = markWeight;
  rightTarget = markTarget;
  rightSquares = markSquares;
  rightMean = rightTarget / rightWeight;

  const threshold = thresholdAt(feature, list + <usize>position * entryBytes);
  if (storing) {
    setI32(nodeFeatureAt, node.node, feature);
    setF64(nodeThresholdAt, node.node, threshold);
  }
  let deepest = 0;
  let smallest = i32.MAX_VALUE;
  for (let i = 0; i < count; i++) {
    const members = classOf(<i32>ctz<u64>(picked(i).members));
    deepest = max(deepest, members.maxDepth);
    smallest = min(smallest, members.minSplit);
  }
  const depth = node.depth + 1;
  const leftLeaf = depth >= deepest || position < smallest || leftImpurity <= EPSILON;
  const rightLeaf = depth >= deepest || rows - position < smallest || rightImpurity <= EPSILON;

  const listBytes = <usize>featureCount * <usize>rows * entryBytes;
  const testBytes = (<usize>node.testRows) << 2;
  const lists = fresh ? node.freeAt : node.otherLists;
  const otherLists = fresh ? lists + listBytes : node.lists;
  const tests = fresh ? otherLists + listBytes : node.otherTests;
  const otherTests = fresh ? tests + testBytes : node.tests;
  const freeAt = fresh ? (otherTests + testBytes + 15) & ~15 : node.freeAt;
  const leftTests = partitionTests(feature, threshold, tests);
  const testRows = node.testRows;
  const leftBytes = <usize>featureCount * <usize>position * entryBytes;
  if (!leftLeaf || !rightLeaf) {
    if (entryBytes == 4) partition<u32>(feature, position, lists, lists + leftBytes, !leftLeaf, !rightLeaf);
    else partition<u64>(feature, position, lists, lists + leftBytes, !leftLeaf, !rightLeaf);
  }

  const id = node.node;
  const constants = node.constants;
  if (rightLeaf && (leftLeaf || !storing)) {
    if (leftLeaf) endChild(id, 1, count, leftMean, position, leftWeight, leftImpurity, tests, leftTests);
    endChild(id, 0, count, rightMean, rows - position, rightWeight, rightImpurity, tests + ((<usize>leftTests) << 2), testRows - leftTests);
    if (leftLeaf) return;
  } else {
    const right = push(count);
    right.weight = rightWeight;
    right.target = rightTarget;
    right.squares = rightSquares;
    right.impurity = rightImpurity;
    right.lists = lists + leftBytes;
    right.otherLists = otherLists + leftBytes;
    right.tests = tests + ((<usize>leftTests) << 2);
    right.otherTests = otherTests + ((<usize>leftTests) << 2);
    right.rows = rows - position;
    right.testRows = testRows - leftTests;
    right.isLeft = 0;
    right.isLeaf = i32(rightLeaf);
    finishChild(right, id, depth, constants, freeAt, count);
  }
  if (leftLeaf) {
    endChild(id, 1, count, leftMean, position, leftWeight, leftImpurity, tests, leftTests);
    return;
  }
  const left = push(count);
  left.weight = leftWeight;
  left.target = leftTarget;
  left.squares = leftSquares;
  left.impurity = leftImpurity;
  left.lists = lists;
  left.otherLists = otherLists;
  left.tests = tests;
  left.otherTests = otherTests;
  left.rows = position;
  left.testRows = leftTests;
  left.isLeft = 1;
  left.isLeaf = 0;
  finishChild(left, id, depth, constants, freeAt, count);
}

/** What both children have alike. */
function finishChild(child: Task, parent: i32, depth: i32, constants: u64, freeAt: usize, count: i32): void {
  child.node = parent;
  child.depth = depth;
  child.constants = constants;
  child.freeAt = freeAt;
  child.feature = -1;
  for (let i = 0; i < count; i++) {
    branchOf(child, i).members = picked(i).members;
    branchOf(child, i).known = picked(i).known;
  }
}

/** A child that is a leaf for all, without a task of its own. */
function endChild(
  parent: i32,
  isLeft: i32,
  count: i32,
  mean: f64,
  rows: i32,
  weight: f64,
  impurity: f64,
  tests: usize,
  testRows: i32,
): void {
  if (storing) addNode(parent, isLeft, mean, rows, weight, impurity);
  for (let i = 0; i < count; i++) endAt(picked(i).members, mean, tests, testRows);
}

/** Halfway between the values on both sides of a position. */
function thresholdAt(feature: i32, at: usize): f64 {
  if (entryBytes == 4) {
    return <f64>valueOf<u32>(load<u32>(at - 4), feature) / 2 + <f64>valueOf<u32>(load<u32>(at), feature) / 2;
  }
  return <f64>valueOf<u64>(load<u64>(at - 8), feature) / 2 + <f64>valueOf<u64>(load<u64>(at), feature) / 2;
}

/**
 * Writes the lists of the two children, in order, without a branch per row. A child that will not be searched
 * needs none, nor does a feature that is constant.
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
  // Entries that are not needed all go to one place, where nothing is kept.
  const leftMask: usize = needLeft ? bytes : 0;
  const rightMask: usize = needRight ? bytes : 0;
  for (let other = 0; other < featureCount; other++) {
    if (other < 64 && (node.constants >> other) & 1) continue;
    const list = listOf(other);
    let toLeft = needLeft ? left + <usize>other * leftBytes : spareAt;
    let toRight = needRight ? right + <usize>other * rightBytes : spareAt;
    if (other == feature) {
      if (needLeft) copy<Entry>(toLeft, list, leftBytes);
      if (needRight) copy<Entry>(toRight, list + leftBytes, rightBytes);
      continue;
    }
    const end = list + leftBytes + rightBytes;
    for (let at = list; at < end; at += bytes) {
      const entry = load<Entry>(at);
      const goesLeft = -(<usize>load<u8>(sideAt + numberOf<Entry>(entry)));
      store<Entry>(goesLeft ? toLeft : toRight, entry);
      toLeft += leftMask & goesLeft;
      toRight += rightMask & ~goesLeft;
    }
  }
}

/** Few entries are sooner copied by hand than by a call out of the kernel. */
function copy<Entry>(to: usize, from: usize, bytes: usize): void {
  if (bytes > 256) memory.copy(to, from, bytes);
  else for (let i: usize = 0; i < bytes; i += sizeof<Entry>()) store<Entry>(to + i, load<Entry>(from + i));
}

/** Writes the test rows that go left, then those that go right; returns how many go left. */
function partitionTests(feature: i32, threshold: f64, to: usize): i32 {
  const column = columnsAt + ((<usize>feature * <usize>rowCount) << 2);
  const count = node.testRows;
  let left = 0;
  let right = count;
  for (let i = 0; i < count; i++) {
    const test = getI32(node.tests, i);
    const row = getI32(testRowsOfFold, test);
    const goesLeft = i32(<f64>load<f32>(column + ((<usize>row) << 2)) <= threshold);
    right -= 1 - goesLeft;
    setI32(to, goesLeft ? left : right, test);
    left += goesLeft;
  }
  return left;
}

/** Notes a leaf's mean for the test rows in it. */
function endAt(members: u64, mean: f64, tests: usize, count: i32): void {
  for (; members != 0; members &= members - 1) {
    const means = leafMeansAt + ((<usize>ctz<u64>(members) * <usize>testCount) << 3);
    for (let i = 0; i < count; i++) setF64(means, getI32(tests, i), mean);
  }
}

function addNode(parent: i32, isLeft: i32, value: f64, rows: i32, weight: f64, impurity: f64): i32 {
  const id = nodeCount++;
  if (parent >= 0) setI32(isLeft ? nodeLeftAt : nodeRightAt, parent, id);
  setI32(nodeFeatureAt, id, -2);
  setF64(nodeThresholdAt, id, -2);
  setI32(nodeLeftAt, id, -1);
  setI32(nodeRightAt, id, -1);
  setF64(nodeValueAt, id, value);
  setI32(nodeRowsAt, id, rows);
  setF64(nodeWeightAt, id, weight);
  setF64(nodeImpurityAt, id, impurity);
  return id;
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
