/** Figures of scores: protocols, models and training rows. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import type { FoldScores } from '../evaluation/foldComparison';
import type { ProtocolResult } from '../evaluation/protocols';
import { type Estimate, type LearningCurve, mean, standardDeviation } from '../forest/src/index';
import { fixed, percent, thousands } from '../numberText';
import { axis, COLOURS, LEGEND_ABOVE, labelMargin, layout, TOP, TOP_WITH_HEADINGS } from './theme';

/** Between the series in a row of a dot plot, in rows: their intervals may overlap. */
const SERIES_GAP = 0.26;

/** Rows of dots with their intervals, one row per label, from top to bottom. */
interface DotSeries {
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
      ({ value, lower, upper }) => `${name}: ${fixed(value, 3)} (${fixed(lower, 3)} to ${fixed(upper, 3)})`,
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
  const lines = labels.flatMap((label) => label.split('\n'));
  const said = labels.map((label, i) => `${label.split('\n')[0]} ${fixed(series[0].estimates[i].value)}`);
  return {
    data: series.map((one, k) => dots(one, labels, (k - (series.length - 1) / 2) * SERIES_GAP)),
    layout: layout({
      title,
      subtitle,
      height: 170 + 52 * labels.length,
      margin: { l: labelMargin(lines), t: series.length > 1 ? TOP_WITH_HEADINGS : TOP },
      showlegend: series.length > 1,
      legend: { ...LEGEND_ABOVE },
      axes: {
        xaxis: axis(options.axis, { zeroline: true }),
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
  // A part with a single test song has no R2.
  const values = results.map(({ model }) => model.r2.value).filter((value) => !Number.isNaN(value));
  const [lowest, highest] = [fixed(Math.min(...values)), fixed(Math.max(...values))];
  const found = lowest === highest ? `R² ${lowest}` : `R² from ${lowest} to ${highest}`;
  return dotPlot({
    title: values.length > 0 ? `The same forest, ${found}` : 'The same forest: parts of one song have no R²',
    subtitle:
      'how the rows are divided, the share of test songs that are in training too, and the R² that follows',
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

/** A model whose R² is this much behind would squeeze the others into one place. */
const MOST_BEHIND = 2;

/** Draws every model's lead on the first one in R², on the same splits: right of 0 it is better. */
export function comparisonFigure(models: readonly FoldScores[]): Figure {
  const [first, ...others] = models;
  const best = models.reduce((a, b) => (b.r2.value > a.r2.value ? b : a));
  const more = ({ value, lower, upper }: Estimate) => ({ value: -value, lower: -upper, upper: -lower });
  const drawn = others.filter(({ firstLess }) => firstLess.r2.value < MOST_BEHIND);
  const left = others.filter((one) => !drawn.includes(one)).map(({ name }) => name);
  const without = left.length > 0 ? `; further behind and not drawn: ${left.join(', ')}` : '';
  return dotPlot({
    title:
      best === first
        ? `None has a higher R² than the ${first.name}`
        : `The highest R²: ${best.name} (${fixed(best.r2.value, 3)})`,
    subtitle: `R² less that of the ${first.name} (${fixed(first.r2.value, 3)}) on the same folds, with 95% intervals${without}`,
    axis: `R² less that of the ${first.name}`,
    labels: drawn.map(({ name, r2 }) => `${name}\nR² ${fixed(r2.value, 3)}`),
    series: [
      {
        ...{ name: 'difference', colour: COLOURS.blue, symbol: 'circle' as const },
        estimates: drawn.map(({ firstLess }) => more(firstLess.r2)),
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
  const last = trainSizes.length - 1;
  const found = `R² on unseen tracks: ${unseen[0].toFixed(2)} with ${thousands(trainSizes[0])} to learn from, ${unseen[last].toFixed(2)} with ${thousands(trainSizes[last])}`;
  return {
    data: [
      ...band('tracks learnt from', COLOURS.orange, trainSizes, means(trainScores), spreads(trainScores)),
      ...band('unseen tracks', COLOURS.blue, trainSizes, unseen, spreads(testScores)),
    ],
    layout: layout({
      title: found,
      subtitle: 'bands: one standard deviation over the folds',
      showlegend: true,
      legend: { ...LEGEND_ABOVE },
      margin: { t: TOP_WITH_HEADINGS },
      axes: { xaxis: axis('Training tracks', { rangemode: 'tozero' }), yaxis: axis('R²') },
    }),
    alt: `Learning curve. ${found}.`,
  };
}
