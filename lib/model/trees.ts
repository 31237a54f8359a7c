import { InputError } from '../errors';
import type { ForestArrays } from '../forest/types';
import { PACKED_SCHEMA, type Packed, pack, unpack } from './packing';

/** What a prediction and its explanation need of a forest. */
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
 * @throws InputError when a child's number leads out of the forest or in a circle
 */
export function packTrees(forest: Trees): PackedTrees {
  const feature: number[] = [];
  const threshold: number[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  const nodeCount = forest.feature.length;
  for (let tree = 0; tree < forest.treeCount; tree++) {
    const pending = [forest.rootOf[tree]!];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (!(node >= 0 && node < nodeCount) || feature.length >= nodeCount) {
        throw new InputError(`packTrees requires trees of ${nodeCount} nodes, got a link to node ${node}`);
      }
      if (forest.left[node]! < 0) {
        feature.push(forest.nFeatures);
        value.push(forest.value[node]!);
        weight.push(forest.weightedNNodeSamples[node]!);
      } else {
        feature.push(forest.feature[node]!);
        threshold.push(forest.threshold[node]!);
        pending.push(forest.right[node]!, forest.left[node]!);
      }
    }
  }
  return {
    count: forest.treeCount,
    feature: pack(feature),
    threshold: pack(threshold),
    value: pack(value),
    weight: pack(weight),
  };
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
    if (typeof array === 'string') throw new InputError(`trees.${name}.data requires ${array}`);
    return array;
  };
  const codes = column('feature');
  const thresholds = column('threshold');
  const values = column('value');
  const weights = column('weight');
  const nodeCount = codes.length;
  const leaves = values.length;
  requireAll(
    'feature',
    codes,
    'feature numbers',
    (code) => Number.isInteger(code) && code >= 0 && code <= nFeatures,
  );
  requireAll('threshold', thresholds, 'finite numbers', Number.isFinite);
  requireAll('value', values, `numbers from ${low} to ${high}`, (value) => value >= low && value <= high);
  requireAll('weight', weights, 'positive numbers', (value) => value > 0 && value < 1e15);
  requireLength('weight', weights.length, leaves, 'leaves');
  requireLength('threshold', thresholds.length, nodeCount - leaves, 'asking nodes');
  const feature = new Int32Array(nodeCount).fill(-2);
  const threshold = new Float64Array(nodeCount).fill(-2);
  const left = new Int32Array(nodeCount).fill(-1);
  const right = new Int32Array(nodeCount).fill(-1);
  const value = new Float64Array(nodeCount);
  const weight = new Float64Array(nodeCount);
  const rootOf = new Int32Array(packed.count + 1);
  const waiting: number[] = []; // nodes whose right child has not come yet
  const level = new Uint16Array(nodeCount + 1);
  let question = 0;
  let leaf = 0;
  let tree = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (tree === packed.count) {
      throw new InputError(
        `trees.feature requires ${packed.count} whole trees, got more nodes after the last`,
      );
    }
    if (codes[node] !== nFeatures) {
      if (question === thresholds.length) break; // refused below: more asking nodes than thresholds
      feature[node] = codes[node]!;
      threshold[node] = thresholds[question++]!;
      left[node] = node + 1;
      level[node + 1] = level[node]! + 1;
      waiting.push(node);
      if (level[node]! >= MAX_DEPTH)
        throw new InputError(`trees.feature requires a depth below ${MAX_DEPTH}`);
      continue;
    }
    if (leaf === leaves) break; // refused below: more leaves than values
    value[node] = values[leaf]!;
    weight[node] = weights[leaf++]!;
    const parent = waiting.pop();
    if (parent !== undefined) {
      right[parent] = node + 1;
      level[node + 1] = level[parent]! + 1;
    } else rootOf[++tree] = node + 1;
  }
  if (tree !== packed.count || leaf !== leaves || rootOf[tree] !== nodeCount) {
    throw new InputError(`trees.feature requires ${packed.count} whole trees, got ${tree} and a part`);
  }
  // Children stand after their parents, so one pass from the end sums every node's rows and targets.
  for (let node = nodeCount - 1; node >= 0; node--) {
    if (left[node] === -1) continue;
    const [l, r] = [left[node]!, right[node]!];
    weight[node] = weight[l]! + weight[r]!;
    value[node] = (value[l]! * weight[l]! + value[r]! * weight[r]!) / weight[node]!;
  }
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

function requireAll(
  field: string,
  array: ArrayLike<number>,
  what: string,
  isRight: (value: number) => boolean,
): void {
  for (let i = 0; i < array.length; i++) {
    if (isRight(array[i]!)) continue;
    throw new InputError(`trees.${field} requires ${what}, got ${array[i]} at place ${i}`);
  }
}

function requireLength(field: string, got: number, wanted: number, of: string): void {
  if (got !== wanted)
    throw new InputError(`trees.${field} requires ${wanted} numbers for ${wanted} ${of}, got ${got}`);
}
