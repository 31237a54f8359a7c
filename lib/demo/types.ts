import type { ModelFeature } from '../model/format';
import type { Song } from '../model/songs';
import type { TrackInput } from '../model/track';
import type { ModelInfo, Prediction } from './api';

export type { Song } from '../model/songs';

/** A feature as the page has it: `isOpen` for a genre, which may be left out. */
export type Feature = ModelFeature & { isOpen: boolean };

/** An answer with everything that the page draws. */
export type Answer = Prediction & Required<Pick<Prediction, 'contributions' | 'votes'>>;

/** The data that the page has before anything is asked. */
export type PageData = Omit<ModelInfo, 'features'> & { features: Feature[]; typicalAnswer: Answer };

/** The source of the page's answers: a server, or the model in the page itself. */
export interface Predictor {
  /** The server's address for requests from code, where there is one. */
  address?: string;
  /** The answer for a track; a refusal is thrown as an Error with its sentence, no answer at all as a TypeError. */
  predict(track: TrackInput, signal: AbortSignal): Promise<Answer>;
  /** The table with its predictions as CSV, piece by piece. */
  predictTable(file: Blob, signal: AbortSignal): AsyncIterable<string>;
  /** All songs that the model's table had. */
  songs(): Promise<Song[]>;
}
