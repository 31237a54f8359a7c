import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { mock } from 'node:test';
import { toDataFrame } from '../tracks/frame';
import { sampleTracks } from '../workshop/samples/tracks';
import { addViewer, type Bundle, show } from './display';
import type { Figure } from './figure';
import { task } from './progress';
import { table } from './table';

const figure: Figure = {
  data: [{ type: 'bar', x: ['a'], y: [1] }],
  layout: { title: { text: 'One <b>bar</b>' } },
  alt: 'A bar.',
};

/** Makes this process look like tslab's kernel, in which a module with a way to display is loaded. */
async function inKernel(work: () => Promise<void>): Promise<{ bundle: Bundle; update: boolean }[]> {
  const sent: { bundle: Bundle; update: boolean }[] = [];
  const file = join(__dirname, 'node_modules', 'tslab', 'dist', 'jupyter.js');
  const lastWriteDisplayData = (bundle: Bundle, update: boolean) => sent.push({ bundle, update });
  require.cache[file] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module;
  try {
    await work();
  } finally {
    delete require.cache[file];
  }
  return sent;
}

test('in the kernel each thing is one output, in order, with all its formats', async () => {
  const sent = await inKernel(() => show(table([{ a: 1 }]), figure, 'words'));
  assert.deepEqual(
    sent.map(({ bundle, update }) => [Object.keys(bundle.data), update]),
    [
      [['text/html', 'text/plain'], false],
      [['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain'], false],
      [['text/plain'], false],
    ],
  );
  assert.equal(sent[1].bundle.data['text/plain'], '[Figure] One bar: A bar.');
});

test('a DataFrame and a Series are tables, other values what console.log prints', async () => {
  const tracks = await sampleTracks(Array.from({ length: 30 }, (_, tempo) => ({ tempo })));
  const frame = toDataFrame(tracks, ['tempo', 'track_genre']);
  const sent = await inKernel(() =>
    show(frame, frame.head(2), frame.column('tempo').head(1), { a: [1] }, null),
  );
  const texts = sent.map(({ bundle }) => String(bundle.data['text/plain']));
  assert.match(texts[0], /^\s+tempo {2}track_genre\n0 .*\n4 .*\n25 .*\n29 .*\n\n10 of 30 rows × 2 columns$/s);
  assert.match(texts[1], /^.*\n0 +0 +rock\n1 +1 +rock\n\n2 rows × 2 columns$/);
  assert.match(texts[2], /^ +tempo\n0 +0\n\n1 rows × 1 columns$/);
  assert.deepEqual(texts.slice(3), ['{ a: [ 1 ] }', 'null']);
  assert.match(String(sent[1].bundle.data['text/html']), /<table/);
});

test('a viewer that is added says how values of its type are shown', async () => {
  class Forest {
    trees = 3;
  }
  addViewer((value) => (value instanceof Forest ? `A forest of ${value.trees} trees` : undefined));
  const sent = await inKernel(() => show(new Forest(), [new Forest()]));
  assert.deepEqual(
    sent.map(({ bundle }) => bundle.data),
    [{ 'text/plain': 'A forest of 3 trees' }, { 'text/plain': '[ Forest { trees: 3 } ]' }],
  );
});

test('outside a kernel it prints the text', async () => {
  const log = mock.method(console, 'log', () => {});
  await show(table([{ a: 1 }], { index: false }), figure, 'words');
  const printed = log.mock.calls.map((call) => call.arguments[0]);
  log.mock.restore();
  assert.deepEqual(printed, ['a\n1\n\n1 rows × 1 columns', '[Figure] One bar: A bar.', 'words']);
});

test('a bar fills in place, with the label escaped, and ends as plain text', async () => {
  const sent = await inKernel(async () => {
    const { onProgress } = task('<Tuning>', 'fits');
    onProgress({ done: 1, total: 2 });
    onProgress({ done: 2, total: 2 });
  });
  assert.deepEqual(
    sent.map(({ update }) => update),
    [false, true, true],
  );
  assert.equal(new Set(sent.map(({ bundle }) => bundle.transient.display_id)).size, 1);
  assert.match(
    String(sent[1].bundle.data['text/html']),
    /^<progress value="1" max="2"[^>]*><\/progress> &lt;Tuning&gt;: 1 of 2 fits$/,
  );
  // nbval reads the first output and no update, and finds what the saved notebook has.
  for (const { bundle } of [sent[0], sent[2]]) {
    assert.deepEqual(bundle.data, { 'text/plain': '<Tuning>: 2 fits' });
  }
});
