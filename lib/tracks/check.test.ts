import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { csvOf, MADE_TRACKS } from '../workshop/samples/forms';
import { describeReading } from './check';
import { parseTracks } from './read';

const csv = csvOf(
  MADE_TRACKS.map(({ tempo, ...track }) => ({ ...track, BPM: tempo, 'my \u202enotes': 'x' })),
);

test('a line for each column, then the notes', async () => {
  const lines = describeReading(await parseTracks(Buffer.from(csv), 'a.csv')).split('\n');
  assert.deepEqual(lines.slice(0, 3), [
    'a.csv: 3 rows',
    '',
    'column        taken as        unit  converted  missing',
  ]);
  assert.ok(lines.includes('energy        energy                           1'), lines.join('\n'));
  assert.ok(lines.includes('BPM           tempo'), lines.join('\n'));
  assert.ok(lines.includes('my \ufffdnotes     (kept as text)'), lines.join('\n'));
  assert.ok(
    lines.some((line) => /^- "BPM" is taken for tempo/.test(line)),
    lines.join('\n'),
  );
});

test('npm start -- --check ends with 0 for a table and with one sentence and 1 for another file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check '));
  try {
    const run = (text: string) => {
      writeFileSync(join(folder, 'a.csv'), text);
      const start = join(__dirname, '..', 'jupyter', 'start.ts');
      const args = ['--require', 'tsx/cjs', start, '--dataset', 'a.csv', '--check'];
      const env = { ...process.env, INIT_CWD: folder };
      return spawnSync(process.execPath, args, { env, cwd: join(__dirname, '..', '..'), encoding: 'utf8' });
    };
    const good = run(csv);
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /a\.csv: 3 rows\n/);
    const bad = run('a,b\n1,2\n');
    assert.equal(bad.status, 1);
    assert.match(bad.stderr, /^[^\n]*a\.csv, line 1 lacks the column popularity; it has a, b\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
