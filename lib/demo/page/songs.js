// @ts-check
/** The list of real tracks: a few that the model has never seen at first, and a search over all songs of its table. */
import { byId, counted, element } from './dom.js';

/** @typedef {import('../types').Song} Song */

const SHOWN = 60;
const ACCENTS = /[\u0300-\u036f]/g;
const plain = (/** @type {string} */ text) => text.normalize('NFKD').replace(ACCENTS, '').toLowerCase();

/**
 * @param {Song[]} examples shown before anything is searched
 * @param {() => Promise<Song[]>} load all songs, asked for when somebody searches
 * @param {(song: Song) => void} choose
 * @returns marks the song that is shown, or none
 */
export function startSongs(examples, load, choose) {
  const search = byId('search');
  const list = byId('examples');
  /** @type {Song | undefined} */
  let chosen;
  /** @type {{ song: Song, text: string }[] | undefined} */
  let all;
  const mark = (/** @type {Song | undefined} */ song) => {
    chosen = song;
    for (const button of list.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.song === chosen && chosen !== undefined));
    }
  };
  const draw = (/** @type {Song[]} */ songs, /** @type {string} */ found) => {
    list.replaceChildren(...songs.slice(0, SHOWN).map((song) => itemOf(song, choose)));
    byId('found').textContent = found;
    mark(chosen);
  };
  const drawFound = async () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    if (words.length === 0)
      return draw(examples, `${counted(examples.length, 'track')} that the model has never seen`);
    if (!all) {
      byId('found').textContent = 'Loading all songs…';
      try {
        all = (await load()).map((song) => ({ song, text: plain(`${song.name} ${song.artists}`) }));
      } catch {
        byId('found').textContent = 'The songs could not be loaded.';
        return;
      }
      return drawFound(); // what is searched for may have changed meanwhile
    }
    const found = all
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map(({ song }) => song);
    const few = found.length > SHOWN ? `, the first ${SHOWN} shown` : '';
    draw(
      found,
      found.length === 0
        ? `None of ${counted(all.length, 'song')}`
        : `${counted(found.length, 'song')}${few}`,
    );
  };
  search.addEventListener('input', drawFound);
  draw(examples, `${counted(examples.length, 'track')} that the model has never seen`);
  return mark;
}

function itemOf(/** @type {Song} */ song, /** @type {(song: Song) => void} */ choose) {
  const { name, artists, popularity, learnt } = song;
  const button = element(
    'button',
    { type: 'button' },
    element(
      'span',
      { class: 'grow' },
      element('span', {}, name),
      element('span', { class: 'muted' }, artists),
    ),
    element('span', { class: learnt ? 'tag learnt' : 'tag' }, learnt ? 'learnt from' : 'unseen'),
    element('span', { class: 'badge', title: 'True popularity' }, String(popularity)),
  );
  button.song = song;
  button.addEventListener('click', () => choose(song));
  return element('li', {}, button);
}
