import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { without } from '../testing/peers';
import type { Cell, Output } from './nbformat';
import { Lab } from './testLab';
import { eventually, isAlive, testNotebook } from './testNotebooks';

const IMPORT = `import { show } from './lib/jupyter/display';
import { table } from './lib/jupyter/table';
import { task } from './lib/jupyter/progress';
import { greeting } from './helper/index';`;
const FIGURE = `await show({ alt: 'Two points', layout: { title: { text: 'Two' }, xaxis: { range: [0, 3] } },
  data: [{ type: 'scatter', mode: 'markers', x: [1, 2], y: [1, 2], text: ['Song & One', 'Two'], hoverinfo: 'text' }] });`;
const TABLE = `await show(table([{ name: '<script>alert(1)</script>', energy: 0.5 }]));`;
const TASK = `const work = task('Waiting', 'steps');
for (let done = 0; done <= 3; done++) { work.onProgress({ done, total: 3 }); await new Promise((f) => setTimeout(f, 50)); }`;
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

const textOf = (cell?: Cell) =>
  (cell?.outputs ?? []).map((output) => ('text' in output ? output.text : '')).join('');
const stderrOf = (cells: Cell[]) => {
  const all = cells.flatMap((cell): Output[] => cell.outputs ?? []);
  return all.filter((output) => output.output_type === 'stream' && output.name === 'stderr');
};

test('JupyterLab: run all, zoom, hover, edit a helper, interrupt, restart', {
  skip: without('jupyterlab', 'plotly', 'chromium'),
}, async () => {
  const wait = `const long = task('Long', 'steps'); long.onProgress({ done: 1, total: 2 });
await new Promise((_, reject) => long.signal.addEventListener('abort', () => reject(long.signal.reason)));`;
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

    notebook.write('good day');
    await page.waitForTimeout(1000);
    await lab.run(5);
    assert.equal(textOf((await lab.cells())[5]), 'good day\n');

    for (const source of [wait, 'console.log(1); for (;;);']) {
      await lab.setSource(6, source);
      await lab.run(6, () => lab.command('notebook:interrupt-kernel'));
      assert.match(textOf((await lab.cells())[6]), /interrupted/i);
      await page.waitForTimeout(500); // tslab drops cells that come within 200 ms after a failed one
      await lab.run(5);
      assert.equal(textOf((await lab.cells())[5]), 'good day\n');
    }

    await lab.setSource(6, '2 + 2');
    await lab.command('notebook:restart-run-all');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await lab.until('a new kernel', 300, () => {
      const { cells } = window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON();
      return cells[6]?.execution_count === 6;
    });
    await lab.untilDone(300);
    assert.equal(textOf((await lab.cells())[6]), '4\n');
    pid = Number(readFileSync(join(notebook.folder, 'pid'), 'utf8'));
    assert.ok(isAlive(pid));
  } finally {
    await lab.close();
    notebook.remove();
  }
  await eventually(() => !isAlive(pid), 10, 'the end of the kernel');
});
