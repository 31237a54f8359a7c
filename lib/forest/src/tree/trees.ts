import { InputError } from '../errors';
import type { ForestArrays } from '../types';

/** The arrays of one tree's nodes, children numbered from the tree's own root. */
export type TreeArrays = Omit<ForestArrays, 'nFeatures' | 'treeCount' | 'rootOf'>;

/** The arrays of a tree, and what makes one of a length. */
const FIELDS = {
  feature: Int32Array,
  left: Int32Array,
  right: Int32Array,
  nNodeSamples: Int32Array,
  missingGoToLeft: Uint8Array,
  threshold: Float64Array,
  value: Float64Array,
  weightedNNodeSamples: Float64Array,
  impurity: Float64Array,
} as const;
type Field = keyof typeof FIELDS;

/**
 * Joins trees that come in any order to one forest. A tree is copied as soon as all before it are, so that a
 * large forest is never in memory twice.
 */
export class TreeCollector {
  private readonly rootOf: Int32Array;
  private readonly waiting = new Map<number, TreeArrays>();
  private joined = 0;
  private valuesPerNode = 1;
  private arrays: TreeArrays | null = null;

  constructor(
    private readonly treeCount: number,
    private readonly nFeatures: number,
  ) {
    this.rootOf = new Int32Array(treeCount + 1);
  }

  add(number: number, tree: TreeArrays): void {
    this.waiting.set(number, tree);
    for (let next = this.waiting.get(this.joined); next; next = this.waiting.get(this.joined)) {
      this.waiting.delete(this.joined);
      this.append(next);
    }
  }

  private append(tree: TreeArrays): void {
    const from = this.rootOf[this.joined];
    const to = from + tree.feature.length;
    this.rootOf[++this.joined] = to;
    this.valuesPerNode = tree.valuesPerNode ?? 1;
    // Trees of a forest differ little in size, so the first one tells how much room all will take.
    if (to > (this.arrays?.feature.length ?? 0)) {
      this.resize(tree, Math.ceil((to / this.joined) * this.treeCount * 1.05) + 16);
    }
    const arrays = this.arrays!;
    for (const name of fieldsOf(tree)) arrays[name]!.set(tree[name]!, from * this.numbersPerNode(name));
    for (const children of [arrays.left, arrays.right]) {
      for (let node = from; node < to; node++) if (children[node] >= 0) children[node] += from;
    }
  }

  private numbersPerNode(name: Field): number {
    return name === 'value' ? this.valuesPerNode : 1;
  }

  private resize(tree: TreeArrays, nodes: number): void {
    const larger = fieldsOf(tree).map((name) => {
      const length = nodes * this.numbersPerNode(name);
      const array = new FIELDS[name](length);
      if (this.arrays) array.set(this.arrays[name]!.subarray(0, length));
      return [name, array];
    });
    this.arrays = Object.fromEntries(larger) as TreeArrays;
  }

  /** The forest of all trees, once each was added. */
  forest(): ForestArrays {
    const nodes = this.rootOf[this.treeCount];
    const exact = fieldsOf(this.arrays!).map((name) => {
      const array = this.arrays![name]!;
      const length = nodes * this.numbersPerNode(name);
      // Room left over in a large array was never touched, so it is cheaper to leave it than to copy.
      return [name, nodes < 1e6 ? array.slice(0, length) : array.subarray(0, length)];
    });
    return {
      nFeatures: this.nFeatures,
      treeCount: this.treeCount,
      ...(this.valuesPerNode > 1 && { valuesPerNode: this.valuesPerNode }),
      rootOf: this.rootOf,
      ...(Object.fromEntries(exact) as TreeArrays),
    };
  }
}

const fieldsOf = (tree: TreeArrays) => (Object.keys(FIELDS) as Field[]).filter((name) => tree[name]);

/** @throws InputError where arrays are no forest: a walk down a tree would leave it, or never end */
export function checkTrees(caller: string, forest: ForestArrays): void {
  const { nFeatures, treeCount, rootOf, value, feature, left, right } = forest ?? {};
  const nodes = feature?.length;
  const isWhole =
    treeCount >= 1 &&
    rootOf?.length === treeCount + 1 &&
    rootOf[0] === 0 &&
    rootOf[treeCount] === nodes &&
    value?.length === nodes * (forest.valuesPerNode ?? 1) &&
    (['threshold', 'left', 'right'] as const).every((name) => forest[name]?.length === nodes);
  if (!isWhole) throw new InputError(`${caller} requires the arrays of at least one whole tree, got others`);
  for (let tree = 0; tree < treeCount; tree++) {
    const end = rootOf[tree + 1];
    if (!(end > rootOf[tree]))
      throw new InputError(`${caller} requires nodes in every tree, got none in tree ${tree}`);
    for (let node = rootOf[tree]; node < end; node++) {
      const [l, r, asked] = [left[node], right[node], feature[node]];
      const isLeaf = l === -1 && r === -1;
      if (!isLeaf && !(l > node && l < end && r > node && r < end && asked >= 0 && asked < nFeatures)) {
        throw new InputError(
          `${caller} requires two later nodes of the tree and a feature below ${nFeatures}, got ${l}, ${r} and ${asked} in node ${node}`,
        );
      }
    }
  }
}

/** One forest of several trees, in their order. */
export function joinTrees(trees: readonly TreeArrays[], nFeatures: number): ForestArrays {
  const collector = new TreeCollector(trees.length, nFeatures);
  for (const [number, tree] of trees.entries()) collector.add(number, tree);
  return collector.forest();
}

/** Tree `tree` of a forest by itself, its children numbered from its root. */
function treeOf(forest: ForestArrays, tree: number): TreeArrays {
  const from = forest.rootOf[tree];
  const to = forest.rootOf[tree + 1];
  const perNode = forest.valuesPerNode ?? 1;
  const own = (child: number) => (child < 0 ? child : child - from);
  return {
    valuesPerNode: perNode,
    feature: forest.feature.slice(from, to),
    threshold: forest.threshold.slice(from, to),
    left: forest.left.slice(from, to).map(own),
    right: forest.right.slice(from, to).map(own),
    missingGoToLeft: missingDirections(forest).slice(from, to),
    value: forest.value.slice(from * perNode, to * perNode),
    nNodeSamples: forest.nNodeSamples.slice(from, to),
    weightedNNodeSamples: forest.weightedNNodeSamples.slice(from, to),
    impurity: forest.impurity.slice(from, to),
  };
}

/** One forest of the trees of two. */
export function appendTrees(first: ForestArrays, second: ForestArrays): ForestArrays {
  const trees = [first, second].flatMap((forest) =>
    Array.from({ length: forest.treeCount }, (_, tree) => treeOf(forest, tree)),
  );
  return joinTrees(trees, first.nFeatures);
}

const directions = new WeakMap<ForestArrays, Uint8Array>();

/**
 * Per node 1 where rows that miss its feature go left: without other orders, to the child with more rows.
 * @throws InputError where the forest says neither which way nor how many rows its nodes have
 */
export function missingDirections(forest: ForestArrays): Uint8Array {
  if (forest.missingGoToLeft) return forest.missingGoToLeft;
  const known = directions.get(forest);
  if (known) return known;
  const { left, right, nNodeSamples } = forest;
  if (!(nNodeSamples?.[0] > 0)) {
    throw new InputError(
      'A missing value requires a forest with missingGoToLeft or nNodeSamples, got one without',
    );
  }
  const made = Uint8Array.from(left, (child, node) =>
    Number(child >= 0 && nNodeSamples[child] > nNodeSamples[right[node]]),
  );
  directions.set(forest, made);
  return made;
}
