import { InputError } from '../errors';
import { type IntervalRule, predictInterval } from '../evaluation/intervals';
import type { Table } from '../forest/types';
import type { ModelContents, ModelFeature } from './format';
import type { Schema } from './schema';
import { encodeTrack, type TrackInput, trackNumbers, trackSchema } from './track';
import { type Explanation, TreeExplainer } from './treeShap';
import { type Trees, unpackTrees } from './trees';

/** What the model says about one track. */
export interface Answer {
  /** Expected popularity, 0 to 100. */
  prediction: number;
  /** Where `level` (e.g. 0.9) of comparable tracks lie. */
  interval: { low: number; high: number; level: number };
  /** Features whose value lies outside what the model was trained on. */
  outside: string[];
}

/** A trained forest with everything around it that a prediction needs; made by `buildModel` or `loadModel`. */
export class Model {
  /** What a track must look like. */
  readonly trackSchema: Schema;
  /** The forest in memory. */
  readonly trees: Trees;
  #explainer?: TreeExplainer;
  #row: Float64Array;

  /** @param contents checked by `parseModel` */
  constructor(readonly contents: ModelContents) {
    const { features, target } = contents;
    this.trees = unpackTrees(contents.trees, features.length, target.min, target.max);
    this.trackSchema = trackSchema(features);
    this.#row = new Float64Array(features.length);
  }

  get features(): readonly ModelFeature[] {
    return this.contents.features;
  }

  get interval(): IntervalRule {
    return this.contents.interval;
  }

  /**
   * Popularity, 0 to 100, of one track or of several, given in natural units.
   * @param tracks every feature of the model by name: `{ danceability: 0.7, key: 'C#', tempo: 120, ... }`
   * @throws InputError naming the feature that is missing, unknown, of the wrong type or out of range
   * @example model.predict({ ...track, tempo: 120 }) // 41.3
   */
  predict(tracks: TrackInput): number;
  predict(tracks: readonly TrackInput[]): number[];
  predict(tracks: TrackInput | readonly TrackInput[]): number | number[] {
    if (isList(tracks)) return tracks.map((track) => this.predict(track));
    return mean(this.votes(this.numbers(tracks)));
  }

  /**
   * Popularity of the rows of an encoded table, as `FeatureEncoder.transform` gives it.
   * @param table the model's features in their order
   * @throws InputError when the columns are not the model's
   */
  predictTable(table: Table): Float64Array {
    const names = this.features.map((feature) => feature.name);
    if (names.length !== table.names.length || names.some((name, j) => name !== table.names[j])) {
      throw new InputError(
        `predictTable requires the columns ${names.join(', ')}, got ${table.names.join(', ') || 'none'}`,
      );
    }
    const votes = new Float64Array(this.trees.treeCount);
    const predictions = new Float64Array(table.rowCount);
    for (let i = 0; i < table.rowCount; i++) {
      for (let j = 0; j < names.length; j++) this.#row[j] = table.columns[j]![i]!;
      predictions[i] = mean(vote(this.trees, this.#row, votes));
    }
    return predictions;
  }

  /** A track's features in natural units and in the model's order; throws InputError on a bad one. */
  numbers(track: TrackInput): Float64Array {
    return trackNumbers(this.features, this.trackSchema, track);
  }

  /** Every tree's own prediction; their mean is the forest's. */
  votes(numbers: ArrayLike<number>): Float64Array {
    encodeTrack(this.features, numbers, this.#row);
    return vote(this.trees, this.#row, new Float64Array(this.trees.treeCount));
  }

  /** Prediction, interval and warnings from the numbers of a track and its votes. */
  answer(numbers: ArrayLike<number>, votes = this.votes(numbers)): Answer {
    const prediction = mean(votes);
    const [low, high] = predictInterval(this.interval, prediction, spread(votes, prediction));
    const outside = this.features.filter((feature, j) => {
      return numbers[j]! < feature.seenMin || numbers[j]! > feature.seenMax;
    });
    return {
      prediction,
      interval: { low, high, level: this.interval.level },
      outside: outside.map((feature) => feature.name),
    };
  }

  /** How far each feature moves this prediction from the average one (exact TreeSHAP). */
  explain(numbers: ArrayLike<number>): Explanation {
    this.#explainer ??= new TreeExplainer(this.trees);
    return this.#explainer.explain(encodeTrack(this.features, numbers, this.#row));
  }
}

function isList(tracks: TrackInput | readonly TrackInput[]): tracks is readonly TrackInput[] {
  return Array.isArray(tracks);
}

/** Walks every tree with one encoded row, rounding to float32 as scikit-learn does. */
function vote(trees: Trees, row: Float64Array, votes: Float64Array): Float64Array {
  const { rootOf, feature, threshold, left, right, value } = trees;
  const rounded = Float32Array.from(row);
  for (let tree = 0; tree < votes.length; tree++) {
    let node = rootOf[tree]!;
    while (left[node]! >= 0) {
      node = rounded[feature[node]!]! <= threshold[node]! ? left[node]! : right[node]!;
    }
    votes[tree] = value[node]!;
  }
  return votes;
}

/** Added in the trees' order and then divided, as scikit-learn does: the same to the last digit. */
function mean(votes: Float64Array): number {
  let sum = 0;
  for (const vote of votes) sum += vote;
  return sum / votes.length;
}

/** Standard deviation of the trees' predictions. */
function spread(votes: Float64Array, center: number): number {
  let sum = 0;
  for (const vote of votes) sum += (vote - center) ** 2;
  return Math.sqrt(sum / votes.length);
}
