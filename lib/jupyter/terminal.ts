import { stripVTControlCharacters } from 'node:util';
import type { RunReport } from './runNotebook';

const SECONDS_BETWEEN_LINES = 10;

/** The members that a terminal stream must have; `process.stdout` has them. */
export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * Shows a run: every heading, and one line per cell. On a terminal the line of the running cell changes in place with its
 * progress and ends with the seconds it took; elsewhere (a log, a pipe) progress is a line of its own every ten seconds.
 * @param out where to write
 * @returns the report to hand to `runNotebook`, and `end`, which finishes the last line
 */
export function terminalReport(out: Terminal = process.stdout): Required<RunReport> & { end(): void } {
  let section = '';
  let label = ''; // the running cell's number
  let line = ''; // and its first line
  let started = 0;
  let printed = 0;
  const seconds = () => (performance.now() - started) / 1000;
  const fit = (text: string) => cut(text, (out.columns || 80) - 1);
  const draw = (text: string) => out.write(`\r\x1b[K${fit(text)}`);
  const end = () => {
    if (out.isTTY && line !== '') {
      const time = seconds() < 1 ? '' : `  ${seconds().toFixed(0)} s`;
      out.write(`\r\x1b[K${cut(label + line, (out.columns || 80) - 1 - time.length)}${time}\n`);
    }
    line = '';
  };
  return {
    end,
    cell(number, total, heading, firstLine) {
      end();
      if (heading !== section) out.write(`${fit(plain(heading))}\n`);
      section = heading;
      label = `  ${String(number).padStart(String(total).length)}/${total}  `;
      line = plain(firstLine);
      started = performance.now();
      printed = 0;
      if (out.isTTY) draw(label + line);
      else out.write(`${fit(label + line)}\n`);
    },
    progress(text) {
      if (line === '') return;
      if (out.isTTY) draw(label + plain(text));
      else if (seconds() >= printed + SECONDS_BETWEEN_LINES) {
        printed = seconds();
        out.write(`${' '.repeat(label.length)}${plain(text)}\n`);
      }
    },
  };
}

const cut = (text: string, width: number) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** The first line, without anything that could move the cursor or colour the terminal. */
function plain(text: string): string {
  const first = stripVTControlCharacters(text).trim().split('\n', 1)[0];
  return first.replace(/[\x00-\x1f\x7f]/g, ' ');
}
