/**
 * Growth of one tree for all configurations at once. A node is visited with the set of configurations that
 * came to it by the same splits; one scan of its rows serves all of them. Each class of configurations draws
 * its own features and picks its own split among those scanned. Those that picked the same go on together;
 * for each other split the node's lists are partitioned again. Nearly all rows are scanned near the root,
 * where configurations still agree, so a whole grid costs little more than its largest tree.
 *
 * Nodes are visited depth first, left before right, with an explicit stack. A node's lists (one per feature,
 * then nothing between them) are partitioned into its children's, which take the same place in a second
 * buffer, and back again a level below: no memory is allocated. If configurations part, all but the last
 * group take a fresh pair of buffers, because the node's lists are still needed.
 */
import { classOf, startClasses } from './classes';
import { giniOf, impurityOf } from './criterion';
import { bagClassesAt, bagSums, fillBag, fillLists } from './lists';
import {
  classCount,
  entriesAt,
  entryBytes,
  featureCount,
  getF64,
  maxFeatures,
  neededAt,
  ordered,
  partedAt,
  randomly,
  setI32,
  SHORT_BRANCH_BYTES,
  splitterSeeds,
  stackAt,
  storing,
} from './memory';
import { searchInOrder, startStretch } from './order';
import { drawFeatures, endLeaves, findConstants, keepConstants, pickSplits, recallConstants } from './pick';
import { fillFactors, randint, rewind, seedTwister } from './random';
import { searchFeatures, startSearch } from './scan';
import { classesOfNode } from './sides';
import { splitGroups, splitTask } from './split';
import {
  activeOf,
  addNode,
  branchOf,
  EPSILON,
  endBranch,
  node,
  pop,
  push,
  setShare,
  stackTop,
  startTasks,
} from './tasks';

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
  let splitterSeed = <i32>seed;
  if (!splitterSeeds) {
    seedTwister(seed);
    // Both the splitter and the bootstrap draw from a generator of this seed.
    splitterSeed = randint(0x7fffffff);
    rewind();
  }
  const bag = fillBag(trainRows, trainCount);
  fillLists(bag);
  fillFactors();
  const all = startClasses(splitterSeed);
  if (ordered) startStretch(bag);
  startTasks(testRows, tests, leafMeans);
  pushRoot(bag, tests, all);
  while (stackTop > stackAt) {
    pop();
    if (node.feature < 0) visit();
    else splitTask();
  }
}

function pushRoot(bag: i32, tests: i32, all: u64): void {
  const root = push(1);
  const listBytes = <usize>featureCount * <usize>bag * entryBytes;
  root.lists = entriesAt;
  root.otherLists = entriesAt + listBytes;
  root.tests = entriesAt + 2 * listBytes;
  root.otherTests = root.tests + ((<usize>tests) << 2);
  root.freeAt = partedAt;
  for (let i = 0; i < tests; i++) setI32(root.tests, i, i);
  const sums = bagSums();
  root.weight = sums.weight;
  root.target = sums.target;
  root.squares = sums.squares;
  root.impurity = impurityOf(sums.weight, sums.target, sums.squares);
  if (classCount > 0) {
    const classes = changetype<usize>(branchOf(root, 0)) + SHORT_BRANCH_BYTES;
    memory.copy(classes, bagClassesAt(), (<usize>classCount) << 3);
    root.impurity = giniOf(sums.weight, squaresIn(classes));
  }
  root.constants = 0;
  root.clean = 0;
  root.start = 0;
  root.rows = bag;
  root.testRows = tests;
  root.depth = 0;
  root.node = -1;
  root.isLeft = 0;
  root.isLeaf = i32(root.impurity <= EPSILON);
  root.feature = -1;
  const branch = branchOf(root, 0);
  branch.members = all;
  branch.known = 0;
  if (!ordered) return;
  branch.weight = root.weight;
  branch.target = root.target;
  branch.squares = root.squares;
  branch.impurity = root.impurity;
  branch.sorted = -1;
}

function squaresIn(classes: usize): f64 {
  let sum: f64 = 0;
  for (let code = 0; code < classCount; code++) sum += getF64(classes, code) * getF64(classes, code);
  return sum;
}

/** Ends or searches the node at the top of the stack for each of its configurations. */
function visit(): void {
  if (storing) {
    const mean = node.target / node.weight;
    node.node = addNode(node.node, node.isLeft, mean, node.rows, node.weight, node.impurity);
    for (let code = 0; code < classCount; code++) setShare(node.node, code, getF64(classesOfNode(), code) / node.weight);
  }
  if (node.isLeaf) {
    for (let i = 0; i < node.branches; i++) endBranch(branchOf(node, i));
    return;
  }
  const searching = endLeaves();
  if (searching == 0) return;
  recallConstants();
  if (node.rows == 2 && node.testRows == 0 && !storing) {
    // Both children are leaves without test rows: only the numbers that are drawn matter.
    findConstants();
    for (let i = 0; i < searching; i++) drawFeatures(i, false);
    return;
  }
  const all = !randomly && maxFeatures >= featureCount;
  search(searching, all);
  keepConstants();
  splitGroups(pickSplits(searching, all));
}

/** Draws features for each class and searches them. */
function search(searching: i32, all: bool): void {
  let levels: u64 = 0;
  for (let i = 0; i < searching; i++) levels |= classOf(activeOf(i).leader).levels;
  const isShared = all || searching == 1;
  if (all && !ordered) {
    startSearch(levels, 1, isShared);
    searchFeatures(true);
    for (let i = 0; i < searching; i++) drawFeatures(i, false);
    return;
  }
  findConstants();
  memory.fill(neededAt, 0, featureCount);
  if (randomly) startSearch(levels, 1, false);
  for (let i = 0; i < searching; i++) drawFeatures(i, true);
  if (randomly) return;
  if (ordered) {
    searchInOrder(searching, levels, isShared);
  } else {
    startSearch(levels, 1, isShared);
    searchFeatures(false);
  }
}
