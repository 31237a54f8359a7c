/** A real JupyterLab, started by `npm run lab`'s own code, and a real Chromium on it, for the tests. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS, PYTHON } from '../../forest/testing/index';
import type { Cell } from '../../jupyter/nbformat';
import { eventually } from './notebooks';

/** A kernel as JupyterLab asks it. */
interface LabKernel {
  status: string;
  requestComplete(at: { code: string; cursor_pos: number }): Promise<{ content: { matches: string[] } }>;
  requestInspect(at: { code: string; cursor_pos: number; detail_level: 0 }): Promise<{
    content: { data: Record<string, string> };
  }>;
}

/** The part of JupyterLab's own objects that the tests use, through `window.jupyterapp`. */
interface LabApp {
  commands: { execute(command: string, args?: object): Promise<unknown> };
  shell: {
    currentWidget: {
      content: {
        activeCellIndex: number;
        model: {
          sharedModel: {
            toJSON(): { cells: Cell[] };
            getCell(index: number): { setSource(source: string): void };
          };
        };
      };
      sessionContext: { session: { kernel: LabKernel | null } | null };
    };
  };
}

declare global {
  const window: { jupyterapp: LabApp };
}

/** Settings of the tests: JupyterLab draws all cells, so that a test sees them, and does not ask about news. */
function writeSettings(folder: string): void {
  const settings = {
    'notebook-extension/tracker': { windowingMode: 'none' },
    'apputils-extension/notification': { fetchNews: 'false', checkForUpdates: false },
  };
  for (const [name, values] of Object.entries(settings)) {
    const file = join(folder, '@jupyterlab', `${name}.jupyterlab-settings`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
  }
}

/** One notebook opened in JupyterLab. */
export class Lab {
  private constructor(
    readonly page: Page,
    readonly close: () => Promise<void>,
  ) {}

  /** @param path the notebook; `more` are arguments of JupyterLab */
  static async open(path: string, ...more: string[]): Promise<Lab> {
    const settings = join(dirname(path), '.settings');
    writeSettings(settings);
    const args = ['--no-browser', '--allow-root', '--port=0', '--LabApp.expose_app_in_browser=True'];
    const notebook = [...more, `--ServerApp.root_dir=${dirname(path)}`, path];
    const server = spawn(
      process.execPath,
      ['--import', 'tsx', join(__dirname, '..', '..', 'jupyter', 'lab.ts'), ...args, ...notebook],
      {
        cwd: join(__dirname, '..', '..', '..'),
        env: {
          ...process.env,
          PATH: [dirname(PYTHON), process.env.PATH].join(delimiter),
          JUPYTERLAB_SETTINGS_DIR: settings,
        },
      },
    );
    let log = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (log += text));
    const address = () => /http:\/\/(localhost|127\.0\.0\.1):\d+\/lab\S*token=\w+/.exec(log)?.[0];
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: CHROMIUM_FLAGS,
    });
    const close = async () => {
      await browser.close();
      server.kill('SIGTERM');
      await eventually(
        () => server.exitCode !== null || server.signalCode !== null,
        30,
        'the end of JupyterLab',
      );
    };
    try {
      await eventually(() => address() !== undefined, 90, `an address of JupyterLab, got ${log}`);
      const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
      await page.goto(address()!.replace(/\/lab[^?]*/, `/lab/tree/${encodeURIComponent(basename(path))}`));
      const lab = new Lab(page, close);
      await lab.until('idle kernel', 120, () => {
        return window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle';
      });
      return lab;
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Waits until a condition holds in the page. */
  async until(what: string, seconds: number, condition: () => boolean): Promise<void> {
    try {
      await this.page.waitForFunction(condition, undefined, { timeout: seconds * 1000, polling: 1000 });
    } catch (error) {
      const cells = this.page.isClosed() ? [] : await this.cells().catch(() => []);
      throw new Error(
        `until requires ${what} within ${seconds} s, got ${error} with ${JSON.stringify(cells)}`,
      );
    }
  }

  /** Executes a command of JupyterLab, as its menus do, without waiting for its end. */
  async command(name: string, args: object = {}): Promise<void> {
    await this.page.evaluate(([name, args]) => void window.jupyterapp.commands.execute(name, args), [
      name,
      args,
    ] as const);
  }

  /** The cells as they stand in the page, with their outputs. */
  async cells(): Promise<Cell[]> {
    return await this.page.evaluate(
      () => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells,
    );
  }

  /** Waits until every code cell has a number and the kernel rests. */
  async untilDone(seconds: number): Promise<void> {
    await this.until('all cells executed', seconds, () => {
      const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
      const code = content.model.sharedModel.toJSON().cells.filter((cell) => cell.cell_type === 'code');
      const isIdle = sessionContext.session?.kernel?.status === 'idle';
      return isIdle && code.every((cell) => typeof cell.execution_count === 'number');
    });
  }

  /** Selects a cell, runs it, and once it has shown something hands over to `meanwhile`; waits for its end. */
  async run(index: number, meanwhile?: () => Promise<void>): Promise<void> {
    const before = (await this.cells())[index].execution_count;
    await this.page.evaluate((i) => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = i;
    }, index);
    await this.command('notebook:run-cell');
    if (meanwhile) {
      const shows = async () => ((await this.cells())[index].outputs ?? []).length > 0;
      while (!(await shows())) await this.page.waitForTimeout(200);
      await meanwhile();
    }
    const end = performance.now() + 120_000;
    for (;;) {
      const now = (await this.cells())[index].execution_count;
      if (typeof now === 'number' && now !== before) return;
      if (performance.now() > end) throw new Error(`run requires an end of cell ${index} within 120 s`);
      await this.page.waitForTimeout(200);
    }
  }

  /** The kernel's completions of a code, and its words about the name at the end of it. */
  async completeAndInspect(code: string): Promise<{ matches: string[]; hover: string }> {
    return await this.page.evaluate(async (code) => {
      const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session!.kernel!;
      const at = { code, cursor_pos: code.length };
      const { matches } = (await kernel.requestComplete(at)).content;
      const { data } = (await kernel.requestInspect({ ...at, detail_level: 0 })).content;
      return { matches, hover: data['text/plain'] };
    }, code);
  }

  /** Interrupts the kernel; returns after how many seconds this cell had ended and the kernel rested. */
  async interrupt(index: number): Promise<number> {
    const start = performance.now();
    await this.command('notebook:interrupt-kernel');
    const hasEnded = (i: number) => {
      const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
      const cell = content.model.sharedModel.toJSON().cells[i];
      return typeof cell.execution_count === 'number' && sessionContext.session?.kernel?.status === 'idle';
    };
    await this.page.waitForFunction(hasEnded, index, { timeout: 60_000, polling: 50 });
    return (performance.now() - start) / 1000;
  }

  /** Types another source into a cell. */
  async setSource(index: number, source: string): Promise<void> {
    await this.page.evaluate(
      ([i, text]) =>
        window.jupyterapp.shell.currentWidget.content.model.sharedModel.getCell(i).setSource(text),
      [index, source] as const,
    );
  }
}
