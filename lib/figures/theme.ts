/** Colours, fonts, axes and panels that all figures share, and the number of points that a notebook can carry. */
import type { Annotations, Layout, LayoutAxis } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import { FONT, textWidth, wrapped } from '../cells/figureText';

/**
 * Okabe and Ito's palette, which people with any kind of colour blindness can tell apart; the blue a little
 * lighter, for dark pages.
 */
export const COLOURS = {
  blue: '#2488C8',
  orange: '#E69F00',
  green: '#009E73',
  vermilion: '#D55E00',
  sky: '#56B4E9',
  purple: '#CC79A7',
};

/** One colour per genre, where there are no more genres than that. */
export const GENRE_COLOURS = [
  COLOURS.blue,
  COLOURS.orange,
  COLOURS.green,
  COLOURS.vermilion,
  COLOURS.sky,
  COLOURS.purple,
];

/**
 * Text and lines. A figure has no paper of its own and does not know the page: these greys are as legible on
 * white as on a dark page (contrast 4.4 on either).
 */
export const INK = '#797979';
const GRID = 'rgba(128,128,128,0.22)';
const AXIS = 'rgba(128,128,128,0.7)';
/** Text on a coloured cell, which has its own background. */
export const DARK_INK = '#222222';
const CLEAR = 'rgba(0,0,0,0)';
const TEXT_SIZE = 13;
const TITLE_SIZE = 17;

/** Diverging from vermilion over white to blue, for correlations from -1 to 1. */
export const DIVERGING: [number, string][] = [
  [0, '#B34700'],
  [0.25, '#EDAA7A'],
  [0.5, '#F7F7F7'],
  [0.75, '#7FB9DE'],
  [1, '#005A8F'],
];
/** From nearly white to blue, for amounts and scores. */
export const SEQUENTIAL: [number, string][] = [
  [0, '#F2F7FB'],
  [0.5, '#7FB9DE'],
  [1, '#005A8F'],
];

/** At most so many points are drawn in one figure: what is beyond hides the rest and swells the notebook. */
export const MAX_POINTS = 600;

/**
 * Numbers of the rows to draw, evenly spread over the table: all of them, or `limit`. The same every time.
 */
export function thin(rowCount: number, limit = MAX_POINTS): number[] {
  const shown = Math.min(rowCount, limit);
  return Array.from({ length: shown }, (_, i) => Math.floor((i * rowCount) / shown));
}

/** Margins in pixels: above, with a title of two lines, and with panel headings or a legend as well; below. */
export const TOP = 76;
export const TOP_WITH_HEADINGS = 104;
export const BOTTOM = 60;

/** Titles and subtitles break into lines of this width: a notebook's column beside an open side bar. */
const SUBTITLE_WIDTH = 380;
/** Fonts differ more in bold. */
const TITLE_WIDTH = 360;
const LINE_HEIGHT = 18;

/** A title with what is worth knowing first in smaller lines below it, and the number of all lines. */
function titleText(title: string, subtitle = ''): { text: string; lines: number } {
  const large = wrapped(title, TITLE_SIZE, TITLE_WIDTH, true).map(escapeLabel);
  const small = wrapped(subtitle, TEXT_SIZE, SUBTITLE_WIDTH).map(escapeLabel);
  const below = `<br><span style="font-size:${TEXT_SIZE}px">${small.join('<br>')}</span>`;
  return {
    text: `<b>${large.join('<br>')}</b>${small.length > 0 ? below : ''}`,
    lines: large.length + small.length,
  };
}

/** Axes of small multiples by their names in the layout. */
export type Axes = Record<string, Partial<LayoutAxis>>;

/**
 * The layout that every figure starts from. Lines of the title beyond two make the figure higher.
 * @param options title, the lines below it, height in pixels, and anything of plotly.js's own
 */
export function layout(
  options: { title: string; subtitle?: string; height?: number; axes?: Axes } & Partial<
    Omit<Layout, 'title' | 'height'>
  >,
): Partial<Layout> {
  const { title, subtitle, height: planned = 420, axes, margin, ...rest } = options;
  const { text, lines } = titleText(title, subtitle);
  const more = LINE_HEIGHT * Math.max(0, lines - 2);
  const height = planned + more;
  return {
    title: {
      // The first line's baseline is 30 pixels below the top, whatever the height.
      ...{ text, x: 0, xref: 'container', xanchor: 'left', pad: { l: 12 } },
      ...{ y: 1 - 30 / height, yref: 'container', yanchor: 'bottom', font: { size: TITLE_SIZE, color: INK } },
    },
    height,
    // At the right stands plotly.js's own bar of buttons.
    margin: { l: 70, r: 40, b: BOTTOM, ...margin, t: (margin?.t ?? TOP) + more },
    modebar: { orientation: 'v', bgcolor: CLEAR, color: AXIS, activecolor: COLOURS.blue },
    font: { family: FONT, size: TEXT_SIZE, color: INK },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    colorway: Object.values(COLOURS),
    showlegend: false,
    hovermode: 'closest',
    hoverlabel: {
      align: 'left',
      bgcolor: '#FFFFFF',
      bordercolor: '#BBBBBB',
      font: { color: DARK_INK, family: FONT, size: TEXT_SIZE },
    } as Layout['hoverlabel'],
    ...axes,
    ...rest,
  };
}

/** An axis with its title (a quantity and its unit). */
export function axis(title: string, options: Partial<LayoutAxis> = {}): Partial<LayoutAxis> {
  return {
    title: { text: title, standoff: 8, font: { size: TEXT_SIZE } } as LayoutAxis['title'],
    gridcolor: GRID,
    zeroline: false,
    zerolinecolor: AXIS,
    linecolor: AXIS,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: AXIS,
    ...options,
  };
}

/** The legend's place: above the plot, at the right, in one row. */
export const LEGEND_ABOVE: Partial<Layout['legend']> = {
  orientation: 'h',
  x: 1,
  xanchor: 'right',
  y: 1.01,
  yanchor: 'bottom',
  font: { size: TEXT_SIZE },
  bgcolor: CLEAR,
};

/**
 * The place of a legend of many entries: below the axis' title, where there is room for a second row in a narrow
 * notebook. The bottom margin is LEGEND_BOTTOM then.
 */
export const LEGEND_BELOW: Partial<Layout['legend']> = {
  ...LEGEND_ABOVE,
  ...{ xref: 'container', x: 0.5, xanchor: 'center', yref: 'container', y: 0, yanchor: 'bottom' },
};
export const LEGEND_BOTTOM = BOTTOM + 36;

/** The width of the widest font that stands in for Arial, as a multiple (DejaVu Sans, if Linux has no other). */
const WIDER_FONT = 1.17;

/** A margin in pixels that holds the longest of these labels, so that nothing is measured and drawn twice. */
export const labelMargin = (labels: readonly string[]): number =>
  Math.ceil(WIDER_FONT * Math.max(0, ...labels.map((label) => textWidth(label, TEXT_SIZE)))) + 16;

/** One panel of small multiples: the names of its axes in a trace and in the layout, and where they stand. */
export interface Panel {
  x: string;
  y: string;
  xaxis: string;
  yaxis: string;
  row: number;
  column: number;
  xDomain: [number, number];
  yDomain: [number, number];
}

/** Between the rows of panels, in pixels: the labels and the title of an axis. */
export const ROW_GAP = 66;

/**
 * Panels in rows from left to right.
 * @param count how many
 * @param columns how many beside each other
 * @param options pixels of a row's plots and of the gap between rows, and the gap between columns as a share of
 *   the width
 * @returns the panels, and the height of all rows in pixels, to which the figure's margins come
 */
export function panels(
  count: number,
  columns: number,
  { rowHeight = 130, rowGap = ROW_GAP, columnGap = 0.07 } = {},
): { places: Panel[]; height: number } {
  const rows = Math.ceil(count / columns);
  const height = rows * rowHeight + (rows - 1) * rowGap;
  const width = (1 - columnGap * (columns - 1)) / columns;
  const places = Array.from({ length: count }, (_, i): Panel => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const id = i === 0 ? '' : String(i + 1);
    const left = column * (width + columnGap);
    const top = 1 - (row * (rowHeight + rowGap)) / height;
    return {
      ...{ x: `x${id}`, y: `y${id}`, xaxis: `xaxis${id}`, yaxis: `yaxis${id}`, row, column },
      xDomain: [left, left + width],
      yDomain: [Math.max(0, top - rowHeight / height), top],
    };
  });
  return { places, height };
}

/** The heading of a panel, above it at the left. */
export function panelHeading(panel: Panel, text: string): Partial<Annotations> {
  return {
    ...{ text, xref: 'paper', yref: 'paper', x: panel.xDomain[0], y: panel.yDomain[1] },
    ...{ xanchor: 'left', align: 'left', yanchor: 'bottom', showarrow: false, font: { size: TEXT_SIZE } },
  };
}
