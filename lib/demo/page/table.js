// @ts-check
/** The tab for a whole table: one request with the file, the answer read as it arrives. */
import { element } from './answer.js';

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const SHOWN_ROWS = 50;
const SHOWN_PROBLEMS = 200;

/** @type {AbortController | undefined} */
let underWay;
let started = false;
let address = '';

export function startTable() {
  if (started) return;
  started = true;
  const input = /** @type {HTMLInputElement} */ (byId('file'));
  const drop = byId('drop');
  const chosen = () => {
    const file = input.files?.[0];
    input.value = ''; // the same file may be chosen again
    if (file) predict(file);
  };
  input.addEventListener('change', chosen);
  chosen(); // a file may have been chosen before this module was there
  for (const name of ['dragover', 'dragleave', 'drop']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', name === 'dragover');
    });
  }
  drop.addEventListener('drop', (event) => {
    const file = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (file) predict(file);
  });
  byId('cancel').addEventListener('click', () => underWay?.abort());
}

function status(/** @type {string} */ text, isError = false) {
  byId('table-status').textContent = text;
  byId('table-status').classList.toggle('error', isError);
}

function clear() {
  for (const id of ['problems-card', 'result-card', 'filled']) byId(id).hidden = true;
  for (const id of ['problems', 'result-head', 'result-body', 'download-row']) byId(id).replaceChildren();
  if (address) URL.revokeObjectURL(address);
  address = '';
}

async function predict(/** @type {File} */ file) {
  underWay?.abort();
  const mine = new AbortController();
  underWay = mine;
  clear();
  byId('progress-row').hidden = false;
  const progress = /** @type {HTMLProgressElement} */ (byId('progress'));
  progress.value = 0;
  status(`Reading ${file.name}…`);
  try {
    const rowsExpected = await estimateRows(file);
    const response = await fetch('predict/csv', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: file,
      signal: mine.signal,
    });
    if (!response.ok || !response.body) return status((await response.json()).error, true);
    const view = new ResultView();
    /** @type {Blob[]} */
    const parts = [];
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let drawn = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(new Blob([value]));
      view.add(value);
      const now = performance.now();
      if (now - drawn < 50) continue; // twenty pictures a second are enough
      drawn = now;
      progress.value = Math.min(1, view.rowCount / rowsExpected);
      status(`${view.rowCount.toLocaleString('en')} rows…`);
      await new Promise((resolve) => setTimeout(resolve));
    }
    view.finish(file.name);
    address = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
    const download = `${file.name.replace(/\.\w+$/, '')}-predictions.csv`;
    const link = element(
      'a',
      { id: 'download', class: 'button', href: address, download },
      'Download the predictions',
    );
    byId('download-row').replaceChildren(link);
  } catch {
    if (mine === underWay)
      status(
        mine.signal.aborted ? 'Cancelled.' : 'The server does not answer, or went away meanwhile.',
        true,
      );
  } finally {
    if (mine === underWay) byId('progress-row').hidden = true;
  }
}

/** From the length of the first lines; for the progress bar only. */
async function estimateRows(/** @type {File} */ file) {
  const bytes = new Uint8Array(await file.slice(0, 1 << 16).arrayBuffer());
  const lines = bytes.filter((byte) => byte === 10).length || 1;
  return (file.size / bytes.length) * lines || 1;
}

/** Parses the answer as it comes and shows the first rows and the problems. */
class ResultView {
  rowCount = 0;
  problemCount = 0;
  #parser = new CsvParser();
  /** @type {string[]} */
  #header = [];
  /** @type {number[]} */
  #columns = [];
  /** Optional features that were missing, and in how many rows. @type {Map<string, number>} */
  #filled = new Map();

  add(/** @type {string} */ text) {
    for (const row of this.#parser.push(text)) this.#take(row);
  }

  #take(/** @type {string[]} */ row) {
    if (this.#header.length === 0) return this.#begin(row);
    this.rowCount++;
    const problem = row[row.length - 1];
    for (const name of row[row.length - 2]?.split(' ') ?? []) {
      if (name) this.#filled.set(name, (this.#filled.get(name) ?? 0) + 1);
    }
    if (problem) {
      this.problemCount++;
      if (this.problemCount <= SHOWN_PROBLEMS) byId('problems').append(element('li', {}, problem));
      byId('problems-card').hidden = false;
    }
    if (this.rowCount > SHOWN_ROWS) return;
    const line = element('tr');
    this.#columns.forEach((column, k) => {
      const isNumber = k >= this.#columns.length - 3;
      const cell = element(
        k === 0 ? 'th' : 'td',
        k === 0 ? { scope: 'row' } : isNumber ? { class: 'number' } : {},
      );
      cell.textContent =
        isNumber && row[column] ? Number(row[column].replace(',', '.')).toFixed(1) : (row[column] ?? '');
      line.append(cell);
    });
    byId('result-body').append(line);
  }

  #begin(/** @type {string[]} */ header) {
    this.#header = header;
    const plain = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
    const named = ['trackname', 'artists'].map((name) => plain.indexOf(name)).filter((column) => column >= 0);
    const own = named.length > 0 ? named : [0, 1].filter((column) => column < header.length - 5);
    this.#columns = [...own, header.length - 5, header.length - 4, header.length - 3];
    const line = element('tr');
    this.#columns.forEach((column, k) => {
      const isNumber = k >= this.#columns.length - 3;
      const name =
        { predicted_popularity: 'Prediction', interval_low: 'Low', interval_high: 'High' }[header[column]] ??
        header[column];
      line.append(element('th', { scope: 'col', ...(isNumber ? { class: 'number' } : {}) }, name || '#'));
    });
    byId('result-head').append(line);
    byId('result-card').hidden = false;
  }

  finish(/** @type {string} */ name) {
    for (const row of this.#parser.end()) this.#take(row);
    const rows = (/** @type {number} */ count) =>
      `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
    const read = this.rowCount - this.problemCount;
    status(
      `${name}: ${rows(read)} predicted${this.problemCount ? `, ${rows(this.problemCount)} could not be read` : ''}.`,
    );
    const filled = [...this.#filled].map(([feature, count]) => `${feature} (${rows(count)})`);
    byId('filled').hidden = filled.length === 0;
    byId('filled').textContent =
      `Missing and counted as typical: ${filled.join(', ')}. These predictions are worth less.`;
    byId('result-note').textContent =
      this.rowCount > SHOWN_ROWS
        ? `The first ${SHOWN_ROWS} of ${rows(this.rowCount)}; the download has them all.`
        : '';
    if (this.problemCount > SHOWN_PROBLEMS)
      byId('problems').append(
        element(
          'li',
          { class: 'muted' },
          `and ${rows(this.problemCount - SHOWN_PROBLEMS)} more, in the download`,
        ),
      );
  }
}

/** CSV in pieces; the delimiter is whichever stands before the first added column. */
class CsvParser {
  #rest = '';
  #delimiter = '';

  /** @returns {string[][]} whole rows */
  push(/** @type {string} */ text) {
    this.#rest += text;
    if (!this.#delimiter) this.#delimiter = /(.)predicted_popularity/.exec(this.#rest)?.[1] ?? '';
    if (!this.#delimiter) return [];
    /** @type {string[][]} */
    const rows = [];
    let [row, field, from, at, quoted] = [/** @type {string[]} */ ([]), '', 0, 0, false];
    for (; at < this.#rest.length; at++) {
      const sign = this.#rest[at];
      if (quoted) {
        if (sign !== '"') field += sign;
        else if (this.#rest[at + 1] === '"') field += this.#rest[at++];
        else if (at + 1 < this.#rest.length) quoted = false;
        else break; // the next piece says whether this quote ends the field
      } else if (sign === '"') quoted = true;
      else if (sign === this.#delimiter) [row, field] = [[...row, field], ''];
      else if (sign === '\n') {
        rows.push([...row, field]);
        [row, field, from] = [[], '', at + 1];
      } else field += sign;
    }
    this.#rest = this.#rest.slice(from);
    return rows;
  }

  end() {
    return this.#rest === '' ? [] : this.push('\n');
  }
}
