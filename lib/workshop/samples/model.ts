/** Small made-up models for the tests and benchmarks of this folder and of the demo. */

import { buildModel } from '../../model/build';
import type { Model } from '../../model/model';
import type { Trees } from '../../model/packedTrees';
import type { Feature, Tracks } from '../../tracks/types';

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Trees with random questions: `depth` levels at most, thresholds drawn by `threshold(feature)`.
 * @param random a source of numbers from 0 to 1
 */
export function randomTrees(
  random: () => number,
  { treeCount = 10, depth = 6, nFeatures = 4 } = {},
  threshold: (feature: number) => number = () => Math.fround(random() * 4 - 2),
): Trees {
  const nodes: {
    feature: number;
    threshold: number;
    left: number;
    right: number;
    value: number;
    weight: number;
  }[] = [];
  const grow = (level: number): number => {
    const node = nodes.push({ feature: -2, threshold: -2, left: -1, right: -1, value: 0, weight: 0 }) - 1;
    const it = nodes[node];
    if (level === depth || random() < 0.15) {
      it.value = random() * 100;
      it.weight = 1 + Math.floor(random() * 20);
      return node;
    }
    it.feature = Math.floor(random() * nFeatures);
    it.threshold = threshold(it.feature);
    it.left = grow(level + 1);
    it.right = grow(level + 1);
    const [l, r] = [nodes[it.left], nodes[it.right]];
    it.weight = l.weight + r.weight;
    it.value = (l.value * l.weight + r.value * r.weight) / it.weight;
    return node;
  };
  const rootOf = new Int32Array(treeCount + 1);
  for (let tree = 0; tree < treeCount; tree++) {
    grow(0);
    rootOf[tree + 1] = nodes.length;
  }
  return {
    nFeatures,
    treeCount,
    rootOf,
    feature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float64Array.from(nodes, (node) => node.threshold),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    value: Float64Array.from(nodes, (node) => node.value),
    weightedNNodeSamples: Float64Array.from(nodes, (node) => node.weight),
  };
}

const KEYS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

function numeric(
  name: string,
  [min, max]: [number, number],
  [mean, scale]: [number, number],
  unit = '',
): Feature {
  const label = name[0].toUpperCase() + name.slice(1).replaceAll('_', ' ');
  const [seenMin, seenMax] = [Math.max(min, mean - 3 * scale), Math.min(max, mean + 3 * scale)];
  const description = `${label} of the track.`;
  return {
    name,
    kind: 'number',
    label,
    unit,
    description,
    min,
    max,
    seenMin,
    seenMax,
    typical: mean,
    mean,
    scale,
  };
}

function codes(name: string, kind: 'category' | 'boolean', categories: string[]): Feature {
  const max = categories.length - 1;
  const range = { min: 0, max, seenMin: 0, seenMax: max, typical: 0, mean: 0, scale: 1 };
  const label = name[0].toUpperCase() + name.slice(1);
  const feature = { name, kind, label, unit: '', description: `${label} of the track.`, ...range };
  return kind === 'category' ? { ...feature, categories } : feature;
}

/** One feature of every kind. */
export const SAMPLE_FEATURES: Feature[] = [
  numeric('danceability', [0, 1], [0.6, 0.15]),
  numeric('loudness', [-60, 5], [-8, 4], 'dB'),
  numeric('tempo', [0, 250], [120, 30], 'BPM'),
  codes('key', 'category', KEYS),
  codes('mode', 'category', ['minor', 'major']),
  codes('explicit', 'boolean', ['no', 'yes']),
];

/** A model of 6 features with random trees, and its example tracks. */
export function sampleModel({ treeCount = 20, depth = 6, seed = 1 } = {}): Model {
  const random = seeded(seed);
  const rowCount = 200;
  const features = SAMPLE_FEATURES;
  const draw = (f: Feature) =>
    f.kind === 'number'
      ? Math.round((f.seenMin + random() * (f.seenMax - f.seenMin)) * 1e3) / 1e3
      : Math.floor(random() * (f.max + 1));
  const columns: Record<string, Float64Array | string[]> = {
    track_name: Array.from({ length: rowCount }, (_, i) => `Song ${i}`),
    artists: Array.from({ length: rowCount }, (_, i) => `Artist ${i % 40};Guest`),
    popularity: Float64Array.from({ length: rowCount }, () => Math.floor(random() * 101)),
  };
  for (const feature of features)
    columns[feature.name] = Float64Array.from({ length: rowCount }, () => draw(feature));
  const tracks: Tracks = {
    source: 'sample.csv',
    sha256: 'a'.repeat(64),
    rowCount,
    columns,
    lines: Int32Array.from({ length: rowCount }, (_, i) => i + 2),
    notes: [],
    readings: [],
  };
  const arrays = randomTrees(random, { treeCount, depth, nFeatures: features.length }, (j) => {
    const { mean, scale } = features[j];
    return Math.fround((draw(features[j]) - mean) / scale);
  });
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  return buildModel({
    forest: { arrays, params: { nEstimators: treeCount, maxDepth: depth, randomState: 42, nJobs: 2 } },
    features,
    tracks,
    train: rows.slice(0, 150),
    test: rows.slice(150),
    fileRows: 210,
    metrics: { r2: 0.25, meanAbsoluteError: 15.5 },
    interval: { method: 'sample', level: 0.9, lower: -1.5, upper: 1.6, floor: 5 },
  });
}
