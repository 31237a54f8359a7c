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
  INK,
  labelMargin,
  layout,
  type Panel,
  panels,
  ROW_GAP,
  TOP,
  thin,
} from './theme';

/** Tracks with a curve of their own in each panel. */
const MAX_CURVES = 8;
const PANEL_COLUMNS = 3;
const SLANTED_SIZE = 11;

/** The texts that explain a feature to people; names as in the model. */
type Named = Pick<Feature, 'name' | 'label'>;

/**
 * Permutation importance of groups of features: a bar for the mean over the shuffles, a line for one standard
 * deviation.
 * @param groups from `groupImportance`, the most important first
 * @param features to name them
 */
export function importanceFigure(groups: readonly Importance[], features: readonly Named[]): Figure {
  const labelOf = (name: string) => features.find((feature) => feature.name === name)?.label ?? name;
  const labels = groups.map(({ feature }) => feature.split(' + ').map(labelOf).join(' + '));
  const falls = groups.map(({ mean }) => mean);
  const found = `Without ${labels[0]}, R² falls by ${falls[0].toFixed(2)}`;
  return {
    data: [
      {
        ...{ type: 'bar', orientation: 'h', marker: { color: COLOURS.blue } },
        x: falls,
        y: labels.map(escapeLabel),
        error_x: {
          ...{ type: 'data', array: groups.map(({ std }) => std) },
          ...{ color: INK, thickness: 1.5, width: 4 },
        },
        hovertemplate: '%{y}: R² falls by %{x:.3f} ± %{error_x.array:.3f}<extra></extra>',
      } as Data,
    ],
    layout: layout({
      title: falls[0] > 0 ? found : 'No feature helps on unseen songs',
      subtitle:
        'a group of features shuffled among the test songs; lines: one standard deviation over the shuffles',
      height: TOP + 70 + 26 * groups.length,
      margin: { l: labelMargin(labels) },
      bargap: 0.3,
      axes: {
        xaxis: axis('Fall of R² when shuffled', { zeroline: true }),
        yaxis: axis('', { ticks: '', showgrid: false, autorange: 'reversed', type: 'category' }),
      },
    }),
    alt: `Bars of permutation importance. ${found}.`,
  };
}

/** Curves one after the other as a single line, with gaps between them. */
function joined(x: readonly (number | string)[], curves: readonly ArrayLike<number>[]) {
  return {
    x: curves.flatMap(() => [...x, null]),
    y: curves.flatMap((curve) => [...Array.from(curve, (value) => Math.round(value * 10) / 10), null]),
  };
}

/** One panel of partial dependence in people's units. */
interface Dependence {
  title: string;
  label: string;
  /** Values along the axis: numbers, or names of categories. */
  x: (number | string)[];
  /** Categories have no order, so no line joins them. */
  isCategory: boolean;
  average: ArrayLike<number>;
  curves: ArrayLike<number>[];
}

/** Undoes the encoding of a feature's values and takes some of the curves. */
function readable(result: PartialDependence, features: readonly Feature[], rows: number[]): Dependence {
  const feature = features.find(({ name }) => name === result.feature);
  const { mean = 0, scale = 1, label = result.feature, unit = '', kind = 'number' } = feature ?? {};
  const divideBy = unit === 'ms' ? 60_000 : 1;
  const written = unit === 'ms' ? 'minutes' : unit;
  const natural = Array.from(result.grid, (value) => (value * scale + mean) / divideBy);
  const names = feature?.categories ?? (kind === 'boolean' ? ['no', 'yes'] : undefined);
  return {
    label,
    title: `${label}${written ? ` (${written})` : ''}`,
    x: names ? natural.map((code) => escapeLabel(names[Math.round(code)] ?? String(code))) : natural,
    isCategory: names !== undefined,
    average: result.average,
    curves: rows.map((row) => result.individual[row]),
  };
}

/** By how much the mean prediction changes along a feature, in points. */
const reachOf = ({ average }: { average: ArrayLike<number> }): number =>
  Math.max(...Array.from(average)) - Math.min(...Array.from(average));

/** Names of categories stand upright below a panel where they fit into so many pixels: a panel in a narrow notebook. */
const UPRIGHT = 100;

/**
 * Partial dependence: the mean prediction as one feature changes and the others stay (thick), and the same
 * for single tracks (thin), which shows where the mean hides different answers. Small multiples on one scale.
 * Categories are dots, since nothing lies between them.
 * @param results from `partialDependence`, in the table's encoding
 * @param features the model's, to name the features and to undo their encoding
 */
export function partialDependenceFigure(
  results: readonly PartialDependence[],
  features: readonly Feature[],
): Figure {
  const rows = thin(results[0]?.individual.length ?? 0, MAX_CURVES);
  const drawn = results.map((result) => readable(result, features, rows));
  const all = drawn.flatMap(({ average, curves }) =>
    [average, ...curves].flatMap((curve) => Array.from(curve)),
  );
  const [low, high] = [Math.floor(Math.min(...all)) - 2, Math.ceil(Math.max(...all)) + 2];
  const isSlanted = ({ isCategory, x }: Dependence) =>
    isCategory && x.reduce<number>((sum, name) => sum + textWidth(`${name} `, SLANTED_SIZE), 0) > UPRIGHT;
  // Slanted labels reach further down, between the rows or below the last.
  const slanted = drawn.filter(isSlanted).flatMap(({ x }) => x as string[]);
  const reach = Math.max(0, ...slanted.map((label) => Math.ceil(0.64 * textWidth(label, SLANTED_SIZE))));
  const { places, height } = panels(drawn.length, PANEL_COLUMNS, {
    columnGap: 0.04,
    rowGap: ROW_GAP + reach,
  });
  const isBelow = drawn.some((one, i) => isSlanted(one) && places[i].row === places.at(-1)!.row);
  const bottom = BOTTOM + (isBelow ? reach : 0);
  const axes: Axes = {};
  const data = drawn.flatMap((one, i): Data[] => {
    const place = places[i];
    axes[place.xaxis] = axis(escapeLabel(one.title), {
      ...{ domain: place.xDomain, anchor: place.y as 'y', nticks: one.isCategory ? undefined : 4 },
      ...(one.isCategory && {
        ...{ type: 'category', showgrid: false, tickfont: { size: SLANTED_SIZE } },
        tickangle: isSlanted(one) ? -40 : 0,
      }),
    });
    axes[place.yaxis] = axis(place.column === 0 ? 'Predicted popularity' : '', {
      ...{ domain: place.yDomain, anchor: place.x as 'x', range: [low, high] },
      showticklabels: place.column === 0,
    });
    return dependenceTraces(one, place);
  });
  const [first] = drawn
    .map((one) => ({ label: one.label, reach: reachOf(one) }))
    .sort((a, b) => b.reach - a.reach);
  const found = first ? `${first.label} moves it most, by ${first.reach.toFixed(0)} points` : 'none';
  return {
    data,
    layout: layout({
      title: `How the forecast changes along ${results.length} features: ${found}`,
      subtitle: `thick: mean over the tracks (partial dependence); thin: ${thousands(rows.length)} single tracks`,
      height: TOP + height + bottom,
      margin: { b: bottom },
      axes,
    }),
    alt: `Partial dependence of predicted popularity on ${drawn.map(({ title }) => title[0].toLowerCase() + title.slice(1)).join(', ')}, with single tracks: ${found}.`,
  };
}

/** The thin curves of single tracks and the thick mean; of a category dots. */
function dependenceTraces({ x, isCategory, average, curves }: Dependence, place: Panel): Data[] {
  const on = { type: 'scatter', mode: isCategory ? 'markers' : 'lines', xaxis: place.x, yaxis: place.y };
  return [
    {
      ...{ ...on, ...joined(x, curves), hoverinfo: 'skip' },
      line: { color: 'rgba(36,136,200,0.4)', width: 1 },
      marker: { color: COLOURS.blue, size: 4, opacity: 0.35 },
    } as Data,
    {
      ...{ ...on, x, y: Array.from(average) },
      line: { color: COLOURS.vermilion, width: 3 },
      marker: { color: COLOURS.vermilion, size: 9 },
      hovertemplate: '%{x}: forecast %{y:.1f} on average<extra></extra>',
    } as Data,
  ];
}
