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

/**
 * A grid search as heat maps of the mean score: one parameter down, one across, one panel per value of the
 * third. The best candidate is in bold. Of parameters that are not named the best value is shown.
 * @param results `search.cvResults`
 */
export function gridHeatmaps(
  results: Pick<CvResults, 'params' | 'meanTestScore'>,
  names: { rows: string; columns: string; panels?: string },
): Figure {
  const of = (i: number, name: string | undefined) =>
    valueName(name && (results.params[i] as Record<string, unknown>)[name]);
  const values = (name: string | undefined) =>
    [...new Set(results.params.map((_, i) => of(i, name)))].sort(byAmount);
  const [rows, columns, heads] = [values(names.rows), values(names.columns), values(names.panels)];
  const scores = results.meanTestScore;
  const best = scores.indexOf(Math.max(...scores));
  if (best < 0) {
    throw new InputError(
      'gridHeatmaps requires a score of every candidate, got NaN: R2 takes at least two rows in every fold',
    );
  }
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
        showticklabels: place.column === 0,
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
        text: cells.map(({ score }) => (score === scores[best] ? `<b>${short(score)}</b>` : short(score))),
        textfont: { size: 11, color: cells.map(({ score }) => (isDark(score) ? '#FFFFFF' : DARK_INK)) },
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
      title: `Grid search, ${found}`,
      subtitle: 'mean R² over the folds; bold: the best',
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
