/** Tells `npm run coverage` which scripts ran in Chromium. Node reports its own scripts by itself. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';

const folder = process.env.NODE_V8_COVERAGE;

/** Starts to count a page's scripts when coverage is asked for. */
export async function startCoverage(page: Page): Promise<void> {
  if (folder) await page.coverage.startJSCoverage({ resetOnNavigation: false });
}

/**
 * Writes the counts where Node writes its own.
 * @param scripts the folder of the page's scripts
 */
export async function keepCoverage(page: Page, scripts: string): Promise<void> {
  if (!folder) return;
  const result = (await page.coverage.stopJSCoverage()).map(({ scriptId, url, functions }) => {
    const path = join(scripts, basename(new URL(url).pathname));
    return { scriptId, url: pathToFileURL(path).href, functions };
  });
  writeFileSync(join(folder, `page-${randomUUID()}.json`), JSON.stringify({ result }));
}
