/** Figures of single predictions: against the truth, by genre, with their intervals, as hit or not. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { type IntervalRule, mean, meanAbsoluteError, r2Score } from '../forest/src/index';
import { percent, thousands } from '../numberText';
import { legendEntry, rowsByColour, type TrackColumns, trackNames } from './columns';
import { histogram } from './statistics';
import { categoryNames, columnLabel, stripFigure, stripsOf } from './strips';
import {
  axis,
  BOTTOM,
  COLOURS,
  INK,
  LEGEND_ABOVE,
  LEGEND_BELOW,
  LEGEND_BOTTOM,
  layout,
  MAX_POINTS,
  panels,
  TOP,
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
  /** The tracks themselves, a row for each prediction: their names for hovering, their genres for colours. */
  tracks?: TrackColumns;
}

/** The name of each row on hovering. */
function namesOf({ actual, tracks }: Predictions): string[] {
  if (tracks) return trackNames(tracks).map(escapeLabel);
  return Array.from({ length: actual.length }, (_, row) => `row ${row}`);
}

/**
 * Predictions of unseen tracks against their actual popularity, with the line on which a perfect model would put
 * them, and beside it the errors against the predictions. Points are coloured by genre where there are few. Of
 * many tracks some are drawn, which the subtitle then says.
 */
export function predictedAgainstActual(predictions: Predictions): Figure {
  const { actual, predicted, tracks } = predictions;
  const rows = thin(actual.length, MAX_POINTS / 2);
  const names = namesOf(predictions);
  const parts = rowsByColour(tracks, rows);
  const [left, right] = panels(2, 2, { columnGap: 0.16 }).places;
  const ends = (values: ArrayLike<number>) =>
    extremes(values)
      .map((value) => value.toFixed(0))
      .join(' to ');
  const found = `Forecasts run from ${ends(predicted)}, the songs from ${ends(actual)}`;
  const scores = `${thousands(actual.length)} tracks, R² ${r2Score(actual, predicted).toFixed(2)}, mean absolute error ${meanAbsoluteError(actual, predicted).toFixed(1)} points`;
  const points = parts.flatMap((part): Data[] => {
    const text = part.rows.map((row) => names[row]);
    const shared = { type: 'scatter', mode: 'markers', text };
    return [
      {
        ...{ ...shared, ...legendEntry(part) },
        x: part.rows.map((row) => actual[row]),
        y: part.rows.map((row) => predicted[row]),
        hovertemplate: '%{text}<br>actual %{x}, predicted %{y:.1f}<extra></extra>',
      } as Data,
      {
        ...{ ...shared, ...legendEntry(part, false), xaxis: right.x, yaxis: right.y },
        x: part.rows.map((row) => predicted[row]),
        y: part.rows.map((row) => predicted[row] - actual[row]),
        hovertemplate: '%{text}<br>predicted %{x:.1f}, off by %{y:.1f}<extra></extra>',
      } as Data,
    ];
  });
  const line = {
    ...{ type: 'scatter', mode: 'lines', x: [0, 100], hoverinfo: 'skip', showlegend: false },
    line: { color: INK, width: 1.5, dash: 'dash' },
  };
  const range = { range: POPULARITY_RANGE, dtick: 25 };
  const hasLegend = parts.length > 1;
  const bottom = hasLegend ? LEGEND_BOTTOM : BOTTOM;
  return {
    data: [{ ...line, y: [0, 100] } as Data, ...points],
    layout: layout({
      title: found,
      subtitle: rows.length < actual.length ? `${scores}; points: ${thousands(rows.length)} of them` : scores,
      height: TOP + 340 + bottom,
      margin: { b: bottom },
      showlegend: hasLegend,
      legend: { ...LEGEND_BELOW },
      axes: {
        xaxis: axis('Actual popularity', { ...range, domain: left.xDomain }),
        yaxis: axis('Predicted popularity (dashed: perfect)', range),
        xaxis2: axis('Predicted popularity', { ...range, domain: right.xDomain, anchor: 'y2' }),
        yaxis2: axis('Error (predicted minus actual)', { anchor: 'x2', zeroline: true }),
      },
    }),
    alt: `Predicted against actual popularity, and errors against predictions: ${scores}. ${found}.`,
  };
}

/** The smallest and the largest of some numbers. */
const extremes = (values: ArrayLike<number>): [number, number] => [
  Array.from(values).reduce((a, b) => Math.min(a, b)),
  Array.from(values).reduce((a, b) => Math.max(a, b)),
];

/**
 * The error of every prediction in each category of the tracks, where it errs most on top: above 0 the model promises
 * too much.
 * @param by a category that the tracks have, e.g. `track_genre`; undefined for all tracks together
 */
export function residualsByGroup(
  predictions: Predictions & { tracks: TrackColumns },
  by: string | undefined,
): Figure {
  const groups = categoryNames(predictions.tracks, by);
  const label = columnLabel(by).toLowerCase();
  const { actual, predicted } = predictions;
  const names = namesOf(predictions);
  const residuals = Float64Array.from(predicted, (value, row) => value - actual[row]);
  const strips = stripsOf(residuals, groups, (errors) => {
    const size = mean(errors.map(Math.abs));
    return { mark: mean(errors), note: `${size.toFixed(0)} points off on average`, order: size };
  });
  const [most, least] = [strips[0], strips[strips.length - 1]];
  const found =
    strips.length > 1 ? `largest in ${most.name}, smallest in ${least.name}` : (strips[0]?.note ?? 'none');
  const hover = (row: number, group: string) =>
    `${names[row]}\n${group}, predicted ${predicted[row].toFixed(0)}, actual ${actual[row]}`;
  return stripFigure(strips, residuals, hover, {
    title: `Errors by ${label}: ${found}`,
    subtitle: 'predicted minus actual popularity; line: mean; in brackets: number of tracks',
    axis: 'Points off (above 0: too high)',
    alt: `The error of every track by ${label}: ${found}. ${strips.map(({ name, note }) => `${name}: ${note}`).join('; ')}.`,
  });
}

/** Intervals side by side, the predictions as a line through them, and the points inside and outside. */
function intervalTraces(
  predictions: Predictions,
  intervals: readonly (readonly [number, number])[],
  rows: readonly number[],
  holds: (row: number) => boolean,
  name: string,
): Data[] {
  const { actual, predicted } = predictions;
  const names = namesOf(predictions);
  const place = new Map(rows.map((row, i) => [row, i + 1]));
  const lines = { type: 'scatter', mode: 'lines', hoverinfo: 'skip' };
  const points = (isInside: boolean, name: string, colour: string, symbol: string) => {
    const members = rows.filter((row) => holds(row) === isInside);
    return {
      ...{ type: 'scatter', mode: 'markers', name, marker: { color: colour, symbol, size: 7 } },
      x: members.map((row) => place.get(row)),
      y: members.map((row) => actual[row]),
      text: members.map((row) => {
        const [lower, upper] = intervals[row].map((end) => end.toFixed(0));
        return `${names[row]}<br>actual ${actual[row]}, predicted ${predicted[row].toFixed(1)} (${lower} to ${upper})`;
      }),
      hoverinfo: 'text',
    } as Data;
  };
  return [
    {
      ...{ ...lines, name, line: { color: COLOURS.sky, width: 3 }, opacity: 0.55 },
      x: rows.flatMap((_, i) => [i + 1, i + 1, null]),
      y: rows.flatMap((row) => [...intervals[row], null]),
    } as Data,
    {
      ...{ ...lines, name: 'prediction', line: { color: INK, width: 1.5 } },
      x: rows.map((_, i) => i + 1),
      y: rows.map((row) => predicted[row]),
    } as Data,
    points(true, 'actual, inside', COLOURS.blue, 'circle'),
    points(false, 'actual, outside', COLOURS.vermilion, 'x'),
  ];
}

/**
 * Prediction intervals of some unseen tracks in order of their prediction, with the actual popularity: how
 * wide they are, and how many hold what they promise.
 * @param intervals `[lower, upper]` of every row
 * @param level the share that they are meant to hold
 */
export function intervalFigure(
  predictions: Predictions,
  intervals: readonly (readonly [number, number])[],
  level = 0.9,
): Figure {
  const { actual, predicted } = predictions;
  const holds = (row: number) => actual[row] >= intervals[row][0] && actual[row] <= intervals[row][1];
  const covered = mean(Float64Array.from(intervals, (_, row) => Number(holds(row))));
  const width = mean(Float64Array.from(intervals, ([lower, upper]) => upper - lower));
  const rows = thin(actual.length, MAX_INTERVALS).sort((a, b) => predicted[a] - predicted[b] || a - b);
  const name = `${percent(level)} interval`;
  const found = `${percent(covered, 1)} of ${thousands(actual.length)} tracks lie inside their ${name}`;
  const size = `mean width ${width.toFixed(0)} points; shown: ${rows.length}`;
  return {
    data: intervalTraces(predictions, intervals, rows, holds, name),
    layout: layout({
      title: found,
      subtitle: size,
      height: 460,
      showlegend: true,
      legend: { ...LEGEND_ABOVE },
      margin: { t: TOP_WITH_HEADINGS },
      axes: {
        xaxis: axis('Tracks, by prediction', {
          ...{ showticklabels: false, ticks: '', showgrid: false, range: [0, rows.length + 1] },
        }),
        yaxis: axis('Popularity (0 to 100)', { range: POPULARITY_RANGE }),
      },
    }),
    alt: `Prediction intervals with the actual popularity: ${found}; ${size}.`,
  };
}

/**
 * Draws how an interval is made. The points are the errors of the training rows, made by the trees that had not
 * learnt from them and divided by how far those trees disagree. The share that the interval is to hold lies between
 * the two lines.
 * @param unseen what `outOfBag` or `learnIntervals` gives for the training rows
 * @param y their targets
 */
export function intervalMaking(
  unseen: { prediction: ArrayLike<number>; spread: ArrayLike<number> },
  y: ArrayLike<number>,
  { level, lower, upper, floor }: IntervalRule,
): Figure {
  const errors = Array.from(
    y,
    (actual, row) => (actual - unseen.prediction[row]) / (unseen.spread[row] + floor),
  );
  const { edges, counts } = histogram(errors, 40);
  const known = errors.filter((error) => !Number.isNaN(error));
  const ends = {
    type: 'line',
    yref: 'paper',
    y0: 0,
    y1: 1,
    line: { color: COLOURS.vermilion, width: 2 },
  } as const;
  const beside = { yref: 'paper', y: 1, yanchor: 'top', showarrow: false } as const;
  const font = { color: COLOURS.vermilion };
  const found = `${percent(level)} of the errors lie between ${lower.toFixed(1)} and ${upper.toFixed(1)} disagreements`;
  return {
    data: [
      {
        ...{ type: 'bar', hoverinfo: 'text', textposition: 'none', marker: { color: COLOURS.blue } },
        x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2),
        y: counts,
        width: 0.94 * (edges[1] - edges[0]),
        text: counts.map((count, i) => `${edges[i]} to ${edges[i + 1]}: ${thousands(count)} songs`),
      } as Data,
    ],
    layout: layout({
      title: found,
      subtitle: `${thousands(known.length)} training songs, each forecast by the trees that had not learnt from it; a new song's interval is its forecast plus these two times the disagreement of its trees`,
      height: 340,
      shapes: [lower, upper].map((x) => ({ ...ends, x0: x, x1: x })),
      annotations: [
        { ...beside, x: lower, xanchor: 'right', text: `${lower.toFixed(1)} `, font },
        { ...beside, x: upper, xanchor: 'left', text: ` ${upper.toFixed(1)}`, font },
      ],
      axes: {
        xaxis: axis(`Error / (disagreement of the trees + ${floor} points)`, { zeroline: true }),
        yaxis: axis('Songs'),
      },
    }),
    alt: `Histogram of the errors over the disagreement of the trees: ${found}.`,
  };
}
