import { stripVTControlCharacters } from 'node:util';
import type { RunReport } from './runNotebook';

const SECONDS_BETWEEN_LINES = 10;

/** What a terminal stream must offer; `process.stdout` does. */
export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * Shows a run: one line per cell. On a terminal the line of the running cell changes in place with its progress and
 * ends with the seconds it took; elsewhere (a log, a pipe) progress is a line of its own every ten seconds.
 * @returns the report to hand to `runNotebook`, and `end`, which finishes the last line
 */
export function terminalReport(out: Terminal = process.stdout): Required<RunReport> & { end(): void } {
  let line = '';
  let started = 0;
  let printed = 0;
  const seconds = () => (performance.now() - started) / 1000;
  const draw = (text: string) => out.write(`\r\x1b[K${text.slice(0, (out.columns || 80) - 1)}`);
  const end = () => {
    if (!out.isTTY || line === '') return;
    draw(seconds() < 1 ? line : `${line}  ${seconds().toFixed(0)} s`);
    out.write('\n');
    line = '';
  };
  return {
    end,
    cell(number, total, title) {
      end();
      const width = String(total).length;
      line = `${String(number).padStart(width)}/${total}  ${plain(title)}`;
      started = performance.now();
      printed = 0;
      if (out.isTTY) draw(line);
      else out.write(line + '\n');
    },
    progress(text) {
      if (line === '') return;
      if (out.isTTY) draw(`${line}  ${plain(text)}`);
      else if (seconds() >= printed + SECONDS_BETWEEN_LINES) {
        printed = seconds();
        out.write(`    ${plain(text)}\n`);
      }
    },
  };
}

/** The first line, without anything that could move the cursor or colour the terminal. */
function plain(text: string): string {
  const first = stripVTControlCharacters(text).trim().split('\n', 1)[0] ?? '';
  return first.replace(/[\x00-\x1f\x7f]/g, ' ').replace(/\s+/g, ' ');
}
