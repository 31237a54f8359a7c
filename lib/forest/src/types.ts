/** Column-wise numeric table: `columns[j][i]` is feature j of row i. */
export interface Table {
  readonly names: readonly string[];
  readonly rowCount: number;
  readonly columns: readonly Float64Array[];
}

/** The type of X of a forest: rows of features (`number[][]`), or a column-wise `Table`. */
export type Matrix = readonly (readonly number[])[] | Table;

/** The progress of a long-running function: `done` of `total` fits, trees or other units. */
export interface Progress {
  done: number;
  total: number;
  label?: string;
}

/** Every long-running function's last argument. An aborted function rejects with the signal's reason. */
export interface RunOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
  /**
   * The `redis://` or `rediss://` address of a queue, whose workers do the work in place of this machine's threads. The
   * result is the same. Work that the fast kernel does not know stays here.
   */
  queue?: string | null;
}

/**
 * All trees of a forest in plain typed arrays, one tree after the other, each depth first with the left child
 * before the right: node i of this concatenation. The names are those of scikit-learn's `tree_`.
 */
export interface ForestArrays {
  /** Features that a row must have. */
  nFeatures: number;
  treeCount: number;
  /** Numbers that a node predicts: 1 when not given, one a target, or one a class and target. */
  valuesPerNode?: number;
  /** treeCount + 1 offsets: tree t has the nodes `rootOf[t]` to `rootOf[t + 1] - 1`, the first is its root. */
  rootOf: Int32Array;
  /** The feature that the node asks about, -2 at a leaf. */
  feature: Int32Array;
  /** A row goes left when its value, rounded to float32, is at most this; -2 at a leaf. */
  threshold: Float64Array;
  /** Absolute node numbers of the children, -1 at a leaf. */
  left: Int32Array;
  right: Int32Array;
  /** Per inner node whether rows that miss the value go left (1) or right (0); without it, to the larger child. */
  missingGoToLeft?: Uint8Array;
  /** The node's prediction, `valuesPerNode` numbers a node: the mean target of its training rows. */
  value: Float64Array;
  /** Distinct training rows in the node. */
  nNodeSamples: Int32Array;
  /** The same, a row counted as often as the bootstrap drew it. */
  weightedNNodeSamples: Float64Array;
  /** The impurity of the node's targets by the criterion: their variance. */
  impurity: Float64Array;
}

/** Row numbers of the two parts of a split. */
export interface Split {
  train: Int32Array;
  test: Int32Array;
}
