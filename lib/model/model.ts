import { InputError, type IntervalRule, predictInterval, type Table } from '../forest/src/index';
import type { ModelContents, ModelFeature } from './format';
import type { Schema } from './jsonSchema';
import { type Trees, unpackTrees } from './packedTrees';
import { encodeTrack, featureNumber, type TrackInput, trackNumbers, trackSchema } from './track';
import { type Explanation, TreeExplainer } from './treeShap';
import { mixtureVariance, vote } from './vote';

/** The model's answer about one track. */
export interface Answer {
  /** Expected popularity, 0 to 100. */
  prediction: number;
  /** The range in which `level` (e.g. 0.9) of comparable tracks lie. */
  interval: { low: number; high: number; level: number };
  /** Features whose value lies outside what the model was trained on. */
  outside: string[];
  /** Features that were not given: what is usual among the tracks learnt from stands in for them. */
  filled_in: string[];
}

/** Rows that `predictTable` walks through the trees together. */
const BATCH = 256;

/** A trained forest with everything around it that a prediction needs; made by `buildModel` or `loadModel`. */
export class Model {
  /** The JSON schema of a track. */
  readonly trackSchema: Schema;
  /** The forest in memory. */
  readonly trees: Trees;
  #explainer?: TreeExplainer;

  /** @param contents checked by `parseModel` */
  constructor(readonly contents: ModelContents) {
    const { features, target } = contents;
    this.trees = unpackTrees(contents.trees, features.length, target.min, target.max);
    this.trackSchema = trackSchema(features);
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
    const predictions = new Float64Array(table.rowCount);
    for (let from = 0; from < table.rowCount; from += BATCH) {
      const count = Math.min(BATCH, table.rowCount - from);
      const rows = new Float32Array(count * names.length);
      for (let k = 0; k < rows.length; k++) {
        rows[k] = table.columns[k % names.length][from + Math.floor(k / names.length)];
      }
      const votes = vote(this.trees, rows);
      for (let i = 0; i < count; i++) predictions[from + i] = mean(this.#votesOf(votes, i));
    }
    return predictions;
  }

  /** A track's features in natural units and in the model's order, NaN for a genre not given; throws InputError on a bad one. */
  numbers(track: TrackInput): Float64Array {
    return trackNumbers(this.features, this.trackSchema, track);
  }

  /** The same for a track that has passed `trackSchema` before, as a server's request has. */
  numbersOfChecked(track: TrackInput): Float64Array {
    return Float64Array.from(this.features, (feature) => featureNumber(feature, track[feature.name]));
  }

  /** Every tree's own prediction; their mean is the forest's. */
  votes(numbers: ArrayLike<number>): Float64Array {
    return vote(this.trees, this.#encode(numbers));
  }

  #encode(numbers: ArrayLike<number>): Float32Array {
    return Float32Array.from(encodeTrack(this.features, numbers));
  }

  #votesOf(votes: Float64Array, row: number): Float64Array {
    return votes.subarray(row * this.trees.treeCount, (row + 1) * this.trees.treeCount);
  }

  /** The average prediction over the training rows, from which `explain` starts. */
  get expected(): number {
    const { treeCount, rootOf, value } = this.trees;
    let sum = 0;
    for (let tree = 0; tree < treeCount; tree++) sum += value[rootOf[tree]]!;
    return sum / treeCount;
  }

  /** Prediction, interval and warnings from the numbers of a track and its votes. */
  answer(numbers: ArrayLike<number>, votes = this.votes(numbers)): Answer {
    const prediction = mean(votes);
    const filledIn = this.features.filter((_, j) => Number.isNaN(numbers[j]));
    // A track of which less is known is less certain by what the trees say of its possible values.
    const unknown = filledIn.length > 0 ? mixtureVariance(this.trees, this.#encode(numbers)) : 0;
    const [low, high] = predictInterval(this.interval, prediction, spread(votes, prediction, unknown));
    const outside = this.features.filter((feature, j) => {
      return numbers[j] < feature.seenMin || numbers[j] > feature.seenMax;
    });
    return {
      prediction,
      interval: { low, high, level: this.interval.level },
      outside: outside.map((feature) => feature.name),
      filled_in: filledIn.map((feature) => feature.name),
    };
  }

  /** The same as `answer` for many tracks at once, several times as fast. */
  answerAll(tracks: readonly ArrayLike<number>[]): Answer[] {
    const width = this.features.length;
    const rows = new Float32Array(tracks.length * width);
    tracks.forEach((numbers, i) => {
      rows.set(encodeTrack(this.features, numbers), i * width);
    });
    const votes = vote(this.trees, rows);
    return tracks.map((numbers, i) => this.answer(numbers, this.#votesOf(votes, i)));
  }

  /** How far each feature moves this prediction from the average one (exact TreeSHAP). */
  explain(numbers: ArrayLike<number>): Explanation {
    this.#explainer ??= new TreeExplainer(this.trees);
    return this.#explainer.explain(encodeTrack(this.features, numbers));
  }
}

function isList(tracks: TrackInput | readonly TrackInput[]): tracks is readonly TrackInput[] {
  return Array.isArray(tracks);
}

/** Added in the trees' order and then divided, as scikit-learn does: the same to the last digit. */
function mean(votes: Float64Array): number {
  let sum = 0;
  for (const vote of votes) sum += vote;
  return sum / votes.length;
}

/** Standard deviation of the trees' predictions, with the variance that values not given add to them. */
function spread(votes: Float64Array, center: number, unknown: number): number {
  let sum = 0;
  for (const vote of votes) sum += (vote - center) ** 2;
  return Math.sqrt(sum / votes.length + unknown);
}
