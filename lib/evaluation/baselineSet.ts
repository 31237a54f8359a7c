import {
  type ForestParams,
  RandomForestRegressor,
  type Regressor,
  type RunOptions,
  type Table,
  take,
  takeRows,
} from '../forest/src/index';
import type { Feature } from '../tracks/types';
import {
  CategoryRegressor,
  ConstantRegressor,
  MlForestRegressor,
  OneHotRegressor,
  RidgeRegression,
} from './baselines';

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

/** A model that is not shown one feature: what is that feature worth to it? */
class WithoutFeature implements Regressor {
  constructor(
    private readonly inner: Regressor,
    private readonly name: string,
  ) {}

  async fit(X: Table, y: ArrayLike<number>, options: RunOptions = {}): Promise<this> {
    await this.inner.fit(this.others(X), y, options);
    return this;
  }

  predict(X: Table): ArrayLike<number> {
    return this.inner.predict(this.others(X));
  }

  private others({ names, rowCount, columns }: Table): Table {
    const kept = names.map((_, j) => j).filter((j) => names[j] !== this.name);
    return { rowCount, names: kept.map((j) => names[j]), columns: kept.map((j) => columns[j]) };
  }
}

/**
 * What a forest must beat, unfitted and by name: the mean and the median of all tracks and of the track's genre,
 * the forest itself without the genre (where there are genres), linear and ridge regression, and
 * ml-random-forest's forest on a sample, with ours of the same size on the same sample beside it. Fit them in
 * this order, as `compareModels` does.
 * @param features of the encoder that made the tables
 * @param randomState seed of the sample and of both its forests
 * @param params of the forest that is to be judged
 */
export function baselines(
  features: readonly Feature[],
  randomState: number,
  params: Partial<ForestParams> = {},
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
      'forest without the genre': new WithoutFeature(new RandomForestRegressor(params), 'track_genre'),
    }),
    'linear regression': new OneHotRegressor(new RidgeRegression(0), features),
    'ridge regression': new OneHotRegressor(new RidgeRegression(1), features),
    [`ml-random-forest, at most ${maxRows} tracks`]: peer,
    'ours, the same tracks': new OnTheSameRows(ours, peer),
  };
}
