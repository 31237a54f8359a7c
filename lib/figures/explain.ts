/** Figures of what the forest uses: importance, and how the prediction changes along each feature. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { textWidth } from '../cells/figureText';
import type { Importance, PartialDependence } from '../forest/src/index';
import { thousands } from '../numberText';
import type { Feature } from '../tracks/types';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  labelMargin,
  layout,
  panelHeading,
  panels,
  ROW_GAP,
  TOP,
  TOP_WITH_HEADINGS,
  thin,
} from './theme';

/** Tracks with a curve of their own in each panel. */
const MAX_CURVES = 15;
const PANEL_COLUMNS = 3;
const SLANTED_SIZE = 11;

/** What explains a feature to people; names as in the model. */
type Named = Pick<Feature, 'name' | 'label'>;

/**
 * Impurity importance beside permutation importance on unseen tracks, the most important by permutation first.
 * They answer different questions: what the trees split on while learning, and what unseen predictions need.
 * @param features in the model's order
 * @param impurity `forest.featureImportances`, shares of 1
 * @param permutation from `permutationImportance`
 */
export function importances(
  features: readonly Named[],
  impurity: ArrayLike<number>,
  permutation: readonly Importance[],
): Figure {
  const rows = features
    .map(({ name, label }, i) => ({
      label,
      impurity: impurity[i],
      fall: permutation.find(({ feature }) => feature === name)!,
    }))
    .sort((a, b) => b.fall.mean - a.fall.mean);
  const labels = rows.map(({ label }) => escapeLabel(label));
  const [left, right] = panels(2, 2).places;
  const bars = { type: 'bar', orientation: 'h', y: labels };
  const category = { ticks: '', showgrid: false, autorange: 'reversed', type: 'category' } as const;
  const [first] = rows;
  return {
    data: [
      {
        ...bars,
        ...{ x: rows.map(({ fall }) => fall.mean), marker: { color: COLOURS.blue } },
        error_x: {
          type: 'data',
          array: rows.map(({ fall }) => fall.std),
          color: '#333333',
          thickness: 1.5,
          width: 4,
        },
        hovertemplate: '%{y}: R² falls by %{x:.3f} ± %{error_x.array:.3f}<extra></extra>',
      } as Data,
      {
        ...bars,
        ...{
          xaxis: 'x2',
          yaxis: 'y2',
          x: rows.map((row) => row.impurity),
          marker: { color: COLOURS.orange },
        },
        hovertemplate: '%{y}: %{x:.1%} of the impurity removed<extra></extra>',
      } as Data,
    ],
    layout: layout({
      title: 'Which features matter?',
      subtitle:
        'bars: means over the shuffles, lines: one standard deviation; impurity flatters features with many values',
      height: 150 + 26 * rows.length,
      margin: { l: labelMargin(labels), t: TOP_WITH_HEADINGS },
      bargap: 0.3,
      axes: {
        xaxis: axis('Fall of R² when shuffled', {
          domain: left.xDomain,
          anchor: 'y',
          zeroline: true,
          zerolinecolor: '#999999',
        }),
        yaxis: axis('', { ...category, domain: [0, 1], anchor: 'x' }),
        xaxis2: axis('Share of impurity removed', { domain: right.xDomain, anchor: 'y2', tickformat: '.0%' }),
        yaxis2: axis('', { ...category, domain: [0, 1], anchor: 'x2', showticklabels: false }),
      },
      annotations: [
        panelHeading(left, '<b>Permutation, on unseen tracks</b>'),
        panelHeading(right, '<b>Impurity, while learning</b>'),
      ],
    }),
    alt: `Bars of permutation and impurity importance. Most important by permutation: ${first.label}, R² falls by ${first.fall.mean.toFixed(3)}.`,
  };
}

/** Curves one after the other as a single line, with gaps between them. */
function joined(x: readonly (number | string)[], curves: readonly ArrayLike<number>[]) {
  return {
    x: curves.flatMap(() => [...x, null]),
    y: curves.flatMap((curve) => [...Array.from(curve, (value) => Math.round(value * 10) / 10), null]),
  };
}

/**
 * Partial dependence: the mean prediction as one feature changes and the others stay (thick), and the same
 * for single tracks (thin), which shows where the mean hides different answers. Small multiples on one scale.
 * @param results from `partialDependence`, in the table's encoding
 * @param features the model's, to name the features and to undo their encoding
 */
export function partialDependenceFigure(
  results: readonly PartialDependence[],
  features: readonly Feature[],
): Figure {
  const shown = thin(results[0]?.individual.length ?? 0, MAX_CURVES);
  const drawn = results.map(({ feature: name, grid, average, individual }) => {
    const feature = features.find((one) => one.name === name);
    const { mean = 0, scale = 1, label = name, unit = '', categories } = feature ?? {};
    const inMinutes = unit === 'ms';
    const natural = Array.from(grid, (value) => (value * scale + mean) / (inMinutes ? 60_000 : 1));
    const title = `${label}${unit ? ` (${inMinutes ? 'minutes' : unit})` : ''}`;
    const x = categories
      ? natural.map((code) => escapeLabel(categories[Math.round(code)] ?? String(code)))
      : natural;
    return {
      title,
      x,
      isCategory: categories !== undefined,
      isSlanted: categories !== undefined && x.length > 4,
      average,
      curves: shown.map((row) => individual[row]),
    };
  });
  const all = drawn.flatMap(({ average, curves }) =>
    [average, ...curves].flatMap((curve) => Array.from(curve)),
  );
  const [low, high] = [Math.floor(Math.min(...all)) - 2, Math.ceil(Math.max(...all)) + 2];
  // Slanted labels reach further down, between the rows or below the last.
  const slanted = drawn.flatMap(({ x, isSlanted }) => (isSlanted ? (x as string[]) : []));
  const reach = Math.max(0, ...slanted.map((label) => Math.ceil(0.64 * textWidth(label, SLANTED_SIZE))));
  const rowGap = ROW_GAP + reach;
  const { places, height } = panels(drawn.length, PANEL_COLUMNS, { columnGap: 0.04, rowGap });
  const isBelow = drawn.some(({ isSlanted }, i) => isSlanted && places[i].row === places.at(-1)!.row);
  const bottom = BOTTOM + (isBelow ? reach : 0);
  const axes: Axes = {};
  const data = drawn.flatMap(({ title, x, isCategory, isSlanted, average, curves }, i): Data[] => {
    const place = places[i];
    const on = { xaxis: place.x, yaxis: place.y };
    axes[place.xaxis] = axis(escapeLabel(title), {
      ...{ domain: place.xDomain, anchor: place.y as 'y', nticks: isCategory ? undefined : 6 },
      ...(isCategory && {
        type: 'category',
        tickangle: isSlanted ? -40 : 0,
        tickfont: { size: SLANTED_SIZE },
        showgrid: false,
      }),
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Prediction' : '', {
      ...{
        domain: place.yDomain,
        anchor: place.x as 'x',
        range: [low, high],
        showticklabels: place.column === 0,
      },
    });
    return [
      {
        ...{ type: 'scatter', mode: 'lines', ...joined(x, curves), ...on, hoverinfo: 'skip' },
        line: { color: 'rgba(0,114,178,0.3)', width: 1 },
      } as Data,
      {
        ...{ type: 'scatter', mode: isCategory ? 'lines+markers' : 'lines', x, y: average, ...on },
        line: { color: COLOURS.vermilion, width: 3 },
        hovertemplate: '%{x}: %{y:.1f}<extra></extra>',
      } as Data,
    ];
  });
  return {
    data,
    layout: layout({
      title: 'How the prediction changes along each feature',
      subtitle: `thick: mean over the tracks (partial dependence); thin: ${thousands(shown.length)} single tracks`,
      height: TOP + height + bottom,
      margin: { b: bottom },
      axes,
    }),
    alt: `Partial dependence of predicted popularity on ${drawn.map(({ title }) => title.toLowerCase()).join(', ')}, with curves of single tracks.`,
  };
}
