/** Figures of single predictions: against the truth, by genre, with their intervals, as hit or not. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { alwaysTheSame, type HitReport } from '../evaluation/hits';
import { mean, meanAbsoluteError, r2Score } from '../forest/src/index';
import { percent, thousands } from '../numberText';
import { stripFigure, stripsOf } from './strips';
import {
  axis,
  COLOURS,
  DARK_INK,
  INK,
  LEGEND_ABOVE,
  layout,
  SEQUENTIAL,
  TOP_WITH_HEADINGS,
  thin,
} from './theme';

/** Intervals side by side in one figure before they run into each other. */
const MAX_INTERVALS = 70;

const POPULARITY_RANGE: [number, number] = [-3, 103];

/** Predictions of unseen tracks. */
export interface Predictions {
  actual: ArrayLike<number>;
  predicted: ArrayLike<number>;
  /** What hovering says of each row, e.g. from `trackNames`. */
  names?: readonly string[];
}

const nameOf = (names: readonly string[] | undefined, row: number) =>
  escapeLabel(names?.[row] ?? `row ${row}`);

/**
 * Predicted against actual popularity of unseen tracks, with the line on which a perfect model would put them. Of
 * many tracks some are drawn, which the subtitle then says.
 */
export function predictedAgainstActual({ actual, predicted, names }: Predictions): Figure {
  const rows = thin(actual.length);
  const found = `${thousands(actual.length)} tracks, R² ${r2Score(actual, predicted).toFixed(2)}, mean absolute error ${meanAbsoluteError(actual, predicted).toFixed(1)} points`;
  return {
    data: [
      {
        ...{ type: 'scatter', mode: 'lines', x: [0, 100], y: [0, 100], hoverinfo: 'skip', name: 'perfect' },
        line: { color: INK, width: 1.5, dash: 'dash' },
      } as Data,
      {
        ...{ type: 'scatter', mode: 'markers', name: 'tracks' },
        x: rows.map((row) => actual[row]),
        y: rows.map((row) => predicted[row]),
        text: rows.map((row) => nameOf(names, row)),
        marker: { color: COLOURS.blue, size: 5, opacity: 0.4 },
        hovertemplate: '%{text}<br>actual %{x}, predicted %{y:.1f}<extra></extra>',
      } as Data,
    ],
    layout: layout({
      title: 'Predicted against actual popularity',
      subtitle: rows.length < actual.length ? `${found}; points: ${thousands(rows.length)} of them` : found,
      height: 520,
      axes: {
        xaxis: axis('Actual popularity (0 to 100)', { range: POPULARITY_RANGE }),
        yaxis: axis('Predicted popularity (0 to 100)', { range: POPULARITY_RANGE }),
      },
      annotations: [
        {
          x: 97,
          y: 97,
          text: 'perfect ',
          xanchor: 'right',
          yanchor: 'bottom',
          showarrow: false,
          font: { color: INK },
        },
      ],
    }),
    alt: `Scatter of predicted against actual popularity: ${found}.`,
  };
}

/**
 * The error of every prediction in each group, e.g. genre: above 0 the model promises too much.
 * @param groups the group of each row
 * @param by what the groups are, for the title
 */
export function residualsByGroup(
  { actual, predicted, names }: Predictions,
  groups: ArrayLike<string>,
  by = 'genre',
): Figure {
  const residuals = Float64Array.from(predicted, (value, row) => value - actual[row]);
  const strips = stripsOf(residuals, groups, (errors) => {
    const size = mean(errors.map(Math.abs));
    return { mark: mean(errors), note: `${size.toFixed(0)} points off on average` };
  });
  const sizes = strips.map(({ rows }) => mean(rows.map((row) => Math.abs(residuals[row]))));
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)].map((size) => strips[sizes.indexOf(size)]);
  const found =
    strips.length > 1 ? `largest in ${most.name}, smallest in ${least.name}` : (strips[0]?.note ?? 'none');
  const hover = (row: number, group: string) =>
    `${names?.[row] ?? `row ${row}`}\n${group}, predicted ${predicted[row].toFixed(0)}, actual ${actual[row]}`;
  return stripFigure(strips, residuals, hover, {
    title: `Errors by ${by}: ${found}`,
    subtitle: 'predicted minus actual popularity; line: mean; in brackets: number of tracks',
    axis: 'Error (points of popularity; above 0 the forecast is too high)',
    alt: `The error of every track by ${by}: ${found}. ${strips.map(({ name, note }) => `${name}: ${note}`).join('; ')}.`,
  });
}

/**
 * Prediction intervals of some unseen tracks in order of their prediction, with the actual popularity: how
 * wide they are, and how many hold what they promise.
 * @param intervals `[lower, upper]` of every row
 * @param level the share that they are meant to hold
 */
export function intervalFigure(
  { actual, predicted, names }: Predictions,
  intervals: readonly (readonly [number, number])[],
  level = 0.9,
): Figure {
  const holds = (row: number) => actual[row] >= intervals[row][0] && actual[row] <= intervals[row][1];
  const covered = mean(Float64Array.from(intervals, (_, row) => Number(holds(row))));
  const width = mean(Float64Array.from(intervals, ([lower, upper]) => upper - lower));
  const rows = thin(actual.length, MAX_INTERVALS).sort((a, b) => predicted[a] - predicted[b] || a - b);
  const place = new Map(rows.map((row, i) => [row, i + 1]));
  const points = (members: number[], name: string, colour: string, symbol: string) =>
    ({
      ...{ type: 'scatter', mode: 'markers', name, marker: { color: colour, symbol, size: 7 } },
      x: members.map((row) => place.get(row)),
      y: members.map((row) => actual[row]),
      text: members.map((row) => {
        const [lower, upper] = intervals[row].map((end) => end.toFixed(0));
        return `${nameOf(names, row)}<br>actual ${actual[row]}, predicted ${predicted[row].toFixed(1)} (${lower} to ${upper})`;
      }),
      hoverinfo: 'text',
    }) as Data;
  const found = `${percent(covered, 1)} of ${thousands(actual.length)} tracks lie inside, mean width ${width.toFixed(0)} points; shown: ${rows.length}`;
  return {
    data: [
      {
        ...{ type: 'scatter', mode: 'lines', name: `${percent(level)} interval`, hoverinfo: 'skip' },
        x: rows.flatMap((_, i) => [i + 1, i + 1, null]),
        y: rows.flatMap((row) => [...intervals[row], null]),
        line: { color: COLOURS.sky, width: 5 },
        opacity: 0.55,
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'lines',
          name: 'prediction',
          hoverinfo: 'skip',
          line: { color: INK, width: 1.5 },
        },
        x: rows.map((_, i) => i + 1),
        y: rows.map((row) => predicted[row]),
      } as Data,
      points(rows.filter(holds), 'actual, inside', COLOURS.blue, 'circle'),
      points(
        rows.filter((row) => !holds(row)),
        'actual, outside',
        COLOURS.vermilion,
        'x',
      ),
    ],
    layout: layout({
      title: `${percent(level)} prediction intervals`,
      subtitle: found,
      height: 460,
      showlegend: true,
      legend: { ...LEGEND_ABOVE },
      margin: { t: TOP_WITH_HEADINGS },
      axes: {
        xaxis: axis('Tracks, by prediction', {
          showticklabels: false,
          ticks: '',
          showgrid: false,
          range: [0, rows.length + 1],
        }),
        yaxis: axis('Popularity (0 to 100)', { range: POPULARITY_RANGE }),
      },
    }),
    alt: `Prediction intervals at ${percent(level)} with the actual popularity: ${found}.`,
  };
}

/** Confusion matrix of "is this track a hit?", with accuracy, precision, recall and the base rate. */
export function confusionMatrix(report: HitReport): Figure {
  const { matrix, labels, threshold, accuracy, precision, recall } = report;
  const same = alwaysTheSame(report);
  const shares = matrix.map((row) => row.map((count) => count / Math.max(1, row[0] + row[1])));
  const cells = labels.flatMap((actual, i) =>
    labels.map((said, j) => ({ actual, said, count: matrix[i][j], share: shares[i][j] })),
  );
  const found = `accuracy ${percent(accuracy)} (always "${same.answer}": ${percent(same.accuracy)}), precision ${precision === null ? 'none' : percent(precision)}, recall ${percent(recall)}`;
  return {
    data: [
      {
        ...{
          type: 'heatmap',
          x: labels,
          y: labels,
          z: shares,
          zmin: 0,
          zmax: 1,
          xgap: 2,
          ygap: 2,
          showscale: false,
        },
        ...{ colorscale: SEQUENTIAL, hoverinfo: 'skip' },
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'text',
          x: cells.map(({ said }) => said),
          y: cells.map(({ actual }) => actual),
        },
        text: cells.map(({ count, share }) => `<b>${thousands(count)}</b><br>${percent(share)}`),
        textfont: { size: 15, color: cells.map(({ share }) => (share > 0.6 ? '#FFFFFF' : DARK_INK)) },
        hovertemplate: '%{y}, called %{x}: %{text}<extra></extra>',
      } as Data,
    ],
    layout: layout({
      title: `A hit or not (popularity of ${threshold} or more)`,
      subtitle: found,
      height: 400,
      margin: { l: 110 },
      axes: {
        xaxis: axis('Called', { showgrid: false, ticks: '' }),
        yaxis: axis('Actually', { showgrid: false, ticks: '', autorange: 'reversed' }),
      },
    }),
    alt: `Confusion matrix for hits: ${found}.`,
  };
}
