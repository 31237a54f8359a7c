// @ts-check
/** The tab for a whole table: the answer is read as it arrives, and a table with popularity is a test of the model. */
import { byId, counted, element, one, saveCsv, whole } from './dom.js';

const SHOWN_ROWS = 50;
const SHOWN_PROBLEMS = 200;

/** @type {AbortController | undefined} */
let underWay;

export function startTable(/** @type {import('../types').Predictor} */ predictor) {
  const input = byId('file');
  const drop = byId('drop');
  const start = (/** @type {File | undefined} */ file) => {
    if (file) predict(file, predictor);
  };
  const chosen = () => {
    start(input.files?.[0]);
    input.value = ''; // the same file may be chosen again
  };
  input.addEventListener('change', chosen);
  for (const name of ['dragover', 'dragleave', 'drop']) {
    drop.addEventListener(name, (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      drop.classList.toggle('over', name === 'dragover');
      if (name === 'drop') start(event.dataTransfer?.files[0]);
    });
  }
  byId('cancel').addEventListener('click', () => underWay?.abort());
}

function status(/** @type {string} */ text, isError = false) {
  byId('table-status').textContent = text;
  byId('table-status').classList.toggle('error', isError);
}

function clear() {
  for (const id of ['problems-card', 'result-card', 'scores-card', 'filled']) byId(id).hidden = true;
  for (const id of ['problems', 'result-head', 'result-body', 'scores']) byId(id).replaceChildren();
  const before = byId('download-row').querySelector('a');
  if (before) URL.revokeObjectURL(before.href);
  before?.remove();
}

async function predict(/** @type {File} */ file, /** @type {import('../types').Predictor} */ predictor) {
  underWay?.abort();
  const mine = new AbortController();
  underWay = mine;
  clear();
  byId('progress-row').hidden = false;
  byId('progress').value = 0;
  status(`Reading ${file.name}…`);
  try {
    const rowsExpected = await estimateRows(file);
    const view = new ResultView();
    /** @type {string[]} */
    const parts = [];
    let drawn = 0;
    for await (const piece of predictor.predictTable(file, mine.signal)) {
      if (mine !== underWay) return;
      parts.push(piece);
      view.add(piece);
      const now = performance.now();
      if (now - drawn < 50) continue; // twenty pictures a second are enough
      drawn = now;
      byId('progress').value = Math.min(1, view.rowCount / rowsExpected);
      status(`${whole(view.rowCount)} rows…`);
      await new Promise((resolve) => setTimeout(resolve));
    }
    view.finish(file.name);
    const link = saveCsv(parts, `${file.name.replace(/\.\w+$/, '')}-predictions.csv`);
    link.id = 'download';
    link.append('Download the predictions');
    byId('download-row').append(link);
  } catch (error) {
    if (mine !== underWay) return;
    const isGone = error instanceof TypeError;
    const sentence = isGone
      ? 'The server does not answer, or went away meanwhile.'
      : /** @type {Error} */ (error).message;
    status(mine.signal.aborted ? 'Cancelled.' : sentence, true);
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

/** The page's names of the columns that the answer adds. */
const HEADS = {
  predicted_popularity: 'Prediction',
  interval_low: 'Low',
  interval_high: 'High',
  actual_popularity: 'Actual',
};

/** Takes the answer as it comes and shows the first rows, the problems, and how good the predictions are. */
class ResultView {
  rowCount = 0;
  problemCount = 0;
  #parser = new CsvParser();
  /** The places of the answer's own columns. @type {Map<string, number>} */
  #place = new Map();
  /** The columns that are shown. @type {{ column: number, isNumber: boolean }[]} */
  #shown = [];
  /** Features that were missing, and in how many rows. @type {Map<string, number>} */
  #filled = new Map();
  /** Predictions beside the popularity that the table holds. @type {{ predicted: number, actual: number, isInside: boolean }[]} */
  #pairs = [];
  #learntCount = 0;

  add(/** @type {string} */ text) {
    for (const row of this.#parser.push(text)) this.#take(row);
  }

  #take(/** @type {string[]} */ row) {
    if (this.#place.size === 0) return this.#begin(row);
    this.rowCount++;
    const field = (/** @type {string} */ name) => row[this.#place.get(name) ?? -1] ?? '';
    for (const name of field('filled_in').split(' ')) {
      if (name) this.#filled.set(name, (this.#filled.get(name) ?? 0) + 1);
    }
    const problem = field('problem');
    if (problem) {
      this.problemCount++;
      if (this.problemCount <= SHOWN_PROBLEMS) byId('problems').append(element('li', {}, problem));
      byId('problems-card').hidden = false;
    } else if (field('actual_popularity') !== '') {
      const [predicted, low, high, actual] = Object.keys(HEADS).map((name) => numberOf(field(name)));
      this.#pairs.push({ predicted, actual, isInside: actual >= low && actual <= high });
      if (field('learnt_from') !== '') this.#learntCount++;
    }
    if (this.rowCount > SHOWN_ROWS) return;
    const cells = this.#shown.map(({ column, isNumber }, k) => {
      const text = row[column] ?? '';
      const tag = k === 0 ? 'th' : 'td';
      const attributes = { ...(k === 0 && { scope: 'row' }), ...(isNumber && { class: 'number' }) };
      return element(tag, attributes, isNumber && text ? one(numberOf(text)) : text);
    });
    byId('result-body').append(element('tr', {}, ...cells));
  }

  #begin(/** @type {string[]} */ header) {
    const first = header.lastIndexOf('predicted_popularity');
    header.slice(first).forEach((name, k) => {
      this.#place.set(name, first + k);
    });
    const plain = header.slice(0, first).map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
    const named = ['trackname', 'artists'].map((name) => plain.indexOf(name)).filter((column) => column >= 0);
    const own = named.length > 0 ? named : [0, 1].filter((column) => column < first);
    const added = Object.keys(HEADS).flatMap((name) => this.#place.get(name) ?? []);
    this.#shown = [
      ...own.map((column) => ({ column, isNumber: false })),
      ...added.map((column) => ({ column, isNumber: true })),
    ];
    const heads = this.#shown.map(({ column, isNumber }) => {
      const name = isNumber ? HEADS[/** @type {keyof typeof HEADS} */ (header[column])] : header[column];
      return element('th', { scope: 'col', ...(isNumber && { class: 'number' }) }, name || '#');
    });
    byId('result-head').append(element('tr', {}, ...heads));
    byId('result-card').hidden = false;
  }

  finish(/** @type {string} */ name) {
    for (const row of this.#parser.end()) this.#take(row);
    const problems = this.problemCount ? `, ${counted(this.problemCount, 'row')} could not be read` : '';
    status(`${name}: ${counted(this.rowCount - this.problemCount, 'row')} predicted${problems}.`);
    const filled = [...this.#filled].map(([feature, count]) => `${feature} (${counted(count, 'row')})`);
    byId('filled').hidden = filled.length === 0;
    byId('filled').textContent =
      `Missing or unknown: ${filled.join(', ')}. What is usual stands in for it, so these predictions are worth less.`;
    byId('result-note').textContent =
      this.rowCount > SHOWN_ROWS
        ? `The first ${SHOWN_ROWS} of ${counted(this.rowCount, 'row')}; the download has them all.`
        : '';
    if (this.problemCount > SHOWN_PROBLEMS) {
      const more = `and ${counted(this.problemCount - SHOWN_PROBLEMS, 'row')} more, in the download`;
      byId('problems').append(element('li', { class: 'muted' }, more));
    }
    this.#drawScores();
  }

  #drawScores() {
    const count = this.#pairs.length;
    byId('scores-card').hidden = count === 0;
    if (count === 0) return;
    const { r2, mae, inside } = scoresOf(this.#pairs);
    const line = (/** @type {string} */ name, /** @type {string} */ value) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value));
    byId('scores').append(
      line('R²', r2 === undefined ? 'not defined' : r2.toFixed(3).replace('-', '−')),
      line('Mean absolute error', `${one(mae)} points`),
      line('Inside the interval', `${one(inside * 100)}%`),
      line('Rows compared', whole(count)),
    );
    byId('learnt').hidden = this.#learntCount === 0;
    byId('learnt').textContent =
      `The model learnt from ${counted(this.#learntCount, 'row')} of this table (the same name and artist), ` +
      'so these scores are better than they would be on new songs.';
  }
}

const numberOf = (/** @type {string} */ text) => Number(text.replace(',', '.'));

/** As scikit-learn defines them: R² is not defined for one row, and 0 for a constant popularity that was not met. */
function scoresOf(/** @type {{ predicted: number, actual: number, isInside: boolean }[]} */ pairs) {
  const mean = pairs.reduce((sum, { actual }) => sum + actual, 0) / pairs.length;
  let [residual, total, absolute, inside] = [0, 0, 0, 0];
  for (const { predicted, actual, isInside } of pairs) {
    residual += (actual - predicted) ** 2;
    total += (actual - mean) ** 2;
    absolute += Math.abs(actual - predicted);
    if (isInside) inside++;
  }
  const r2 = total > 0 ? 1 - residual / total : residual === 0 ? 1 : 0;
  return {
    r2: pairs.length < 2 ? undefined : r2,
    mae: absolute / pairs.length,
    inside: inside / pairs.length,
  };
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
