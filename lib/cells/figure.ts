import type { Data, Layout } from 'plotly.js';
import { type DrawFigure, openStage } from './figureDom';
import { compactSvg } from './figureSvg';

/** A figure before it is drawn: plotly.js's input, and a description for readers who cannot see it. */
export interface Figure {
  readonly data: Data[];
  /** Needs `title.text` and `height`; `width` is left to the page and is 840 pixels in the static picture. */
  readonly layout: Partial<Layout>;
  /** One or two sentences: what is drawn and what one sees in it. */
  readonly alt: string;
}

/** Width of the static picture in pixels: a notebook's column on GitHub. */
const FIGURE_WIDTH = 840;
const FIGURE_HEIGHT = 420;

/** Four digits are as fine as a screen, and keep the notebook small. */
const SIGNIFICANT_DIGITS = 4;

/** Traces that plotly.js draws on a canvas only, which leaves a picture empty. */
const NEEDS_WEBGL = /gl$|3d$|mapbox$|^(splom|surface)$/;

let draw: DrawFigure | undefined;

/**
 * Returns the figure as plain JSON for plotly.js: typed arrays as arrays, missing numbers as null, four digits.
 * @param figure the figure's data and layout
 */
export function figureJson(figure: Figure): string {
  return JSON.stringify({ data: figure.data, layout: figure.layout }, (_, value) => {
    if (typeof value === 'number') return Number(value.toPrecision(SIGNIFICANT_DIGITS));
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });
}

/** A title's second part begins with a break and a span; other breaks stand between words. */
const plain = (html: string) =>
  html
    .replace(/<br>(?=<span)/g, ', ')
    .replace(/<br>/g, ' ')
    .replace(/<[^>]*>/g, '');

/** The title without its markup. */
export function figureTitle(figure: Figure): string {
  const title = figure.layout.title;
  return plain((typeof title === 'string' ? title : title?.text) ?? 'Figure');
}

/**
 * Draws a figure to a static SVG, without a browser: plotly.js in a window without a screen, with text
 * measured by a font's published widths. The same figure gives the same bytes on every machine, in every
 * locale and time zone. The first call in a process loads plotly.js, which takes about a second.
 * @param figure the figure; traces that need WebGL cannot be drawn
 * @throws Error for such a trace, and where plotly.js cannot draw the figure
 */
export async function figureSvg(figure: Figure): Promise<string> {
  const webgl = figure.data.find(({ type }) => NEEDS_WEBGL.test(type ?? ''));
  if (webgl) throw new Error(`figureSvg requires traces that SVG can show, got ${webgl.type}`);
  draw ??= openStage();
  const width = figure.layout.width ?? FIGURE_WIDTH;
  const height = figure.layout.height ?? FIGURE_HEIGHT;
  const { data, layout } = JSON.parse(figureJson(figure));
  const sized = { data, layout: { ...layout, width, height }, config: { staticPlot: true } };
  try {
    return await draw(JSON.stringify(sized), (svg) =>
      compactSvg(svg, { width, height }, { title: figureTitle(figure), alt: figure.alt }),
    );
  } catch (error) {
    // plotly.js is one line of millions of characters, which a stack trace would print
    throw new Error(`figureSvg requires a figure that plotly.js can draw, got "${(error as Error).message}"`);
  }
}

/**
 * The MIME bundle of a figure: interactive where a plotly renderer is, an SVG elsewhere (GitHub, nbviewer,
 * a PDF), its description in a terminal. No HTML: GitHub and nbconvert would prefer it and strip its scripts.
 */
export async function figureBundle(figure: Figure): Promise<Record<string, unknown>> {
  return {
    'application/vnd.plotly.v1+json': JSON.parse(figureJson(figure)),
    'image/svg+xml': await figureSvg(figure),
    'text/plain': figureText(figure),
  };
}

/** A figure in words, for a terminal. */
export const figureText = (figure: Figure): string => `[Figure] ${figureTitle(figure)}: ${figure.alt}`;
