/** Single tracks by group, side by side: they show heaps that a box plot would hide. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { mean, rowsByGroup } from '../forest/src/index';
import { percent, thousands } from '../numberText';
import { SCHEMA } from '../tracks/schema';
import { requiredColumn, type TrackColumns, trackNames } from './columns';
import { twoHeaps } from './statistics';
import { axis, COLOURS, labelMargin, layout, MAX_POINTS, TOP } from './theme';

/** Of more groups than this only the highest and the lowest are drawn. */
const MAX_GROUPS = 20;
/** Points of the same bin lie side by side. */
const BINS = 40;
/** Multiples of it, without their whole parts, are spread evenly from 0 to 1. */
const GOLDEN = 0.6180339887498949;
/** Share of a row's height that its widest bin takes. */
const FULL = 0.8;

/** One group of rows, as it is drawn: its rows in the order of their values. */
export interface Strip {
  name: string;
  rows: number[];
  /** The mark's place. */
  mark: number;
  /** The strip with the highest number is on top. */
  order: number;
  /** The meaning of the mark, and the text below the group's name. */
  note: string;
}

/**
 * The groups of some rows, the highest first.
 * @param values one per row; a row whose value is missing is left out
 * @param groups the group of each row; '' leaves the row out
 * @param describe the mark, the note and the order of a group's values; the order is the mark where it is left out
 */
export function stripsOf(
  values: ArrayLike<number>,
  groups: ArrayLike<string>,
  describe: (values: Float64Array) => { mark: number; note: string; order?: number },
): Strip[] {
  const strips: Strip[] = [];
  for (const [name, members] of rowsByGroup(groups)) {
    const rows = members.filter((row) => Number.isFinite(values[row]));
    if (name === '' || rows.length === 0) continue;
    rows.sort((a, b) => values[a] - values[b] || a - b);
    const described = describe(Float64Array.from(rows, (row) => values[row]));
    strips.push({ name, rows, order: described.mark, ...described });
  }
  strips.sort((a, b) => b.order - a.order || (a.name < b.name ? -1 : 1));
  if (strips.length <= MAX_GROUPS) return strips;
  return [...strips.slice(0, MAX_GROUPS / 2), ...strips.slice(-MAX_GROUPS / 2)];
}

/** Rows evenly spread over the order of their values, the first and the last among them. */
function quantileRows(rows: readonly number[], most: number): number[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))]);
}

/** The distance of each row's point from the middle of its strip: the more rows share a bin, the further. */
export function spreadOut(rows: readonly number[], values: ArrayLike<number>, binWidth: number): number[] {
  const bins = rowsByGroup(rows.map((row) => Math.floor(values[row] / binWidth)));
  const largest = Math.max(...[...bins.values()].map(({ length }) => length));
  const found = new Array<number>(rows.length).fill(0);
  for (const members of bins.values()) {
    const width = FULL * Math.sqrt(members.length / largest);
    // Steps of the golden ratio fill the width evenly and draw no lines through neighbouring bins.
    members.forEach((i, k) => {
      found[i] = ((((k + 1) * GOLDEN) % 1) - 0.5) * width;
    });
  }
  return found;
}

/**
 * A figure of strips: every point a row (of many rows an even sample of their quantiles), the vertical line a
 * group's mark.
 * @param hover what hovering says of a row
 */
export function stripFigure(
  strips: readonly Strip[],
  values: ArrayLike<number>,
  hover: (row: number, group: string) => string,
  words: { title: string; subtitle: string; axis: string; alt: string; range?: [number, number] },
): Figure {
  const most = Math.max(40, Math.floor(MAX_POINTS / Math.max(1, strips.length)));
  const ends = strips.flatMap(({ rows }) => [values[rows[0]], values[rows[rows.length - 1]]]);
  const binWidth = (Math.max(...ends) - Math.min(...ends)) / BINS || 1;
  const labels = strips.map(({ name, rows, note }) => [`${name} (${thousands(rows.length)})`, note]);
  const data = strips.map(({ name, rows }, i): Data => {
    const shown = quantileRows(rows, most);
    const beside = spreadOut(shown, values, binWidth);
    return {
      ...{ type: 'scatter', mode: 'markers', hoverinfo: 'text' },
      x: shown.map((row) => values[row]),
      y: beside.map((offset) => i + offset),
      text: shown.map((row) => escapeLabel(hover(row, name)).replace('\n', '<br>')),
      marker: { color: COLOURS.blue, size: 4, opacity: 0.55 },
    } as Data;
  });
  const marks = {
    ...{ type: 'scatter', mode: 'markers', hoverinfo: 'text' },
    x: strips.map(({ mark }) => mark),
    y: strips.map((_, i) => i),
    text: strips.map(({ name, note }) => escapeLabel(`${name}: ${note}`)),
    marker: {
      symbol: 'line-ns',
      size: strips.length > 8 ? 18 : 30,
      line: { color: COLOURS.vermilion, width: 3 },
    },
  } as Data;
  return {
    data: [...data, marks],
    layout: layout({
      title: words.title,
      subtitle: `${words.subtitle}${strips.some(({ rows }) => rows.length > most) ? `; of a group at most ${most} are drawn` : ''}`,
      height: TOP + 60 + strips.length * (strips.length > 8 ? 38 : 58),
      margin: { l: labelMargin(labels.flat()) },
      axes: {
        xaxis: axis(words.axis, { range: words.range, zeroline: true }),
        yaxis: axis('', {
          ...{ ticks: '', showgrid: false, tickvals: strips.map((_, i) => i) },
          range: [strips.length - 0.5, -0.5],
          ticktext: labels.map((lines) => lines.map(escapeLabel).join('<br>')),
        }),
      },
    }),
    alt: words.alt,
  };
}

/**
 * A column as names of categories: its texts, the schema's words for its codes, or its numbers; '' where it has
 * none. Without a column (see `groupingColumn`) all tracks are one category.
 */
export function categoryNames(tracks: TrackColumns, name: string | undefined): string[] {
  if (name === undefined) return new Array<string>(tracks.rowCount).fill('all tracks');
  const values = tracks.columns[name];
  if (Array.isArray(values)) return values;
  const codes = requiredColumn(tracks, name, 'categoryNames');
  const column = SCHEMA.find((one) => one.name === name);
  const names = column?.kind === 'boolean' ? ['no', 'yes'] : column?.categories;
  return Array.from(codes, (code) => (Number.isNaN(code) ? '' : (names?.[code] ?? String(code))));
}

/**
 * Popularity in each category of a column, track by track, the mean as a line.
 * @param by a category: `track_genre`, `key`, `mode`, `explicit`, or a column of the table's own; undefined for all
 *   tracks together
 */
export function popularityByCategory(tracks: TrackColumns, by: string | undefined): Figure {
  const popularity = requiredColumn(tracks, 'popularity', 'popularityByCategory');
  const strips = stripsOf(popularity, categoryNames(tracks, by), (values) => {
    const { zeros, rest } = twoHeaps(values);
    const others = Number.isNaN(rest) ? '' : `, the rest ${rest.toFixed(0)}`;
    return { mark: mean(values), note: zeros > 0 ? `${percent(zeros)} at 0${others}` : 'none at 0' };
  });
  const names = trackNames(tracks);
  const label = columnLabel(by).toLowerCase();
  const [first, last] = [strips[0], strips[strips.length - 1]];
  const [low, high] = [last, first].map((strip) => strip?.mark.toFixed(0) ?? 'unknown');
  const found =
    low === high
      ? `${low} on average${strips.length > 1 ? ' in each' : ''}`
      : `on average from ${low} (${last.name}) to ${high} (${first.name})`;
  return stripFigure(
    strips,
    popularity,
    (row, group) => `${names[row]}\n${group}, popularity ${popularity[row]}`,
    {
      title: `Popularity by ${label}: ${found}`,
      subtitle:
        'points: tracks, side by side where many are alike; line: mean; in brackets: number of tracks',
      axis: 'Popularity (0 to 100)',
      range: [-3, 103],
      alt: `Tracks by ${label} and popularity: ${found}. ${strips.map(({ name, note }) => `${name}: ${note}`).join('; ')}.`,
    },
  );
}

/** The name of a column on a page: the schema's label, or its own name. */
export const columnLabel = (name: string | undefined) =>
  SCHEMA.find((column) => column.name === name)?.label ?? name ?? 'all tracks';
