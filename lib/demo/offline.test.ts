import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS, without } from '../forest/testing/index';
import { loadModel } from '../model/file';
import { naturalValue, type TrackInput } from '../model/track';
import { sampleModel, seeded } from '../workshop/samples/model';
import { bundleOf } from './bundle';
import { predictCsv } from './csv';
import { offlinePage, sitePages } from './document';
import { exportDemo } from './export';
import { fullAnswer } from './predict';
import { createServer } from './server';
import { restore, squeeze } from './squeeze';

const skip = without('chromium');
const model = loadModel(join(__dirname, '..', '..', 'models', 'model.json'));
const folder = mkdtempSync(join(tmpdir(), 'offline-'));
let browser: Browser;

before(async () => {
  if (!skip) browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The page's own predictor, which it offers to its console. */
declare const demo: { predict(track: object): Promise<object>; songs(): Promise<object[]> };

/** Random tracks that may be, also beyond what the model has seen; of every tenth the genre is unknown. */
function randomTracks(count: number): TrackInput[] {
  const random = seeded(17);
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(
      model.features.map((feature) => {
        const { name, min, max, kind } = feature;
        const value = min + random() * (max - min);
        const isUnknown = name === 'track_genre' && i % 10 === 0;
        return [
          name,
          isUnknown ? 'polka' : naturalValue(feature, kind === 'number' ? value : Math.round(value)),
        ];
      }),
    ),
  );
}

async function openOffline(address: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    const isOwn = request.url() === address || new URL(request.url()).pathname.endsWith('/model.js');
    if (!isOwn && !/^(data|blob):/.test(request.url())) errors.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  await page.evaluate(() => demo.songs()); // the model is here
  return { page, errors };
}

test('a model comes back from the page as it was, with and without songs', async () => {
  for (const one of [sampleModel(), sampleModel({ treeCount: 3, depth: 1 }), model]) {
    assert.deepEqual(await restore(squeeze(one.contents)), one.contents);
  }
});

test('two exports are the same bytes; the shipped model takes less than 500 kB compressed', async () => {
  const [first, second] = [await offlinePage(model), await offlinePage(model)];
  assert.equal(first, second);
  const site = await sitePages(model);
  assert.deepEqual(await sitePages(model), site);
  for (const files of [[first], Object.values(site)]) {
    const bytes = files.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
    assert.ok(bytes < 500_000, `${bytes} bytes`);
  }
  const asked = (await bundleOf('offline.ts')).match(/["']node:[^"']*|\brequire\(/g);
  assert.equal(asked, null, 'modules that a page does not have');
});

test('without a network, from a file and from a site below a path: the answers of the server, bit for bit', {
  skip,
}, async () => {
  const tracks = randomTracks(1000);
  const server = createServer(model);
  const response = await server.inject({
    method: 'POST',
    url: '/predict?contributions=true&votes=true',
    body: tracks,
  });
  const wanted = response.json();
  assert.equal(wanted.length, 1000);
  assert.deepEqual(wanted[0].filled_in, ['track_genre']);
  assert.deepEqual(wanted[0], JSON.parse(JSON.stringify(fullAnswer(model, tracks[0]))));
  const { file } = await exportDemo(model, join(folder, 'page.html'));
  const site = await exportDemo(model, join(folder, 'site'));
  const web = createPlainServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const file = { '/some/path/': 'index.html', '/some/path/model.js': 'model.js' }[pathname];
    response.writeHead(file ? 200 : 404, {
      'content-type': file === 'model.js' ? 'text/javascript' : 'text/html',
    });
    response.end(file ? readFileSync(join(folder, 'site', file)) : '');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address() as { port: number };
  for (const address of [
    pathToFileURL(file).href,
    pathToFileURL(site.file).href,
    `http://127.0.0.1:${port}/some/path/`,
  ]) {
    const { page, errors } = await openOffline(address);
    await page.context().setOffline(true);
    const got = await page.evaluate((all) => Promise.all(all.map((track) => demo.predict(track))), tracks);
    assert.deepEqual(got, wanted);
    await page.fill('#search', model.contents.examples[0].name);
    await page.click('#examples button');
    await page.locator('#truth', { hasText: `Really ${model.contents.examples[0].popularity}` }).waitFor();
    assert.deepEqual(errors, []);
    await page.close();
  }
  web.close();
});

test('a table in the page gets the same bytes as from the server; a genre may be unknown', {
  skip,
}, async () => {
  const tracks = randomTracks(200);
  const names = model.features.map(({ name }) => name);
  const table = [names.join(','), ...tracks.map((track) => names.map((name) => track[name]).join(','))].join(
    '\n',
  );
  let wanted = '';
  for await (const piece of predictCsv(model, Buffer.from(table))) wanted += piece;
  assert.equal(wanted.split('track_genre').length, 22); // the header's and one of every ten rows
  const { file } = await exportDemo(model, join(folder, 'table.html'));
  const { page, errors } = await openOffline(pathToFileURL(file).href);
  await page.setInputFiles('#file', { name: 't.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.waitForSelector('#download', { state: 'attached' });
  assert.equal(await page.textContent('#table-status'), 't.csv: 200 rows predicted.');
  await page.click('#tab-table');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
  assert.equal(readFileSync((await download.path())!, 'utf8'), wanted);
  const bad = { name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') };
  await page.setInputFiles('#file', bad);
  await page.locator('#table-status.error', { hasText: 'lacks the columns' }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

/** The page in a frame without rights of its own, as a notebook shows it. */
async function framed(address: string): Promise<string> {
  const document = (await offlinePage(model, address)).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe srcdoc="${document}" sandbox="allow-scripts" width="1000" height="900"></iframe>`;
}

test('genre first, which may be left out; time as minutes; and in a frame without rights of its own', {
  skip,
}, async () => {
  const page = await browser.newPage();
  await page.setContent(await framed('http://127.0.0.1:7860/'));
  const frame = page.frameLocator('iframe');
  await frame.locator('#contributions tr').nth(5).waitFor();
  assert.match((await frame.locator('.control').first().textContent())!, /^Genre/);
  const shows = (track: TrackInput) =>
    frame
      .locator('#prediction', { hasText: model.answer(model.numbers(track)).prediction.toFixed(1) })
      .waitFor();
  const typical = Object.fromEntries(
    model.features.map((feature) => [feature.name, naturalValue(feature, feature.typical)]),
  );
  const { track_genre: _, ...withoutGenre } = typical;
  await frame.locator('#f-track_genre').selectOption('NaN');
  await shows(withoutGenre);
  await frame.locator('#outside', { hasText: 'Not given: Genre.' }).waitFor();
  await frame.locator('#f-duration_ms').fill('1:02');
  await shows({ ...withoutGenre, duration_ms: 62_000 });
  await frame.locator('#keep').click(); // where nothing may be stored
  await frame.locator('#history-card').waitFor();
  await frame.getByRole('button', { name: 'Copy as curl' }).click();
  assert.match(await frame.locator('#code').inputValue(), /http:\/\/127\.0\.0\.1:7860\/predict$/);
  await page.close();
});

test('in a notebook behind a proxy, the frame finds the server by the address of the notebook', {
  skip,
}, async () => {
  const body = await framed('/user/ann/proxy/7860/');
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.route('http://hub.test/**', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body }),
  );
  for (const [open, address] of [
    [() => page.goto('http://hub.test/user/ann/lab'), 'http://hub.test/user/ann/proxy/7860/predict'],
    [() => page.goto('about:blank').then(() => page.setContent(body)), null],
  ] as const) {
    await open();
    const frame = page.frameLocator('iframe');
    await frame.locator('#contributions tr').nth(5).waitFor();
    const button = frame.getByRole('button', { name: 'Copy as curl' });
    assert.equal(await button.isVisible(), address !== null);
    if (address) {
      await button.click();
      assert.ok((await frame.locator('#code').inputValue()).endsWith(address));
    }
    await frame.locator('#tab-table').click();
    await frame.locator('#file').waitFor({ state: 'attached' });
    assert.equal(await frame.locator('#tab-table').getAttribute('aria-selected'), 'true');
  }
  assert.deepEqual(errors, []);
  await page.close();
});
