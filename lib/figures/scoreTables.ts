/** Tables of scores: every number with the interval that it is known to. */

import { type TableView, table } from '../cells/table';
import type { ModelScores } from '../evaluation/comparison';
import type { GroupErrors } from '../evaluation/errorsByGroup';
import type { FoldScores } from '../evaluation/foldComparison';
import { type HitReport, withAlwaysTheSame } from '../evaluation/hits';
import type { ProtocolResult } from '../evaluation/protocols';
import type { CvResults, Estimate, NestedScores } from '../forest/src/index';
import { percent, withInterval } from '../numberText';
import { type TrackColumns, trackNames } from './columns';

/** The same model under each protocol, the mean of the training rows beside it. */
export function protocolTable(results: readonly ProtocolResult[]): TableView {
  const rows = results.map(({ protocol, rows, sameSong, sameArtist, model, baseline }) => ({
    protocol,
    rows,
    'song known': percent(sameSong, 1),
    'artist known': percent(sameArtist, 1),
    'R²': withInterval(model.r2),
    MAE: withInterval(model.mae, 1),
    RMSE: withInterval(model.rmse, 1),
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

/** Models side by side on the same rows, with what the first gains over each. */
export function modelTable(models: readonly ModelScores[]): TableView {
  const rows = models.map(({ name, r2, mae, rmse, firstGains }, i) => ({
    model: name,
    'R²': withInterval(r2, 3),
    MAE: withInterval(mae, 1),
    RMSE: withInterval(rmse, 1),
    [`R² that ${models[0].name} adds`]: i === 0 ? '' : withInterval(firstGains.r2, 3),
    'MAE it saves': i === 0 ? '' : withInterval(firstGains.mae, 1),
  }));
  return table(rows, { index: 'model' });
}

/**
 * Accuracy, precision ("–" where none is called a hit) and recall of some models beside what the more frequent
 * answer every time would reach.
 */
export function hitTable(reports: Readonly<Record<string, HitReport>>): TableView {
  const rows = Object.entries(withAlwaysTheSame(reports)).map(
    ([model, { accuracy, precision, recall, brier }]) => ({
      model,
      accuracy: percent(accuracy, 1),
      precision: precision === null ? '–' : percent(precision, 1),
      recall: percent(recall, 1),
      'Brier score': brier.toFixed(3),
    }),
  );
  return table(rows, { index: 'model' });
}

/** Models on the same folds, with what each has on the first. */
export function comparisonTable(models: readonly FoldScores[]): TableView {
  const more = ({ value, lower, upper }: Estimate) => ({ value: -value, lower: -upper, upper: -lower });
  const rows = models.map(({ name, r2, mae, firstLess }, i) => ({
    model: name,
    'R²': withInterval(r2, 3),
    MAE: withInterval(mae),
    'difference in R²': i === 0 ? '' : withInterval(more(firstLess.r2), 3),
    'difference in MAE': i === 0 ? '' : withInterval(more(firstLess.mae)),
  }));
  return table(rows, { index: 'model' });
}

/** The groups in which a model errs most. */
export const errorTable = (errors: readonly GroupErrors[], shown = 20): TableView =>
  table(errors.slice(0, shown), { index: 'group', digits: 1, ofRows: errors.length });

/** Tabulates what each outer fold's search promised, what was kept, and what it chose. */
export function nestedTable({ promised, kept, chosen }: NestedScores): TableView {
  const rows = promised.map((value, i) => ({
    'outer fold': i + 1,
    promised: value.toFixed(3),
    kept: kept[i].toFixed(3),
    ...Object.fromEntries(
      Object.entries(JSON.parse(chosen[i])).map(([name, setting]) => [name, setting ?? 'none']),
    ),
  }));
  return table(rows, { index: 'outer fold' });
}

/**
 * Songs that sound alike, beside their popularity and what the model says.
 * @param similar from `mostSimilar`, rows of the tracks
 */
export function similarTable(
  tracks: TrackColumns,
  similar: readonly { row: number; distance: number }[],
  predicted: ArrayLike<number>,
): TableView {
  const names = trackNames(tracks);
  const rows = similar.map(({ row, distance }) => ({
    song: names[row],
    ...(Array.isArray(tracks.columns.track_genre) && { genre: tracks.columns.track_genre[row] }),
    distance: distance.toFixed(2),
    popularity: tracks.columns.popularity[row],
    forecast: predicted[row].toFixed(0),
  }));
  return table(rows, { index: 'song' });
}
