/** A map of songs by sound. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import type { SoundMap } from '../evaluation/likeSongs';
import { percent, thousands } from '../numberText';
import { type ColouredRows, legendEntry, rowsByColour, type TrackColumns, trackNames } from './columns';
import type { Predictions } from './predictions';
import {
  axis,
  BOTTOM,
  LEGEND_BELOW,
  LEGEND_BOTTOM,
  layout,
  type Panel,
  panelHeading,
  panels,
  TOP,
  thin,
} from './theme';

const MAX_SONGS = 200;

/** Forecasts that are much too low, too low, about right, too high and much too high. */
const ERROR_COLOURS = ['#2488C8', '#7A9DB5', '#A0A0A0', '#C08560', '#D55E00'];
/** Errors of more points than these are of the next colour. */
const ERROR_STEPS = [-30, -10, 10, 30];

/** Each direction in words: the two features that it is made of most. */
function directionsOf(map: SoundMap): string[] {
  return (['x', 'y'] as const).map((along, k) => {
    const longest = [...map.loadings].sort((a, b) => Math.abs(b[along]) - Math.abs(a[along])).slice(0, 2);
    const words = longest.map(
      (one) => `${one[along] < 0 ? 'less' : 'more'} ${one.feature.label.toLowerCase()}`,
    );
    return `${words.join(', ')} → (${percent(map.explained[k])})`;
  });
}

/** The songs by genre, and in the panel at the right by error. */
function mapTraces(
  map: SoundMap,
  tracks: TrackColumns,
  errors: readonly number[],
  rows: readonly number[],
  parts: readonly ColouredRows[],
  right: Panel,
): Data[] {
  const names = trackNames(tracks);
  const genres = tracks.columns.track_genre;
  const points = (shown: readonly number[], more: (row: number) => string) => ({
    ...{ type: 'scatter', mode: 'markers', hoverinfo: 'text' },
    x: shown.map((row) => map.x[row]),
    y: shown.map((row) => map.y[row]),
    text: shown.map((row) => {
      const genre = Array.isArray(genres) ? `\n${genres[row]}` : '';
      return escapeLabel(names[row] + genre + more(row)).replaceAll('\n', '<br>');
    }),
  });
  const off = (row: number) =>
    `\nforecast ${Math.abs(errors[row]).toFixed(0)} points too ${errors[row] < 0 ? 'low' : 'high'}`;
  const byGenre = parts.map((part) => ({ ...points(part.rows, () => ''), ...legendEntry(part) }) as Data);
  const byError = ERROR_COLOURS.map((color, level) => {
    const shown = rows.filter((row) => ERROR_STEPS.filter((step) => errors[row] > step).length === level);
    return {
      ...{ ...points(shown, off), showlegend: false, xaxis: right.x, yaxis: right.y },
      marker: { color, size: 5, opacity: 0.8 },
    } as Data;
  });
  return [...byGenre, ...byError];
}

/**
 * Songs on the plane of their two principal directions, coloured by genre (where there are few) and by the error
 * of their forecast.
 * @param map of the tracks, in their order
 * @param predictions of the tracks
 */
export function songMapFigure(map: SoundMap, { actual, predicted, tracks }: Required<Predictions>): Figure {
  const errors = Array.from(predicted, (value, row) => value - actual[row]);
  const rows = thin(tracks.rowCount, MAX_SONGS);
  const parts = rowsByColour(tracks, rows);
  const [left, right] = panels(2, 2, { rowHeight: 380 }).places;
  const directions = directionsOf(map);
  // The title of an axis has two lines.
  const bottom = 18 + (parts.length > 1 ? LEGEND_BOTTOM : BOTTOM);
  const axes = Object.fromEntries(
    [left, right].flatMap((place) => [
      [
        place.xaxis,
        axis(directions[0].replace(', ', ',<br>'), { domain: place.xDomain, anchor: place.y as 'y' }),
      ],
      [
        place.yaxis,
        axis(place.column === 0 ? directions[1] : '', {
          ...{ domain: [0, 1], anchor: place.x as 'x', showticklabels: place.column === 0 },
        }),
      ],
    ]),
  );
  return {
    data: mapTraces(map, tracks, errors, rows, parts, right),
    layout: layout({
      title: 'A map of songs by sound',
      subtitle: `${thousands(rows.length)} songs; on the right, orange: the forecast is too high, blue: too low, grey: right within 10 points`,
      height: TOP + 20 + 340 + bottom,
      margin: { t: TOP + 20, b: bottom },
      showlegend: parts.length > 1,
      legend: { ...LEGEND_BELOW },
      axes,
      annotations: [
        panelHeading(left, parts.length > 1 ? '<b>by genre</b>' : '<b>all songs</b>'),
        panelHeading(right, '<b>by error</b>'),
      ],
    }),
    alt: `Songs on two principal directions of sound, ${parts.length > 1 ? 'coloured by genre and by error' : 'coloured by error'}. To the right: ${directions[0]}; upwards: ${directions[1]}.`,
  };
}
