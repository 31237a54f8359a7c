import { InputError } from '../forest/src/index';
import { genreCoder } from '../tracks/genres';
import { findColumn, plainName } from '../tracks/names';
import type { ModelFeature } from './format';
import { check, type Schema, sentence } from './jsonSchema';

/** A track in natural units: `{ danceability: 0.7, key: 'C#', explicit: false, tempo: 120, ... }`. */
export type TrackInput = Readonly<Record<string, number | string | boolean>>;

/** Longer texts are no genres. */
const LONGEST_NAME = 200;

/** A feature such as the genre, of which tables hold more categories than any model has seen. */
export function isOpenCategory(feature: ModelFeature): boolean {
  return feature.kind === 'category' && findColumn(feature.name)?.categories === undefined;
}

/**
 * The schema of a track for a model: every feature but the genre required, nothing else allowed. A genre that is
 * left out, or that the model does not know, counts as not given.
 * @param features the model's features
 */
export function trackSchema(features: readonly ModelFeature[]): Schema {
  const properties: Record<string, Schema> = {};
  for (const feature of features) {
    const unit = feature.unit ? ` Unit: ${feature.unit}.` : '';
    const text = { title: feature.label, description: feature.description + unit };
    const typical = naturalValue(feature, feature.typical);
    properties[feature.name] = { ...text, ...valueSchema(feature), examples: [typical] };
    if (isOpenCategory(feature)) {
      text.description += ` Known: ${feature.categories!.slice(0, 200).join(', ')}. Another one counts as not given.`;
      properties[feature.name] = { ...properties[feature.name], ...text };
    }
  }
  const required = features.filter((feature) => !isOpenCategory(feature)).map(({ name }) => name);
  return { type: 'object', required, additionalProperties: false, properties };
}

function valueSchema(feature: ModelFeature): Schema {
  if (feature.kind === 'boolean') return { type: 'boolean' };
  if (feature.kind === 'number') return { type: 'number', minimum: feature.min, maximum: feature.max };
  if (isOpenCategory(feature)) return { type: 'string', maxLength: LONGEST_NAME };
  return { type: 'string', enum: feature.categories ?? [] };
}

/** A feature's number as people write it: a category by its name, a flag as true or false. */
export function naturalValue(feature: ModelFeature, value: number): number | string | boolean {
  if (feature.kind === 'boolean') return value !== 0;
  return feature.kind === 'category' ? (feature.categories?.[value] ?? '') : value;
}

/**
 * The inverse of `naturalValue`; the value must have passed the track's schema.
 * @returns NaN where nothing is given, or a genre that the model does not know, unless it has learnt from songs
 *   without a genre or of rare ones
 */
export function featureNumber(feature: ModelFeature, value: number | string | boolean | undefined): number {
  if (value === undefined) {
    return isOpenCategory(feature) ? genreCoder(feature.categories!)('') : Number.NaN;
  }
  return feature.kind === 'category' ? categoryOf(feature, String(value)) : Number(value);
}

/** "R&B" is r-n-b, "Hip Hop" is hip-hop, "Drum and Bass" is drum & bass. */
const plainGenre = (name: string) => plainName(name.replace(/&|\band\b/gi, ' n '));

const codesOf = new WeakMap<ModelFeature, Map<string, number>>();

/**
 * The code of a category by its name in any spelling. One that the model does not know is `other` or `none given`
 * where the model has these, else NaN.
 */
export function categoryOf(feature: ModelFeature, name: string): number {
  const exact = feature.categories!.indexOf(name);
  if (exact >= 0) return exact;
  // C and C# differ in nothing but a sign.
  if (!isOpenCategory(feature)) return Number.NaN;
  let codes = codesOf.get(feature);
  if (!codes) {
    codes = new Map(feature.categories!.map((category, code) => [plainGenre(category), code]));
    codesOf.set(feature, codes);
  }
  return codes.get(plainGenre(name)) ?? genreCoder(feature.categories!)(name);
}

/**
 * A track's features as the forest was trained on them: categories as codes, numbers standardised.
 * @param features the model's features
 * @param numbers one number per feature in natural units (`featureNumber`), NaN where it is not given
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
