/** A map of songs by sound. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import type { SoundMap } from '../evaluation/likeSongs';
import { percent, thousands } from '../numberText';
import { legendEntry, rowsByColour, trackNames } from './columns';
import type { Predictions } from './predictions';
import { axis, BOTTOM, LEGEND_BELOW, LEGEND_BOTTOM, layout, panelHeading, panels, TOP, thin } from './theme';

const MAX_SONGS = 200;

/** Forecasts that are much too low, too low, about right, too high and much too high. */
const ERROR_COLOURS = ['#2488C8', '#7A9DB5', '#A0A0A0', '#C08560', '#D55E00'];
/** Errors of more points than these are of the next colour. */
const ERROR_STEPS = [-30, -10, 10, 30];

/**
 * Songs on the plane of their two principal directions, coloured by genre (where there are few) and by the error
 * of their forecast.
 * @param map of the tracks, in their order
 * @param predictions of the tracks
 */
export function songMapFigure(map: SoundMap, { actual, predicted, tracks }: Required<Predictions>): Figure {
  const errors = Array.from(predicted, (value, row) => value - actual[row]);
  const rows = thin(tracks.rowCount, MAX_SONGS);
  const names = trackNames(tracks);
  const parts = rowsByColour(tracks, rows);
  const genres = tracks.columns.track_genre;
  const [left, right] = panels(2, 2, { rowHeight: 380 }).places;
  const points = (shown: readonly number[]) => ({
    ...{ type: 'scatter', mode: 'markers', hoverinfo: 'text' },
    x: shown.map((row) => map.x[row]),
    y: shown.map((row) => map.y[row]),
  });
  const levels = ERROR_COLOURS.map((colour, level) => ({
    colour,
    rows: rows.filter((row) => ERROR_STEPS.filter((step) => errors[row] > step).length === level),
  }));
  const described = (row: number) => `${names[row]}${Array.isArray(genres) ? `\n${genres[row]}` : ''}`;
  const text = (row: number, more = '') => escapeLabel(described(row) + more).replaceAll('\n', '<br>');
  const directions = (['x', 'y'] as const).map((along, k) => {
    const longest = [...map.loadings].sort((a, b) => Math.abs(b[along]) - Math.abs(a[along])).slice(0, 2);
    const words = longest.map(
      (one) => `${one[along] < 0 ? 'less' : 'more'} ${one.feature.label.toLowerCase()}`,
    );
    return `${words.join(', ')} → (${percent(map.explained[k])})`;
  });
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
    data: [
      ...parts.map(
        (part) =>
          ({
            ...{ ...points(part.rows), ...legendEntry(part) },
            text: part.rows.map((row) => text(row)),
          }) as Data,
      ),
      ...levels.map(
        (part) =>
          ({
            ...{ ...points(part.rows), showlegend: false, xaxis: right.x, yaxis: right.y },
            marker: { color: part.colour, size: 5, opacity: 0.8 },
            text: part.rows.map((row) =>
              text(
                row,
                `\nforecast ${Math.abs(errors[row]).toFixed(0)} points too ${errors[row] < 0 ? 'low' : 'high'}`,
              ),
            ),
          }) as Data,
      ),
    ],
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
