/** Box plots of a quantity by group: popularity by key, mode and genre, residuals by genre. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import { thousands } from '../numberText';
import { KEYS, MODES } from '../tracks/schema';
import { requiredColumn, type TrackColumns } from './columns';
import { type BoxSummary, boxSummary } from './statistics';
import { type Axes, axis, COLOURS, layout, panelHeading, panels, TOP_WITH_HEADINGS } from './theme';

/** Of more groups than this only the outermost by median are drawn. */
const MAX_GROUPS = 20;

export interface NamedBox extends BoxSummary {
  name: string;
}

/**
 * A box per group, of the finite values in it.
 * @param values one per row
 * @param groups the row's group; '' and undefined leave the row out
 */
export function boxesByGroup(values: ArrayLike<number>, groups: ArrayLike<string | undefined>): NamedBox[] {
  const members = new Map<string, number[]>();
  for (let i = 0; i < values.length; i++) {
    const group = groups[i];
    if (!group || !Number.isFinite(values[i])) continue;
    if (!members.has(group)) members.set(group, []);
    members.get(group)!.push(values[i]);
  }
  return [...members].map(([name, own]) => ({ name, ...boxSummary(own) }));
}

/** Highest median first; of many groups the upper and the lower ones. */
export function byMedian(boxes: NamedBox[]): NamedBox[] {
  const ordered = [...boxes].sort((a, b) => b.median - a.median || b.q3 - a.q3 || (a.name < b.name ? -1 : 1));
  if (ordered.length <= MAX_GROUPS) return ordered;
  return [...ordered.slice(0, MAX_GROUPS / 2), ...ordered.slice(-MAX_GROUPS / 2)];
}

/**
 * Traces that draw given boxes. Old plotly renderers cannot take quartiles, only values: seven values whose
 * quartiles, by plotly.js's rule, are just these.
 * @param on the axes' names, and what else the traces share
 */
export function boxTraces(
  boxes: readonly NamedBox[],
  colour: string,
  on: Record<string, unknown> = {},
): Data[] {
  return boxes.map(
    ({ name, count, low, q1, median, q3, high }) =>
      ({
        ...{ type: 'box', name: `${escapeLabel(name)}<br>(${thousands(count)})`, boxpoints: false },
        y: [low, q1, q1, median, q3, q3, high],
        ...{ line: { color: colour, width: 1.5 }, fillcolor: `${colour}33`, whiskerwidth: 0.4, ...on },
      }) as Data,
  );
}

/** Names by code, '' where the code is missing. */
const named = (codes: ArrayLike<number>, names: readonly string[]): string[] =>
  Array.from(codes, (code) => names[code] ?? '');

/**
 * Popularity by key, by mode and by genre (where the table has it), as box plots; genres by falling median.
 * The number of tracks stands in brackets.
 */
export function popularityByCategory(tracks: TrackColumns): Figure {
  const popularity = requiredColumn(tracks, 'popularity', 'popularityByCategory');
  const key = named(requiredColumn(tracks, 'key', 'popularityByCategory'), KEYS);
  const mode = named(requiredColumn(tracks, 'mode', 'popularityByCategory'), MODES);
  const genre = tracks.columns.track_genre as string[] | undefined;
  const byKey = boxesByGroup(popularity, key).sort(
    (a, b) => KEYS.indexOf(a.name as 'C') - KEYS.indexOf(b.name as 'C'),
  );
  const genres = genre ? byMedian(boxesByGroup(popularity, genre)) : [];
  const groups = [
    { heading: 'Key', boxes: byKey, colour: COLOURS.blue },
    {
      heading: 'Mode',
      boxes: boxesByGroup(popularity, mode).sort((a, b) => (a.name < b.name ? 1 : -1)),
      colour: COLOURS.green,
    },
    { heading: 'Genre', boxes: genres, colour: COLOURS.vermilion },
  ].filter(({ boxes }) => boxes.length > 0);

  // keys in a row of their own, below it mode and genre
  const domains: [[number, number], [number, number]][] = [
    [
      [0, 1],
      [0.6, 1],
    ],
    [
      [0, genre ? 0.2 : 1],
      [0, 0.4],
    ],
    [
      [0.27, 1],
      [0, 0.4],
    ],
  ];
  const places = panels(groups.length, 1).places.map((place, i) => ({
    ...place,
    ...{ xDomain: domains[i][0], yDomain: domains[i][1] },
  }));
  const axes: Axes = {};
  const data = groups.flatMap(({ boxes, colour }, i) => {
    const place = places[i];
    axes[place.xaxis] = axis('', {
      domain: place.xDomain,
      anchor: place.y as 'y',
      ticks: '',
      tickangle: boxes.length > 12 ? -40 : 0,
    });
    axes[place.yaxis] = axis(i === 2 ? '' : 'Popularity', {
      domain: place.yDomain,
      anchor: place.x as 'x',
      range: [-4, 104],
      dtick: 25,
    });
    return boxTraces(boxes, colour, { xaxis: place.x, yaxis: place.y });
  });
  const medians = genres.map(({ name, median }) => `${name} ${median}`).join(', ');
  return {
    data,
    layout: layout({
      title: 'Popularity by key, mode and genre',
      subtitle: 'line: median; box: middle half; in brackets: tracks',
      height: 580,
      margin: { t: TOP_WITH_HEADINGS },
      axes,
      annotations: groups.map(({ heading }, i) => panelHeading(places[i], `<b>${heading}</b>`)),
    }),
    alt: `Box plots of popularity by key, mode and genre.${medians ? ` Median popularity by genre: ${medians}.` : ''}`,
  };
}
