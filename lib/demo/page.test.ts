import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import test, { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { meanAbsoluteError, r2Score } from '../forest/src/index';
import { CHROMIUM, CHROMIUM_FLAGS, without } from '../forest/testing/index';
import { sampleModel } from '../workshop/samples/model';
import { createServer } from './server';

// Functions given to the browser use these; this project's own code has no DOM.
// biome-ignore lint/suspicious/noExplicitAny: declaring the DOM for the whole project would hide mistakes elsewhere
declare const document: any;
declare const location: { search: string };

const skip = without('chromium');
const model = sampleModel();
let browser: Browser;
let app: FastifyInstance;
let port: number;

async function serve(wanted = 0): Promise<void> {
  app = createServer(model);
  await app.listen({ host: '127.0.0.1', port: wanted });
  port = (app.server.address() as { port: number }).port;
}

before(async () => {
  if (skip) return;
  await serve();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
});
after(async () => {
  await browser?.close();
  await app?.close();
});

/** Opens the page, runs a test on it and sees that it reported no error and asked nobody else. */
async function onPage(
  run: (page: Page) => Promise<void>,
  query = '',
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        errors.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) errors.push(`asked ${request.url()}`);
    });
    await page.goto(`http://127.0.0.1:${port}/${query}`);
    await page.waitForFunction(() => document.querySelectorAll('#contributions tr').length > 3);
    await run(page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

type Track = Record<string, string | number | boolean>;
const TYPICAL: Track = {
  danceability: 0.6,
  loudness: -8,
  tempo: 120,
  key: 'C',
  mode: 'minor',
  explicit: false,
};
const wanted = (change: Track = {}) => model.predict({ ...TYPICAL, ...change }).toFixed(1);

/** Waits until the page shows the prediction for the typical track with a change. */
async function shows(page: Page, change: Track = {}): Promise<void> {
  await page.waitForFunction(
    (text) => document.getElementById('prediction')?.textContent === text,
    wanted(change),
  );
}

test('starts with the typical track and its answer', { skip }, async () => {
  await onPage(async (page) => {
    await shows(page);
    assert.equal(await page.inputValue('#f-tempo'), '120');
    const { interval } = model.answer(model.numbers(TYPICAL));
    const text = await page.textContent('#interval');
    const range = `${interval.low.toFixed(0)} to ${interval.high.toFixed(0)}`;
    // 94 of 100 points: an interval that says next to nothing.
    assert.ok(interval.high - interval.low > 85);
    assert.equal(
      text,
      `90% of comparable tracks lie from ${range}: nearly the whole scale, so for this track the model cannot tell.`,
    );
    assert.match((await page.textContent('#live'))!, /^Predicted popularity/);
    assert.equal(await page.locator('#votes rect').count(), 25);
    assert.equal(await page.locator('#histogram rect').count(), 20);
  });
});

test('every control answers to the mouse and to the keyboard, and resets', { skip }, async () => {
  await onPage(async (page) => {
    const tried = new Set<string>();
    for (const feature of model.features) {
      const { name, label } = feature;
      const id = `#f-${name}`;
      if (feature.kind === 'number') {
        const slider = page.getByRole('slider', { name: label });
        await slider.focus();
        await page.keyboard.press('ArrowRight');
        const stepped = Number(await page.inputValue(id));
        assert.ok(stepped > feature.typical, name);
        await shows(page, { [name]: stepped });
        const box = (await slider.boundingBox())!;
        await page.mouse.click(box.x + box.width * 0.25, box.y + box.height / 2);
        const clicked = Number(await page.inputValue(id));
        assert.ok(clicked < feature.typical, name);
        await shows(page, { [name]: clicked });
        await page.fill(id, String(feature.max));
        await shows(page, { [name]: feature.max });
      } else if (feature.kind === 'category') {
        await page.selectOption(id, '1');
        await shows(page, { [name]: feature.categories![1] });
      } else {
        await page.click(`label[for="f-${name}"]`);
        await shows(page, { [name]: true });
        await page.focus(id);
        await page.keyboard.press('Space');
        await shows(page);
        await page.keyboard.press('Space');
      }
      await page.getByRole('button', { name: `Reset ${label}` }).click();
      await shows(page);
      tried.add(name);
    }
    assert.equal(tried.size, 6);
  });
});

test('an impossible number is said so, and the answer stays', { skip }, async () => {
  await onPage(async (page) => {
    await page.fill('#f-tempo', '999');
    assert.equal(await page.getAttribute('#f-tempo', 'aria-invalid'), 'true');
    assert.match((await page.textContent('#connection'))!, /Tempo takes a number from 0 to 250/);
    await page.setViewportSize({ width: 375, height: 600 });
    await page.locator('#f-explicit').scrollIntoViewIfNeeded();
    const { y } = (await page.locator('#connection').boundingBox())!;
    assert.ok(y >= 0 && y < 600, `the message stands at ${y}`);
    await page.locator('#f-tempo').blur();
    assert.equal(await page.inputValue('#f-tempo'), '120');
    assert.equal(await page.isHidden('#connection'), true);
    await shows(page);
  });
});

test('a decimal comma is a decimal mark, and arrows step in the box', { skip }, async () => {
  await onPage(async (page) => {
    await page.fill('#f-danceability', '0,7');
    await shows(page, { danceability: 0.7 });
    await page.fill('#f-loudness', '−6,5');
    await shows(page, { danceability: 0.7, loudness: -6.5 });
    await page.focus('#f-tempo');
    await page.keyboard.press('ArrowUp');
    assert.equal(await page.inputValue('#f-tempo'), '121');
    await shows(page, { danceability: 0.7, loudness: -6.5, tempo: 121 });
    for (const wrong of ['0,7,1', 'abc', '', '1.2.3']) {
      await page.fill('#f-danceability', wrong);
      assert.equal(await page.getAttribute('#f-danceability', 'aria-invalid'), 'true', wrong);
    }
    await shows(page, { danceability: 0.7, loudness: -6.5, tempo: 121 });
  });
});

test('examples: searched, filled in with one click, shown beside the truth', { skip }, async () => {
  await onPage(async (page) => {
    const [, second] = model.contents.examples;
    const { name, artists, popularity, values } = second!;
    await page.fill('#search', `${artists.split(',')[0]} ${name}`.toUpperCase());
    await page.locator('#found', { hasText: /^1 song$/ }).waitFor();
    assert.equal(await page.textContent('#examples .tag'), 'unseen');
    await page.click('#examples button');
    const prediction = model.answer(values).prediction.toFixed(1);
    await page.waitForFunction(
      (text) => document.getElementById('prediction')?.textContent === text,
      prediction,
    );
    assert.match(
      (await page.textContent('#truth'))!,
      new RegExp(`Really ${popularity}: ${name} by ${artists}`),
    );
    assert.equal(await page.inputValue('#f-danceability'), String(values[0]));
    await page.fill('#search', 'no such song');
    assert.equal(await page.textContent('#found'), 'None of 200 songs');
    await page.fill('#search', 'song 140');
    assert.equal(await page.textContent('#found'), '1 song');
    await page.click('#examples button:has(.learnt)');
    await page.locator('#truth', { hasText: 'The model learnt from this song' }).waitFor();
    await page.click('#reset-all');
    await shows(page);
    assert.equal(await page.isHidden('#truth'), true);
  });
});

test('the address reproduces the page; a wrong one is said so', { skip }, async () => {
  let address = '';
  await onPage(async (page) => {
    await page.selectOption('#f-key', '6');
    await page.fill('#f-tempo', '61.5');
    await shows(page, { key: 'F#', tempo: 61.5 });
    await page.waitForFunction(() => location.search.includes('tempo'));
    address = new URL(page.url()).search;
  });
  assert.equal(address, '?tempo=61.5&key=F%23');
  await onPage(async (page) => {
    await shows(page, { key: 'F#', tempo: 61.5 });
  }, address);
  await onPage(async (page) => {
    await shows(page, { key: 'D' });
    assert.match((await page.textContent('#connection'))!, /no possible value of Tempo, Mode/);
  }, '?tempo=1e9&mode=lydian&key=D');
});

test('outside what the model has seen, the page says so', { skip }, async () => {
  await onPage(async (page) => {
    assert.equal(await page.isHidden('#outside'), true);
    await page.fill('#f-tempo', '240');
    await page.waitForSelector('#outside:not([hidden])');
    assert.match(
      (await page.textContent('#outside'))!,
      /Outside what the model has seen: Tempo \(seen: 30 BPM to 210 BPM\)/,
    );
  });
});

test('contributions add up to the prediction', { skip }, async () => {
  await onPage(async (page) => {
    const cells = await page.locator('#contributions td:last-child').allTextContents();
    const numbers = cells.map((text) => Number(text.replace('−', '-')));
    assert.equal(numbers.length, 8);
    const sum = numbers.slice(0, -1).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - numbers.at(-1)!) < 0.36, 'within the rounding of 7 numbers');
  });
});

test('the newest of two quick changes wins, also when the first answer comes late', { skip }, async () => {
  await onPage(async (page) => {
    let delayed = 0;
    await page.route('**/predict?*', async (route) => {
      if (route.request().postDataJSON().tempo === 70) {
        delayed++;
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
      await route.continue().catch(() => {}); // the page may have given this request up
    });
    const asked = page.waitForRequest((request) => request.postDataJSON()?.tempo === 70);
    await page.fill('#f-tempo', '70');
    await asked;
    await page.fill('#f-tempo', '180');
    await shows(page, { tempo: 180 });
    await page.waitForTimeout(1000);
    await shows(page, { tempo: 180 });
    assert.equal(delayed, 1);
  });
});

test('a server that goes away and comes back', { skip }, async () => {
  await onPage(async (page) => {
    await app.close();
    await page.fill('#f-tempo', '70');
    await page.waitForSelector('#connection:not([hidden])');
    assert.match((await page.textContent('#connection'))!, /The server does not answer/);
    await serve(port);
    await shows(page, { tempo: 70 });
    await page.waitForSelector('#connection', { state: 'hidden' });
  });
});

test('tracks are kept side by side, also at the next visit, shown again, taken away and saved', {
  skip,
}, async () => {
  await onPage(async (page) => {
    await page.click('#keep');
    await page.fill('#f-tempo', '70');
    await shows(page, { tempo: 70 });
    await page.click('#keep');
    await page.click('#keep');
    assert.equal(await page.textContent('#kept'), 'Kept already');
    await page.reload();
    const rows = async () =>
      (await page.locator('#history tr').allTextContents()).map((text) => text.replace(/ +/g, ' '));
    assert.deepEqual(await rows(), [
      'Track 2Track 1',
      `Prediction${wanted({ tempo: 70 })}${wanted()}`,
      ...(await rows()).slice(2, 3),
      'Tempo70 BPM120 BPM',
      'AgainShow×Show×',
    ]);
    await page.getByRole('button', { name: 'Show Track 1 again' }).click();
    await shows(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#history-save')]);
    const lines = readFileSync((await download.path())!, 'utf8').split('\n');
    assert.match(lines[0], /^track_name,danceability,.*,predicted_popularity,interval_low,interval_high$/);
    assert.ok(lines[1].startsWith('Track 2,0.6,-8,70,C,minor,false,'));
    assert.equal(lines.length, 4);
    await page.getByRole('button', { name: 'Remove Track 2' }).click();
    assert.equal((await rows())[0], 'Track 1');
    await page.click('#history-clear');
    assert.equal(await page.isHidden('#history-card'), true);
  });
});

test('the colours follow the system, or a choice that is kept', { skip }, async () => {
  await onPage(
    async (page) => {
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const dark = await background();
      await page.selectOption('#theme', 'light');
      const light = await background();
      assert.notEqual(light, dark);
      await page.reload();
      assert.equal(await background(), light);
      await page.selectOption('#theme', '');
      assert.equal(await background(), dark);
    },
    '',
    { colorScheme: 'dark' },
  );
});

test('a request in curl, JavaScript and Python', { skip }, async () => {
  await onPage(async (page) => {
    for (const [kind, part] of [
      ['curl', /^curl -d '\{"danceability":0.6,.*"explicit":false\}' http:\/\/127/],
      ['JavaScript', /await fetch\('http:\/\/127/],
      ['Python', /"explicit": False/],
    ] as const) {
      await page.getByRole('button', { name: `Copy as ${kind}` }).click();
      assert.match(await page.inputValue('#code'), part);
      await page.waitForFunction(
        (name) => document.getElementById('copied')?.textContent?.match(name),
        `${kind}|Selected`,
      );
    }
  });
});

const TABLE =
  'Track Name,danceability,loudness,tempo,key,mode,explicit\n' +
  '"<b>One, ""two""</b>",0.7,-6,120,1,1,True\nBad,x,-6,120,1,1,True\nThree,0.7,-6,120,1,1,\n';

test('a table: predictions, problems by line, what was filled in, download', { skip }, async () => {
  await onPage(async (page) => {
    await page.getByRole('tab', { name: 'A table (CSV)' }).click();
    await page.setInputFiles('#file', {
      name: 'songs.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(TABLE),
    });
    await page.waitForSelector('#download');
    assert.equal(
      await page.textContent('#table-status'),
      'songs.csv: 2 rows predicted, 1 row could not be read.',
    );
    const cells = await page.locator('#result-body tr').first().locator('th, td').allTextContents();
    const { prediction, interval } = model.answer([0.7, -6, 120, 1, 1, 1]);
    assert.deepEqual(cells, [
      '<b>One, "two"</b>',
      ...[prediction, interval.low, interval.high].map((v) => v.toFixed(1)),
    ]);
    assert.match(
      (await page.textContent('#problems'))!,
      /^line 3: danceability requires a number from 0 to 1, got "x"$/,
    );
    assert.match((await page.textContent('#filled'))!, /explicit \(1 row\)/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    assert.equal(download.suggestedFilename(), 'songs-predictions.csv');
    const text = readFileSync((await download.path())!, 'utf8');
    assert.ok(text.includes(String(prediction)));
    assert.equal(text.split('\n').length, 5);
    await page.setInputFiles('#file', {
      name: 'bad.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('a,b\n1,2\n'),
    });
    await page.waitForSelector('#table-status.error');
    assert.match((await page.textContent('#table-status'))!, /lacks the columns danceability/);
  });
});

test('a table with popularity is a test of the model, and says which songs it has learnt from', {
  skip,
}, async () => {
  const rows = model.contents.examples.slice(0, 3).map(({ values }, i) => ({ values, actual: 10 + 30 * i }));
  const header = ['track_name', 'artists', 'popularity', ...model.features.map(({ name }) => name)].join(',');
  const lines = rows.map(({ values, actual }, i) => {
    // Song 7 is one that the model learnt from.
    const name = i === 1 ? 'Song 7,Artist 7' : `New ${i},Nobody`;
    return [name, actual, ...values.map(String)].join(',');
  });
  await onPage(async (page) => {
    const buffer = Buffer.from([header, ...lines].join('\n'));
    await page.setInputFiles('#file', { name: 'test.csv', mimeType: 'text/csv', buffer });
    await page.waitForSelector('#download');
    const heads = await page.locator('#result-head th').allTextContents();
    assert.deepEqual(heads, ['track_name', 'artists', 'Prediction', 'Low', 'High', 'Actual']);
    const answers = rows.map(({ values }) => model.answer(values));
    const actual = rows.map((row) => row.actual);
    const predicted = answers.map(({ prediction }) => prediction);
    const inside = answers.filter(
      ({ interval }, i) => actual[i] >= interval.low && actual[i] <= interval.high,
    );
    assert.deepEqual(await page.locator('#scores dd').allTextContents(), [
      r2Score(actual, predicted).toFixed(3).replace('-', '−'),
      `${meanAbsoluteError(actual, predicted).toFixed(1)} points`,
      `${((inside.length / 3) * 100).toFixed(1)}%`,
      '3',
    ]);
    assert.match((await page.textContent('#learnt'))!, /^The model learnt from 1 row of this table/);
  }, '#table');
});

test('a table without names, with more problems than are shown; one row; a server that is gone', {
  skip,
}, async () => {
  await onPage(async (page) => {
    const send = async (text: string) => {
      await page.setInputFiles('#file', { name: 't.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.waitForFunction(() =>
        /read\.$|predicted\.$|answer/.test(document.getElementById('table-status')?.textContent ?? ''),
      );
      return page.textContent('#table-status');
    };
    const [names] = TABLE.split('\n');
    const header = names!.replace('Track Name,', '');
    const said = await send(`${header}\n${'x,-6,120,1,1,True\n'.repeat(250)}0.7,-6,120,1,1,True`);
    assert.equal(said, 't.csv: 1 row predicted, 250 rows could not be read.');
    const heads = await page.locator('#result-head th').allTextContents();
    assert.deepEqual(heads, ['danceability', 'loudness', 'Prediction', 'Low', 'High']);
    assert.equal(
      await page.textContent('#result-note'),
      'The first 50 of 251 rows; the download has them all.',
    );
    assert.equal(
      await page.locator('#problems li').last().textContent(),
      'and 50 rows more, in the download',
    );
    assert.equal(await send(`${header}\n0.7,-6,120,1,1,True\n`), 't.csv: 1 row predicted.');
    assert.equal(await page.isHidden('#problems-card'), true);
    assert.equal(await page.textContent('#result-note'), '');
    await page.route('**/predict/csv', (route) => route.abort());
    assert.equal(await send(`${header}\n`), 'The server does not answer, or went away meanwhile.');
    assert.equal(await page.isHidden('#progress-row'), true);
  }, '#table');
});

test('a large table shows its progress and can be cancelled', { skip }, async () => {
  await onPage(async (page) => {
    const buffer = Buffer.from(TABLE.split('\n')[0] + '\n' + 'Song,0.7,-6,120,1,1,True\n'.repeat(400_000));
    await page.setInputFiles('#file', { name: 'large.csv', mimeType: 'text/csv', buffer });
    await page.waitForFunction(() =>
      /[1-9],?\d* rows…/.test(document.getElementById('table-status')?.textContent ?? ''),
    );
    assert.ok((await page.evaluate(() => document.querySelector('progress').value)) > 0);
    await page.click('#cancel');
    await page.waitForFunction(() => document.getElementById('table-status')?.textContent === 'Cancelled.');
    assert.equal(await page.isHidden('#progress-row'), true);
  }, '#table');
});

test("a notebook's page on another port may show it in a frame, a foreign site may not", {
  skip,
}, async () => {
  const address = `http://127.0.0.1:${port}/`;
  const notebook = createPlainServer((_, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end(`<iframe src="${address}" width="900" height="700"></iframe>`);
  });
  await new Promise<void>((resolve) => notebook.listen(0, '127.0.0.1', resolve));
  const { port: other } = notebook.address() as { port: number };
  const rules = `--host-resolver-rules=MAP elsewhere.example 127.0.0.1:${other}`;
  const mapped = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS, rules] });
  try {
    const page = await mapped.newPage();
    await page.goto(`http://localhost:${other}/`);
    const prediction = page.frameLocator('iframe').locator('#prediction');
    await page.frameLocator('iframe').locator('#f-tempo').fill('70');
    await prediction.filter({ hasText: wanted({ tempo: 70 }) }).waitFor();
    await page.goto('http://elsewhere.example/');
    await page.waitForTimeout(500);
    assert.equal(await prediction.count(), 0);
  } finally {
    await mapped.close();
    notebook.close();
  }
});

test('the tabs work by arrow keys', { skip }, async () => {
  await onPage(async (page) => {
    await page.focus('#tab-track');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.isVisible('#panel-table'), true);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-table');
    assert.equal(await page.isVisible((await page.getAttribute('.skip', 'href'))!), true);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.isVisible('#panel-track'), true);
  });
});

test('on a phone of 360 pixels nothing runs over, and the answer stays in sight', { skip }, async () => {
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  await onPage(
    async (page) => {
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
      await page.locator('#f-key').scrollIntoViewIfNeeded();
      const box = (await page.locator('#prediction').boundingBox())!;
      assert.ok(box.y >= 0 && box.y < 200, `the prediction stands at ${box.y}`);
    },
    '',
    phone,
  );
});

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
type AxeResult = { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] };

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`axe-core finds nothing: ${colorScheme}, ${width} pixels`, { skip }, async () => {
      const check = async (page: Page) => {
        // Through the debugger: the page's own policy forbids foreign scripts.
        await page.evaluate(axe);
        const result = (await page.evaluate('axe.run()')) as AxeResult;
        assert.ok(result.passes.length > 10);
        assert.deepEqual(
          result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 150))]),
          [],
        );
      };
      const options = { colorScheme, viewport: { width, height: 800 } };
      await onPage(
        async (page) => {
          await page.click('#examples button >> nth=1');
          await page.fill('#f-tempo', '240');
          await page.waitForSelector('#outside:not([hidden])');
          await page.getByRole('button', { name: 'Copy as curl' }).click();
          await page.click('#keep');
          await check(page);
          await page.getByRole('tab', { name: 'A table (CSV)' }).click();
          await page.setInputFiles('#file', {
            name: 'songs.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from(TABLE),
          });
          await page.waitForSelector('#download');
          await check(page);
          await page.goto(`http://127.0.0.1:${port}/docs`);
          await check(page);
        },
        '',
        options,
      );
    });
  }
}
