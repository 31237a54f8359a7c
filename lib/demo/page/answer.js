// @ts-check
/** Draws the answer: the number, its interval, and what it rests on. Plain SVG, all on the same scale 0 to 100. */

import { byId, element, one, shown, svg, whole } from './dom.js';

/** @typedef {import('../types').PageData} ModelInfo */
/** @typedef {import('../types').Answer} Answer */
/** @typedef {import('../types').Song} Song */

// The drawings' own units: 0 to 100 along, 10 at either side for the last numbers.
const WIDTH = 320;
const PAD = 10;
/** @type {ModelInfo['target']} */
let target = { min: 0, max: 100 };
const x = (/** @type {number} */ value) =>
  PAD + ((value - target.min) / (target.max - target.min)) * (WIDTH - 2 * PAD);

function axis(/** @type {number} */ y) {
  const group = svg('g', { class: 'axis' });
  for (let k = 0; k <= 4; k++) {
    const value = target.min + (k / 4) * (target.max - target.min);
    group.append(
      svg('line', { x1: x(value), x2: x(value), y1: y, y2: y + 4 }),
      svg('text', { x: x(value), y: y + 15, 'text-anchor': 'middle' }, whole(value)),
    );
  }
  group.append(svg('line', { x1: x(target.min), x2: x(target.max), y1: y, y2: y }));
  return group;
}

function picture(
  /** @type {number} */ height,
  /** @type {string} */ label,
  /** @type {any[]} */ ...children
) {
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': label }, ...children);
}

/** Bars of counts in equal bins from the target's lowest to its highest value. */
function bars(
  /** @type {number[]} */ counts,
  /** @type {number} */ height,
  /** @type {(bin: number) => string} */ kind,
) {
  const most = Math.max(...counts, 1);
  const width = (WIDTH - 2 * PAD) / counts.length;
  return counts.map((count, bin) => {
    const size = (count / most) * height;
    return svg('rect', {
      class: kind(bin),
      x: PAD + bin * width + 0.75,
      width: width - 1.5,
      y: 4 + height - size,
      height: size,
      rx: 1,
    });
  });
}

const binOf = (/** @type {number} */ value, /** @type {number} */ bins) =>
  Math.min(bins - 1, Math.floor(((value - target.min) / (target.max - target.min)) * bins));

/** Draws what stays the same for all answers. @param {ModelInfo} model */
export function drawFrame(model) {
  target = model.target;
  const { trainRows, testRows, file, sha256 } = model.data;
  const error = model.metrics.mae ?? model.metrics.meanAbsoluteError;
  byId('about').textContent =
    `A random forest of ${whole(model.trees)} trees that learnt from ${whole(trainRows)} tracks` +
    (error ? `; on ${whole(testRows)} others it was ${one(error)} points off on average.` : '.') +
    (model.lacking.length > 0 ? ` Its table lacked ${model.lacking.join(', ').toLowerCase()}.` : '');
  const names = {
    r2: 'R²',
    mae: 'mean absolute error',
    rmse: 'root mean squared error',
    meanAbsoluteError: 'mean absolute error',
    rootMeanSquaredError: 'root mean squared error',
  };
  const scores = Object.entries(model.metrics).map(
    ([name, value]) => `${names[/** @type {keyof typeof names} */ (name)] ?? name} ${value.toFixed(3)}`,
  );
  byId('footer').textContent =
    `On the test tracks: ${scores.join(', ')}. Data: ${file}, SHA-256 ${sha256.slice(0, 12)}….`;
}

/**
 * @param {ModelInfo} model
 * @param {number[]} values
 * @param {Answer} answer
 * @param {Song | undefined} song
 */
export function drawAnswer(model, values, answer, song) {
  const { prediction, interval, contributions, votes } = answer;
  const range = `${whole(interval.low)} to ${whole(interval.high)}`;
  const percent = whole(interval.level * 100);
  byId('prediction').textContent = one(prediction);
  byId('scale').replaceChildren(scale(answer, song));
  // If almost any popularity is as likely, the number alone would promise too much.
  const isWide = interval.high - interval.low >= 0.85 * (target.max - target.min);
  byId('interval').textContent =
    `${percent}% of comparable tracks lie from ${range}` +
    (isWide ? ': nearly the whole scale, so for this track the model cannot tell.' : '');
  drawTruth(answer, song);
  drawNotes(model, answer);
  byId('live').textContent = `Predicted popularity ${one(prediction)}, ${percent}% interval ${range}`;

  const below = shareBelow(model.popularity, prediction);
  const here = binOf(prediction, model.popularity.length);
  byId('histogram').replaceChildren(
    picture(
      104,
      `Histogram of the popularity of ${whole(model.data.trainRows)} tracks; the prediction is above about ${whole(below * 100)}% of them`,
      ...bars(model.popularity, 74, (bin) => (bin === here ? 'bar here' : 'bar')),
      axis(80),
      marker(prediction, 0, 80),
    ),
  );
  byId('rank').textContent =
    `Above about ${whole(below * 100)}% of the ${whole(model.data.trainRows)} tracks it learnt from.`;

  const counts = new Array(25).fill(0);
  for (const vote of votes) counts[binOf(vote, counts.length)]++;
  const sorted = [...votes].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(votes.length * 0.25)], sorted[Math.floor(votes.length * 0.75)]];
  const spread = `Half of the ${whole(votes.length)} trees say ${whole(low)} to ${whole(high)}; their mean is the prediction.`;
  byId('votes').replaceChildren(
    picture(
      84,
      `Histogram of the trees' predictions. ${spread}`,
      ...bars(counts, 54, () => 'bar vote'),
      axis(60),
      marker(prediction, 0, 60),
    ),
  );
  byId('votes-text').textContent = spread;
  drawContributions(model, values, prediction, contributions);
}

const marker = (/** @type {number} */ value, /** @type {number} */ from, /** @type {number} */ to) =>
  svg('line', { class: 'marker', x1: x(value), x2: x(value), y1: from, y2: to });

function scale(/** @type {Answer} */ { prediction, interval }, /** @type {Song | undefined} */ song) {
  const label = `Scale from ${target.min} to ${target.max}: prediction ${one(prediction)}, interval ${whole(interval.low)} to ${whole(interval.high)}`;
  const drawing = picture(
    40,
    label,
    svg('rect', {
      class: 'groove',
      x: x(target.min),
      width: x(target.max) - x(target.min),
      y: 8,
      height: 8,
      rx: 4,
    }),
    svg('rect', {
      class: 'band',
      x: x(interval.low),
      width: Math.max(2, x(interval.high) - x(interval.low)),
      y: 8,
      height: 8,
      rx: 4,
    }),
    axis(20),
    svg('circle', { class: 'point', cx: x(prediction), cy: 12, r: 7 }),
  );
  if (song) {
    const at = x(song.popularity);
    drawing.append(svg('path', { class: 'true', d: `M${at} 6 l5 6 l-5 6 l-5 -6 z` }));
  }
  return drawing;
}

function drawTruth(/** @type {Answer} */ { prediction, interval }, /** @type {Song | undefined} */ song) {
  const truth = byId('truth');
  truth.hidden = !song;
  if (!song) return;
  const { name, artists, popularity, learnt } = song;
  const away = one(Math.abs(popularity - prediction));
  const isInside = popularity >= interval.low && popularity <= interval.high;
  truth.replaceChildren(
    element('span', { class: 'diamond', 'aria-hidden': true }, '◆ '),
    element('strong', {}, `Really ${popularity}`),
    `: ${name} by ${artists}, ${away} points off, ${isInside ? 'inside' : 'outside'} the interval.`,
    learnt ? ' The model learnt from this song, so that is no test of it.' : '',
  );
}

function drawNotes(/** @type {ModelInfo} */ model, /** @type {Answer} */ { outside, filled_in: filledIn }) {
  const note = byId('outside');
  note.hidden = outside.length + filledIn.length === 0;
  const featureOf = (/** @type {string} */ name) => model.features.find((one) => one.name === name);
  const seen = outside.map((name) => {
    const feature = featureOf(name);
    return feature
      ? `${feature.label} (seen: ${shown(feature, feature.seenMin)} to ${shown(feature, feature.seenMax)})`
      : name;
  });
  const missing = filledIn.map((name) => featureOf(name)?.label ?? name);
  const sentences = [
    seen.length > 0 &&
      `Outside what the model has seen: ${seen.join(', ')}. It answers as for the nearest tracks it knows.`,
    missing.length > 0 && `Not given: ${missing.join(', ')}. The mix of all that it knows stands in for it.`,
  ];
  note.textContent = sentences.filter(Boolean).join(' ');
}

/** The share of the known tracks below a value, even within a bin. */
function shareBelow(/** @type {number[]} */ counts, /** @type {number} */ value) {
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const at = ((value - target.min) / (target.max - target.min)) * counts.length;
  return counts.reduce((sum, count, bin) => sum + count * Math.min(1, Math.max(0, at - bin)), 0) / total;
}

function drawContributions(
  /** @type {ModelInfo} */ model,
  /** @type {number[]} */ values,
  /** @type {number} */ prediction,
  /** @type {Answer['contributions']} */ { expected, features },
) {
  const rows = model.features
    .map((feature, j) => ({ feature, value: values[j], points: features[feature.name] }))
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const most = Math.max(...rows.map(({ points }) => Math.abs(points)), 1e-9);
  const body = /** @type {HTMLElement} */ (byId('contributions').querySelector('tbody'));
  const line = (/** @type {string} */ text, /** @type {number} */ value) => {
    const row = element('tr', { class: 'sum' });
    row.append(element('th', { scope: 'row', colspan: 2 }, text), element('td', {}, one(value)));
    return row;
  };
  body.replaceChildren(
    line('Average prediction', expected),
    ...rows.map(({ feature, value, points }) => {
      const row = element('tr');
      const name = element('th', { scope: 'row' }, feature.label);
      name.append(element('span', { class: 'muted' }, ` ${shown(feature, value)}`));
      const size = (Math.abs(points) / most) * 48;
      const bar = svg('rect', {
        class: points < 0 ? 'down' : 'up',
        x: points < 0 ? 50 - size : 50,
        width: size,
        y: 2,
        height: 8,
        rx: 1.5,
      });
      const stroke = { 'vector-effect': 'non-scaling-stroke' };
      const zero = svg('line', { class: 'zero', x1: 50, x2: 50, y1: 0, y2: 12, ...stroke });
      const cell = element('td', { class: 'bar-cell' });
      cell.append(
        svg('svg', { viewBox: '0 0 100 12', preserveAspectRatio: 'none', 'aria-hidden': true }, zero, bar),
      );
      row.append(name, cell, element('td', {}, signed(points)));
      return row;
    }),
    line('This prediction', prediction),
  );
}

/** With its sign, which zero does not have. */
function signed(/** @type {number} */ points) {
  const size = one(Math.abs(points));
  return size === '0.0' ? size : `${points < 0 ? '−' : '+'}${size}`;
}
