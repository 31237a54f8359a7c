import type { Model } from '../model/model';
import { isOpenCategory, type TrackInput } from '../model/track';
import { modelInfo, type Prediction } from './api';
import type { Answer, PageData } from './types';

/** The extras that a request may ask for beside the prediction. */
export interface Wanted {
  contributions?: boolean;
  votes?: boolean;
}

/**
 * The answer to one request, on the server and in a page that has the model.
 * @param track has passed the model's schema
 */
export function predictionOf(model: Model, track: TrackInput, wanted: Wanted = {}): Prediction {
  const numbers = model.numbersOfChecked(track);
  const votes = model.votes(numbers);
  const prediction: Prediction = model.answer(numbers, votes);
  if (wanted.contributions) {
    const { expected, contributions } = model.explain(numbers);
    const features = Object.fromEntries(model.features.map(({ name }, j) => [name, contributions[j]]));
    prediction.contributions = { expected, features };
  }
  if (wanted.votes) prediction.votes = [...votes];
  return prediction;
}

/** The same with all that the page draws. */
export function fullAnswer(model: Model, track: TrackInput): Answer {
  return predictionOf(model, track, { contributions: true, votes: true }) as Answer;
}

/** An example request: every feature at its typical value. */
export function typicalTrack(model: Model): TrackInput {
  const { properties = {} } = model.trackSchema;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { examples }]) => [name, examples![0]]),
  ) as TrackInput;
}

/** The data of the page's first picture, which so asks for nothing more. */
export function pageData(model: Model): PageData {
  const features = model.features.map((feature) => ({ ...feature, isOpen: isOpenCategory(feature) }));
  return { ...modelInfo(model), features, typicalAnswer: fullAnswer(model, typicalTrack(model)) };
}
