import { RidgeRegression } from '../../evaluation/baselines';
import { HitProbability } from '../../evaluation/hitProbability';
import { TwoPartRegressor } from '../../evaluation/twoPart';
import {
  averagePrecisionScore,
  brierScoreLoss,
  type CvResults,
  ExtraTreesRegressor,
  type ForestParams,
  GradientBoostingRegressor,
  GridSearchCV,
  type Importance,
  permutationImportance,
  RandomForestRegressor,
  rocAucScore,
  type Scores,
  scoresOf,
  take,
  trainTestSplit,
} from '../../forest/src/index';
import { cleanTracks } from '../../tracks/clean';
import { FeatureEncoder, oneHot } from '../../tracks/features';
import { readTracks } from '../../tracks/read';
import type { Feature } from '../../tracks/types';

const SEED = 42;
const HIT = 60;
const GRID = { nEstimators: [50, 100, 200], maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };

/** The numbers that the Python twin prints, from the same steps here. */
export interface WorkflowNumbers {
  rows: number;
  songs: number;
  features: readonly Feature[];
  testRows: Int32Array;
  cvResults: CvResults;
  bestParams: Partial<ForestParams>;
  scores: Record<'mean' | 'linear' | 'forest' | 'extra' | 'boosting' | 'twoParts', Scores>;
  /** Hit or not on the test songs: area under the ROC curve, average precision, Brier score. */
  hits: [number, number, number];
  predictions: Float64Array;
  importance: Float64Array;
  permutation: Importance[];
}

/**
 * The notebook's steps from the table to the scores, as `twin.py` has them, for the comparison of the two.
 * @param source path of the table
 */
export async function workflow(source: string): Promise<WorkflowNumbers> {
  const tracks = await readTracks(source);
  const songs = cleanTracks(tracks).tracks;
  const popularity = songs.columns.popularity as Float64Array;
  const { train, test } = trainTestSplit(songs.rowCount, { testSize: 0.25, randomState: SEED });
  const encoder = new FeatureEncoder().fit(songs, train);
  const [X, XTest] = [encoder.transform(songs, train), encoder.transform(songs, test)];
  const [y, yTest] = [take(popularity, train), take(popularity, test)];

  const search = new GridSearchCV(new RandomForestRegressor({ randomState: SEED }), GRID, { cv: 5 });
  await search.fit(X, y);
  const forest = search.bestEstimator;
  const linear = new RidgeRegression(0).fit(oneHot(X, encoder.features), y);
  const params = { ...search.bestParams, randomState: SEED };
  const extra = await new ExtraTreesRegressor({ ...params, nEstimators: 50 }).fit(X, y);
  const boosting = await new GradientBoostingRegressor({ randomState: SEED }).fit(X, y);
  const part = () => new RandomForestRegressor(params);
  const twoParts = await new TwoPartRegressor(part(), part()).fit(X, y);
  const classifier = new HitProbability({ ...params, nEstimators: 100 });
  await classifier.fit(
    X,
    y.map((value) => Number(value >= HIT)),
  );
  const chance = classifier.predict(XTest);
  const isHit = Array.from(yTest, (value) => Number(value >= HIT));
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const predictions = forest.predict(XTest);
  return {
    rows: tracks.rowCount,
    songs: songs.rowCount,
    features: encoder.features,
    testRows: test,
    cvResults: search.cvResults,
    bestParams: search.bestParams,
    scores: {
      mean: scoresOf(yTest, new Float64Array(yTest.length).fill(mean)),
      linear: scoresOf(yTest, linear.predict(oneHot(XTest, encoder.features))),
      forest: scoresOf(yTest, predictions),
      extra: scoresOf(yTest, extra.predict(XTest)),
      boosting: scoresOf(yTest, boosting.predict(XTest)),
      twoParts: scoresOf(yTest, twoParts.predict(XTest)),
    },
    hits: [rocAucScore(isHit, chance), averagePrecisionScore(isHit, chance), brierScoreLoss(isHit, chance)],
    predictions,
    importance: forest.featureImportances,
    permutation: await permutationImportance(forest, XTest, yTest, { nRepeats: 10, randomState: SEED }),
  };
}
