/** The explore section's figures: what the columns look like, alone and beside popularity. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { percent, thousands } from '../numberText';
import {
  axisLabel,
  legendEntry,
  numericColumn,
  presentFeatures,
  requiredColumn,
  rowsByColour,
  type TrackColumns,
  trackNames,
} from './columns';
import { correlations, type HeapPoint, heapsAlong, histogram, sorted, twoHeaps } from './statistics';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  DARK_INK,
  DIVERGING,
  INK,
  LEGEND_BELOW,
  LEGEND_BOTTOM,
  labelMargin,
  layout,
  type Panel,
  panels,
  TOP,
  thin,
} from './theme';

/** Points per panel where a figure has many panels. */
const POINTS_PER_PANEL = 40;
const PANEL_COLUMNS = 3;
/** Tracks of which a mean is drawn, on average over the bins along a feature. */
const LEAST_IN_BIN = 5;

/** Bars of a histogram, each saying its bin and count. */
function bars(values: Float64Array, about: number): Data & { counts: number[] } {
  const { edges, counts } = histogram(values, about);
  return {
    type: 'bar',
    x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2),
    y: counts,
    width: 0.94 * (edges[1] - edges[0]),
    marker: { color: COLOURS.blue, line: { width: 0 } },
    text: counts.map((count, i) => `${edges[i]} to ${edges[i + 1]}: ${thousands(count)}`),
    hoverinfo: 'text',
    textposition: 'none',
    counts,
  } as Data & { counts: number[] };
}

/**
 * Histogram of popularity, one bar per two points, with the share of zeros and the mean of the others.
 * @param tracks a table with a column popularity
 */
export function popularityDistribution(tracks: TrackColumns): Figure {
  const values = sorted(requiredColumn(tracks, 'popularity', 'popularityDistribution'));
  const { zeros, rest } = twoHeaps(values);
  const { counts, ...trace } = bars(values, 50);
  const atZero = zeros > 0 ? `${percent(zeros, zeros < 0.1 ? 1 : 0)} at 0` : 'none at 0';
  const found = Number.isNaN(rest) ? atZero : `${atZero}, the others ${rest.toFixed(0)} on average`;
  const line = { type: 'line', x0: rest, x1: rest, yref: 'paper', y0: 0, y1: 1 } as const;
  const words = { x: rest, y: 1, yref: 'paper', xanchor: 'left', yanchor: 'top' } as const;
  return {
    data: [trace as Data],
    layout: layout({
      title: `Popularity: ${found}`,
      subtitle: `${thousands(values.length)} tracks`,
      height: 360,
      xaxis: axis('Popularity (0 to 100)', { range: [-3, 103] }),
      yaxis: axis('Tracks', { range: [0, Math.max(...counts) * 1.1] }),
      ...(!Number.isNaN(rest) && {
        shapes: [{ ...line, line: { color: COLOURS.vermilion, width: 2, dash: 'dash' } }],
        annotations: [
          { ...words, text: ' mean of the others', showarrow: false, font: { color: COLOURS.vermilion } },
        ],
      }),
    }),
    alt: `Histogram of the popularity of ${thousands(values.length)} tracks: ${found}.`,
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
      nticks: 4,
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Tracks' : '', {
      ...{ domain: place.yDomain, anchor: place.x as 'x', nticks: 5, range: [0, Math.max(...counts) * 1.05] },
    });
  });
  return {
    data,
    layout: layout({
      title: 'Audio features',
      subtitle: `${thousands(tracks.rowCount)} tracks; features without a unit go from 0 to 1`,
      height: TOP + height + BOTTOM,
      bargap: 0,
      axes,
    }),
    alt: `Histograms of ${features.map(({ label }) => label.toLowerCase()).join(', ')}.`,
  };
}

/** The mean of the tracks above 0 along a feature, and the share at 0. */
function heapLines(along: readonly HeapPoint[], label: string, place: Panel): Data[] {
  const line = {
    ...{ type: 'scatter', mode: 'lines', xaxis: place.x, yaxis: place.y, showlegend: false },
    x: along.map((point) => point.x),
  };
  return [
    {
      ...{ ...line, y: along.map(({ rest }) => rest), line: { color: COLOURS.vermilion, width: 3 } },
      hovertemplate: `near ${label} %{x}: tracks above 0 have %{y:.0f} on average<extra></extra>`,
    } as Data,
    {
      ...{ ...line, y: along.map(({ zeros }) => 100 * zeros), line: { color: INK, width: 3, dash: 'dot' } },
      hovertemplate: `near ${label} %{x}: %{y:.0f}% are at 0<extra></extra>`,
    } as Data,
  ];
}

/**
 * Every audio feature against popularity: some tracks as points (hovering names track and artists), and along
 * the feature the two heaps of all tracks: the share at popularity 0, and the mean of the others.
 */
export function popularityByFeature(tracks: TrackColumns): Figure {
  const popularity = requiredColumn(tracks, 'popularity', 'popularityByFeature');
  const features = presentFeatures(tracks).filter(({ whole }) => !whole);
  const { places, height } = panels(features.length, PANEL_COLUMNS, { columnGap: 0.04 });
  const rows = thin(tracks.rowCount, POINTS_PER_PANEL);
  const names = trackNames(tracks).map(escapeLabel);
  const parts = rowsByColour(tracks, rows);
  const bins = Math.max(1, Math.min(10, Math.floor(tracks.rowCount / LEAST_IN_BIN)));
  const reaches: { label: string; reach: number }[] = [];
  const axes: Axes = {};
  const data = features.flatMap((feature, i): Data[] => {
    const place = places[i];
    const values = numericColumn(tracks, feature.name)!.map((value) => value / feature.divideBy);
    const along = heapsAlong(values, popularity, bins);
    const means = along.map(({ rest }) => rest).filter((rest) => !Number.isNaN(rest));
    if (means.length > 1)
      reaches.push({ label: feature.label, reach: Math.max(...means) - Math.min(...means) });
    axes[place.xaxis] = axis(axisLabel(feature), {
      ...{ domain: place.xDomain, anchor: place.y as 'y', nticks: 4 },
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Popularity, % at 0' : '', {
      ...{ domain: place.yDomain, anchor: place.x as 'x', range: [-4, 104], dtick: 25 },
      showticklabels: place.column === 0,
    });
    const points = parts.map(
      (part) =>
        ({
          ...{ type: 'scatter', mode: 'markers', xaxis: place.x, yaxis: place.y },
          ...legendEntry(part, i === 0),
          x: part.rows.map((row) => values[row]),
          y: part.rows.map((row) => popularity[row]),
          text: part.rows.map((row) => names[row]),
          hovertemplate: `%{text}<br>${feature.label} %{x}, popularity %{y}<extra></extra>`,
        }) as Data,
    );
    return [...points, ...heapLines(along, feature.label.toLowerCase(), place)];
  });
  const [most] = reaches.sort((a, b) => b.reach - a.reach);
  const found = most
    ? `Popularity changes most along ${most.label.toLowerCase()}: the mean above 0 by ${most.reach.toFixed(0)} points`
    : 'Popularity along each audio feature';
  const hasLegend = parts.length > 1;
  const bottom = hasLegend ? LEGEND_BOTTOM : BOTTOM;
  return {
    data,
    layout: layout({
      title: found,
      subtitle: `solid line: mean of the tracks above 0; dotted line: % of the tracks at 0; both of all ${thousands(tracks.rowCount)} tracks; points: ${rows.length} of them`,
      height: TOP + height + bottom,
      margin: { b: bottom },
      showlegend: hasLegend,
      legend: { ...LEGEND_BELOW },
      axes,
    }),
    alt: `Popularity against ${features.map(({ label }) => label.toLowerCase()).join(', ')}: points of single tracks, and along each feature the share at 0 and the mean of the others. ${found}.`,
  };
}

/** The colour of numbers on coloured cells: white on dark, ink on light. */
const onCell = (value: number) => (Math.abs(value) > 0.65 ? '#FFFFFF' : DARK_INK);

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
  // A constant column goes together with none.
  const pairs = cells.filter(
    ({ value }, k) => Math.floor(k / labels.length) < k % labels.length && !Number.isNaN(value),
  );
  const [strongest] = pairs.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const name = method === 'pearson' ? 'Pearson' : 'Spearman';
  const found = strongest
    ? `strongest pair: ${strongest.row.toLowerCase()} and ${strongest.column.toLowerCase()}, ${strongest.value.toFixed(2)}`
    : 'no two columns vary';
  return {
    data: [
      {
        ...{ type: 'heatmap', x: labels, y: labels, z: matrix, zmin: -1, zmax: 1, xgap: 1, ygap: 1 },
        colorscale: DIVERGING,
        showscale: false,
        hovertemplate: '%{y} and %{x}: %{z:.2f}<extra></extra>',
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'text',
          x: cells.map((cell) => cell.column),
          y: cells.map((cell) => cell.row),
        },
        text: cells.map(({ value }) =>
          Number.isNaN(value) ? '–' : value.toFixed(2).replace('-0.00', '0.00').replace('0.', '.'),
        ),
        textfont: { size: 11, color: cells.map((cell) => onCell(cell.value)) },
        hoverinfo: 'skip',
      } as Data,
    ],
    layout: layout({
      title: strongest
        ? `${strongest.row} and ${strongest.column.toLowerCase()} go together most (${strongest.value.toFixed(2)})`
        : 'No two columns vary, so none go together',
      subtitle: `${name}'s correlation, from -1 to 1`,
      height: 600,
      margin: { l: labelMargin(labels), b: 0.75 * labelMargin(labels) },
      xaxis: axis('', { showgrid: false, ticks: '', tickangle: -40 }),
      yaxis: axis('', { showgrid: false, ticks: '', autorange: 'reversed' }),
    }),
    alt: `Heat map of ${name} correlations between popularity and the audio features; ${found}.`,
  };
}
