/** From the splits that were picked to children on the stack. */
import { giniOf, impurityOf } from './criterion';
import { leaderOf, classOf } from './classes';
import { bagSums, knownIn, numberOf, Sums, sumsOf } from './lists';
import {
  branchBytes,
  classCount,
  entryBytes,
  featureCount,
  getF64,
  getI32,
  groupsAt,
  HALVES_BYTES,
  halvesAt,
  missing,
  nodeFeatureAt,
  nodeMissingAt,
  nodeThresholdAt,
  ordered,
  randomly,
  rowSumsAt,
  setF64,
  setI32,
  SHORT_BRANCH_BYTES,
  squaresAt,
  storing,
  TASK_BYTES,
  thresholdsAt,
} from './memory';
import { orderOf, partRows, stretchOf } from './order';
import { markLeft, markRows, partitionLists, partitionTests, thresholdAt } from './partition';
import { groups, lastExamined } from './pick';
import { moveSums } from './scan';
import { classWeight, clearLeft, squaresOf } from './sides';
import {
  addNode,
  Branch,
  branchOf,
  EPSILON,
  endAt,
  endBranch,
  listOf,
  node,
  picked,
  push,
  setShare,
  Task,
} from './tasks';

/** The sums of one side of a split. */
@unmanaged
class Half extends Sums {
  impurity: f64;
}

const HALF_BYTES: usize = HALVES_BYTES / 2;

// @ts-ignore: decorator
@inline
function halfOf(branch: i32, isLeft: i32): Half {
  return changetype<Half>(halvesAt + <usize>branch * HALVES_BYTES + (isLeft ? 0 : HALF_BYTES));
}

/** The split at work: rows that miss its feature go left or right, others by their value. */
let threshold: f64 = 0;
let isMissingLeft: bool = false;

/** Ends the branches that found no split, and splits the node for each group of the others. */
export function splitGroups(count: i32): void {
  let going = 0;
  for (let i = 0; i < count; i++) {
    if (picked(i).group < 0) endBranch(picked(i));
    else keep(i, going++);
  }
  if (groups == 1) {
    split(going, getI32(groupsAt, 0), getI32(groupsAt, 1), false);
    return;
  }
  for (let group = groups - 1; group >= 0; group--) {
    let size = 0;
    for (let i = 0; i < going; i++) size += i32(picked(i).group == group);
    const task = push(size);
    memory.copy(changetype<usize>(task), changetype<usize>(node), TASK_BYTES);
    task.branches = size;
    task.feature = getI32(groupsAt, 2 * group);
    task.position = getI32(groupsAt, 2 * group + 1);
    task.fresh = i32(group < groups - 1);
    for (let i = 0, to = 0; i < going; i++) {
      if (picked(i).group == group) copyBranch(branchOf(task, to++), picked(i));
    }
  }
}

/** Splits the node at work as its task says. */
export function splitTask(): void {
  for (let i = 0; i < node.branches; i++) copyBranch(picked(i), branchOf(node, i));
  split(node.branches, node.feature, node.position, node.fresh != 0);
}

// @ts-ignore: decorator
@inline
function copyBranch(to: Branch, from: Branch): void {
  if (ordered) memory.copy(changetype<usize>(to), changetype<usize>(from), branchBytes);
  else {
    to.members = from.members;
    to.known = from.known;
    to.group = from.group;
  }
}

/** Moves a picked branch forward. */
function keep(from: i32, to: i32): void {
  if (from != to) copyBranch(picked(to), picked(from));
}

/**
 * Splits the node for the picked branches: both sides' sums, the children's lists, their places on the stack.
 * @param position the rows of the feature's list that go left; negative where those that miss it go left as well
 */
function split(count: i32, feature: i32, position: i32, fresh: bool): void {
  const list = listOf(feature);
  const rows = node.rows;
  const known = entryBytes == 4 ? knownIn<u32>(list, rows, feature) : knownIn<u64>(list, rows, feature);
  const border = abs(position);
  const leftRows = position < 0 ? border + rows - known : border;
  const behind = position < 0 ? known : rows;
  const going = ordered ? halveInOrder(count, feature, border, behind) : halve(count, list, border, behind);
  if (going == 0) return;
  isMissingLeft = known < rows ? position < 0 : leftRows > rows - leftRows;
  threshold = Infinity;
  if (randomly) threshold = getF64(thresholdsAt, feature);
  else if (border < known) threshold = thresholdAt(feature, list + <usize>border * entryBytes);
  if (storing) {
    setI32(nodeFeatureAt, node.node, feature);
    setF64(nodeThresholdAt, node.node, threshold);
    if (missing) store<u8>(nodeMissingAt + node.node, u8(isMissingLeft));
  }
  pushChildren(going, feature, position, leftRows, fresh);
}

/**
 * Sums both sides. A split that gains nothing can lose to rounding; then its branches end here.
 * @param border the rows of the list that go left, besides those from `behind` on
 * @returns branches that go on
 */
function halve(count: i32, list: usize, border: i32, behind: i32): i32 {
  const rows = node.rows;
  const left = halfOf(0, 1);
  const right = halfOf(0, 0);
  left.weight = 0;
  left.target = 0;
  left.squares = 0;
  if (classCount > 0) clearLeft();
  markLeft(list, 0, border, left);
  if (behind < rows) markLeft(list, behind, rows, left);
  right.weight = node.weight - left.weight;
  right.target = node.target - left.target;
  right.squares = node.squares - left.squares;
  if (classCount > 0) {
    left.impurity = giniOf(left.weight, squaresOf(1));
    right.impurity = giniOf(right.weight, squaresOf(0));
  } else {
    left.impurity = impurityOf(left.weight, left.target, left.squares);
    right.impurity = impurityOf(right.weight, right.target, right.squares);
  }
  if (improvementOf(node.weight, node.impurity, left, right) + EPSILON < 0) {
    for (let i = 0; i < count; i++) endBranch(picked(i));
    return 0;
  }
  markRows(list, border, behind, 0);
  return count;
}

function improvementOf(weight: f64, impurity: f64, left: Half, right: Half): f64 {
  const loss = (right.weight / weight) * right.impurity;
  return (weight / bagSums().weight) * (impurity - loss - (left.weight / weight) * left.impurity);
}

/** The same for ordered sums: each branch has its own order of rows, and so its own sums. */
function halveInOrder(count: i32, feature: i32, border: i32, behind: i32): i32 {
  const list = listOf(feature);
  // A random threshold that was tried last has parted the rows already.
  const areParted = randomly && feature == lastExamined;
  markRows(list, 0, border, entryBytes);
  markRows(list, border, behind, 0);
  markRows(list, behind, node.rows, entryBytes);
  const leftRows = border + node.rows - behind;
  let going = 0;
  for (let i = 0; i < count; i++) {
    const branch = picked(i);
    const leader = leaderOf(<i32>ctz<u64>(branch.members));
    const order = orderOf(leader, branch.sorted);
    const stretch = stretchOf(leader, node.start);
    const doesGain =
      entryBytes == 4
        ? partStretch<u32>(branch, areParted ? 0 : order, stretch, leftRows, going)
        : partStretch<u64>(branch, areParted ? 0 : order, stretch, leftRows, going);
    if (doesGain) keep(i, going++);
    else endBranch(branch);
  }
  return going;
}

/**
 * Parts a branch's stretch, unless its order is 0, and sums both sides, twice: the sums that the split is judged by
 * are moved from the node's, and each child's own run over its rows.
 * @returns whether the split does not lose
 */
function partStretch<Entry>(branch: Branch, order: usize, stretch: usize, position: i32, index: i32): bool {
  const rows = node.rows;
  if (order != 0) partRows<Entry>(order, stretch, rows);
  const left = halfOf(index, 1);
  const right = halfOf(index, 0);
  sumStretch<Entry>(stretch, 0, position, left);
  const totals = f64x2.replace_lane(f64x2.splat(branch.weight), 1, branch.target);
  const moved = moveSums<Entry>(stretch, 0, position, rows, f64x2.splat(0), totals);
  const leftWeight = f64x2.extract_lane(moved, 0);
  const leftTarget = f64x2.extract_lane(moved, 1);
  const ownWeight = left.weight;
  const ownTarget = left.target;
  left.weight = leftWeight;
  right.weight = branch.weight - leftWeight;
  left.impurity = impurityOf(leftWeight, leftTarget, left.squares);
  right.impurity = impurityOf(right.weight, branch.target - leftTarget, branch.squares - left.squares);
  const doesGain = !(improvementOf(branch.weight, branch.impurity, left, right) + EPSILON < 0);
  left.weight = ownWeight;
  left.target = ownTarget;
  sumStretch<Entry>(stretch, position, rows, right);
  return doesGain;
}

/** Sums rows in their order. */
function sumStretch<Entry>(stretch: usize, from: i32, to: i32, into: Sums): void {
  const rowSums = rowSumsAt;
  let sums = f64x2.splat(0);
  let squares: f64 = 0;
  for (let i = from; i < to; i++) {
    const number = numberOf<Entry>(load<Entry>(stretch + <usize>i * sizeof<Entry>()));
    squares += getF64(squaresAt, <i32>number);
    sums = f64x2.add(sums, sumsOf<Entry, f64>(rowSums, stretch, i));
  }
  into.weight = f64x2.extract_lane(sums, 0);
  into.target = f64x2.extract_lane(sums, 1);
  into.squares = squares;
}

/** Whether no configuration of the branches will split a child. */
function isLeafForAll(count: i32, rows: i32, isLeft: i32): bool {
  let deepest = 0;
  let smallest = i32.MAX_VALUE;
  for (let i = 0; i < count; i++) {
    const members = classOf(leaderOf(<i32>ctz<u64>(picked(i).members)));
    deepest = max(deepest, members.maxDepth);
    smallest = min(smallest, members.minSplit);
  }
  if (node.depth + 1 >= deepest || rows < smallest) return true;
  const halves = ordered ? count : 1;
  for (let i = 0; i < halves; i++) if (halfOf(i, isLeft).impurity > EPSILON) return false;
  return true;
}

/** Writes the lists of both children, and ends them or puts them on the stack, the left one on top. */
function pushChildren(count: i32, feature: i32, position: i32, leftRows: i32, fresh: bool): void {
  const rows = node.rows;
  const leftLeaf = isLeafForAll(count, leftRows, 1);
  const rightLeaf = isLeafForAll(count, rows - leftRows, 0);
  const listBytes = <usize>featureCount * <usize>rows * entryBytes;
  const testBytes = (<usize>node.testRows) << 2;
  const lists = fresh ? node.freeAt : node.otherLists;
  const otherLists = fresh ? lists + listBytes : node.lists;
  const tests = fresh ? otherLists + listBytes : node.otherTests;
  const otherTests = fresh ? tests + testBytes : node.tests;
  const freeAt = fresh ? (otherTests + testBytes + 15) & ~15 : node.freeAt;
  const leftTests = partitionTests(feature, threshold, isMissingLeft, tests);
  const leftBytes = <usize>featureCount * <usize>leftRows * entryBytes;
  if (!leftLeaf || !rightLeaf) {
    // The list of the feature itself is cut in two, but where the rows at its end go left as well.
    const whole = position < 0 ? -1 : feature;
    partitionLists(whole, leftRows, lists, lists + leftBytes, !leftLeaf, !rightLeaf);
  }
  const rightTests = tests + ((<usize>leftTests) << 2);
  const others = node.testRows - leftTests;
  // Nodes are numbered from the left, so the right leaf waits for a left child that goes on.
  if (rightLeaf && !(storing && !leftLeaf)) {
    if (leftLeaf) endChild(1, count, leftRows, tests, leftTests);
    endChild(0, count, rows - leftRows, rightTests, others);
    if (leftLeaf) return;
  } else {
    const right = push(count);
    right.lists = lists + leftBytes;
    right.otherLists = otherLists + leftBytes;
    right.tests = rightTests;
    right.otherTests = otherTests + ((<usize>leftTests) << 2);
    right.start = node.start + leftRows;
    right.rows = rows - leftRows;
    right.testRows = others;
    finishChild(right, 0, rightLeaf, freeAt, count);
  }
  if (leftLeaf) {
    endChild(1, count, leftRows, tests, leftTests);
    return;
  }
  const left = push(count);
  left.lists = lists;
  left.otherLists = otherLists;
  left.tests = tests;
  left.otherTests = otherTests;
  left.start = node.start;
  left.rows = leftRows;
  left.testRows = leftTests;
  finishChild(left, 1, false, freeAt, count);
}

/** Sets what does not depend on where the child's rows are. */
function finishChild(child: Task, isLeft: i32, isLeaf: bool, freeAt: usize, count: i32): void {
  const sums = halfOf(0, isLeft);
  child.weight = sums.weight;
  child.target = sums.target;
  child.squares = sums.squares;
  child.impurity = sums.impurity;
  child.isLeft = isLeft;
  child.isLeaf = i32(isLeaf);
  child.node = node.node;
  child.depth = node.depth + 1;
  child.constants = node.constants;
  child.clean = node.clean;
  child.freeAt = freeAt;
  child.feature = -1;
  for (let i = 0; i < count; i++) {
    const branch = branchOf(child, i);
    branch.members = picked(i).members;
    branch.known = picked(i).known;
    if (classCount > 0) {
      const classes = changetype<usize>(branch) + SHORT_BRANCH_BYTES;
      for (let code = 0; code < classCount; code++) setF64(classes, code, classWeight(code, isLeft));
    }
    if (!ordered) continue;
    const half = halfOf(i, isLeft);
    branch.weight = half.weight;
    branch.target = half.target;
    branch.squares = half.squares;
    branch.impurity = half.impurity;
    branch.sorted = -1;
  }
}

/** Ends a child that is a leaf for all, which needs no task of its own. */
function endChild(isLeft: i32, count: i32, rows: i32, tests: usize, testRows: i32): void {
  const half = halfOf(0, isLeft);
  if (storing) {
    const id = addNode(node.node, isLeft, half.target / half.weight, rows, half.weight, half.impurity);
    for (let code = 0; code < classCount; code++) setShare(id, code, classWeight(code, isLeft) / half.weight);
  }
  for (let i = 0; i < count; i++) {
    const own = halfOf(ordered ? i : 0, isLeft);
    endAt(picked(i).members, own.target / own.weight, tests, testRows);
  }
}
