import { InputError } from '../errors';
import type { ForestArrays } from '../types';

/** What one tree's nodes hold, children numbered from the tree's own root. */
export type TreeArrays = Omit<ForestArrays, 'nFeatures' | 'treeCount' | 'rootOf'>;

const FIELDS = [
  'feature',
  'left',
  'right',
  'nNodeSamples',
  'threshold',
  'value',
  'weightedNNodeSamples',
  'impurity',
] as const;
const INTEGERS: readonly string[] = ['feature', 'left', 'right', 'nNodeSamples'];

/**
 * Joins trees that come in any order to one forest. A tree is copied as soon as all before it are, so that a
 * large forest is never in memory twice.
 */
export class TreeCollector {
  private readonly rootOf: Int32Array;
  private readonly waiting = new Map<number, TreeArrays>();
  private joined = 0;
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
    const to = from + tree.value.length;
    this.rootOf[++this.joined] = to;
    // Trees of a forest differ little in size, so the first one tells how much room all will take.
    if (to > (this.arrays?.value.length ?? 0)) {
      this.resize(Math.ceil((to / this.joined) * this.treeCount * 1.05) + 16);
    }
    for (const name of FIELDS) this.arrays![name].set(tree[name], from);
    for (const children of [this.arrays!.left, this.arrays!.right]) {
      for (let node = from; node < to; node++) if (children[node] >= 0) children[node] += from;
    }
  }

  private resize(length: number): void {
    const larger = FIELDS.map((name) => {
      const array = INTEGERS.includes(name) ? new Int32Array(length) : new Float64Array(length);
      if (this.arrays) array.set(this.arrays[name].subarray(0, length));
      return [name, array];
    });
    this.arrays = Object.fromEntries(larger) as TreeArrays;
  }

  /** The forest of all trees, once each was added. */
  forest(): ForestArrays {
    const nodes = this.rootOf[this.treeCount];
    const exact = FIELDS.map((name) => {
      const array = this.arrays![name];
      // Room left over in a large array was never touched, so it is cheaper to leave it than to copy.
      return [name, nodes < 1e6 ? array.slice(0, nodes) : array.subarray(0, nodes)];
    });
    return {
      nFeatures: this.nFeatures,
      treeCount: this.treeCount,
      rootOf: this.rootOf,
      ...(Object.fromEntries(exact) as TreeArrays),
    };
  }
}

/** @throws InputError where arrays are no forest: a walk down a tree would leave it, or never end */
export function checkTrees(caller: string, forest: ForestArrays): void {
  const { nFeatures, treeCount, rootOf, value, feature, left, right } = forest ?? {};
  const nodes = value?.length;
  const isWhole =
    treeCount >= 1 &&
    rootOf?.length === treeCount + 1 &&
    rootOf[0] === 0 &&
    rootOf[treeCount] === nodes &&
    (['feature', 'threshold', 'left', 'right'] as const).every((name) => forest[name]?.length === nodes);
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
