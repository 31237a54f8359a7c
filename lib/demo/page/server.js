// @ts-check
/** The page as the server sends it: every answer is a request. */
import { songsOf } from '../../model/songs';
import { startPage } from './app.js';

/** @type {import('../types').PageData} */
const data = JSON.parse(document.getElementById('model')?.textContent ?? '');

/** The answer, or the server's sentence as an error. */
async function ask(/** @type {string} */ path, /** @type {RequestInit} */ options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error((await response.json()).error);
  return response;
}

/** @type {import('../types').Predictor} */
const predictor = {
  address: new URL('./', location.href).href,
  async predict(track, signal) {
    const response = await ask('predict?contributions=true&votes=true', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(track),
      signal,
    });
    return response.json();
  },
  async *predictTable(file, signal) {
    const headers = { 'content-type': 'text/csv' };
    const response = await ask('predict/csv', { method: 'POST', headers, body: file, signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  },
  async songs() {
    const response = await ask('songs', {});
    const songs = (await response.text()).split('\n').slice(1, -1);
    return songsOf({ songs, features: data.features, examples: [] });
  },
};

startPage(data, predictor);
