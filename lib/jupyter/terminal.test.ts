import assert from 'node:assert/strict';
import test from 'node:test';
import { terminalReport } from './terminal';

function record(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const report = terminalReport({ isTTY, columns, write: (text) => written.push(text) });
  return { report, written };
}

test('in a log every heading and cell is a line, and progress at most one every ten seconds', () => {
  const { report, written } = record(false);
  report.cell(9, 10, 'Tune', 'const a = 1;');
  for (let i = 0; i < 100; i++) report.progress(`${i} fits`);
  report.cell(10, 10, 'Tune', 'x'.repeat(100));
  report.end();
  assert.equal(written.join(''), `Tune\n   9/10  const a = 1;\n  10/10  ${'x'.repeat(69)}…\n`);
});

test('on a terminal the line of the running cell changes in place and cannot be made to do more', () => {
  const { report, written } = record(true, 30);
  report.cell(1, 2, '', 'fit(\x1b[31mX\x1b[0m)\x07');
  report.progress(' 1 of 2\x1b[2J, with a long text behind it\nand a second line');
  report.end();
  report.progress('too late');
  assert.deepEqual(written, [
    '\r\x1b[K  1/2  fit(X) ',
    '\r\x1b[K  1/2  1 of 2, with a long t…',
    '\r\x1b[K  1/2  fit(X) \n',
  ]);
});
