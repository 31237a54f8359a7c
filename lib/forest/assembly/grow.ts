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
import { classOf, startClasses } from './classes';
import { fillBag, fillLists, sumSquares, sumTarget, sumWeight } from './lists';
import {
  constantAt,
  entriesAt,
  entryBytes,
  featureCount,
  getI32,
  groupsAt,
  maxFeatures,
  neededAt,
  nodeFeatureAt,
  nodeThresholdAt,
  partedAt,
  setF64,
  setI32,
  spareAt,
  stackAt,
  storing,
  TASK_BYTES,
} from './memory';
import {
  markSide,
  markSquares,
  markTarget,
  markWeight,
  partitionLists,
  partitionTests,
  thresholdAt,
} from './partition';
import { drawFeatures, endLeaves, findConstants, groups, pickSplits } from './pick';
import { fillFactors, randint, rewind, seedTwister } from './random';
import { searchFeatures } from './scan';
import {
  activeOf,
  addNode,
  branchOf,
  endAt,
  listOf,
  node,
  picked,
  pop,
  push,
  stackTop,
  startTasks,
  Task,
} from './tasks';

/** A node whose impurity is at most this is pure; a split may lose this much to rounding. */
const EPSILON: f64 = 2.220446049250313e-16;

let rootWeight: f64 = 0;

/**
 * Grows the tree of `seed` on a fold. The result is the nodes, or the means of the leaves that the test rows come
 * to, f64[configuration][test row of the fold].
 */
export function growTree(
  seed: u32,
  trainRows: usize,
  trainCount: i32,
  testRows: usize,
  tests: i32,
  leafMeans: usize,
): void {
  seedTwister(seed);
  // Both the splitter and the bootstrap draw from a generator of this seed.
  const splitterSeed = randint(0x7fffffff);
  rewind();
  const bag = fillBag(trainRows, trainCount);
  fillLists(bag);
  fillFactors();
  const all = startClasses(splitterSeed);
  startTasks(testRows, tests, leafMeans);
  rootWeight = sumWeight;
  const root = push(1);
  const listBytes = <usize>featureCount * <usize>bag * entryBytes;
  root.lists = entriesAt;
  root.otherLists = entriesAt + listBytes;
  root.tests = entriesAt + 2 * listBytes;
  root.otherTests = root.tests + ((<usize>tests) << 2);
  root.freeAt = partedAt;
  for (let i = 0; i < tests; i++) setI32(root.tests, i, i);
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
    pop();
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
  if (node.rows == 2 && node.testRows == 0 && !storing) {
    // Both children are leaves that nobody looks at: what counts is the numbers that were drawn.
    findConstants();
    for (let i = 0; i < searching; i++) drawFeatures(i, false);
    return;
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

/**
 * Splits the node for the picked branches: sums and impurity of both sides, the children's lists, and the
 * children's places on the stack. A split that gains nothing can lose to rounding; then the branches end here.
 */
function split(count: i32, feature: i32, position: i32, fresh: bool): void {
  const rows = node.rows;
  const list = listOf(feature);
  markSide(list, 0, position, <u8>entryBytes);
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
  const rightTests = tests + ((<usize>leftTests) << 2);
  const leftBytes = <usize>featureCount * <usize>position * entryBytes;
  if (!leftLeaf || !rightLeaf) {
    partitionLists(feature, position, lists, lists + leftBytes, !leftLeaf, !rightLeaf);
  }

  const id = node.node;
  const constants = node.constants;
  if (rightLeaf && (leftLeaf || !storing)) {
    if (leftLeaf) endChild(id, 1, count, leftMean, position, leftWeight, leftImpurity, tests, leftTests);
    const others = testRows - leftTests;
    endChild(id, 0, count, rightMean, rows - position, rightWeight, rightImpurity, rightTests, others);
    if (leftLeaf) return;
  } else {
    const right = push(count);
    right.weight = rightWeight;
    right.target = rightTarget;
    right.squares = rightSquares;
    right.impurity = rightImpurity;
    right.lists = lists + leftBytes;
    right.otherLists = otherLists + leftBytes;
    right.tests = rightTests;
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
