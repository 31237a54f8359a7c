import { type ForestArrays, InputError } from '../forest/src/index';
import { PACKED_SCHEMA, type Packed, pack, unpack } from './packing';

/** The parts of a forest that a prediction and its explanation need. */
export type Trees = Pick<
  ForestArrays,
  | 'nFeatures'
  | 'treeCount'
  | 'rootOf'
  | 'feature'
  | 'threshold'
  | 'left'
  | 'right'
  | 'value'
  | 'weightedNNodeSamples'
>;

/**
 * Trees in the file: every tree's nodes depth first, left before right, so that the list of questions alone
 * says what is whose child. No node number is stored, and none can point to a wrong place or in a circle.
 */
export const TREES_SCHEMA = {
  type: 'object',
  required: ['count', 'feature', 'threshold', 'value', 'weight'],
  additionalProperties: false,
  properties: {
    count: { type: 'integer', minimum: 1, maximum: 100_000 },
    /** Per node: the number of the feature that it asks about; at a leaf the number of features. */
    feature: PACKED_SCHEMA,
    /** Per asking node: a row goes left when its value, rounded to float32, is at most this. */
    threshold: PACKED_SCHEMA,
    /** Per leaf: the mean popularity of its training rows. */
    value: PACKED_SCHEMA,
    /** Per leaf: how many training rows it holds, a row counted as often as the bootstrap drew it. */
    weight: PACKED_SCHEMA,
  },
} as const;

/** The most that the trees may take of a file, which `loadModel` reads up to 256 MiB. */
const MOST_BYTES = 250 * 2 ** 20;

/** Deeper than any real tree; what walks the trees by recursion relies on it. */
const MAX_DEPTH = 1000;

export interface PackedTrees {
  count: number;
  feature: Packed;
  threshold: Packed;
  value: Packed;
  weight: Packed;
}

/**
 * A forest in the file's form.
 * @param forest any forest's arrays, also scikit-learn's; the order of its nodes does not matter
 * @param mostBytes how long the packed arrays may be
 * @throws InputError when a child's number leads out of the forest or in a circle, or the trees are too large
 */
export function packTrees(forest: Trees, mostBytes = MOST_BYTES): PackedTrees {
  const feature: number[] = [];
  const threshold: number[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  const nodeCount = forest.feature.length;
  for (let tree = 0; tree < forest.treeCount; tree++) {
    const pending = [forest.rootOf[tree]];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (!(node >= 0 && node < nodeCount) || feature.length >= nodeCount) {
        throw new InputError(`packTrees requires trees of ${nodeCount} nodes, got a link to node ${node}`);
      }
      if (forest.left[node] < 0) {
        feature.push(forest.nFeatures);
        value.push(forest.value[node]);
        weight.push(forest.weightedNNodeSamples[node]);
      } else {
        feature.push(forest.feature[node]);
        threshold.push(forest.threshold[node]);
        pending.push(forest.right[node], forest.left[node]);
      }
    }
  }
  const packed = {
    feature: pack(feature),
    threshold: pack(threshold),
    value: pack(value),
    weight: pack(weight),
  };
  const bytes = Object.values(packed).reduce(
    (sum, { data, of }) => sum + data.length + (of?.data.length ?? 0),
    0,
  );
  if (bytes > mostBytes) {
    throw new InputError(
      `A model file holds trees of at most ${mostBytes} bytes, and these ${forest.treeCount} trees of ${nodeCount} nodes need ${bytes}: take fewer trees, a smaller maxDepth or a larger minSamplesLeaf`,
    );
  }
  return { count: forest.treeCount, ...packed };
}

/**
 * The forest in the form that predicts, every number of the file checked.
 * @param packed checked against `TREES_SCHEMA`
 * @param nFeatures how many features the model has
 * @param low lowest value that a leaf may have
 * @param high highest value that a leaf may have
 * @throws InputError with the field that is wrong
 */
export function unpackTrees(packed: PackedTrees, nFeatures: number, low: number, high: number): Trees {
  const column = (name: 'feature' | 'threshold' | 'value' | 'weight') => {
    const array = unpack(packed[name]);
    if (typeof array === 'string') throw new InputError(`trees.${name} requires ${array}`);
    return array;
  };
  const codes = column('feature');
  const thresholds = column('threshold');
  const values = column('value');
  const weights = column('weight');
  const nodeCount = codes.length;
  const leaves = values.length;
  requireLength('weight', weights.length, leaves, 'leaves');
  requireLength('threshold', thresholds.length, nodeCount - leaves, 'asking nodes');
  const feature = new Int32Array(nodeCount).fill(-2);
  const threshold = new Float64Array(nodeCount).fill(-2);
  const left = new Int32Array(nodeCount).fill(-1);
  const right = new Int32Array(nodeCount).fill(-1);
  const value = new Float64Array(nodeCount);
  const weight = new Float64Array(nodeCount);
  const rootOf = new Int32Array(packed.count + 1);
  // Asking nodes whose right child has not come yet, and every node's depth.
  const waiting = new Int32Array(MAX_DEPTH);
  let waitingCount = 0;
  const level = new Uint16Array(nodeCount + 1);
  let question = 0;
  let leaf = 0;
  let tree = 0;
  for (let node = 0; node < nodeCount; node++) {
    const code = codes[node];
    if (tree === packed.count) throw wrong('feature', `${tree} whole trees`, 'more nodes after the last');
    if (code < nFeatures && question < thresholds.length) {
      const limit = thresholds[question++];
      if (!Number.isInteger(code) || code < 0)
        throw wrong('feature', 'feature numbers', `${code} at place ${node}`);
      if (!Number.isFinite(limit))
        throw wrong('threshold', 'finite numbers', `${limit} at place ${question - 1}`);
      if (level[node] >= MAX_DEPTH) throw wrong('feature', `a depth of at most ${MAX_DEPTH}`, 'more');
      feature[node] = code;
      threshold[node] = limit;
      left[node] = node + 1;
      level[node + 1] = level[node] + 1;
      waiting[waitingCount++] = node;
    } else if (code === nFeatures && leaf < leaves) {
      const mean = values[leaf];
      const rows = weights[leaf];
      if (!(mean >= low && mean <= high))
        throw wrong('value', `numbers from ${low} to ${high}`, `${mean} at place ${leaf}`);
      if (!(rows > 0 && rows < 1e15)) throw wrong('weight', 'positive numbers', `${rows} at place ${leaf}`);
      value[node] = mean;
      weight[node] = rows;
      leaf++;
      if (waitingCount > 0) {
        const parent = waiting[--waitingCount];
        right[parent] = node + 1;
        level[node + 1] = level[parent] + 1;
      } else rootOf[++tree] = node + 1;
    } else
      throw wrong(
        'feature',
        `feature numbers up to ${nFeatures}, that one ${leaves} times`,
        `${code} at place ${node}`,
      );
  }
  if (tree !== packed.count) throw wrong('feature', `${packed.count} whole trees`, `${tree} and a part`);
  sumFromLeaves(left, right, value, weight);
  const treeCount = packed.count;
  return {
    nFeatures,
    treeCount,
    rootOf,
    feature,
    threshold,
    left,
    right,
    value,
    weightedNNodeSamples: weight,
  };
}

/** Gives every asking node the rows below it and their mean; children stand after their parents. */
function sumFromLeaves(left: Int32Array, right: Int32Array, value: Float64Array, weight: Float64Array): void {
  for (let node = left.length - 1; node >= 0; node--) {
    const l = left[node];
    const r = right[node];
    if (l < 0) continue;
    weight[node] = weight[l] + weight[r];
    value[node] = (value[l] * weight[l] + value[r] * weight[r]) / weight[node];
  }
}

function wrong(field: string, allowed: string, got: string): InputError {
  return new InputError(`trees.${field} requires ${allowed}, got ${got}`);
}

function requireLength(field: string, got: number, wanted: number, of: string): void {
  if (got !== wanted) throw wrong(field, `${wanted} numbers for ${wanted} ${of}`, String(got));
}
