import { InputError } from '../forest/src/index';
import type { Example, ModelContents, ModelFeature } from './format';

/** A song of the table that the model was made from. */
export interface Song extends Example {
  /** Whether it is among the songs that the model learnt from; the others it has never seen. */
  learnt: boolean;
}

/** A song as one line of the model file: name, artists, popularity, 1 where learnt from, and the values, apart by tabs. */
export function songLine({ name, artists, popularity, learnt, values }: Song): string {
  const text = (field: string) => field.replace(/[\t\r\n]+/g, ' ');
  const numbers = values.map((value) => (Number.isNaN(value) ? '' : String(value)));
  return [text(name), text(artists), popularity, learnt ? 1 : 0, ...numbers].join('\t');
}

type SongSource = Pick<ModelContents, 'songs' | 'features' | 'examples'>;

/**
 * The songs of a model file; the examples alone, which it has not learnt from, where the file has no others.
 * @returns with NaN for a value that the table does not have
 * @throws InputError naming the line that is no song of this model
 */
export function songsOf({ songs, features, examples }: SongSource): Song[] {
  if (!songs) return examples.map((example) => ({ ...example, learnt: false }));
  return songs.map((line, i) => {
    const [name = '', artists = '', popularity = '', learnt, ...fields] = line.split('\t');
    const values = fields.map((field) => (field === '' ? Number.NaN : Number(field)));
    if (fields.length !== features.length || !values.every((value, j) => isPossible(features[j], value))) {
      throw new InputError(`songs[${i}] requires a possible value for each of ${features.length} features`);
    }
    return { name, artists, popularity: Number(popularity), learnt: learnt === '1', values };
  });
}

/** Whether a track may have that value; NaN, for one that is not given, it may. */
export function isPossible({ min, max, kind }: ModelFeature, value: number): boolean {
  if (Number.isNaN(value)) return true;
  return value >= min && value <= max && (kind === 'number' || Number.isInteger(value));
}
