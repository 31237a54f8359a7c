/**
 * The kernel's input and the layout of its memory. All threads work on one shared memory: first the table
 * and the results, which they share, then each thread's own scratch. JavaScript sets the numbers below by
 * name, calls `layOut`, makes a memory of the size it returns and fills the tables in at the `...At` addresses.
 */

// The table.
export let rowCount: i32 = 0;
export let featureCount: i32 = 0;

// The work to be done. A forest is one fold without test rows.
export let treeCount: i32 = 0;
export let foldCount: i32 = 0;
export let trainTotal: i32 = 0;
export let testTotal: i32 = 0;
/** Rows of the largest training and test part. */
export let largestTrain: i32 = 0;
export let largestTest: i32 = 0;
/** Different rows in the largest bag: fewer than the largest training part where rows are drawn. */
export let largestBag: i32 = 0;
export let bootstrap: i32 = 0;
export let maxFeatures: i32 = 0;
/** 1 to keep the nodes of each tree; 0 to score test rows only. */
export let storing: i32 = 0;
/** 1 where sums depend on their order, which then has to be scikit-learn's: see order.ts. */
export let ordered: i32 = 0;
/** Rows that a bootstrap draws, 0 for as many as there are. */
export let draws: i32 = 0;
/** 1 where the seeds are the splitters' own; else a tree's generator draws its splitter's seed. */
export let splitterSeeds: i32 = 0;
/** 1 where rows have weights of their own. A bootstrap draws rows by them; else they count in all sums. */
export let weighted: i32 = 0;
/** 1 where values may be missing (NaN). */
export let missing: i32 = 0;
/** 1 where each feature drawn is tried at one random threshold, and not at all of them. */
export let randomly: i32 = 0;
/** Classes that targets are numbers of, 0 where they are numbers themselves: see sides.ts. */
export let classCount: i32 = 0;

// The configurations that share growth, at most 64: a set of them is the bits of a u64.
export let configCount: i32 = 0;
/** Different values of min_samples_leaf among them. */
export let levelCount: i32 = 0;
/** Numbers of trees after which predictions are wanted. */
export let prefixCount: i32 = 0;
/** 1 where each tree's own predictions are wanted, and not those of the forest up to it. */
export let separate: i32 = 0;

// Shared tables, each with the index that comes first varying slowest.
/** f32[feature][row] */
export let columnsAt: usize = 0;
/** f64[row] */
export let targetAt: usize = 0;
/** f64[row] where rows are weighted: the weights, or for a bootstrap their running share of the sum. */
export let weightAt: usize = 0;
/** u32[tree] */
export let seedsAt: usize = 0;
/** i32[fold + 1] offsets into the row numbers u32[], for the training and the test parts. */
export let trainOffsetsAt: usize = 0;
export let trainRowsAt: usize = 0;
export let testOffsetsAt: usize = 0;
export let testRowsAt: usize = 0;
/** i32[configuration]: maxDepth, minSamplesSplit, and which of the levels its minSamplesLeaf is. */
export let maxDepthAt: usize = 0;
export let minSplitAt: usize = 0;
export let levelAt: usize = 0;
/** i32[level], ascending: the values of minSamplesLeaf. */
export let leafSizesAt: usize = 0;
/** i32[prefix], ascending. */
export let prefixesAt: usize = 0;
/** Entries [feature][row] in order of value, with the numbers of the table's rows: see lists.ts. */
export let sortedAt: usize = 0;
/** f32[feature][rank] and u32[feature][rank], for narrow entries: a rank's value, and the next different rank. */
export let rankValuesAt: usize = 0;
export let nextRankAt: usize = 0;
/** i32[feature]: 1 when the feature has ranks that differ by too little to count as different. */
export let closeAt: usize = 0;
/** i32[feature]: the rank of missing values, -1 where there are none. */
export let missingRankAt: usize = 0;
/** f64[configuration][test row]: sums over the trees so far. */
export let sumsAt: usize = 0;
/** f64[prefix][configuration][test row]: the forests' predictions. */
export let predictionsAt: usize = 0;
/** f64[fold][slot][configuration][test row]: predictions of trees that wait to be added, see kernel.ts. */
export let slotsAt: usize = 0;
/** i32[fold][slot]: number of the tree that waits there, from 1; 0 for none. */
export let waitingAt: usize = 0;
/** Slots of each fold. */
export let slotCount: i32 = 0;
/** i32 counters, see kernel.ts. */
export let countersAt: usize = 0;
export let scratchAt: usize = 0;
export let scratchBytes: usize = 0;

// This thread's scratch.
/** i32[row]: number of a row among those in the bag, -1 outside. */
export let bagNumberAt: usize = 0;
/** u32[row]: how often the bootstrap drew a row. */
export let countsAt: usize = 0;
/** f64[row in the bag], where the bag's numbers and counts were: the gain of setting a row apart, see scan.ts. */
export let aloneAt: usize = 0;
/** Per row in the bag, what sums need: see lists.ts. */
export let rowSumsAt: usize = 0;
/** f64[row in the bag]: count times squared target. */
export let squaresAt: usize = 0;
/** u8[row in the bag]: 0 when the row goes right, else the size of an entry. */
export let sideAt: usize = 0;
/** Lists of entries and of test rows, twice, and more of both for configurations that part: see grow.ts. */
export let entriesAt: usize = 0;
export let partedAt: usize = 0;
/** Nodes still to visit. */
export let stackAt: usize = 0;
export let stackEnd: usize = 0;
/** Search results, f64 and i32[variant][feature][level], and winners [variant][level]: see scan.ts. */
export let gainsAt: usize = 0;
export let positionsAt: usize = 0;
export let winnersAt: usize = 0;
/** u8[feature]: 1 where a feature is constant in the node, or has to be searched. */
export let constantAt: usize = 0;
export let neededAt: usize = 0;
/** Classes of configurations: see classes.ts. */
export let classOfAt: usize = 0;
export let classesAt: usize = 0;
export let levelMasksAt: usize = 0;
export let splitterFeaturesAt: usize = 0;
export let splitterConstantsAt: usize = 0;
export let activeAt: usize = 0;
export let ordersAt: usize = 0;
export let branchesAt: usize = 0;
export let groupsAt: usize = 0;
/** Sums of both sides of a split, per branch: see split.ts. */
export let halvesAt: usize = 0;
/** Sums of all rows in the bag: see lists.ts. With classes the weight of each follows. */
export let bagSumsAt: usize = 0;
/** For ordered sums, see order.ts: the rows of each class, keys u16 or u32[feature][row in the bag], and more. */
export let stretchesAt: usize = 0;
export let keysAt: usize = 0;
export let tiesAt: usize = 0;
export let fewAt: usize = 0;
export let cleanAt: usize = 0;
/** f64[feature]: thresholds that were drawn for the node at work. */
export let thresholdsAt: usize = 0;
/** f64[class]: weights on the left side of the split at work. */
export let leftClassesAt: usize = 0;
/** The task at work, and a place for an entry that nobody reads. */
export let nodeAt: usize = 0;
export let spareAt: usize = 0;
export let twisterAt: usize = 0;
/** u64[n + 1]: factors that stand for the division by n: see random.ts. */
export let factorsAt: usize = 0;
/** u32[2048]: where each digit's values begin while a column is sorted. */
export let digitsAt: usize = 0;
/** The stored tree: one array per field of its nodes. */
export let nodeFeatureAt: usize = 0;
export let nodeLeftAt: usize = 0;
export let nodeRightAt: usize = 0;
export let nodeRowsAt: usize = 0;
export let nodeThresholdAt: usize = 0;
/** With classes f64[node][class]. */
export let nodeValueAt: usize = 0;
/** u8[node] where values may be missing: 1 where they go left. */
export let nodeMissingAt: usize = 0;
export let nodeWeightAt: usize = 0;
export let nodeImpurityAt: usize = 0;

/** Entries are 4 bytes where rows and ranks both fit in 16 bits, else 8: see lists.ts. */
export let entryBytes: usize = 4;

/** Bytes of one task of the stack besides its branches, and of one branch. */
export const TASK_BYTES: usize = 112;
const BRANCH_BYTES: usize = 64;
/** Only with ordered sums do branches have sums of their own; with classes the weight of each follows. */
export const SHORT_BRANCH_BYTES: usize = 16;
export let branchBytes: usize = BRANCH_BYTES;
export const CLASS_BYTES: usize = 48;
export const ACTIVE_BYTES: usize = 48;
export const HALVES_BYTES: usize = 64;
export const WINNER_BYTES: usize = 24;
/** Row numbers and ranks below this fit in 16 bits. */
const NARROW_LIMIT: i32 = 65536;

/** Trees that may wait in each fold, as long as the predictions of all need no more than this. */
const MOST_SLOTS: f64 = 32;
const SLOTS_BYTES: f64 = 67108864;

/**
 * Bytes for nodes that wait, on tables so large that a place for every row would take much of the memory. A tree is
 * some dozens of nodes deep, and each level leaves one waiting; a tree that needs more ends with an error.
 */
const LONGEST_STACK: f64 = 67108864;

let free: f64 = 0;

/** The next `count * size` bytes, aligned to 16. Counted in f64, so that too large a table is noticed. */
function take(count: f64, size: usize): usize {
  const at = free;
  free += Math.ceil((count * <f64>size) / 16) * 16;
  return at < 4294967296.0 ? <usize>at : 0;
}

/**
 * Decides where everything lies, for `threads` threads.
 * @returns the bytes needed, which may be more than a memory can have
 */
export function layOut(threads: i32): f64 {
  const rows: f64 = rowCount;
  const features: f64 = featureCount;
  const configs: f64 = configCount;
  entryBytes = rowCount <= NARROW_LIMIT ? 4 : 8;
  branchBytes = ordered ? BRANCH_BYTES : (SHORT_BRANCH_BYTES + ((<usize>classCount) << 3) + 15) & ~15;
  free = 1024;
  columnsAt = take(features * rows, 4);
  targetAt = take(rows, 8);
  weightAt = take(weighted ? rows : 0, 8);
  seedsAt = take(treeCount, 4);
  trainOffsetsAt = take(foldCount + 1, 4);
  trainRowsAt = take(trainTotal, 4);
  testOffsetsAt = take(foldCount + 1, 4);
  testRowsAt = take(testTotal, 4);
  maxDepthAt = take(configs, 4);
  minSplitAt = take(configs, 4);
  levelAt = take(configs, 4);
  leafSizesAt = take(levelCount, 4);
  prefixesAt = take(prefixCount, 4);
  sortedAt = take(features * rows, entryBytes);
  rankValuesAt = take(entryBytes == 4 ? features * rows : 0, 4);
  nextRankAt = take(entryBytes == 4 ? features * rows : 0, 4);
  closeAt = take(features, 4);
  missingRankAt = take(features, 4);
  sumsAt = take(configs * <f64>testTotal, 8);
  predictionsAt = take(configs * <f64>testTotal * <f64>prefixCount, 8);
  const slotBytes = configs * <f64>testTotal * 8;
  slotCount = <i32>max(1, min(MOST_SLOTS, Math.floor(SLOTS_BYTES / slotBytes)));
  slotsAt = take(slotBytes * <f64>slotCount, 1);
  waitingAt = take(foldCount * slotCount, 4);
  countersAt = take(4 + 2 * foldCount, 4);
  scratchAt = take(0, 1);
  const shared = free;
  layOutScratch(0);
  scratchBytes = <usize>(free - shared);
  return shared + (free - shared) * <f64>threads;
}

/** Sets the addresses of one thread's scratch. */
export function layOutScratch(thread: i32): void {
  const rows: f64 = rowCount;
  const features: f64 = featureCount;
  const configs: f64 = configCount;
  const bag: f64 = largestBag;
  const tests: f64 = largestTest;
  free = <f64>scratchAt + <f64>scratchBytes * <f64>thread;
  bagNumberAt = take(rows, 4);
  countsAt = take(rows, 4);
  aloneAt = bagNumberAt;
  rowSumsAt = take(bag, 16);
  squaresAt = take(bag, 8);
  sideAt = take(bag, 1);
  const lists = 2 * (features * bag * <f64>entryBytes + 4 * tests) + 64;
  // Sorting a column takes two lists of 8 bytes per row in the same place.
  // Filling a list writes one entry more than it keeps.
  entriesAt = take(Math.max(lists, 16 * rows) + 16, 1);
  partedAt = take((configs - 1) * lists, 1);
  const stackBytes = (2 * bag + 64) * <f64>TASK_BYTES + (bag + 64) * configs * <f64>branchBytes;
  stackAt = take(min(stackBytes, max(LONGEST_STACK, configs * LONGEST_STACK / 16)), 1);
  stackEnd = <usize>min(free, 4294967295.0);
  const variants: f64 = ordered ? configs : 1;
  gainsAt = take(variants * features * <f64>levelCount, 8);
  winnersAt = take(variants * <f64>levelCount, WINNER_BYTES);
  positionsAt = take(variants * features * <f64>levelCount, 4);
  constantAt = take(features, 1);
  neededAt = take(features, 1);
  classOfAt = take(configs, 4);
  classesAt = take(configs, CLASS_BYTES);
  levelMasksAt = take(levelCount, 8);
  splitterFeaturesAt = take(configs * features, 4);
  splitterConstantsAt = take(configs * features, 4);
  activeAt = take(configs, ACTIVE_BYTES);
  ordersAt = take(configs * features, 4);
  branchesAt = take(configs, max(BRANCH_BYTES, branchBytes));
  halvesAt = take(configs, HALVES_BYTES);
  bagSumsAt = take(3 + classCount, 8);
  stretchesAt = take(ordered ? configs * bag : 0, entryBytes);
  keysAt = take(ordered ? features * bag : 0, entryBytes / 2);
  tiesAt = take(ordered ? bag : 0, entryBytes);
  fewAt = take(16, 9);
  cleanAt = take(features, 1);
  groupsAt = take(configs, 8);
  thresholdsAt = take(randomly ? features : 0, 8);
  leftClassesAt = take(classCount, 8);
  nodeAt = take(<f64>TASK_BYTES + configs * <f64>max(BRANCH_BYTES, branchBytes), 1);
  spareAt = take(1, 8);
  twisterAt = take(624, 4);
  factorsAt = take(features + 1, 8);
  digitsAt = take(2048, 4);
  const nodes: f64 = storing ? 2 * bag : 0;
  nodeFeatureAt = take(nodes, 4);
  nodeLeftAt = take(nodes, 4);
  nodeRightAt = take(nodes, 4);
  nodeRowsAt = take(nodes, 4);
  nodeThresholdAt = take(nodes, 8);
  nodeValueAt = take(nodes * max(1, classCount), 8);
  nodeMissingAt = take(missing ? nodes : 0, 1);
  nodeWeightAt = take(nodes, 8);
  nodeImpurityAt = take(nodes, 8);
}

// @ts-ignore: decorator
@inline
export function getI32(at: usize, i: i32): i32 {
  return load<i32>(at + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
export function setI32(at: usize, i: i32, value: i32): void {
  store<i32>(at + ((<usize>i) << 2), value);
}

// @ts-ignore: decorator
@inline
export function getF64(at: usize, i: i32): f64 {
  return load<f64>(at + ((<usize>i) << 3));
}

// @ts-ignore: decorator
@inline
export function setF64(at: usize, i: i32, value: f64): void {
  store<f64>(at + ((<usize>i) << 3), value);
}
