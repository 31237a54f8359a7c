import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Rules } from './parameters';
import { bootstrapCounts, growTree, type TrainingData } from './reference';
import type { ForestArrays, RunOptions } from './types';

/** Grows one tree per seed. */
export async function growForest(
  data: TrainingData,
  rules: Rules,
  seeds: Uint32Array,
  bootstrap: boolean,
  _nJobs: number | null,
  options: RunOptions,
): Promise<ForestArrays> {
  const trees: ForestArrays[] = [];
  for (const seed of seeds) {
    options.signal?.throwIfAborted();
    const counts = bootstrap ? bootstrapCounts(seed, data.y.length) : new Uint32Array(data.y.length).fill(1);
    trees.push(growTree(data, counts, rules, seed));
    options.onProgress?.({ done: trees.length, total: seeds.length });
    await nextTurn();
  }
  return joinTrees(trees);
}

/** One forest of several, in their order. */
export function joinTrees(parts: readonly ForestArrays[]): ForestArrays {
  const offsets = [0];
  for (const part of parts) offsets.push(offsets[offsets.length - 1]! + part.value.length);
  const nodes = offsets[parts.length]!;
  const joinFloats = (name: 'threshold' | 'value' | 'weightedNNodeSamples' | 'impurity') => {
    const joined = new Float64Array(nodes);
    parts.forEach((part, i) => {
      joined.set(part[name], offsets[i]!);
    });
    return joined;
  };
  const joinInts = (name: 'feature' | 'left' | 'right' | 'nNodeSamples', shift: boolean) => {
    const joined = new Int32Array(nodes);
    parts.forEach((part, i) => {
      joined.set(
        shift ? part[name].map((node) => (node < 0 ? node : node + offsets[i]!)) : part[name],
        offsets[i]!,
      );
    });
    return joined;
  };
  return {
    nFeatures: parts[0]!.nFeatures,
    treeCount: parts.reduce((count, part) => count + part.treeCount, 0),
    rootOf: Int32Array.from([
      0,
      ...parts.flatMap((part, i) => [...part.rootOf.subarray(1)].map((n) => n + offsets[i]!)),
    ]),
    feature: joinInts('feature', false),
    threshold: joinFloats('threshold'),
    left: joinInts('left', true),
    right: joinInts('right', true),
    value: joinFloats('value'),
    nNodeSamples: joinInts('nNodeSamples', false),
    weightedNNodeSamples: joinFloats('weightedNNodeSamples'),
    impurity: joinFloats('impurity'),
  };
}
