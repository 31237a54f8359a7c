/** Nodes to visit or to split, the stack that holds them, and what becomes of leaves. */
import {
  ACTIVE_BYTES,
  activeAt,
  branchBytes,
  branchesAt,
  classCount,
  entryBytes,
  getI32,
  missing,
  nodeAt,
  nodeFeatureAt,
  nodeImpurityAt,
  nodeLeftAt,
  nodeMissingAt,
  nodeRightAt,
  nodeRowsAt,
  nodeThresholdAt,
  nodeValueAt,
  nodeWeightAt,
  ordered,
  setF64,
  setI32,
  stackAt,
  stackEnd,
  TASK_BYTES,
} from './memory';

/** A node whose impurity is at most this is pure; a split may lose this much to rounding. */
export const EPSILON: f64 = 2.220446049250313e-16;

/** A node to visit, or (with a feature) one to split for some of its configurations; branches follow it. */
@unmanaged
export class Task {
  weight: f64;
  target: f64;
  squares: f64;
  impurity: f64;
  /** Features known to be constant in the node, of the first 64, and those known to be clean: see order.ts. */
  constants: u64;
  clean: u64;
  /** The node's lists, and their place in the other buffer. */
  lists: usize;
  otherLists: usize;
  /** The same for the test rows in the node. */
  tests: usize;
  otherTests: usize;
  /** The start of the free memory for parted configurations. */
  freeAt: usize;
  /** The start of the node's rows among those of the tree: see order.ts. */
  start: i32;
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
export class Branch {
  members: u64;
  /** Length of the known-constant part of the class's order of features. */
  known: i32;
  /** While a node is searched: the group that it will go with, -1 for a leaf. */
  group: i32;
  /** Only with ordered sums, the branch's own sums of the node. */
  weight: f64;
  target: f64;
  squares: f64;
  impurity: f64;
  /** The feature whose list has the rows in the order of these sums, -1 for the stretch: see order.ts. */
  sorted: i32;
}

/** A class that searches the node, with its sums of the node. */
@unmanaged
export class Active {
  weight: f64;
  target: f64;
  squares: f64;
  impurity: f64;
  leader: i32;
  known: i32;
  /** Features drawn to be searched. */
  drawn: i32;
  /** See Branch. */
  sorted: i32;
}

// @ts-ignore: decorator
@inline
export function branchOf(task: Task, i: i32): Branch {
  return changetype<Branch>(changetype<usize>(task) + TASK_BYTES + <usize>i * branchBytes);
}

// @ts-ignore: decorator
@inline
export function picked(i: i32): Branch {
  return changetype<Branch>(branchesAt + <usize>i * branchBytes);
}

// @ts-ignore: decorator
@inline
export function activeOf(i: i32): Active {
  return changetype<Active>(activeAt + <usize>i * ACTIVE_BYTES);
}

/** The mean target of a branch's rows in the node at work. */
// @ts-ignore: decorator
@inline
export function meanOf(branch: Branch): f64 {
  return ordered ? branch.target / branch.weight : node.target / node.weight;
}

/** Ends all configurations of a branch in the node at work. */
export function endBranch(branch: Branch): void {
  endAt(branch.members, meanOf(branch), node.tests, node.testRows);
}

export let stackTop: usize = 0;

/** The task at work, copied off the stack with its branches. */
export let node = changetype<Task>(0);

/** Room for one more task on the stack; its branches come behind it, then its size. */
export function push(branches: i32): Task {
  const task = changetype<Task>(stackTop);
  const bytes = TASK_BYTES + <usize>branches * branchBytes + 16;
  stackTop += bytes;
  if (stackTop > stackEnd) unreachable();
  store<usize>(stackTop - 16, bytes);
  task.branches = branches;
  return task;
}

/** Takes the task at the top off the stack and makes it the node at work. */
export function pop(): void {
  const bytes = load<usize>(stackTop - 16) - 16;
  stackTop -= bytes + 16;
  node = changetype<Task>(nodeAt);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(nodeAt + i, v128.load(stackTop + i));
}

// @ts-ignore: decorator
@inline
export function listOf(feature: i32): usize {
  return node.lists + <usize>feature * <usize>node.rows * entryBytes;
}

export let testCount: i32 = 0;

/** f64[configuration][test row of the fold]: this tree's predictions. */
let leafMeansAt: usize = 0;

/** Row numbers of the fold's test rows; lists of them hold places in this one. */
export let testRowsOfFold: usize = 0;

export let nodeCount: i32 = 0;

/** Empties the stack and the tree. */
export function startTasks(testRows: usize, tests: i32, leafMeans: usize): void {
  leafMeansAt = leafMeans;
  stackTop = stackAt;
  nodeCount = 0;
  testRowsOfFold = testRows;
  testCount = tests;
}

/** Notes a leaf's mean for the test rows in it. */
export function endAt(members: u64, mean: f64, tests: usize, count: i32): void {
  for (; members != 0; members &= members - 1) {
    const means = leafMeansAt + ((<usize>ctz<u64>(members) * <usize>testCount) << 3);
    for (let i = 0; i < count; i++) setF64(means, getI32(tests, i), mean);
  }
}

/** Writes a class's share of a node's weight. */
export function setShare(id: i32, code: i32, share: f64): void {
  store<f64>(nodeValueAt + ((<usize>id * <usize>classCount + <usize>code) << 3), share);
}

/** Adds a node as a leaf. Where targets are classes, their shares remain to be written. */
export function addNode(parent: i32, isLeft: i32, value: f64, rows: i32, weight: f64, impurity: f64): i32 {
  const id = nodeCount++;
  if (parent >= 0) setI32(isLeft ? nodeLeftAt : nodeRightAt, parent, id);
  setI32(nodeFeatureAt, id, -2);
  setF64(nodeThresholdAt, id, -2);
  setI32(nodeLeftAt, id, -1);
  setI32(nodeRightAt, id, -1);
  if (classCount == 0) setF64(nodeValueAt, id, value);
  if (missing) store<u8>(nodeMissingAt + id, 0);
  setI32(nodeRowsAt, id, rows);
  setF64(nodeWeightAt, id, weight);
  setF64(nodeImpurityAt, id, impurity);
  return id;
}
