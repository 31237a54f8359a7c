/** Tables of scores: every number with the interval that it is known to. */

import { type TableView, table } from '../cells/table';
import type { ModelScores } from '../evaluation/comparison';
import { type HitReport, withAlwaysTheSame } from '../evaluation/hits';
import type { ProtocolResult } from '../evaluation/protocols';
import type { CvResults, Estimate, Scores } from '../forest/src/index';
import { percent, withInterval } from '../numberText';

/** The same model under each protocol, the mean of the training rows beside it. */
export function protocolTable(results: readonly ProtocolResult[]): TableView {
  const rows = results.map(({ protocol, rows, sameSong, sameArtist, model, baseline }) => ({
    protocol,
    rows,
    'song known': percent(sameSong, 1),
    'artist known': percent(sameArtist, 1),
    R2: withInterval(model.r2),
    MAE: withInterval(model.mae, 1),
    RMSE: withInterval(model.rmse, 1),
    'R2 of the mean': withInterval(baseline.r2),
    'MAE of the mean': withInterval(baseline.mae, 1),
  }));
  return table(rows, { index: 'protocol' });
}

/** Every candidate of a grid search, the best first: `pd.DataFrame(search.cv_results_)`. */
export function gridTable(results: CvResults, shown = 10): TableView {
  const order = results.params.map((_, i) => i);
  order.sort((a, b) => results.rankTestScore[a] - results.rankTestScore[b] || a - b);
  const rows = order.slice(0, shown).map((i) => ({
    rank: results.rankTestScore[i],
    ...Object.fromEntries(Object.entries(results.params[i]).map(([name, value]) => [name, value ?? 'none'])),
    meanTestScore: results.meanTestScore[i],
    stdTestScore: results.stdTestScore[i],
  }));
  return table(rows, {
    index: 'rank',
    digits: { meanTestScore: 6, stdTestScore: 6 },
    ofRows: results.params.length,
  });
}

/** Scores of several models, each with its interval. */
export function estimateTable(models: Readonly<Record<string, Record<keyof Scores, Estimate>>>): TableView {
  const rows = Object.entries(models).map(([model, { r2, mae, rmse }]) => ({
    model,
    R2: withInterval(r2, 3),
    MAE: withInterval(mae),
    RMSE: withInterval(rmse),
  }));
  return table(rows, { index: 'model' });
}

/** Models side by side on the same rows, with what the first gains over each. */
export function modelTable(models: readonly ModelScores[]): TableView {
  const rows = models.map(({ name, r2, mae, rmse, firstGains }, i) => ({
    model: name,
    R2: withInterval(r2, 3),
    MAE: withInterval(mae, 2),
    RMSE: withInterval(rmse, 2),
    [`R2 that ${models[0].name} adds`]: i === 0 ? '' : withInterval(firstGains.r2, 3),
    'MAE it saves': i === 0 ? '' : withInterval(firstGains.mae, 2),
  }));
  return table(rows, { index: 'model' });
}

/**
 * Accuracy, precision ("–" where none is called a hit) and recall of some models beside what the more frequent
 * answer every time would reach.
 */
export function hitTable(reports: Readonly<Record<string, HitReport>>): TableView {
  const [{ threshold, baseRate }] = Object.values(reports) as [HitReport];
  const rows = Object.entries(withAlwaysTheSame(reports)).map(([model, { accuracy, precision, recall }]) => ({
    model,
    accuracy: percent(accuracy, 1),
    'precision: of those called hits, hits': precision === null ? '–' : percent(precision, 1),
    'recall: of the hits, called so': percent(recall, 1),
  }));
  const title = `popularity ${threshold} or more: ${percent(baseRate, 1)}`;
  return table(rows, { index: 'model', labels: { accuracy: `accuracy (${title})` } });
}
