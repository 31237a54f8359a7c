/** Figures of scores: protocols, models, training rows, grids and numbers of trees. */
import type { Data } from 'plotly.js';
import type { Estimate } from '../evaluation/crossValidation';
import type { LearningCurve } from '../evaluation/learningCurve';
import { mean, standardDeviation } from '../evaluation/metrics';
import type { ProtocolResult } from '../evaluation/protocols';
import type { CvResults } from '../forest/gridSearch';
import { escapeLabel } from '../jupyter/displayHtml';
import type { Figure } from '../jupyter/figure';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  INK,
  LEGEND_ABOVE,
  labelMargin,
  layout,
  panelHeading,
  panels,
  percent,
  SEQUENTIAL,
  TOP,
  TOP_WITH_HEADINGS,
  thousands,
} from './theme';

/** Points of a curve over the number of trees. */
const CURVE_POINTS = 150;

/** Between the series in a row of a dot plot, in rows: their intervals may overlap. */
const SERIES_GAP = 0.26;

/** Rows of dots with their intervals, one row per label, from top to bottom. */
export interface DotSeries {
  name: string;
  colour: string;
  symbol: 'circle' | 'diamond-open';
  estimates: readonly Estimate[];
}

function dots(
  { name, colour, symbol, estimates }: DotSeries,
  labels: readonly string[],
  below: number,
): Data {
  return {
    ...{
      type: 'scatter',
      mode: 'markers',
      name,
      y: labels.map((_, i) => i + below),
      x: estimates.map(({ value }) => value),
    },
    marker: { color: colour, size: 11, symbol, line: { color: colour, width: 2 } },
    error_x: {
      ...{ type: 'data', symmetric: false, color: colour, thickness: 2, width: 6 },
      array: estimates.map(({ value, upper }) => upper - value),
      arrayminus: estimates.map(({ value, lower }) => value - lower),
    },
    text: estimates.map(
      ({ value, lower, upper }) =>
        `${name}: ${value.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`,
    ),
    hoverinfo: 'text',
  } as Data;
}

/**
 * Estimates with their intervals as a dot plot, the reader's eye on where they overlap.
 * @param options title, axis (a quantity and its unit), labels of the rows, and one or more series
 */
export function dotPlot(options: {
  title: string;
  subtitle: string;
  axis: string;
  labels: readonly string[];
  series: readonly DotSeries[];
}): Figure {
  const { title, subtitle, labels, series } = options;
  const [longest] = [...labels.flatMap((label) => label.split('\n'))].sort((a, b) => b.length - a.length);
  const said = labels.map((label, i) => `${label.split('\n')[0]} ${series[0].estimates[i].value.toFixed(2)}`);
  return {
    data: series.map((one, k) => dots(one, labels, (k - (series.length - 1) / 2) * SERIES_GAP)),
    layout: layout({
      title,
      subtitle,
      height: 170 + 52 * labels.length,
      margin: { l: labelMargin([longest]), t: series.length > 1 ? TOP_WITH_HEADINGS : TOP },
      showlegend: series.length > 1,
      legend: { ...LEGEND_ABOVE },
      axes: {
        xaxis: axis(options.axis, { zeroline: true, zerolinecolor: '#999999' }),
        yaxis: axis('', {
          ...{
            ticks: '',
            showgrid: false,
            tickvals: labels.map((_, i) => i),
            range: [labels.length - 0.5, -0.5],
          },
          ticktext: labels.map((label) => label.split('\n').map(escapeLabel).join('<br>')),
        }),
      },
    }),
    alt: `${title}: ${said.join(', ')}.`,
  };
}

/** R2 of the same model under each protocol, the training mean beside it: how much of a score is leakage. */
export function protocolScores(results: readonly ProtocolResult[]): Figure {
  return dotPlot({
    title: 'The same forest, three protocols',
    subtitle:
      'share of the test tracks whose song is also among the training tracks, and the R² that follows',
    axis: 'R² (1 is perfect, 0 as good as the mean)',
    labels: results.map(({ protocol, sameSong }) => `${protocol}\n${percent(sameSong)} of test songs known`),
    series: [
      {
        name: 'forest',
        colour: COLOURS.blue,
        symbol: 'circle',
        estimates: results.map(({ model }) => model.r2),
      },
      {
        name: 'mean of the training rows',
        colour: COLOURS.orange,
        symbol: 'diamond-open',
        estimates: results.map(({ baseline }) => baseline.r2),
      },
    ],
  });
}

/** A line with a band around it, under one name. */
function band(
  name: string,
  colour: string,
  x: readonly number[],
  y: readonly number[],
  spread: readonly number[],
): Data[] {
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x,
    line: { width: 0 },
    hoverinfo: 'skip',
    showlegend: false,
  };
  return [
    { ...edge, y: y.map((value, i) => value - spread[i]) } as Data,
    { ...edge, y: y.map((value, i) => value + spread[i]), fill: 'tonexty', fillcolor: `${colour}2E` } as Data,
    {
      ...{
        type: 'scatter',
        mode: 'lines+markers',
        name,
        x,
        y,
        line: { color: colour, width: 2.5 },
        marker: { color: colour, size: 7 },
      },
      hovertemplate: `%{x} training tracks: %{y:.3f}<extra>${name}</extra>`,
    } as Data,
  ];
}

/** R2 on the rows learnt from and on unseen ones as the training table grows, with one standard deviation. */
export function learningCurveFigure({ trainSizes, trainScores, testScores }: LearningCurve): Figure {
  const means = (scores: number[][]) => scores.map((point) => mean(point));
  const spreads = (scores: number[][]) => scores.map((point) => standardDeviation(point));
  const unseen = means(testScores);
  const found = `R² on unseen tracks: ${unseen[0].toFixed(2)} from ${thousands(trainSizes[0])} tracks, ${unseen[unseen.length - 1].toFixed(2)} from ${thousands(trainSizes[trainSizes.length - 1])}`;
  return {
    data: [
      ...band('tracks learnt from', COLOURS.orange, trainSizes, means(trainScores), spreads(trainScores)),
      ...band('unseen tracks', COLOURS.blue, trainSizes, unseen, spreads(testScores)),
    ],
    layout: layout({
      title: 'Would more tracks help?',
      subtitle: `${found}; bands: one standard deviation over the folds`,
      showlegend: true,
      legend: { ...LEGEND_ABOVE },
      margin: { t: TOP_WITH_HEADINGS },
      axes: { xaxis: axis('Training tracks', { rangemode: 'tozero' }), yaxis: axis('R²') },
    }),
    alt: `Learning curve. ${found}.`,
  };
}

/** What a parameter's value is called on an axis. */
const valueName = (value: unknown): string =>
  value === null || value === undefined ? 'none' : String(value);

/**
 * A grid search as heat maps of the mean score: one parameter down, one across, one panel per value of the
 * third. The best candidate is framed. Of parameters that are not named the best value is shown.
 * @param results `search.cvResults`
 */
export function gridHeatmaps(
  results: Pick<CvResults, 'params' | 'meanTestScore'>,
  names: { rows: string; columns: string; panels?: string },
): Figure {
  const of = (i: number, name: string | undefined) =>
    valueName(name && (results.params[i] as Record<string, unknown>)[name]);
  const values = (name: string | undefined) => [...new Set(results.params.map((_, i) => of(i, name)))];
  const [rows, columns, heads] = [values(names.rows), values(names.columns), values(names.panels)];
  const scores = results.meanTestScore;
  const best = scores.indexOf(Math.max(...scores));
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const top = names.panels ? TOP_WITH_HEADINGS : TOP;
  const { places, height } = panels(heads.length, Math.min(heads.length, 4), {
    ...{ rowHeight: 44 * rows.length + 20, columnGap: 0.06 },
  });
  const axes: Axes = {};
  const data = heads.flatMap((head, k): Data[] => {
    const place = places[k];
    const on = { xaxis: place.x, yaxis: place.y };
    const cells = rows.flatMap((row) =>
      columns.map((column) => {
        const matching = scores.filter(
          (_, i) =>
            of(i, names.rows) === row && of(i, names.columns) === column && of(i, names.panels) === head,
        );
        return { row, column, score: Math.max(...matching) };
      }),
    );
    const z = rows.map((row) => cells.filter((cell) => cell.row === row).map(({ score }) => score));
    const isDark = (score: number) => high > low && (score - low) / (high - low) > 0.6;
    axes[place.xaxis] = axis(names.columns, {
      domain: place.xDomain,
      anchor: place.y as 'y',
      type: 'category',
      showgrid: false,
      ticks: '',
    });
    axes[place.yaxis] = axis(place.column === 0 ? names.rows : '', {
      ...{
        domain: place.yDomain,
        anchor: place.x as 'x',
        type: 'category',
        showgrid: false,
        ticks: '',
        autorange: 'reversed',
      },
    });
    return [
      {
        ...{
          type: 'heatmap',
          x: columns,
          y: rows,
          z,
          zmin: low,
          zmax: high,
          xgap: 2,
          ygap: 2,
          showscale: false,
          ...on,
        },
        ...{
          colorscale: SEQUENTIAL,
          hovertemplate: `${names.columns} %{x}, ${names.rows} %{y}: %{z:.4f}<extra></extra>`,
        },
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'text',
          x: cells.map(({ column }) => column),
          y: cells.map(({ row }) => row),
          ...on,
        },
        text: cells.map(({ score }) =>
          score === scores[best] ? `<b>[${score.toFixed(3)}]</b>` : score.toFixed(3),
        ),
        textfont: { size: 13, color: cells.map(({ score }) => (isDark(score) ? '#FFFFFF' : INK)) },
        hoverinfo: 'skip',
      } as Data,
    ];
  });
  const chosen = Object.entries(results.params[best])
    .map(([name, value]) => `${name} ${valueName(value)}`)
    .join(', ');
  const found = `best: ${scores[best].toFixed(4)} with ${chosen}`;
  return {
    data,
    layout: layout({
      title: 'Grid search: mean cross-validated R²',
      subtitle: found,
      height: top + height + BOTTOM,
      margin: { t: top },
      axes,
      annotations: names.panels
        ? heads.map((head, k) => panelHeading(places[k], `<b>${names.panels} ${head}</b>`))
        : [],
    }),
    alt: `Heat maps of the grid search over ${Object.values(names).join(', ')}; ${found}.`,
  };
}

/**
 * R2 as trees are added, one line per series (e.g. unseen tracks, out of bag).
 * @param series `scores[k]` with k + 1 trees, by name
 */
export function scoreByTreesFigure(series: Readonly<Record<string, ArrayLike<number>>>): Figure {
  const colours = [COLOURS.blue, COLOURS.orange, COLOURS.green, COLOURS.purple];
  const names = Object.keys(series);
  const ends = names.map((name) => `${name} ${series[name][series[name].length - 1].toFixed(3)}`);
  const most = Math.max(...names.map((name) => series[name].length));
  return {
    data: names.map((name, k) => {
      const scores = series[name];
      // each of the first trees matters, of the later ones every few
      const step = Math.max(1, Math.ceil(scores.length / CURVE_POINTS));
      const shown = Array.from({ length: scores.length }, (_, i) => i).filter(
        (i) => i < 20 || (i + 1) % step === 0,
      );
      return {
        ...{
          type: 'scatter',
          mode: 'lines',
          name: escapeLabel(name),
          line: { color: colours[k % colours.length], width: 2.5 },
        },
        x: shown.map((i) => i + 1),
        y: shown.map((i) => scores[i]),
        hovertemplate: '%{x} trees: %{y:.3f}<extra></extra>',
      } as Data;
    }),
    layout: layout({
      title: 'How many trees are enough?',
      subtitle: `R² with all ${most}: ${ends.join(', ')}`,
      height: 380,
      showlegend: names.length > 1,
      legend: { ...LEGEND_ABOVE },
      margin: { t: names.length > 1 ? TOP_WITH_HEADINGS : TOP },
      axes: { xaxis: axis('Trees (n_estimators)', { range: [0, most * 1.02] }), yaxis: axis('R²') },
    }),
    alt: `R² by number of trees; with ${most}: ${ends.join(', ')}.`,
  };
}
