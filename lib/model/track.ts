import { InputError } from '../forest/src/index';
import type { ModelFeature } from './format';
import { check, type Schema, sentence } from './schema';

/** A track in natural units: `{ danceability: 0.7, key: 'C#', explicit: false, tempo: 120, ... }`. */
export type TrackInput = Readonly<Record<string, number | string | boolean>>;

/**
 * The schema of a track for a model: every feature required, nothing else allowed.
 * @param features the model's features
 */
export function trackSchema(features: readonly ModelFeature[]): Schema {
  const properties: Record<string, Schema> = {};
  for (const feature of features) {
    const unit = feature.unit ? ` Unit: ${feature.unit}.` : '';
    const text = { title: feature.label, description: feature.description + unit };
    const typical = naturalValue(feature, feature.typical);
    properties[feature.name] = {
      ...text,
      ...(feature.kind === 'category'
        ? { type: 'string', enum: feature.categories ?? [] }
        : feature.kind === 'boolean'
          ? { type: 'boolean' }
          : { type: 'number', minimum: feature.min, maximum: feature.max }),
      examples: [typical],
    };
  }
  const required = features.map((feature) => feature.name);
  return { type: 'object', required, additionalProperties: false, properties };
}

/** A feature's number as people write it: a category by its name, a flag as true or false. */
export function naturalValue(feature: ModelFeature, value: number): number | string | boolean {
  if (feature.kind === 'boolean') return value !== 0;
  return feature.kind === 'category' ? (feature.categories?.[value] ?? '') : value;
}

/** The inverse of `naturalValue`; the value must have passed the track's schema. */
export function featureNumber(feature: ModelFeature, value: number | string | boolean): number {
  return feature.kind === 'category' ? feature.categories!.indexOf(value as string) : Number(value);
}

/**
 * A track's features as the forest was trained on them: categories as codes, numbers standardised.
 * @param features the model's features
 * @param numbers one number per feature in natural units (`featureNumber`)
 */
export function encodeTrack(features: readonly ModelFeature[], numbers: ArrayLike<number>): Float64Array {
  const row = new Float64Array(features.length);
  for (let j = 0; j < row.length; j++) {
    const { mean, scale } = features[j];
    row[j] = (numbers[j] - mean) / scale;
  }
  return row;
}

/**
 * A track's features in natural units, checked.
 * @throws InputError naming the first field that is wrong
 */
export function trackNumbers(
  features: readonly ModelFeature[],
  schema: Schema,
  track: TrackInput,
): Float64Array {
  const [problem] = check(schema, track);
  if (problem) throw new InputError(sentence(problem, 'A track'));
  return Float64Array.from(features, (feature) => featureNumber(feature, track[feature.name]));
}
