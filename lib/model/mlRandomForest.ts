import type { RandomForestRegression } from 'ml-random-forest';
import type { Trees } from './packedTrees';

/** A tree's node as ml-cart loads it. */
type MlNode =
  | { distribution: number }
  | { splitColumn: number; splitValue: number; left: MlNode; right: MlNode };

/** The argument of ml-random-forest 2's `RandomForestRegression.load()`, by its own types. */
export type MlRandomForest = Parameters<typeof RandomForestRegression.load>[0];

/**
 * A forest as JSON that an unmodified ml-random-forest loads and predicts the same from, for every number.
 * @param model a model, or a fitted forest; rows must be encoded as its training rows were
 * @example RandomForestRegression.load(toMlRandomForest(forest)).predict(rows)
 */
export function toMlRandomForest(model: { trees: Trees } | { arrays: Trees }): MlRandomForest {
  const trees = 'trees' in model ? model.trees : model.arrays;
  const { treeCount, nFeatures, rootOf } = trees;
  const treeOptions = { kind: 'regression', gainFunction: 'regression', splitFunction: 'mean' };
  const all = Array.from({ length: nFeatures }, (_, j) => j);
  const forest = {
    name: 'RFRegression',
    baseModel: {
      indexes: Array.from({ length: treeCount }, () => all), // every tree sees every feature
      n: nFeatures,
      replacement: true,
      maxFeatures: nFeatures,
      nEstimators: treeCount,
      treeOptions: {},
      isClassifier: false,
      seed: 42,
      useSampleBagging: true,
      estimators: Array.from({ length: treeCount }, (_, tree) => ({
        name: 'DTRegression',
        options: treeOptions,
        root: toNode(trees, rootOf[tree]),
      })),
    },
    selectionMethod: 'mean',
  };
  // Through unknown: the package's types misspell selectionMethod, which its code reads.
  return forest as unknown as MlRandomForest;
}

function toNode(trees: Trees, node: number): MlNode {
  if (trees.left[node] < 0) return { distribution: trees.value[node] };
  return {
    splitColumn: trees.feature[node],
    splitValue: strictThreshold(trees.threshold[node]),
    left: toNode(trees, trees.left[node]),
    right: toNode(trees, trees.right[node]),
  };
}

/**
 * The number T with `x < T` exactly where `Math.fround(x) <= threshold`, for every float64 x: scikit-learn
 * rounds to float32 and goes left on `<=`, ml-random-forest does not round and goes left on `<`. T is the
 * middle between the last float32 that goes left and the first that goes right, or the next number up when
 * that middle itself rounds to the left.
 */
export function strictThreshold(threshold: number): number {
  let last = Math.fround(threshold);
  if (last > threshold) last = nextFloat32(last, -1);
  const first = nextFloat32(last, 1);
  // Beyond the largest float32, rounding behaves as if the next one were 2^128.
  const middle = (Math.max(last, -(2 ** 128)) + Math.min(first, 2 ** 128)) / 2;
  return Math.fround(middle) <= threshold ? nextFloat64(middle) : middle;
}

const FLOAT = new Float32Array(1);
const FLOAT_BITS = new Int32Array(FLOAT.buffer);
const DOUBLE = new Float64Array(1);
const DOUBLE_BITS = new BigInt64Array(DOUBLE.buffer);

/** The neighbouring float32 above (1) or below (-1). */
function nextFloat32(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 2 ** -149;
  FLOAT[0] = value;
  FLOAT_BITS[0] += value > 0 === direction > 0 ? 1 : -1;
  return FLOAT[0];
}

/** The neighbouring float64 above. */
function nextFloat64(value: number): number {
  if (value === 0) return 2 ** -1074;
  DOUBLE[0] = value;
  DOUBLE_BITS[0] += value > 0 ? 1n : -1n;
  return DOUBLE[0];
}
