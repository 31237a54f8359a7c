// @ts-check
/** The page: controls from the model, an answer for every change, the address as state. */
import { drawAnswer, drawFrame } from './answer.js';
import { startCode } from './code.js';
import { buildControl, mayBeMissing } from './controls.js';
import { byId, natural, store } from './dom.js';
import { startHistory } from './history.js';
import { startSongs } from './songs.js';
import { startTable } from './table.js';

/** @typedef {import('../types').Feature} Feature */
/** @typedef {import('../types').Song} Song */

/** @type {import('../types').PageData} */
let model;
/** @type {import('../types').Predictor} */
let predictor;
/** The track as it stands, one number per feature: a category's code, NaN where it is not given. @type {number[]} */
let values = [];
/** The song that the controls show, until one of them is changed. @type {Song | undefined} */
let song;
/** The answer that is shown. @type {import('../types').Answer} */
let answer;
/** @type {import('./controls.js').Control[]} */
let controls;
let markSong = (/** @type {Song | undefined} */ _song) => {};

const track = () =>
  Object.fromEntries(
    model.features.flatMap((feature, j) => {
      const value = natural(feature, values[j]);
      return value === undefined ? [] : [[feature.name, value]];
    }),
  );
const typicalValues = () => model.features.map(({ typical }) => typical);

function refuse(/** @type {string} */ text) {
  const note = byId('connection');
  if (note.dataset.kind === 'gone') return;
  note.hidden = text === '';
  note.textContent = text;
}

/** One feature gets another value, by hand. */
function change(/** @type {number} */ j, /** @type {number} */ value) {
  if (Object.is(values[j], value)) return controls[j].fill(value);
  const changed = [...values];
  changed[j] = value;
  setAll(changed, undefined);
}

function setAll(/** @type {number[]} */ wanted, /** @type {Song | undefined} */ from) {
  values = wanted.map((value, j) => {
    const feature = model.features[j];
    return Number.isNaN(value) && !mayBeMissing(feature) ? feature.typical : value;
  });
  song = from;
  values.forEach((value, j) => {
    controls[j].fill(value);
  });
  markSong(song);
  clearTimeout(timer);
  timer = window.setTimeout(send, 25);
}

// The newest change is what counts; an answer to an older one is thrown away.
let newest = 0;
let timer = 0;
/** @type {AbortController | undefined} */
let underWay;

async function send() {
  const mine = ++newest;
  underWay?.abort();
  underWay = new AbortController();
  byId('answer').setAttribute('aria-busy', 'true');
  try {
    const got = await predictor.predict(track(), underWay.signal);
    if (mine !== newest) return;
    connected(true);
    draw(got);
    remember();
  } catch (error) {
    if (mine !== newest) return;
    // fetch throws this where there is no answer.
    const isGone = error instanceof TypeError;
    connected(!isGone);
    if (!isGone) refuse(/** @type {Error} */ (error).message);
  } finally {
    if (mine === newest) byId('answer').setAttribute('aria-busy', 'false');
  }
}

function draw(/** @type {import('../types').Answer} */ got) {
  answer = got;
  drawAnswer(model, values, answer, song);
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

/** The address says what differs from the typical track; a document within a notebook has none. */
function remember(hash = location.hash) {
  const query = new URLSearchParams();
  model.features.forEach((feature, j) => {
    if (!Object.is(values[j], feature.typical))
      query.set(feature.name, String(natural(feature, values[j]) ?? ''));
  });
  const text = query.toString();
  try {
    history.replaceState(null, '', location.pathname + (text && `?${text}`) + hash);
  } catch {
    // The address stays as it is.
  }
}

function fromAddress() {
  const query = new URLSearchParams(location.search);
  /** @type {string[]} */
  const refused = [];
  const found = model.features.map((feature) => {
    const text = query.get(feature.name);
    if (text === null) return feature.typical;
    if (text === '' && mayBeMissing(feature)) return Number.NaN;
    const value = {
      category: () => feature.categories.indexOf(text),
      boolean: () => ['false', 'true'].indexOf(text),
      number: () => (text.trim() === '' ? Number.NaN : Number(text)),
    }[feature.kind]();
    if (value >= feature.min && value <= feature.max) return value;
    refused.push(feature.label);
    return feature.typical;
  });
  if (refused.length > 0)
    refuse(`The link has no possible value of ${refused.join(', ')}: the typical one is shown.`);
  return found;
}

const TABS = /** @type {const} */ (['track', 'table']);

function showTab(/** @type {'track' | 'table'} */ name, focus = false) {
  for (const one of TABS) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute('aria-selected', String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    if (one === name && focus) tab.focus();
    byId(`panel-${one}`).hidden = one !== name;
  }
  remember(name === 'table' ? '#table' : '');
}

function startTabs() {
  for (const one of TABS) {
    const tab = byId(`tab-${one}`);
    tab.addEventListener('click', () => showTab(one));
    tab.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'ArrowRight' || event.key === 'ArrowLeft')
        showTab(one === 'track' ? 'table' : 'track', true);
    });
  }
  if (location.hash === '#table') showTab('table');
}

/** Light or dark by choice; without one the page follows the system, or the notebook around it. */
function startTheme() {
  const select = byId('theme');
  const apply = () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
  };
  select.value = store.read('theme') ?? '';
  apply();
  select.addEventListener('change', () => {
    store.write('theme', select.value);
    apply();
  });
}

/** Genre first, which moves a prediction most; then sliders, and the choices, which are half as high. */
const placeOf = (/** @type {Feature} */ feature) =>
  mayBeMissing(feature) ? 0 : { number: 1, category: 2, boolean: 3 }[feature.kind];

/**
 * @param {import('../types').PageData} data what the first picture needs
 * @param {import('../types').Predictor} answers where the answers come from
 */
export function startPage(data, answers) {
  model = data;
  predictor = answers;
  // A browser that shows the document before its script has run would see everything jump.
  byId('main').hidden = false;
  drawFrame(model);
  values = fromAddress();
  if (values.every((value, j) => value === model.features[j].typical)) draw(model.typicalAnswer);
  else send(); // worked on while the controls are built
  controls = model.features.map((feature, j) =>
    buildControl(feature, { change: (value) => change(j, value), refuse }),
  );
  const order = model.features.map((feature, j) => ({ place: placeOf(feature), node: controls[j].node }));
  byId('controls').append(...order.sort((a, b) => a.place - b.place).map(({ node }) => node));
  byId('controls').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
  values.forEach((value, j) => {
    controls[j].fill(value);
  });
  byId('reset-all').addEventListener('click', () => setAll(typicalValues(), undefined));
  const examples = model.examples.map((example) => ({ ...example, learnt: false }));
  markSong = startSongs(examples, predictor.songs, (chosen) => setAll(chosen.values, chosen));
  const keep = startHistory(model.features, model.data.sha256.slice(0, 12), (kept) =>
    setAll(kept, undefined),
  );
  let count = 0;
  byId('keep').addEventListener('click', () => {
    const isNew = keep(song?.name ?? `Track ${++count}`, values, answer);
    byId('kept').textContent = isNew ? 'Kept below' : 'Kept already';
  });
  // A keyboard moves what is wider than its place.
  for (const place of document.querySelectorAll('.scroll')) place.tabIndex = 0;
  if (predictor.address) startCode(predictor.address, track);
  startTable(predictor);
  startTheme();
  startTabs();
}
