/** Figures of Shapley values: what moved the forecasts of many songs, and of one. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { type ForestArrays, mean, type Table, takeRows } from '../forest/src/index';
import { type Explanation, explainTable } from '../model/treeShap';
import type { Feature } from '../tracks/types';
import { readableValue } from './columns';
import { spreadOut } from './strips';
import { axis, COLOURS, INK, labelMargin, layout, TOP } from './theme';

/** Features that a figure shows one by one; the others are added up or left out. */
const MAX_FEATURES = 10;
/** Points of a beeswarm. */
const MOST_POINTS = 400;

/** Low, middling and high values of a feature, in fifths of their order. */
const LOW_TO_HIGH = ['#2488C8', '#6C8FB4', '#A08FA0', '#BE7A55', '#D55E00'];

/** Places of some values in their order, from 0 to 1; equal values share one. */
function shares(values: ArrayLike<number>): number[] {
  const distinct = [...new Set(Array.from(values))].sort((a, b) => a - b);
  const place = new Map(distinct.map((value, i) => [value, i / Math.max(1, distinct.length - 1)]));
  return Array.from(values, (value) => place.get(value)!);
}

/**
 * Draws what moved the forecasts of some songs (a beeswarm, shap's `summary_plot`). Each feature has a row, and the
 * one that moves most is on top. Each song is a point, coloured by its value of the feature.
 * @param explanations one per row of X
 * @param X the rows explained, as the forest takes them
 * @param names of the rows, for hovering
 */
export function contributionSummary(
  explanations: readonly Explanation[],
  X: Table,
  features: readonly Feature[],
  names: readonly string[],
): Figure {
  const drawn = features
    .map((feature, j) => {
      const moved = explanations.map(({ contributions }) => contributions[j]);
      return { feature, moved, column: X.columns[j], size: mean(moved.map(Math.abs)) };
    })
    .sort((a, b) => b.size - a.size)
    .slice(0, MAX_FEATURES);
  const [first] = drawn;
  const ends = drawn.flatMap(({ moved }) => [Math.min(...moved), Math.max(...moved)]);
  const binWidth = (Math.max(...ends) - Math.min(...ends)) / 60 || 1;
  const shown = Math.floor(MOST_POINTS / drawn.length);
  const data = drawn.flatMap(({ feature, moved, column }, i): Data[] => {
    const rows = moved.map((_, row) => row).slice(0, shown);
    const beside = spreadOut(rows, moved, binWidth);
    const level = shares(column).map((share) => Math.min(4, Math.floor(5 * share)));
    const colours = feature.categories ? [INK] : LOW_TO_HIGH;
    return colours.map((color, k) => {
      const own = rows.filter((row) => colours.length === 1 || level[row] === k);
      return {
        ...{ type: 'scatter', mode: 'markers', hoverinfo: 'text' },
        x: own.map((row) => moved[row]),
        y: own.map((row) => i + beside[row]),
        text: own.map((row) =>
          escapeLabel(
            `${names[row]}\n${feature.label} ${readableValue(feature, column[row])}: ${signed(moved[row])} points`,
          ).replace('\n', '<br>'),
        ),
        marker: { size: 4, opacity: 0.8, color },
      } as Data;
    });
  });
  const labels = drawn.map(({ feature }) => feature.label);
  const found = `${first.feature.label} moves the forecast most, by ${first.size.toFixed(1)} points on average`;
  return {
    data,
    layout: layout({
      title: found,
      subtitle: `every point a song (${Math.min(shown, explanations.length)} of ${explanations.length}): how many points one feature moves its forecast (Shapley values); blue: low values of the feature, orange: high; grey: categories`,
      height: TOP + 60 + 36 * drawn.length,
      margin: { l: labelMargin(labels) },
      axes: {
        xaxis: axis('Points of popularity', { zeroline: true }),
        yaxis: axis('', {
          ...{ ticks: '', showgrid: false, tickvals: labels.map((_, i) => i) },
          ...{ range: [drawn.length - 0.5, -0.5], ticktext: labels.map(escapeLabel) },
        }),
      },
    }),
    alt: `Shapley values of ${explanations.length} songs by feature: ${found}.`,
  };
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/**
 * Draws what moved the forecast of one song: from the forest's average forecast, feature by feature, to the song's own
 * (shap's `waterfall_plot`).
 * @param row the song's encoded features, in the order of `features`
 * @param name the song's name
 */
export function contributionFigure(
  { expected, contributions }: Explanation,
  row: ArrayLike<number>,
  features: readonly Feature[],
  name: string,
): Figure {
  const moves = features
    .map((feature, j) => ({
      label: `${feature.label}: ${readableValue(feature, row[j])}`,
      move: contributions[j],
    }))
    .sort((a, b) => Math.abs(b.move) - Math.abs(a.move));
  const others = moves.slice(MAX_FEATURES).reduce((sum, { move }) => sum + move, 0);
  const bars = moves.slice(0, MAX_FEATURES);
  if (moves.length > MAX_FEATURES) bars.push({ label: 'all other features', move: others });
  const labels = bars.map(({ label }) => label);
  let at = expected;
  const from = bars.map(({ move }) => {
    at += move;
    return at - move;
  });
  const found = `${name}: forecast ${at.toFixed(0)}, mostly for its ${bars[0].label.split(':')[0].toLowerCase()}`;
  return {
    data: [
      {
        ...{ type: 'bar', orientation: 'h', hoverinfo: 'text', base: from },
        x: bars.map(({ move }) => move),
        y: bars.map((_, i) => i),
        text: bars.map(({ label, move }) => escapeLabel(`${label}: ${signed(move)}`)),
        textposition: 'none',
        marker: { color: bars.map(({ move }) => (move < 0 ? COLOURS.blue : COLOURS.vermilion)) },
      } as Data,
    ],
    layout: layout({
      title: found,
      subtitle: `from the average forecast, ${expected.toFixed(1)}, to this song's; orange raises it, blue lowers it`,
      height: TOP + 60 + 30 * bars.length,
      margin: { l: labelMargin(labels) },
      bargap: 0.3,
      axes: {
        xaxis: axis('Predicted popularity'),
        yaxis: axis('', {
          ...{ ticks: '', showgrid: false, tickvals: labels.map((_, i) => i) },
          ...{ range: [bars.length - 0.5, -0.5], ticktext: labels.map(escapeLabel) },
        }),
      },
      shapes: [
        {
          ...{ type: 'line', x0: expected, x1: expected, yref: 'paper', y0: 0, y1: 1 },
          line: { color: INK, width: 1, dash: 'dot' },
        },
      ],
    }),
    alt: `Bars of what moved one forecast. ${found}.`,
  };
}

/**
 * Draws what moved the forecast of one row of X (see `contributionFigure`).
 * @param forest fitted
 * @param song its row and its name
 */
export function songFigure(
  { arrays }: { arrays: ForestArrays },
  X: Table,
  { row, name }: { row: number; name: string },
  features: readonly Feature[],
): Figure {
  const one = takeRows(X, [row]);
  const values = one.columns.map(([value]) => value);
  return contributionFigure(explainTable(arrays, one)[0], values, features, name);
}
