import { InputError } from '../errors';
import { checkTrees } from '../tree/trees';
import type { ForestArrays } from '../types';

/** One tree of scikit-learn's `estimator.tree_`, its arrays as lists. */
interface SklearnTree {
  children_left: number[];
  children_right: number[];
  feature: number[];
  threshold: number[];
  /** Mean target per node; nested as numpy has it (`value.tolist()`) or flat. */
  value: number[] | number[][][];
  n_node_samples?: number[];
  weighted_n_node_samples?: number[];
  impurity?: number[];
  /** The side of rows that miss the value; without it, they go to the child with more rows, as in scikit-learn. */
  missing_go_to_left?: (number | boolean)[];
}

/** Checks of each array's values. A threshold may be infinity, which sends all known values to the left. */
const isRightIn: Partial<Record<keyof SklearnTree, (value: unknown) => boolean>> = {
  children_left: Number.isInteger,
  children_right: Number.isInteger,
  feature: Number.isInteger,
  threshold: (value) => typeof value === 'number' && !Number.isNaN(value),
  missing_go_to_left: (value) => [0, 1, true, false].includes(value as number),
};

/** The format that the Python below writes and reads. */
export interface SklearnForest {
  n_features: number;
  trees: SklearnTree[];
}

/**
 * A forest fitted by scikit-learn, from the JSON that these lines of Python write:
 *
 *     import json
 *     names = ["children_left", "children_right", "feature", "threshold", "value",
 *              "n_node_samples", "weighted_n_node_samples", "impurity", "missing_go_to_left"]
 *     trees = [{name: getattr(tree.tree_, name).tolist() for name in names} for tree in forest.estimators_]
 *     with open("forest.json", "w") as file:
 *         json.dump({"n_features": forest.n_features_in_, "trees": trees}, file)
 *
 * Predictions are scikit-learn's own, bit for bit: both write float64 so that it reads back as the same number.
 * @throws InputError when an array is missing, too short, or points to no node or feature
 * @example RandomForestRegressor.fromArrays(fromSklearn(JSON.parse(text))).predict(X)
 */
export function fromSklearn(json: SklearnForest): ForestArrays {
  const { n_features: nFeatures, trees } = json ?? {};
  if (!Number.isInteger(nFeatures) || nFeatures < 1 || !Array.isArray(trees) || trees.length === 0) {
    throw new InputError('fromSklearn requires n_features and at least one tree, got neither or one of them');
  }
  const rootOf = new Int32Array(trees.length + 1);
  trees.forEach((tree, t) => {
    rootOf[t + 1] = rootOf[t] + (tree?.children_left?.length ?? 0);
  });
  const flat = (name: keyof SklearnTree, missing?: number) =>
    trees.flatMap((tree, t) => {
      const nodes = rootOf[t + 1] - rootOf[t];
      const isRight = isRightIn[name] ?? Number.isFinite;
      const values = [tree?.[name] ?? new Array(nodes).fill(missing)].flat(4) as number[];
      if (values.length !== nodes || nodes === 0 || !values.every(isRight)) {
        throw new InputError(
          `fromSklearn requires ${nodes || 'some'} finite numbers in ${name} of tree ${t}, got others`,
        );
      }
      return values;
    });
  const missing = trees.filter((tree) => tree?.missing_go_to_left).length;
  if (missing > 0 && missing < trees.length) {
    throw new InputError(
      `fromSklearn requires missing_go_to_left in all ${trees.length} trees or in none, got it in ${missing}`,
    );
  }
  const left = childrenIn('children_left', flat('children_left'), rootOf);
  const right = childrenIn('children_right', flat('children_right'), rootOf);
  const feature = Int32Array.from(flat('feature'));
  feature.forEach((asked, node) => {
    if (left[node] === -1 ? right[node] !== -1 : right[node] === -1 || !(asked < nFeatures && asked >= 0)) {
      throw new InputError(
        `fromSklearn requires two children and a feature below ${nFeatures}, got ${asked}`,
      );
    }
  });
  return {
    nFeatures,
    treeCount: trees.length,
    rootOf,
    feature: feature.map((asked, node) => (left[node] === -1 ? -2 : asked)),
    threshold: Float64Array.from(flat('threshold')),
    left,
    right,
    // A leaf has no direction, whatever scikit-learn's memory holds there.
    ...(missing > 0 && {
      missingGoToLeft: Uint8Array.from(flat('missing_go_to_left'), (toLeft, node) =>
        left[node] === -1 ? 0 : toLeft,
      ),
    }),
    value: Float64Array.from(flat('value')),
    nNodeSamples: Int32Array.from(flat('n_node_samples', 0)),
    weightedNNodeSamples: Float64Array.from(flat('weighted_n_node_samples', 0)),
    impurity: Float64Array.from(flat('impurity', 0)),
  };
}

/** The children of every tree's nodes, counted from the first node of the forest and no longer from the tree's own. */
function childrenIn(name: string, children: number[], rootOf: Int32Array): Int32Array {
  const shifted = Int32Array.from(children);
  for (let tree = 0; tree + 1 < rootOf.length; tree++) {
    const [root, end] = [rootOf[tree], rootOf[tree + 1]];
    for (let node = root; node < end; node++) {
      const child = shifted[node];
      if (child === -1) continue;
      // Children come after their parent, so no walk down a tree can be endless.
      if (!(child > node - root && child < end - root)) {
        throw new InputError(`fromSklearn requires ${name} to be a later node of tree ${tree}, got ${child}`);
      }
      shifted[node] = child + root;
    }
  }
  return shifted;
}

/**
 * The other way round, so that Python can check a forest grown here without scikit-learn's own classes:
 *
 *     def predict(tree, row):
 *         node = 0
 *         while tree["children_left"][node] != -1:
 *             goes_left = numpy.float32(row[tree["feature"][node]]) <= tree["threshold"][node]
 *             node = tree["children_left" if goes_left else "children_right"][node]
 *         return tree["value"][node]
 *
 * A row's prediction is the sum of its trees' in their order, divided by their number.
 */
export function toSklearn(forest: ForestArrays): SklearnForest {
  checkTrees('toSklearn', forest);
  if ((forest.valuesPerNode ?? 1) > 1) {
    throw new InputError(
      `toSklearn requires a forest of one target, got ${forest.valuesPerNode} values in a node`,
    );
  }
  const trees = Array.from({ length: forest.treeCount }, (_, t) => {
    const from = forest.rootOf[t];
    const part = (values: Int32Array | Float64Array | Uint8Array) =>
      Array.from(values.subarray(from, forest.rootOf[t + 1]));
    const children = (values: Int32Array) => part(values).map((child) => (child === -1 ? -1 : child - from));
    return {
      children_left: children(forest.left),
      children_right: children(forest.right),
      feature: part(forest.feature),
      threshold: part(forest.threshold),
      value: part(forest.value),
      n_node_samples: part(forest.nNodeSamples),
      weighted_n_node_samples: part(forest.weightedNNodeSamples),
      impurity: part(forest.impurity),
      ...(forest.missingGoToLeft && { missing_go_to_left: part(forest.missingGoToLeft) }),
    };
  });
  return { n_features: forest.nFeatures, trees };
}
