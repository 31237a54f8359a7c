// @ts-check
/** Tracks that were kept to compare: side by side, also at the next visit, and as a table to take away. */
import { byId, element, natural, one, saveCsv, shown, store, whole } from './dom.js';

/** @typedef {import('../types').Feature} Feature */
/** @typedef {import('../types').Answer} Answer */
/** @typedef {{ name: string, values: (number | null)[], prediction: number, low: number, high: number }} Kept */

const MOST = 50;

/**
 * @param {Feature[]} features
 * @param {string} key of the model, since kept answers of another one cannot be compared
 * @param {(values: number[]) => void} load shows a kept track again
 * @returns keeps a track
 */
export function startHistory(features, key, load) {
  const place = `kept-${key}`;
  /** @type {Kept[]} */
  let kept = read(place, features.length);
  const change = (/** @type {Kept[]} */ wanted) => {
    kept = wanted.slice(0, MOST);
    store.write(place, JSON.stringify(kept));
    draw();
  };
  const draw = () => {
    byId('history-card').hidden = kept.length === 0;
    byId('history').replaceChildren(
      ...rowsOf(features, kept, load, (one) => change(kept.filter((other) => other !== one))),
    );
    const save = saveCsv([csvOf(features, kept)], 'kept-tracks.csv');
    save.id = 'history-save';
    save.append('Download as CSV');
    byId('history-save').replaceWith(save);
  };
  byId('history-clear').addEventListener('click', () => change([]));
  draw();
  return (/** @type {string} */ name, /** @type {number[]} */ values, /** @type {Answer} */ answer) => {
    const { prediction, interval } = answer;
    const isNew = !kept.some((one) =>
      one.values.every((value, j) => Object.is(value ?? Number.NaN, values[j])),
    );
    const entry = { name, values, prediction, low: interval.low, high: interval.high };
    if (isNew) change([entry, ...kept]);
    return isNew;
  };
}

/** The tracks that an earlier visit has kept; a text that somebody else wrote there counts for nothing. @returns {Kept[]} */
function read(/** @type {string} */ place, /** @type {number} */ width) {
  try {
    const kept = JSON.parse(store.read(place) ?? '[]');
    return kept.filter(
      (/** @type {Kept} */ { values, prediction }) => values.length === width && prediction >= 0,
    );
  } catch {
    return [];
  }
}

const valueIn = (/** @type {Kept} */ kept, /** @type {number} */ j) => kept.values[j] ?? Number.NaN;

/** A column for each track, a row for each feature in which they differ. */
function rowsOf(
  /** @type {Feature[]} */ features,
  /** @type {Kept[]} */ kept,
  /** @type {(values: number[]) => void} */ load,
  /** @type {(kept: Kept) => void} */ remove,
) {
  const row = (/** @type {string} */ name, /** @type {(kept: Kept) => any} */ cell) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...kept.map((one) => element('td', {}, cell(one))),
    );
  const head = element(
    'tr',
    {},
    element('td', {}),
    ...kept.map((one) => element('th', { scope: 'col' }, one.name)),
  );
  const different = features.flatMap((feature, j) => {
    const values = kept.map((one) => valueIn(one, j));
    return values.some((value) => !Object.is(value, values[0]))
      ? [row(feature.label, (one) => shown(feature, valueIn(one, j)))]
      : [];
  });
  const buttons = row('Again', (track) => {
    const again = element('button', { type: 'button', 'aria-label': `Show ${track.name} again` }, 'Show');
    again.addEventListener('click', () => load(features.map((_, j) => valueIn(track, j))));
    const away = element('button', { type: 'button', 'aria-label': `Remove ${track.name}` }, '×');
    away.addEventListener('click', () => remove(track));
    return element('span', { class: 'row start' }, again, away);
  });
  return [
    head,
    row('Prediction', ({ prediction }) => element('strong', {}, one(prediction))),
    row('Interval', ({ low, high }) => `${whole(low)} to ${whole(high)}`),
    ...different,
    buttons,
  ];
}

/** A table that the other tab reads. */
function csvOf(/** @type {Feature[]} */ features, /** @type {Kept[]} */ kept) {
  const text = (/** @type {unknown} */ value) => {
    const field = String(value ?? '');
    const safe = /^[=+\-@]/.test(field) && Number.isNaN(Number(field)) ? `'${field}` : field;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const header = [
    'track_name',
    ...features.map(({ name }) => name),
    'predicted_popularity',
    'interval_low',
    'interval_high',
  ];
  const lines = kept.map((one) => {
    const values = features.map((feature, j) => natural(feature, valueIn(one, j)));
    return [one.name, ...values, one.prediction, one.low, one.high].map(text).join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}
