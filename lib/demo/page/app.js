// @ts-check
/** The page: controls from the model, one request per change, the address as state. */
import { drawAnswer, drawFrame, element } from './answer.js';

/** @typedef {import('./answer.js').ModelInfo} ModelInfo */
/** @typedef {import('./answer.js').Feature} Feature */
/** @typedef {import('./answer.js').Example} Example */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The track as it stands, one number per feature (a category's code). @type {number[]} */
let values = [];
/** @type {ModelInfo} */
let model;
/** The example that the controls show, until one of them is changed. @type {Example | undefined} */
let example;
/** Per feature: puts a value into its controls. @type {((value: number) => void)[]} */
const fill = [];

const natural = (/** @type {Feature} */ feature, /** @type {number} */ value) =>
  feature.kind === 'category' ? feature.categories[value] : feature.kind === 'boolean' ? value !== 0 : value;
const track = () =>
  Object.fromEntries(model.features.map((feature, j) => [feature.name, natural(feature, values[j])]));

/** A step that divides a range into about a hundred, as people count: 0.01, 0.1, 1, ... */
const stepOf = (/** @type {number} */ range) => 10 ** Math.floor(Math.log10(range / 100) + 0.01);
const rounded = (/** @type {number} */ value, /** @type {number} */ step) =>
  Number((Math.round(value / step) * step).toFixed(Math.max(0, -Math.log10(step))));

/** Where a slider ends: the possible range, or what the model has seen where that is far smaller. */
function sliderRange(/** @type {Feature} */ { min, max, seenMin, seenMax }) {
  if (seenMax - seenMin > (max - min) / 4) return [min, max];
  const step = stepOf(seenMax - seenMin || max - min);
  return [Math.max(min, Math.floor(seenMin / step) * step), Math.min(max, Math.ceil(seenMax / step) * step)];
}

function buildControl(/** @type {Feature} */ feature, /** @type {number} */ j) {
  const id = `f-${feature.name}`;
  const help = element('span', { id: `${id}-help`, class: 'help', role: 'tooltip' });
  // A short unit stands beside the name, a long one in the explanation.
  const short = feature.unit.length <= 5;
  help.textContent = feature.description + (feature.unit && !short ? `, in ${feature.unit}` : '');
  const unit = element('span', { class: 'muted' }, short ? feature.unit : '');
  const info = element('button', {
    type: 'button',
    class: 'info',
    'aria-label': `About ${feature.label}`,
    'aria-describedby': help.id,
  });
  info.textContent = '?';
  info.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') info.blur();
  });
  const reset = element('button', {
    type: 'button',
    class: 'reset',
    'aria-label': `Reset ${feature.label}`,
    title: 'Back to the typical value',
  });
  reset.textContent = '↺';
  reset.addEventListener('click', () => change(j, feature.typical));
  const label = element('label', { for: id });
  label.textContent = feature.label;
  label.append(' ', unit);
  const control = element('div', { class: `control is-${feature.kind}` });
  const head = element('div', { class: 'control-head' });
  head.append(label, info, help);
  control.append(head);
  const described = { id, 'aria-describedby': help.id };

  if (feature.kind === 'number') {
    const [from, to] = sliderRange(feature);
    const step = stepOf(to - from);
    const box = /** @type {HTMLInputElement} */ (
      element('input', {
        ...described,
        type: 'number',
        min: feature.min,
        max: feature.max,
        step,
        inputmode: 'decimal',
      })
    );
    const slider = /** @type {HTMLInputElement} */ (
      element('input', {
        type: 'range',
        min: from,
        max: to,
        step: 'any',
        'aria-label': feature.label,
        'aria-describedby': help.id,
      })
    );
    box.addEventListener('input', () => {
      const value = box.valueAsNumber;
      const isRight = value >= feature.min && value <= feature.max;
      box.setAttribute('aria-invalid', String(!isRight));
      problem(isRight ? '' : `${feature.label} takes a number from ${feature.min} to ${feature.max}`);
      if (isRight) change(j, value);
    });
    box.addEventListener('blur', () => {
      fill[j](values[j]); // an impossible text goes back to the value that the answer is for
      problem('');
    });
    slider.addEventListener('input', () =>
      change(j, Math.min(to, Math.max(from, rounded(slider.valueAsNumber, step)))),
    );
    slider.addEventListener('keydown', (event) => {
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[
        event.key
      ];
      if (!steps) return;
      event.preventDefault(); // a browser's own step is not the number box's
      change(j, Math.min(to, Math.max(from, rounded(values[j] + steps * step, step))));
    });
    fill[j] = (value) => {
      if (document.activeElement !== box || box.valueAsNumber !== value) box.value = plain(value);
      slider.value = String(value);
      slider.setAttribute('aria-valuetext', `${plain(value)} ${feature.unit}`);
      slider.style.setProperty(
        '--at',
        `${((Math.min(to, Math.max(from, value)) - from) / (to - from)) * 100}%`,
      );
      box.removeAttribute('aria-invalid');
      reset.disabled = value === feature.typical;
      if (feature.name === 'duration_ms') {
        const seconds = Math.round(value / 1000);
        unit.textContent = `ms (${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')})`;
      }
    };
    head.append(box, reset);
    control.append(slider);
  } else if (feature.kind === 'category') {
    const select = /** @type {HTMLSelectElement} */ (element('select', described));
    feature.categories.forEach((name, code) => {
      select.append(new Option(name, String(code)));
    });
    select.addEventListener('change', () => change(j, Number(select.value)));
    fill[j] = (value) => {
      select.value = String(value);
      reset.disabled = value === feature.typical;
    };
    head.append(reset);
    control.append(select);
  } else {
    const box = /** @type {HTMLInputElement} */ (element('input', { ...described, type: 'checkbox' }));
    box.addEventListener('change', () => change(j, box.checked ? 1 : 0));
    fill[j] = (value) => {
      box.checked = value !== 0;
      reset.disabled = value === feature.typical;
    };
    label.prepend(box);
    head.append(reset);
  }
  return control;
}

/** A number without an exponent, which number boxes show badly: 0.0000159. */
const plain = (/** @type {number} */ value) =>
  String(value).includes('e-') ? value.toFixed(20).replace(/0+$/, '') : String(value);

function problem(/** @type {string} */ text) {
  const note = byId('connection');
  if (note.dataset.kind === 'gone') return;
  note.hidden = text === '';
  note.textContent = text;
}

/** One feature gets another value, by hand. */
function change(
  /** @type {number} */ j,
  /** @type {number} */ value,
  /** @type {unknown} */ _from = undefined,
) {
  if (values[j] === value) return fill[j](value);
  values[j] = value;
  example = undefined;
  fill[j](value);
  markExample();
  ask();
}

function setAll(/** @type {number[]} */ wanted, /** @type {Example | undefined} */ from) {
  values = [...wanted];
  example = from;
  values.forEach((value, j) => {
    fill[j](value);
  });
  markExample();
  ask();
}

// Requests: the newest change is what counts; an answer to an older one is thrown away.
let newest = 0;
let timer = 0;
/** @type {AbortController | undefined} */
let underWay;

function ask() {
  clearTimeout(timer);
  timer = window.setTimeout(send, 25);
}

async function send() {
  const mine = ++newest;
  underWay?.abort();
  underWay = new AbortController();
  byId('answer').setAttribute('aria-busy', 'true');
  try {
    const response = await fetch('predict?contributions=true&votes=true', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(track()),
      signal: underWay.signal,
    });
    const answer = await response.json();
    if (mine !== newest) return;
    connected(true);
    if (response.ok) drawAnswer(model, values, answer, example);
    else problem(answer.error);
    remember();
  } catch {
    if (mine === newest) connected(false);
  } finally {
    if (mine === newest) byId('answer').setAttribute('aria-busy', 'false');
  }
}

function connected(/** @type {boolean} */ isThere) {
  const note = byId('connection');
  document.body.classList.toggle('gone', !isThere);
  if (isThere) {
    if (note.dataset.kind === 'gone') note.hidden = true;
    delete note.dataset.kind;
    return;
  }
  note.dataset.kind = 'gone';
  note.hidden = false;
  note.textContent =
    'The server does not answer. This page tries again every second; the answer shown is an old one.';
  clearTimeout(timer);
  timer = window.setTimeout(send, 1000);
}

// The address carries what differs from the typical track.
function remember() {
  const query = new URLSearchParams();
  model.features.forEach((feature, j) => {
    if (values[j] !== feature.typical) query.set(feature.name, String(natural(feature, values[j])));
  });
  const text = query.toString();
  history.replaceState(null, '', (text ? `?${text}` : location.pathname) + location.hash);
}

function fromAddress() {
  const query = new URLSearchParams(location.search);
  /** @type {string[]} */
  const refused = [];
  const found = model.features.map((feature) => {
    const text = query.get(feature.name);
    if (text === null) return feature.typical;
    const value =
      feature.kind === 'category'
        ? feature.categories.indexOf(text)
        : feature.kind === 'boolean'
          ? ['false', 'true'].indexOf(text)
          : text.trim() === ''
            ? Number.NaN
            : Number(text);
    if (value >= feature.min && value <= feature.max) return value;
    refused.push(feature.label);
    return feature.typical;
  });
  if (refused.length > 0)
    problem(`The link has no possible value of ${refused.join(', ')}: the typical one is shown.`);
  return found;
}

// Examples
function drawExamples() {
  const wanted = /** @type {HTMLInputElement} */ (byId('search')).value.trim().toLowerCase().split(/\s+/);
  const list = byId('examples');
  const found = model.examples.filter(({ name, artists }) => {
    const text = `${name} ${artists}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  list.replaceChildren(
    ...found.map((one) => {
      const button = element('button', { type: 'button' });
      const title = element('span', { class: 'grow' });
      title.append(element('span', {}, one.name), element('span', { class: 'muted' }, one.artists));
      button.append(
        title,
        element('span', { class: 'badge', title: 'True popularity' }, String(one.popularity)),
      );
      button.addEventListener('click', () => setAll(one.values, one));
      const item = element('li');
      item.append(button);
      return item;
    }),
  );
  if (found.length === 0) list.append(element('li', { class: 'muted' }, 'No example has these words.'));
  byId('found').textContent = `${found.length} of ${model.examples.length} examples`;
  markExample();
}

function markExample() {
  for (const button of byId('examples').querySelectorAll('button')) {
    const isShown =
      example !== undefined &&
      button.textContent === `${example.name}${example.artists}${example.popularity}`;
    button.setAttribute('aria-pressed', String(isShown));
  }
}

// Code
const address = () => new URL('predict', location.href.split('?')[0]).href;
const code = {
  curl: (/** @type {object} */ body) =>
    `curl -d '${JSON.stringify(body).replaceAll("'", "'\\''")}' ${address()}`,
  javascript: (/** @type {object} */ body) =>
    `const response = await fetch('${address()}', {\n  method: 'POST',\n  headers: { 'content-type': 'application/json' },\n` +
    `  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),\n});\nconsole.log(await response.json());`,
  python: (/** @type {object} */ body) =>
    `import json\nfrom urllib.request import Request, urlopen\n\ntrack = ${JSON.stringify(body, null, 4)
      .replace(/: true\b/g, ': True')
      .replace(/: false\b/g, ': False')}\n` +
    `request = Request("${address()}", json.dumps(track).encode(), {"Content-Type": "application/json"})\nprint(json.load(urlopen(request)))`,
};
const names = { curl: 'curl', javascript: 'JavaScript', python: 'Python' };

async function copy(/** @type {keyof typeof code} */ kind) {
  const text = code[kind](track());
  const shown = /** @type {HTMLTextAreaElement} */ (byId('code'));
  shown.value = text;
  shown.hidden = false;
  try {
    await navigator.clipboard.writeText(text);
    byId('copied').textContent = `Copied as ${names[kind]}`;
  } catch {
    // Without the permission (an address that is not this machine's, some frames) it is selected instead.
    shown.select();
    byId('copied').textContent = 'Selected; copy it with Ctrl-C';
  }
}

// Tabs
async function showTab(/** @type {'track' | 'table'} */ name, focus = false) {
  for (const one of /** @type {const} */ (['track', 'table'])) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute('aria-selected', String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    if (one === name && focus) tab.focus();
    byId(`panel-${one}`).hidden = one !== name;
  }
  history.replaceState(null, '', location.pathname + location.search + (name === 'table' ? '#table' : ''));
  if (name === 'table') (await import('./table.js')).startTable();
}

function start() {
  model = JSON.parse(/** @type {string} */ (byId('model').textContent));
  drawFrame(model);
  values = fromAddress();
  const isTypical = values.every((value, j) => value === model.features[j].typical);
  if (isTypical) drawAnswer(model, values, model.typicalAnswer, undefined);
  else send(); // the server works on the answer while the controls are built
  const form = byId('controls');
  // Sliders first, then the choices, which are half as high.
  const order = { number: 0, category: 1, boolean: 2 };
  const controls = model.features.map((feature, j) => ({
    kind: order[feature.kind],
    control: buildControl(feature, j),
  }));
  form.append(...controls.sort((a, b) => a.kind - b.kind).map(({ control }) => control));
  form.addEventListener('submit', (event) => event.preventDefault());
  values.forEach((value, j) => {
    fill[j](value);
  });
  byId('search').addEventListener('input', drawExamples);
  byId('reset-all').addEventListener('click', () =>
    setAll(
      model.features.map(({ typical }) => typical),
      undefined,
    ),
  );
  for (const button of document.querySelectorAll('[data-code]')) {
    const kind = /** @type {keyof typeof code} */ (button.getAttribute('data-code'));
    button.addEventListener('click', () => copy(kind));
  }
  for (const one of /** @type {const} */ (['track', 'table'])) {
    byId(`tab-${one}`).addEventListener('click', () => showTab(one));
    byId(`tab-${one}`).addEventListener('keydown', (event) => {
      if (event.key === 'ArrowRight' || event.key === 'ArrowLeft')
        showTab(one === 'track' ? 'table' : 'track', true);
    });
  }
  if (location.hash === '#table') showTab('table');
  drawExamples();
}

start();
