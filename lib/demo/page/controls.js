// @ts-check
/** One control for each feature: a slider and a box for a number, a list for a category, a box to tick for a flag. */
import { parseNumber } from '../../tracks/numbers';
import { element, minutes, plain } from './dom.js';

/** @typedef {import('../types').Feature} Feature */
/** @typedef {{ node: HTMLElement, fill: (value: number) => void }} Control */
/** @typedef {{ change: (value: number) => void, refuse: (sentence: string) => void }} Listener */

/** A step that divides a range into about a hundred, as people count: 0.01, 0.1, 1, ... */
const stepOf = (/** @type {number} */ range) => 10 ** Math.floor(Math.log10(range / 100) + 0.01);
const rounded = (/** @type {number} */ value, /** @type {number} */ step) =>
  Number((Math.round(value / step) * step).toFixed(Math.max(0, -Math.log10(step))));

/** The ends of a slider: the possible range, or the range that the model has seen if that is far smaller. */
function sliderRange(/** @type {Feature} */ { min, max, seenMin, seenMax }) {
  if (seenMax - seenMin > (max - min) / 4) return [min, max];
  const step = stepOf(seenMax - seenMin || max - min);
  return [Math.max(min, Math.floor(seenMin / step) * step), Math.min(max, Math.ceil(seenMax / step) * step)];
}

/** A genre may be left out: the model then takes the mix of genres. */
export const mayBeMissing = (/** @type {Feature} */ feature) => feature.isOpen === true;

/** @returns {Control} */
export function buildControl(/** @type {Feature} */ feature, /** @type {Listener} */ listener) {
  const { kind, label, typical } = feature;
  const id = `f-${feature.name}`;
  const node = element('div', { class: `control is-${kind}` });
  const head = element('div', { class: 'control-head' });
  const name = element('label', { for: id }, label);
  const reset = element('button', {
    type: 'button',
    class: 'reset',
    'aria-label': `Reset ${label}`,
    title: 'Back to the typical value',
  });
  reset.append('↺');
  reset.addEventListener('click', () => listener.change(typical));
  const { info, help } = explanation(feature, id);
  head.append(name, info, help);
  node.append(head);
  const build = { number: numberControl, category: categoryControl, boolean: flagControl }[kind];
  const fill = build(feature, { id, 'aria-describedby': help.id }, { node, head, name }, listener);
  head.append(reset);
  return {
    node,
    fill(value) {
      fill(value);
      reset.disabled = value === typical;
    },
  };
}

function explanation(/** @type {Feature} */ { label, description, unit }, /** @type {string} */ id) {
  const inUnit = unit && unit !== 'ms' ? `, in ${unit}` : unit === 'ms' ? ', in minutes and seconds' : '';
  const help = element('span', { id: `${id}-help`, class: 'help', role: 'tooltip' }, description + inUnit);
  const info = element('button', {
    type: 'button',
    class: 'info',
    'aria-label': `About ${label}`,
    'aria-describedby': help.id,
  });
  info.append('?');
  info.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') info.blur();
  });
  return { info, help };
}

/** @typedef {{ node: HTMLElement, head: HTMLElement, name: HTMLElement }} Place */

function numberControl(
  /** @type {Feature} */ feature,
  /** @type {Record<string, string>} */ described,
  /** @type {Place} */ { node, head, name },
  /** @type {Listener} */ listener,
) {
  const { min, max, unit, label } = feature;
  const [from, to] = sliderRange(feature);
  const step = unit === 'ms' ? 1000 : stepOf(to - from);
  const isTime = unit === 'ms';
  if (unit && !isTime && unit.length <= 5) name.append(' ', element('span', { class: 'muted' }, unit));
  const text = (/** @type {number} */ value) => (isTime ? minutes(value) : plain(value));
  const box = element('input', {
    ...described,
    type: 'text',
    inputmode: isTime ? 'text' : 'decimal',
    size: 7,
  });
  const slider = element('input', { type: 'range', min: from, max: to, step: 'any', 'aria-label': label });
  slider.setAttribute('aria-describedby', described['aria-describedby']);
  let now = feature.typical;
  const within = (/** @type {number} */ value) => Math.min(to, Math.max(from, rounded(value, step)));
  const byKey = (/** @type {KeyboardEvent} */ event, /** @type {string[]} */ keys) => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10, ArrowRight: 1, ArrowLeft: -1 }[
      event.key
    ];
    if (!steps || !keys.includes(event.key)) return;
    event.preventDefault(); // a browser's own step is not the box's
    listener.refuse('');
    box.removeAttribute('aria-invalid');
    listener.change(within(now + steps * step));
    if (event.target === box) box.value = text(now);
  };
  const vertical = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'];
  slider.addEventListener('keydown', (event) => byKey(event, [...vertical, 'ArrowRight', 'ArrowLeft']));
  box.addEventListener('keydown', (event) => byKey(event, vertical));
  slider.addEventListener('input', () => listener.change(within(slider.valueAsNumber)));
  box.addEventListener('input', () => {
    const value = isTime ? timeIn(box.value) : numberIn(box.value, min, max);
    const isRight = value >= min && value <= max;
    box.setAttribute('aria-invalid', String(!isRight));
    const such = isTime ? `minutes and seconds such as ${minutes(feature.typical)},` : 'a number';
    listener.refuse(isRight ? '' : `${label} takes ${such} from ${text(min)} to ${text(max)}`);
    if (isRight) listener.change(value);
  });
  const show = (/** @type {number} */ value) => {
    box.value = text(value);
    box.removeAttribute('aria-invalid');
  };
  box.addEventListener('blur', () => {
    show(now); // an impossible text goes back to the value that the answer is for
    listener.refuse('');
  });
  head.append(box);
  node.append(slider);
  return (/** @type {number} */ value) => {
    now = value;
    if (document.activeElement !== box) show(value);
    slider.value = String(value);
    slider.setAttribute('aria-valuetext', isTime ? minutes(value) : `${plain(value)} ${unit}`.trim());
    slider.style.setProperty(
      '--at',
      `${((Math.min(to, Math.max(from, value)) - from) / (to - from)) * 100}%`,
    );
  };
}

/** The number that somebody typed, with either decimal mark: of two readings the possible one. NaN for none. */
function numberIn(/** @type {string} */ text, /** @type {number} */ min, /** @type {number} */ max) {
  if (text.trim() === '') return Number.NaN;
  const marks = /** @type {const} */ (text.includes('.') ? ['.', ','] : [',', '.']);
  const readings = marks.map((mark) => parseNumber(text.trim(), mark) ?? Number.NaN);
  return readings.find((value) => value >= min && value <= max) ?? Number.NaN;
}

/** Milliseconds from `3:33`, or NaN. */
function timeIn(/** @type {string} */ text) {
  const found = /^\s*(\d+):([0-5]\d(?:[.,]\d+)?)\s*$/.exec(text);
  return found
    ? Number(found[1]) * 60_000 + Math.round(Number(found[2].replace(',', '.')) * 1000)
    : Number.NaN;
}

function categoryControl(
  /** @type {Feature} */ feature,
  /** @type {Record<string, string>} */ described,
  /** @type {Place} */ { node },
  /** @type {Listener} */ listener,
) {
  const select = element('select', described);
  if (mayBeMissing(feature)) select.append(new Option('not given (the mix of all)', 'NaN'));
  feature.categories.forEach((name, code) => {
    select.append(new Option(name, String(code)));
  });
  select.addEventListener('change', () => listener.change(Number(select.value)));
  node.append(select);
  return (/** @type {number} */ value) => {
    select.value = String(value);
  };
}

function flagControl(
  /** @type {Feature} */ _feature,
  /** @type {Record<string, string>} */ described,
  /** @type {Place} */ { name },
  /** @type {Listener} */ listener,
) {
  const box = element('input', { ...described, type: 'checkbox' });
  box.addEventListener('change', () => listener.change(box.checked ? 1 : 0));
  name.prepend(box);
  return (/** @type {number} */ value) => {
    box.checked = value !== 0;
  };
}
