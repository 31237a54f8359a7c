import {
  ExtraTreesRegressor,
  type ForestParams,
  GradientBoostingRegressor,
  InputError,
  RandomForestRegressor,
  type Regressor,
  type RunOptions,
  type Table,
  take,
  takeRows,
  valueText,
} from '../forest/src/index';
import type { Feature } from '../tracks/types';
import {
  CategoryRegressor,
  ConstantRegressor,
  MlForestRegressor,
  OneHotRegressor,
  RidgeRegression,
} from './baselines';
import { OnColumns } from './columns';
import { HitProbability } from './hitProbability';
import { TwoPartRegressor } from './twoPart';

/** Enough for a comparison: extra trees and forests of classes take longer to grow than the forest itself. */
const EXTRA_TREES = 50;
const HIT_TREES = 100;

/** Trains a model on the rows that ml-random-forest was given, so that the two forests can be compared. */
class OnTheSameRows implements Regressor {
  constructor(
    private readonly inner: Regressor,
    private readonly peer: MlForestRegressor,
  ) {}

  async fit(X: Table, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    const rows = this.peer.trainingRows;
    await this.inner.fit(takeRows(X, rows), take(y, rows), options);
    return this;
  }

  predict(X: Table): ArrayLike<number> {
    return this.inner.predict(X);
  }
}

/**
 * The forest that is to be judged and other kinds of models, each by its name, for `compareOnFolds`: extra trees with the
 * same parameters, gradient boosting with scikit-learn's defaults, a model in two parts for the heap at 0, a linear model, the genre alone (where there are genres) and the mean.
 * @param features of the encoder that made the tables
 * @param params of the forest
 */
export function otherModels(
  features: readonly Feature[],
  params: Partial<ForestParams>,
): Record<string, () => Regressor> {
  const { maxDepth, minSamplesLeaf, randomState } = params;
  const forest = () => new RandomForestRegressor(params);
  const hasGenre = features.some(({ name }) => name === 'track_genre');
  return {
    'random forest': forest,
    [`extra trees (${EXTRA_TREES} trees)`]: () =>
      new ExtraTreesRegressor({ nEstimators: EXTRA_TREES, maxDepth, minSamplesLeaf, randomState }),
    'gradient boosting': () => new GradientBoostingRegressor({ randomState }),
    'two forests: is it 0, how high?': () => new TwoPartRegressor(forest(), forest()),
    'linear regression': () => new OneHotRegressor(new RidgeRegression(0), features),
    ...(hasGenre && { 'genre alone': () => new CategoryRegressor('track_genre', 'mean') }),
    'mean of all tracks': () => new ConstantRegressor('mean'),
  };
}

/** The models that say how probable a hit is, for `compareHits`: a forest, and the genre alone where there are genres. */
export function hitModels(
  features: readonly Feature[],
  params: Partial<ForestParams>,
): Record<string, () => Regressor> {
  const hasGenre = features.some(({ name }) => name === 'track_genre');
  return {
    'random forest': () => new HitProbability({ ...params, nEstimators: HIT_TREES }),
    ...(hasGenre && { 'genre alone': () => new CategoryRegressor('track_genre', 'mean') }),
  };
}

/** The names of the models that a model file can hold, as means of trees whose bootstraps give intervals. */
const EXPORTED = ['random forest', 'extra trees'];

/** @throws InputError for a model that cannot be exported */
export function checkModelName(name: string): void {
  if (EXPORTED.includes(name)) return;
  throw new InputError(
    `settings.model requires ${EXPORTED.map((one) => `'${one}'`).join(' or ')}, got ${valueText(name)}: a model file holds trees whose mean is the forecast`,
  );
}

/**
 * The model that is tested and exported: the tuned forest itself, or extra trees with its parameters, and with a bootstrap,
 * from which the intervals come.
 * @param name of `settings.model`
 * @param tuned fitted
 * @throws InputError for a model that cannot be exported
 */
export async function chosenModel(
  name: string,
  tuned: RandomForestRegressor,
  X: Table,
  y: ArrayLike<number>,
): Promise<RandomForestRegressor | ExtraTreesRegressor> {
  checkModelName(name);
  if (name === 'random forest') return tuned;
  return new ExtraTreesRegressor({ ...tuned.params, bootstrap: true }).fit(X, y);
}

/**
 * The models that a forest must beat, unfitted and by name: the mean and the median of all tracks and of the
 * track's genre, the forest itself without the genre (where there are genres), linear and ridge regression, and
 * ml-random-forest's forest on a sample, with ours of the same size on the same sample beside it. Fit them in
 * this order, as `compareModels` does.
 * @param features of the encoder that made the tables
 * @param randomState seed of the sample and of both its forests
 * @param forest that is to be judged, for its parameters
 */
export function baselines(
  features: readonly Feature[],
  randomState: number,
  forest: RandomForestRegressor | ExtraTreesRegressor = new RandomForestRegressor(),
): Record<string, Regressor> {
  const peer = new MlForestRegressor({ randomState });
  const { nEstimators, maxDepth, maxRows } = peer.settings;
  const ours = new RandomForestRegressor({ nEstimators, maxDepth, randomState });
  const hasGenre = features.some(({ name }) => name === 'track_genre');
  return {
    'mean of all tracks': new ConstantRegressor('mean'),
    'median of all tracks': new ConstantRegressor('median'),
    ...(hasGenre && {
      'mean of the genre': new CategoryRegressor('track_genre', 'mean'),
      'median of the genre': new CategoryRegressor('track_genre', 'median'),
      'forest without the genre': new OnColumns(
        forest.withParams({}),
        features.map(({ name }) => name).filter((name) => name !== 'track_genre'),
      ),
    }),
    'linear regression': new OneHotRegressor(new RidgeRegression(0), features),
    'ridge regression': new OneHotRegressor(new RidgeRegression(1), features),
    [`ml-random-forest, at most ${maxRows} tracks`]: peer,
    'ours, the same tracks': new OnTheSameRows(ours, peer),
  };
}
