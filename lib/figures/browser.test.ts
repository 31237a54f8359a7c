import assert from 'node:assert/strict';
import test from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { figureBundle } from '../cells/figure';
import { CHROMIUM, CHROMIUM_FLAGS, without } from '../forest/testing/index';
import { testFigures } from '../workshop/samples/figures';

async function inChromium(work: (page: Page) => Promise<void>): Promise<void> {
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
    const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    await work(page);
  } finally {
    await browser?.close();
  }
}

/** Runs in the page: the texts of an SVG that leave it, or that lie on each other. */
const COLLISIONS = `(svg) => {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
  const boxes = texts.map((text) => ({ words: text.textContent, box: text.getBoundingClientRect(), turned: /rotate\\((?!0|-?90)/.test(text.getAttribute('transform') || '') }));
  const found = [];
  for (const { words, box } of boxes) {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) found.push('clipped: ' + words);
  }
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (a.turned || b.turned) return; // the box of a slanted text is not its ink
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (wide > 2 && high > 4) found.push(a.words + ' on ' + b.words);
  }));
  return { found, count: texts.length };
}`;

test('in a browser every picture is drawn as XML, its texts within it and none on another', {
  skip: without('chromium'),
}, async () => {
  const figures = Object.entries(testFigures());
  await inChromium(async (page) => {
    for (const [name, figure] of figures) {
      const bundle = await figureBundle(figure);
      const svg = bundle['image/svg+xml'] as string;
      const { found, count, error } = (await page.evaluate(`(() => {
        const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
        const error = parsed.querySelector('parsererror')?.textContent ?? '';
        document.body.replaceChildren(document.importNode(parsed.documentElement, true));
        return { error, ...(${COLLISIONS})(document.body.firstChild) };
      })()`)) as { found: string[]; count: number; error: string };
      assert.equal(error, '', name);
      assert.ok(count > 5, `${name} has ${count} texts`);
      assert.deepEqual(found, [], name);
    }
  });
});

test('plotly.js draws every figure in a page, light or dark, with legible text, and hovering names a track', {
  skip: without('chromium'),
}, async () => {
  await inChromium(async (page) => {
    const problems: string[] = [];
    page.on('dialog', (dialog) => {
      problems.push(`a name ran: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on('pageerror', (error) => problems.push(error.message));
    // The narrow one is a notebook's column in a window of 900 pixels beside JupyterLab's side bar.
    for (const [background, width] of [
      ['white', 900],
      ['#111111', 468],
    ]) {
      await page.setContent(
        `<body style="margin:0;background:${background}"><div id="figure" style="width:${width}px"></div></body>`,
      );
      await page.addScriptTag({ path: require.resolve('plotly.js') });
      for (const [name, figure] of Object.entries(testFigures())) {
        const json = JSON.stringify((await figureBundle(figure))['application/vnd.plotly.v1+json']);
        const drawn = (await page.evaluate(`(async () => {
          const figure = ${json};
          await Plotly.newPlot('figure', figure.data, figure.layout);
          const place = document.getElementById('figure');
          const sizes = [...place.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize));
          const paper = place.querySelector('.main-svg').style.background;
          return { smallest: Math.min(...sizes), paper, collisions: (${COLLISIONS})(place.querySelector('.main-svg')).found };
        })()`)) as { smallest: number; paper: string; collisions: string[] };
        assert.ok(drawn.smallest >= 11, `${name} has text of ${drawn.smallest} pixels`);
        assert.equal(drawn.paper, 'rgba(0, 0, 0, 0)', name);
        problems.push(...drawn.collisions.map((one) => `${name}, ${width} wide: ${one}`));
      }
    }
    const hovered = (await page.evaluate(`(async () => {
      const figure = ${JSON.stringify((await figureBundle(testFigures().predictedAgainstActual!))['application/vnd.plotly.v1+json'])};
      await Plotly.newPlot('figure', figure.data, figure.layout);
      Plotly.Fx.hover('figure', [{ curveNumber: 1, pointNumber: 0 }]);
      return document.querySelector('.hoverlayer').textContent;
    })()`)) as string;
    assert.ok(hovered.includes(' · Artist 2, <script>'), hovered);
    assert.deepEqual(problems, []);
  });
});
