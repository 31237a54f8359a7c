/** The page with the model in it: no request is made, and the answers are the server's by the same code. */
import { InputError } from '../../forest/src/index';
import { check, sentence } from '../../model/jsonSchema';
import { Model } from '../../model/model';
import { songsOf } from '../../model/songs';
import { predictCsv } from '../csv';
import { fullAnswer } from '../predict';
import { restore } from '../squeeze';
import type { PageData, Predictor } from '../types';
// @ts-expect-error: the page's own modules are checked by the editor, which has the DOM's types
import { startPage } from './app.js';

/** As much of the DOM as this module needs. */
interface Element {
  textContent: string;
  dataset: { src?: string };
  remove(): void;
}
interface ScriptElement {
  src: string;
  onload: () => void;
  onerror: () => void;
}
declare const document: {
  readyState: string;
  getElementById(id: string): Element | null;
  createElement(name: 'script'): ScriptElement;
  head: { append(element: ScriptElement): void };
};
declare function addEventListener(type: 'load', listener: () => void): void;

/** The forest stands at the document's end, or beside it; the page is drawn before either is here. */
const loaded = new Promise<void>((resolve) => {
  if (document.readyState === 'complete') resolve();
  else addEventListener('load', () => resolve());
});
const model = loaded.then(async () => {
  const block = document.getElementById('forest');
  if (!block) throw new InputError('This page was not loaded to its end: load it again');
  const { src } = block.dataset;
  const text = src ? await fromBeside(src) : block.textContent;
  block.remove();
  return new Model(await restore(text));
});

/** The text that the site's model.js holds. */
function fromBeside(src: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = () => resolve((globalThis as unknown as { forest: string }).forest);
    script.onerror = () => reject(new InputError(`${src} could not be loaded: load the page again`));
    script.src = src;
    document.head.append(script);
  });
}

const data: PageData = JSON.parse(document.getElementById('model')!.textContent);

const predictor: Predictor = {
  address: document.getElementById('server')?.textContent,
  async predict(track) {
    const forest = await model;
    const [problem] = check(forest.trackSchema, track);
    if (problem) throw new InputError(sentence(problem, 'A track'));
    return fullAnswer(forest, track);
  },
  async *predictTable(file, signal) {
    const forest = await model;
    const bytes = Buffer.from(await file.arrayBuffer());
    for await (const piece of predictCsv(forest, bytes)) {
      signal.throwIfAborted();
      yield piece;
    }
  },
  async songs() {
    return songsOf((await model).contents);
  },
};

// For the console of this page: await demo.predict({ danceability: 0.7, ... })
Object.assign(globalThis, { demo: predictor });
startPage(data, predictor);
