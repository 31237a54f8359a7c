import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { without } from '../forest/testing/index';
import { Lab } from '../workshop/samples/lab';
import { eventually, isAlive, testNotebook } from '../workshop/samples/notebooks';
import type { Cell, Notebook, Output } from './nbformat';

const IMPORT = `import { show } from './lib/cells/display';
import { table } from './lib/cells/table';
import { task } from './lib/cells/progress';
import { greeting } from './helper/index';`;
const FIGURE = `await show({ alt: 'Two points', layout: { title: { text: 'Two' }, xaxis: { range: [0, 3] } },
  data: [{ type: 'scatter', mode: 'markers', x: [1, 2], y: [1, 2], text: ['Song & One', 'Two'], hoverinfo: 'text' }] });`;
const TABLE = `await show(table([{ name: '<script>alert(1)</script>', energy: 0.5 }]));`;
const TASK = `const work = task('Waiting', 'steps');
for (let done = 0; done <= 3; done++) { work.onProgress({ done, total: 3 }); await new Promise((f) => setTimeout(f, 50)); }`;
const TUNE = `import { GridSearchCV } from './lib/forest/src/index';
import { RandomForestRegressor } from './lib/forest/src/index';
const X = Array.from({ length: 20_000 }, (_, i) => [i % 7, i % 11, i % 101]);
await new GridSearchCV(new RandomForestRegressor({ randomState: 1 }), { maxDepth: [null, 10], nEstimators: [900, 1000] })
  .fit(X, X.map(([a, b, c]) => a * b + c), task('Tuning', 'fits'));`;
const LAUNCH = `import { launchDemo } from './lib/demo/launch';
import { loadModel } from './lib/model/file';
const demo = await launchDemo(loadModel(${JSON.stringify(join(__dirname, '../../models/model.json'))}));`;
const PID = "import { writeFileSync } from 'fs'; writeFileSync('pid', String(process.pid)); greeting();";

/** A notebook of these cells beside a helper of its own, which is imported through an index as lib is. */
function notebookWithHelper(...sources: string[]) {
  const notebook = testNotebook(...sources);
  const helper = join(notebook.folder, 'helper');
  const write = (text: string) => {
    writeFileSync(join(helper, 'greeting.ts'), `export const greeting = () => console.log('${text}');\n`);
  };
  mkdirSync(helper);
  writeFileSync(join(helper, 'index.ts'), "export { greeting } from './greeting';\n");
  write('hello');
  return { ...notebook, write };
}

/** Everything that a cell has printed, thrown and answered. */
function textOf(cell?: Cell): string {
  const texts = (cell?.outputs ?? []).map((output) => {
    if (output.output_type === 'stream') return output.text;
    return output.output_type === 'error' ? output.traceback.join('\n') : output.data['text/plain'];
  });
  return texts.join('');
}
const stderrOf = (cells: Cell[]) => {
  const all = cells.flatMap((cell): Output[] => cell.outputs ?? []);
  return all.filter((output) => output.output_type === 'stream' && output.name === 'stderr');
};

/** Waits until a bar has filled twice. */
async function barMoves(page: Page): Promise<void> {
  const bar = page.locator('.jp-OutputArea progress');
  const filled = () => bar.evaluate((one) => (one as never as { value: number }).value);
  for (let moves = 0, before = await filled(); moves < 2; ) {
    await page.waitForTimeout(100);
    const now = await filled();
    if (now > before) moves++;
    before = now;
  }
}

test('JupyterLab: run all, zoom, hover, edit a helper, interrupt, launch the demo, restart', {
  skip: without('jupyterlab', 'plotly', 'chromium'),
}, async () => {
  const notebook = notebookWithHelper('# Title', IMPORT, FIGURE, TABLE, TASK, PID, '1 + 1');
  const lab = await Lab.open(notebook.path);
  let pid = 0;
  try {
    const { page } = lab;
    assert.equal(await page.locator('.jp-Dialog').count(), 0, 'the kernel is chosen without a question');
    await lab.command('notebook:run-all-cells');
    await lab.untilDone(300);
    const cells = await lab.cells();
    assert.deepEqual(
      cells.map((cell) => cell.execution_count),
      [undefined, 1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual(stderrOf(cells), []);
    assert.equal(textOf(cells[5]), 'hello\n');
    assert.equal(await page.locator('.jp-OutputArea table').count(), 1);
    assert.equal(await page.locator('.jp-OutputArea script').count(), 0);

    // The figure is plotly's own: a drag zooms, the pointer on a point names it.
    const figure = page.locator('.js-plotly-plot');
    await figure.waitFor();
    const range = () =>
      figure.evaluate(
        (plot) => (plot as never as { _fullLayout: { xaxis: { range: number[] } } })._fullLayout.xaxis.range,
      );
    const point = page.locator('.js-plotly-plot .points path').first();
    const at = (await point.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2, { steps: 5 });
    await page.locator('.hoverlayer .hovertext', { hasText: 'Song & One' }).waitFor();
    const before = (await range()) as [number, number];
    await page.mouse.move(at.x - 30, at.y - 60);
    await page.mouse.down();
    await page.mouse.move(at.x + 90, at.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(500);
    const after = (await range()) as [number, number];
    assert.ok(after[0] > before[0] && after[1] < before[1], `zoom from ${before} to ${after}`);

    const { matches, hover } = await lab.completeAndInspect('task');
    assert.ok(matches.includes('task'), String(matches));
    assert.match(hover, /A progress bar for one piece of work.*@param label.*@returns options/s);

    notebook.write('good day');
    await page.waitForTimeout(1000);
    await lab.run(5);
    assert.equal(textOf((await lab.cells())[5]), 'good day\n');

    // Tuning shows a bar that moves; Interrupt ends it, and a cell that never awaits, and the next cell runs.
    for (const source of [TUNE, 'console.log(1); for (;;);']) {
      await lab.setSource(6, source);
      await lab.run(6, async () => {
        if (source === TUNE) await barMoves(page);
        const seconds = await lab.interrupt(6);
        assert.ok(source !== TUNE || seconds < 1, `interrupted after ${seconds} s`);
      });
      assert.match(textOf((await lab.cells())[6]), /interrupted/i);
      await lab.run(5);
      assert.equal(textOf((await lab.cells())[5]), 'good day\n');
    }

    // Launched three times: a port has one server at most, so one address three times is one server.
    await lab.setSource(6, LAUNCH);
    const frames: string[][] = [];
    for (let i = 0; i < 3; i++) {
      await lab.run(6);
      const all = page.locator('.jp-OutputArea iframe');
      frames.push(
        await all.evaluateAll((found) => found.map((one) => (one as never as { src: string }).src)),
      );
    }
    assert.deepEqual(frames, Array(3).fill([frames[0][0]]));
    const demo = page.frameLocator('.jp-OutputArea iframe');
    const answered = demo.locator('#prediction:not(:text("–"))');
    const first = await answered.innerText();
    await demo.getByRole('slider').first().focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('PageDown');
    await demo.locator(`#prediction:not(:text("${first}"))`).waitFor();

    await lab.setSource(6, '2 + 2');
    await lab.command('notebook:restart-run-all');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await lab.until('a new kernel', 300, () => {
      const { cells } = window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON();
      return cells[6]?.execution_count === 6;
    });
    await lab.untilDone(300);
    assert.equal(textOf((await lab.cells())[6]), '4');
    pid = Number(readFileSync(join(notebook.folder, 'pid'), 'utf8'));
    assert.ok(isAlive(pid));
  } finally {
    await lab.close();
    notebook.remove();
  }
  await eventually(() => !isAlive(pid), 60, 'the end of the kernel');
});

const ROOT = join(__dirname, '..', '..');

/** The project's own notebook without its outputs, where its run changes nothing of the project. */
function ownNotebook() {
  const notebook = testNotebook();
  const own = JSON.parse(readFileSync(join(ROOT, 'notebook.ipynb'), 'utf8')) as Notebook;
  for (const cell of own.cells) if (cell.outputs) cell.outputs = [];
  notebook.write(own);
  symlinkSync(join(ROOT, 'dataset'), join(notebook.folder, 'dataset'), 'junction');
  cpSync(join(ROOT, 'models'), join(notebook.folder, 'models'), { recursive: true });
  return notebook;
}

/** Counts the outputs of the cells that have this format. */
const countOf = (cells: Cell[], mime: string) =>
  cells
    .flatMap((cell): Output[] => cell.outputs ?? [])
    .filter((output) => 'data' in output && mime in (output.data ?? {})).length;

test('JupyterLab runs the notebook itself: figures by plotly, and as SVG without it', {
  skip: without('jupyterlab', 'plotly', 'chromium'),
}, async () => {
  const notebook = ownNotebook();
  let figures = 0;
  let lab = await Lab.open(notebook.path);
  try {
    const { page } = lab;
    await lab.command('notebook:run-all-cells');
    await lab.untilDone(300);
    const cells = await lab.cells();
    const outputs = cells.flatMap((cell) => cell.outputs ?? []) as { output_type: string }[];
    assert.ok(outputs.every((output) => output.output_type !== 'error'));
    assert.deepEqual(stderrOf(cells), []);
    figures = countOf(cells, 'application/vnd.plotly.v1+json');
    assert.ok(figures >= 12, `${figures} figures`);
    await page.locator('.jp-OutputArea .js-plotly-plot .main-svg').nth(figures).waitFor();
    assert.equal(await page.locator('.jp-OutputArea .js-plotly-plot').count(), figures);
    assert.ok((await page.locator('.jp-OutputArea table').count()) >= 12);
    await page.frameLocator('.jp-OutputArea iframe').locator('#prediction:not(:text("–"))').waitFor();
    await page.evaluate(() => window.jupyterapp.commands.execute('docmanager:save'));
    assert.equal(countOf(notebook.json().cells, 'image/svg+xml'), figures);
    await lab.close();

    // Saved after a run it is trusted, so that what is drawn without the extension is the SVG, not its text.
    lab = await Lab.open(notebook.path, '--LabApp.labextensions_path=[]');
    const pictures = lab.page.locator('.jp-OutputArea .jp-RenderedSVG');
    await pictures.nth(figures - 1).waitFor();
    assert.equal(await pictures.count(), figures);
    assert.equal(await lab.page.locator('.jp-OutputArea .js-plotly-plot').count(), 0);
  } finally {
    await lab.close();
    notebook.remove();
  }
});
