// Made by assembly/build.mjs from the kernel's source.

/** The kernel's functions. */
export interface KernelFunctions {
  sortColumns(): void;
  areSorted(): number;
  nextUnit(): number;
  grow(unit: number): number;
  addTrees(
    roots: number,
    trees: number,
    means: number,
    rows: number,
    blocks: number,
    features: number,
    sums: number,
  ): void;
  layOut(threads: number): number;
  layOutScratch(thread: number): void;
  getI32(at: number, i: number): number;
  setI32(at: number, i: number, value: number): void;
  getF64(at: number, i: number): number;
  setF64(at: number, i: number, value: number): void;
}

/** The kernel's settings and addresses, which an instance has as `{ value }`. */
export interface KernelGlobals {
  nodeCount: number;
  rowCount: number;
  featureCount: number;
  treeCount: number;
  foldCount: number;
  trainTotal: number;
  testTotal: number;
  largestTrain: number;
  largestTest: number;
  largestBag: number;
  bootstrap: number;
  maxFeatures: number;
  storing: number;
  ordered: number;
  draws: number;
  splitterSeeds: number;
  weighted: number;
  missing: number;
  randomly: number;
  classCount: number;
  configCount: number;
  levelCount: number;
  prefixCount: number;
  separate: number;
  columnsAt: number;
  targetAt: number;
  weightAt: number;
  seedsAt: number;
  trainOffsetsAt: number;
  trainRowsAt: number;
  testOffsetsAt: number;
  testRowsAt: number;
  maxDepthAt: number;
  minSplitAt: number;
  levelAt: number;
  leafSizesAt: number;
  prefixesAt: number;
  sortedAt: number;
  rankValuesAt: number;
  nextRankAt: number;
  closeAt: number;
  missingRankAt: number;
  sumsAt: number;
  predictionsAt: number;
  slotsAt: number;
  waitingAt: number;
  slotCount: number;
  countersAt: number;
  scratchAt: number;
  scratchBytes: number;
  bagNumberAt: number;
  countsAt: number;
  aloneAt: number;
  rowSumsAt: number;
  squaresAt: number;
  sideAt: number;
  entriesAt: number;
  partedAt: number;
  stackAt: number;
  stackEnd: number;
  gainsAt: number;
  positionsAt: number;
  winnersAt: number;
  constantAt: number;
  neededAt: number;
  classOfAt: number;
  classesAt: number;
  levelMasksAt: number;
  splitterFeaturesAt: number;
  splitterConstantsAt: number;
  activeAt: number;
  ordersAt: number;
  branchesAt: number;
  groupsAt: number;
  halvesAt: number;
  bagSumsAt: number;
  stretchesAt: number;
  keysAt: number;
  tiesAt: number;
  fewAt: number;
  cleanAt: number;
  thresholdsAt: number;
  leftClassesAt: number;
  nodeAt: number;
  spareAt: number;
  twisterAt: number;
  factorsAt: number;
  digitsAt: number;
  nodeFeatureAt: number;
  nodeLeftAt: number;
  nodeRightAt: number;
  nodeRowsAt: number;
  nodeThresholdAt: number;
  nodeValueAt: number;
  nodeMissingAt: number;
  nodeWeightAt: number;
  nodeImpurityAt: number;
  entryBytes: number;
  TASK_BYTES: number;
  SHORT_BRANCH_BYTES: number;
  branchBytes: number;
  CLASS_BYTES: number;
  ACTIVE_BYTES: number;
  HALVES_BYTES: number;
  WINNER_BYTES: number;
}
