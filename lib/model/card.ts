import { withInterval } from '../eda/scoreTables';
import { percent, thousands } from '../eda/theme';
import type { EvaluationReport } from '../evaluation/report';
import { writeFileAtomic } from '../files';
import type { Model } from './model';

/** A Markdown table; a bar within a cell would end it. */
function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * The model card (Mitchell et al. 2019, "Model Cards for Model Reporting"): what the model is for and what not,
 * from which data and by which protocol it was made, and what its forecasts are worth. Every number comes from
 * the model and its evaluation; the same ones give the same bytes.
 */
export function modelCard(model: Model, report: EvaluationReport): string {
  const { data, hyperparameters, features } = model.contents;
  const { interval, hits, nested, crossValidation } = report;
  const [forest, ...others] = report.models;
  const settings = Object.entries(hyperparameters).map(([name, value]) => `${name} ${value ?? 'none'}`);
  const genres = report.groups.map(({ group, rows, actual, bias, mae }) => [
    group,
    rows,
    actual.toFixed(1),
    bias.toFixed(1),
    mae.toFixed(1),
  ]);
  return `# Model card: popularity of a track from its audio features

Written by the notebook together with \`model.json\`; do not edit it by hand.

## What it is

A random forest (${settings.join(', ')}) that forecasts Spotify's popularity (0 to 100) of one track from ${features.length} features: ${features.map(({ name }) => name).join(', ')}. It equals scikit-learn's \`RandomForestRegressor\` with the same settings, tree for tree.

**Use it** to learn how far audio features go, and to compare with better ideas. **Do not use it** to judge a song or an artist, to decide about promotion, royalties or playlists, or to forecast single tracks in earnest: a 90% interval is ${interval.width.toFixed(0)} points wide on average. It knows nothing of artist, label, marketing or time, popularity changes from day to day, and what moves the forecast is not what causes popularity.

## Data

\`${data.file}\` (SHA-256 \`${data.sha256}\`): ${thousands(data.rows)} rows, of which ${thousands(data.trainRows + data.testRows)} songs stay after cleaning; ${thousands(data.trainRows)} to learn from, ${thousands(data.testRows)} to test on.

${markdownTable(
  ['repeats', 'rows beyond the first', 'songs with several rows'],
  report.data.repeats.map(({ kind, repeats, songs }) => [kind, thousands(repeats), thousands(songs)]),
)}

## Protocol

One row per song; a quarter of the songs set aside by chance (seed 42); settings chosen by grid search on the others; the test songs used once. Had the rows been split as they come, the same kind of forest would seem better than it is:

${markdownTable(
  ['protocol', 'test songs known from training', 'R2', 'MAE', 'R2 of the mean'],
  report.protocols.map(({ protocol, sameSong, model: scores, baseline }) => [
    protocol,
    percent(sameSong, 1),
    withInterval(scores.r2),
    withInterval(scores.mae, 1),
    withInterval(baseline.r2),
  ]),
)}

## Scores on unseen songs

95% bootstrap intervals in brackets. Positive savings that stay clear of 0 mean that the forest is better.

${markdownTable(
  ['model', 'R2', 'MAE', 'RMSE', 'MAE that the forest saves'],
  [
    [forest!.name, withInterval(forest!.r2, 3), withInterval(forest!.mae), withInterval(forest!.rmse), ''],
    ...others.map(({ name, r2, mae, rmse, firstGains }) => [
      name,
      withInterval(r2, 3),
      withInterval(mae),
      withInterval(rmse),
      withInterval(firstGains),
    ]),
  ],
)}

Cross-validated on the training songs (${crossValidation.splits} fits, Nadeau and Bengio's interval): R2 ${withInterval(crossValidation.r2, 3)}. The grid search promised ${nested.optimism.toFixed(3)} more R2 than nested cross-validation kept.

The ${percent(interval.rule.level)} interval holds ${percent(interval.coverage, 1)} of the test songs; it is learnt from ${interval.rule.method}.

As "is it a hit?" (popularity ${hits.threshold} or more): accuracy ${percent(hits.accuracy, 1)}, where always saying no has ${percent(1 - hits.baseRate, 1)}; precision ${hits.precision === null ? 'undefined' : percent(hits.precision, 1)}, recall ${percent(hits.recall, 1)}.
${genres.length === 0 ? '' : `\n## Errors by genre\n\nOn the test songs, in points of popularity; a positive bias flatters the genre.\n\n${markdownTable(['genre', 'songs', 'mean popularity', 'bias', 'MAE'], genres)}\n`}
## What it goes by

${markdownTable(
  ['feature', 'fall of R2 when shuffled', 'share of impurity'],
  report.importances.map(({ feature, permutation, permutationStd, impurity }) => [
    feature,
    `${permutation.toFixed(3)} ± ${permutationStd.toFixed(3)}`,
    percent(impurity, 1),
  ]),
)}
`;
}

/** Writes the model card in one step. */
export function saveModelCard(path: string, model: Model, report: EvaluationReport): void {
  writeFileAtomic(path, modelCard(model, report));
}
