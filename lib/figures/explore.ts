/** The explore section's figures: what the columns look like, alone and beside popularity. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { linearQuantile } from '../forest/src/index';
import { percent, thousands } from '../numberText';
import {
  axisLabel,
  numericColumn,
  presentFeatures,
  requiredColumn,
  type TrackColumns,
  trackNames,
} from './columns';
import { correlations, histogram, sorted, trend } from './statistics';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  DIVERGING,
  INK,
  labelMargin,
  layout,
  panels,
  TOP,
  thin,
} from './theme';

/** Points per panel where a figure has many panels. */
const POINTS_PER_PANEL = 140;
const PANEL_COLUMNS = 3;

/** Bars of a histogram, each saying its bin and count. */
function bars(values: Float64Array, about: number): Data & { counts: number[] } {
  const { edges, counts } = histogram(values, about);
  return {
    type: 'bar',
    x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2),
    y: counts,
    width: edges[1] - edges[0],
    marker: { color: COLOURS.blue, line: { color: '#FFFFFF', width: 1 } },
    text: counts.map((count, i) => `${edges[i]} to ${edges[i + 1]}: ${thousands(count)}`),
    hoverinfo: 'text',
    textposition: 'none',
    counts,
  } as Data & { counts: number[] };
}

/**
 * Histogram of popularity, one bar per two points, with the median and the share of zeros.
 * @param popularity points from 0 to 100; or the table
 */
export function popularityDistribution(tracks: TrackColumns): Figure {
  const values = sorted(requiredColumn(tracks, 'popularity', 'popularityDistribution'));
  const median = linearQuantile(values, 0.5);
  const zeros = values.filter((value) => value === 0).length / values.length;
  const { counts, ...trace } = bars(values, 50);
  const found = `${thousands(values.length)} tracks, median ${median}, ${percent(zeros)} at 0`;
  return {
    data: [trace as Data],
    layout: layout({
      title: 'Popularity',
      subtitle: found,
      height: 360,
      xaxis: axis('Popularity (0 to 100)', { range: [-2, 102] }),
      yaxis: axis('Tracks', { range: [0, Math.max(...counts) * 1.1] }),
      shapes: [
        {
          type: 'line',
          x0: median,
          x1: median,
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: COLOURS.vermilion, width: 2, dash: 'dash' },
        },
      ],
      annotations: [
        {
          x: median,
          y: 1,
          yref: 'paper',
          xanchor: 'left',
          yanchor: 'top',
          text: ` median ${median}`,
          showarrow: false,
          font: { color: COLOURS.vermilion },
        },
      ],
    }),
    alt: `Histogram of popularity: ${found}.`,
  };
}

/** Histograms of all audio features as small multiples. */
export function featureHistograms(tracks: TrackColumns): Figure {
  const features = presentFeatures(tracks);
  const { places, height } = panels(features.length, PANEL_COLUMNS);
  const data: Data[] = [];
  const axes: Axes = {};
  features.forEach((feature, i) => {
    const place = places[i];
    const values = numericColumn(tracks, feature.name)!.map((value) => value / feature.divideBy);
    const { counts, ...trace } = bars(values, 25);
    data.push({ ...trace, xaxis: place.x, yaxis: place.y } as Data);
    axes[place.xaxis] = axis(axisLabel(feature), {
      domain: place.xDomain,
      anchor: place.y as 'y',
      nticks: 6,
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Tracks' : '', {
      ...{ domain: place.yDomain, anchor: place.x as 'x', nticks: 5, range: [0, Math.max(...counts) * 1.05] },
    });
  });
  return {
    data,
    layout: layout({
      title: 'Audio features',
      subtitle: `${thousands(tracks.rowCount)} tracks`,
      height: TOP + height + BOTTOM,
      bargap: 0,
      axes,
    }),
    alt: `Histograms of ${features.map(({ label }) => label.toLowerCase()).join(', ')}.`,
  };
}

/**
 * Every audio feature against popularity: some tracks as points (hovering names track and artists), and of
 * all tracks the median popularity along the feature with the middle half around it.
 */
export function popularityByFeature(tracks: TrackColumns): Figure {
  const popularity = requiredColumn(tracks, 'popularity', 'popularityByFeature');
  const features = presentFeatures(tracks).filter(({ whole }) => !whole);
  const { places, height } = panels(features.length, PANEL_COLUMNS, { columnGap: 0.04 });
  const rows = thin(tracks.rowCount, POINTS_PER_PANEL);
  const allNames = trackNames(tracks);
  const names = rows.map((row) => escapeLabel(allNames[row]));
  const data: Data[] = [];
  const axes: Axes = {};
  features.forEach((feature, i) => {
    const place = places[i];
    const on = { xaxis: place.x, yaxis: place.y };
    const values = numericColumn(tracks, feature.name)!.map((value) => value / feature.divideBy);
    const along = trend(values, popularity);
    const x = along.map((point) => point.x);
    const edge = { type: 'scatter', mode: 'lines', x, line: { width: 0 }, hoverinfo: 'skip', ...on };
    data.push(
      { ...edge, y: along.map((point) => point.q1) } as Data,
      {
        ...edge,
        y: along.map((point) => point.q3),
        fill: 'tonexty',
        fillcolor: 'rgba(213,94,0,0.18)',
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'markers',
          x: rows.map((row) => values[row]),
          y: rows.map((row) => popularity[row]),
          ...on,
        },
        marker: { color: COLOURS.blue, size: 4, opacity: 0.45 },
        text: names,
        hovertemplate: `%{text}<br>${feature.label} %{x}, popularity %{y}<extra></extra>`,
      } as Data,
      {
        ...{ type: 'scatter', mode: 'lines', x, y: along.map((point) => point.median), ...on },
        line: { color: COLOURS.vermilion, width: 2.5 },
        hovertemplate: `median popularity %{y}<br>near ${feature.label.toLowerCase()} %{x}<extra></extra>`,
      } as Data,
    );
    axes[place.xaxis] = axis(axisLabel(feature), {
      domain: place.xDomain,
      anchor: place.y as 'y',
      nticks: 6,
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Popularity' : '', {
      ...{
        domain: place.yDomain,
        anchor: place.x as 'x',
        range: [-4, 104],
        dtick: 25,
        showticklabels: place.column === 0,
      },
    });
  });
  return {
    data,
    layout: layout({
      title: 'Popularity along each audio feature',
      subtitle: `line and band: median and middle half of all ${thousands(tracks.rowCount)} tracks; points: ${rows.length} of them`,
      height: TOP + height + BOTTOM,
      axes,
    }),
    alt: `Popularity against ${features.map(({ label }) => label.toLowerCase()).join(', ')}: points of single tracks, and the median with quartiles along each feature.`,
  };
}

/** What numbers on coloured cells are written in: white on dark, ink on light. */
const onCell = (value: number) => (Math.abs(value) > 0.65 ? '#FFFFFF' : INK);

/**
 * Correlation of popularity and all audio features with each other, the numbers in the cells.
 * @param method `'pearson'` (pandas' default) or `'spearman'`, which sees any monotonic relation
 */
export function correlationHeatmap(tracks: TrackColumns, method: 'pearson' | 'spearman' = 'pearson'): Figure {
  const drawn = [{ name: 'popularity', label: 'Popularity' }, ...presentFeatures(tracks)];
  const columns = drawn.map(({ name }) => requiredColumn(tracks, name, 'correlationHeatmap'));
  const matrix = correlations(columns, method);
  const labels = drawn.map(({ label }) => label);
  const cells = labels.flatMap((row, i) => labels.map((column, j) => ({ row, column, value: matrix[i][j] })));
  const pairs = cells.filter((_, k) => Math.floor(k / labels.length) < k % labels.length);
  const strongest = pairs.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  const name = method === 'pearson' ? 'Pearson' : 'Spearman';
  const found = `strongest pair: ${strongest.row.toLowerCase()} and ${strongest.column.toLowerCase()}, ${strongest.value.toFixed(2)}`;
  return {
    data: [
      {
        ...{ type: 'heatmap', x: labels, y: labels, z: matrix, zmin: -1, zmax: 1, xgap: 1, ygap: 1 },
        colorscale: DIVERGING,
        colorbar: { title: { text: '' }, thickness: 14, outlinewidth: 0, tickvals: [-1, -0.5, 0, 0.5, 1] },
        hovertemplate: '%{y} and %{x}: %{z:.2f}<extra></extra>',
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'text',
          x: cells.map((cell) => cell.column),
          y: cells.map((cell) => cell.row),
        },
        text: cells.map((cell) => cell.value.toFixed(2).replace('-0.00', '0.00')),
        textfont: { size: 12, color: cells.map((cell) => onCell(cell.value)) },
        hoverinfo: 'skip',
      } as Data,
    ],
    layout: layout({
      title: `Correlation (${name})`,
      subtitle: found,
      height: 600,
      margin: { l: labelMargin(labels), b: 0.75 * labelMargin(labels) },
      xaxis: axis('', { showgrid: false, ticks: '', tickangle: -40 }),
      yaxis: axis('', { showgrid: false, ticks: '', autorange: 'reversed' }),
    }),
    alt: `Heat map of ${name} correlations between popularity and the audio features; ${found}.`,
  };
}
