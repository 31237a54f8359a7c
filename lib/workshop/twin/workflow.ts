import { RidgeRegression } from '../../evaluation/baselines';
import {
  type CvResults,
  type ForestParams,
  GridSearchCV,
  type Importance,
  permutationImportance,
  RandomForestRegressor,
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
const GRID = { nEstimators: [50, 100, 200], maxDepth: [null, 10, 20], minSamplesLeaf: [1, 2, 4] };

/** The numbers that the Python twin prints, from the same steps here. */
export interface WorkflowNumbers {
  rows: number;
  songs: number;
  features: readonly Feature[];
  testRows: Int32Array;
  cvResults: CvResults;
  bestParams: Partial<ForestParams>;
  scores: { mean: Scores; linear: Scores; forest: Scores };
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
    },
    predictions,
    importance: forest.featureImportances,
    permutation: await permutationImportance(forest, XTest, yTest, { nRepeats: 10, randomState: SEED }),
  };
}
