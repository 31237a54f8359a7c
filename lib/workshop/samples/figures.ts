/** Every figure once, from made-up tracks with awkward names, for the tests of their looks. */
import type { Figure } from '../../cells/figure';
import type { HitReport } from '../../evaluation/hits';
import { soundMap } from '../../evaluation/likeSongs';
import { trackNames } from '../../figures/columns';
import { contributionFigure, contributionSummary } from '../../figures/contributions';
import { importanceFigure, partialDependenceFigure } from '../../figures/explain';
import {
  correlationHeatmap,
  featureHistograms,
  popularityByFeature,
  popularityDistribution,
} from '../../figures/explore';
import { confusionMatrix, hitCurvesFigure } from '../../figures/hits';
import {
  intervalFigure,
  intervalMaking,
  predictedAgainstActual,
  residualsByGroup,
} from '../../figures/predictions';
import { comparisonFigure, learningCurveFigure, protocolScores } from '../../figures/scores';
import { songMapFigure } from '../../figures/songMap';
import { popularityByCategory } from '../../figures/strips';
import { gridHeatmaps, scoreByTreesFigure } from '../../figures/tuning';
import { SCHEMA } from '../../tracks/schema';
import type { Feature, Tracks } from '../../tracks/types';
import { seeded } from './model';

/** Names that would run, break out of an attribute, or not be XML. */
const AWKWARD = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "Rock & 'Roll' &lt;",
  '東京 \u0001 🎵',
];

/** Tracks whose names are awkward. */
export function awkwardTracks(rowCount = 400): Tracks {
  const random = seeded(1);
  const draw = (make: (i: number) => number) => Float64Array.from({ length: rowCount }, (_, i) => make(i));
  const columns: Record<string, Float64Array | string[]> = {
    track_name: Array.from({ length: rowCount }, (_, i) => AWKWARD[i % AWKWARD.length]),
    artists: Array.from({ length: rowCount }, (_, i) => `Artist ${i};${AWKWARD[0]}`),
    track_genre: Array.from({ length: rowCount }, (_, i) => ['deep-house', 'hip-hop', '<b>rock</b>'][i % 3]),
    popularity: draw(() => Math.max(0, Math.round(random() * 130 - 40))),
  };
  for (const { name, kind, role, min = 0, max = 1 } of SCHEMA) {
    if (role === 'feature' && kind === 'number') columns[name] = draw(() => min + random() * (max - min));
  }
  columns.duration_ms = draw(() => 120_000 + random() * 300_000);
  columns.key = draw((i) => i % 12);
  columns.mode = draw((i) => i % 2);
  return {
    source: '',
    sha256: '',
    rowCount,
    columns,
    lines: new Int32Array(rowCount),
    notes: [],
    readings: [],
  };
}

const FEATURES: Feature[] = SCHEMA.filter(({ role }) => role === 'feature').map(
  ({ name, label, unit, categories, kind }) => ({
    ...{ name, label, unit, description: '', min: 0, max: 1, seenMin: 0, seenMax: 1, typical: 0 },
    ...{ kind: categories || kind === 'category' ? 'category' : 'number', mean: 0, scale: 1 },
    ...(kind === 'category' && { categories: [...(categories ?? ['deep-house', 'hip-hop', '<b>rock</b>'])] }),
  }),
);

/** Songs with a made-up probability of being a hit. */
function sampleReport(random: () => number): HitReport {
  const probability = Float64Array.from({ length: 100 }, random);
  return {
    ...{ threshold: 60, labels: ['not a hit', 'hit'], baseRate: 0.2, accuracy: 0.8, precision: null },
    ...{ recall: 0, brier: 0.2, probability, isHit: probability.map((share) => Number(random() < share)) },
    matrix: [
      [80, 0],
      [20, 0],
    ],
  };
}

/** The figures by their names. */
export function testFigures(): Record<string, Figure> {
  const random = seeded(7);
  const tracks = awkwardTracks();
  const actual = tracks.columns.popularity as Float64Array;
  const predicted = actual.map((value) => value / 2 + 15 + random() * 20);
  const encoded = {
    names: FEATURES.map(({ name }) => name),
    rowCount: tracks.rowCount,
    columns: FEATURES.map((_, j) =>
      actual.map((value, i) => (j === 4 ? i % 3 : random() + (value * (j % 4)) / 100)),
    ),
  };
  const explanations = Array.from({ length: 60 }, () => ({
    expected: 40,
    contributions: Float64Array.from(FEATURES, (_, j) => (random() - 0.5) * (FEATURES.length - j)),
  }));
  const estimate = (value: number) => ({ value, lower: value - 0.05, upper: value + 0.06 });
  const scores = (r2: number) => ({ r2: estimate(r2), mae: estimate(20), rmse: estimate(25) });
  const protocols = ['rows split as they come', 'one row per song', 'artists kept apart'] as const;
  const params = [null, 10, 20].flatMap((maxDepth) =>
    [1, 2, 4].flatMap((minSamplesLeaf) =>
      [50, 100, 200].map((nEstimators) => ({ maxDepth, minSamplesLeaf, nEstimators })),
    ),
  );
  const curve = (length: number) => Float64Array.from({ length }, () => 30 + random() * 10);
  return {
    popularityDistribution: popularityDistribution(tracks),
    featureHistograms: featureHistograms(tracks),
    popularityByFeature: popularityByFeature(tracks),
    correlationHeatmap: correlationHeatmap(tracks),
    popularityByCategory: popularityByCategory(tracks, 'track_genre'),
    predictedAgainstActual: predictedAgainstActual({ actual, predicted, tracks }),
    residualsByGroup: residualsByGroup({ actual, predicted, tracks }, 'track_genre'),
    intervalFigure: intervalFigure(
      { actual, predicted, tracks },
      Array.from(predicted, (p) => [p - 25, p + 25]),
    ),
    confusionMatrix: confusionMatrix(sampleReport(random)),
    hitCurves: hitCurvesFigure({ forest: sampleReport(random), genre: sampleReport(random) }),
    protocolScores: protocolScores(
      protocols.map((protocol, i) => ({
        ...{ protocol, rows: 400, sameSong: 0.4 / (i + 1), sameArtist: 0.5 },
        ...{ model: scores([0.36, 0.06, -0.02][i]), baseline: scores(0) },
      })),
    ),
    learningCurve: learningCurveFigure({
      trainSizes: [100, 550, 1000],
      trainScores: [
        [0.8, 0.82],
        [0.85, 0.86],
        [0.86, 0.87],
      ],
      testScores: [
        [-0.02, 0.05],
        [0.04, 0.06],
        [0.06, 0.1],
      ],
    }),
    gridHeatmaps: gridHeatmaps(
      { params, meanTestScore: params.map(() => 0.1 + random() * 0.05) },
      { rows: 'minSamplesLeaf', columns: 'maxDepth', panels: 'nEstimators' },
    ),
    scoreByTrees: scoreByTreesFigure({
      'unseen songs': Array.from({ length: 200 }, (_, i) => 0.1 - 0.5 / (i + 1)),
    }),
    intervalMaking: intervalMaking({ prediction: predicted, spread: actual.map(() => 20) }, actual, {
      ...{ method: '', level: 0.9, lower: -1.5, upper: 1.2, floor: 5 },
    }),
    comparison: comparisonFigure(
      ['forest', 'linear', 'genre'].map((name, i) => ({
        ...{ name, ...scores(0.2 - i / 20), firstLess: scores(i / 20) },
      })),
    ),
    contributionSummary: contributionSummary(explanations, encoded, FEATURES, trackNames(tracks)),
    contribution: contributionFigure(
      explanations[0],
      encoded.columns.map((column) => column[0]),
      FEATURES,
      AWKWARD[0],
    ),
    songMap: songMapFigure(soundMap(encoded, FEATURES), { actual, predicted, tracks }),
    importances: importanceFigure(
      FEATURES.map(({ name }, i) => ({ feature: name, mean: 0.08 / (i + 1) - 0.01, std: 0.005, falls: [] })),
      FEATURES,
    ),
    partialDependence: partialDependenceFigure(
      FEATURES.map(({ name, categories }) => {
        const grid = Float64Array.from({ length: categories?.length ?? 20 }, (_, i) => i);
        return {
          feature: name,
          grid,
          average: curve(grid.length),
          individual: Array.from({ length: 40 }, () => curve(grid.length)),
        };
      }),
      FEATURES,
    ),
  };
}
