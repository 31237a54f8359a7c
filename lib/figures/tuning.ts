/** Figures of the search for parameters: the grid, and the number of trees. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { type CvResults, InputError } from '../forest/src/index';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  DARK_INK,
  LEGEND_ABOVE,
  layout,
  type Panel,
  panelHeading,
  panels,
  SEQUENTIAL,
  TOP,
  TOP_WITH_HEADINGS,
} from './theme';

/** Points of a curve over the number of trees. */
const CURVE_POINTS = 150;

/** The label of a parameter's value on an axis. */
const valueName = (value: unknown): string =>
  value === null || value === undefined ? 'none' : String(value);

/** A score in a narrow cell. */
const short = (score: number) => score.toFixed(3).replace('0.', '.');

/** Numbers in ascending order, then what is no number: no limit ("none") is more than any limit. */
function byAmount(a: string, b: string): number {
  const [first, second] = [a, b].map((name) =>
    Number.isNaN(Number(name)) ? Number.POSITIVE_INFINITY : Number(name),
  );
  return first === second ? 0 : first - second;
}

/** The parameters down, across and by panel. */
interface GridNames {
  rows: string;
  columns: string;
  panels?: string;
}

/** The scores of a grid by the values of the named parameters. */
interface ScoreGrid {
  rows: string[];
  columns: string[];
  heads: string[];
  /** The highest score of the other parameters, by the value down, across and of the panel. */
  scoreAt: (row: string, column: string, head: string) => number;
}

function scoreGrid(
  { params, meanTestScore }: Pick<CvResults, 'params' | 'meanTestScore'>,
  names: GridNames,
): ScoreGrid {
  const of = (i: number, name: string | undefined) =>
    valueName(name && (params[i] as Record<string, unknown>)[name]);
  const values = (name: string | undefined) => [...new Set(params.map((_, i) => of(i, name)))].sort(byAmount);
  const keyOf = (row: string, column: string, head: string) => JSON.stringify([row, column, head]);
  const scores = new Map<string, number>();
  meanTestScore.forEach((score, i) => {
    const key = keyOf(of(i, names.rows), of(i, names.columns), of(i, names.panels));
    scores.set(key, Math.max(score, scores.get(key) ?? Number.NEGATIVE_INFINITY));
  });
  return {
    ...{ rows: values(names.rows), columns: values(names.columns), heads: values(names.panels) },
    scoreAt: (row, column, head) => scores.get(keyOf(row, column, head)) ?? Number.NEGATIVE_INFINITY,
  };
}

/** One panel of a grid: a heat map, and the scores in its cells. */
function gridPanel(
  { rows, columns, scoreAt }: ScoreGrid,
  head: string,
  [low, high]: readonly [number, number],
  names: GridNames,
  place: Panel,
): Data[] {
  const on = { x: columns, y: rows, xaxis: place.x, yaxis: place.y };
  const cells = rows.flatMap((row) =>
    columns.map((column) => ({ row, column, score: scoreAt(row, column, head) })),
  );
  const isDark = (score: number) => high > low && (score - low) / (high - low) > 0.6;
  return [
    {
      ...{ type: 'heatmap', ...on, zmin: low, zmax: high, xgap: 2, ygap: 2, showscale: false },
      z: rows.map((row) => columns.map((column) => scoreAt(row, column, head))),
      colorscale: SEQUENTIAL,
      hovertemplate: `${names.columns} %{x}, ${names.rows} %{y}: %{z:.4f}<extra></extra>`,
    } as Data,
    {
      ...{ type: 'scatter', mode: 'text', ...on, hoverinfo: 'skip' },
      x: cells.map(({ column }) => column),
      y: cells.map(({ row }) => row),
      text: cells.map(({ score }) => (score === high ? `<b>${short(score)}</b>` : short(score))),
      textfont: { size: 11, color: cells.map(({ score }) => (isDark(score) ? '#FFFFFF' : DARK_INK)) },
    } as Data,
  ];
}

/**
 * A grid search as heat maps of the mean score: one parameter down, one across, one panel per value of the
 * third. The best candidate is in bold. Of parameters that are not named the best value is shown.
 * @param results `search.cvResults`
 */
export function gridHeatmaps(results: Pick<CvResults, 'params' | 'meanTestScore'>, names: GridNames): Figure {
  const scores = results.meanTestScore;
  const ends = [Math.min(...scores), Math.max(...scores)] as const;
  const best = scores.indexOf(ends[1]);
  if (best < 0) {
    throw new InputError(
      'gridHeatmaps requires a score of every candidate, got NaN: R2 takes at least two rows in every fold',
    );
  }
  const grid = scoreGrid(results, names);
  const top = names.panels ? TOP_WITH_HEADINGS : TOP;
  const { places, height } = panels(grid.heads.length, Math.min(grid.heads.length, 4), {
    ...{ rowHeight: 44 * grid.rows.length + 20, columnGap: 0.06 },
  });
  const plain = { type: 'category', showgrid: false, ticks: '' } as const;
  const axes: Axes = {};
  for (const { xaxis, yaxis, column, x, y, xDomain, yDomain } of places) {
    axes[xaxis] = axis(column === 0 ? names.columns : '', { ...plain, domain: xDomain, anchor: y as 'y' });
    axes[yaxis] = axis(column === 0 ? names.rows : '', {
      ...{ ...plain, domain: yDomain, anchor: x as 'x', autorange: 'reversed' },
      showticklabels: column === 0,
    });
  }
  const chosen = Object.entries(results.params[best])
    .map(([name, value]) => `${name} ${valueName(value)}`)
    .join(', ');
  const found = `best: ${scores[best].toFixed(4)} with ${chosen}`;
  return {
    data: grid.heads.flatMap((head, k) => gridPanel(grid, head, ends, names, places[k])),
    layout: layout({
      title: `Grid search, ${found}`,
      subtitle: 'mean R² over the folds; bold: the best',
      height: top + height + BOTTOM,
      margin: { t: top },
      axes,
      annotations: names.panels
        ? grid.heads.map((head, k) =>
            panelHeading(places[k], `<b>${k === 0 ? `${names.panels} ` : ''}${head}</b>`),
          )
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
      title: `R² with ${most} trees: ${ends.join(', ')}`,
      height: 380,
      showlegend: names.length > 1,
      legend: { ...LEGEND_ABOVE },
      margin: { t: names.length > 1 ? TOP_WITH_HEADINGS : TOP },
      axes: { xaxis: axis('Trees (n_estimators)', { range: [0, most * 1.02] }), yaxis: axis('R²') },
    }),
    alt: `R² by number of trees; with ${most}: ${ends.join(', ')}.`,
  };
}
