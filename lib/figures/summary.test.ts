import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { RandomState } from '../forest/src/index';
import { PYTHON, without } from '../forest/testing/index';
import { numbers } from '../tracks/columns';
import { readTracks } from '../tracks/read';
import type { Tracks } from '../tracks/types';
import pandas from './fixtures/recorded.json'; // by fixtures/record.py
import { columnsTable, describeColumn, describeTable } from './summary';

const SHIPPED = join(__dirname, '..', '..', 'dataset', 'spotify_tracks.csv');

const three: Tracks = {
  ...{ source: '', sha256: '', rowCount: 3, lines: Int32Array.of(2, 3, 4), notes: [], readings: [] },
  columns: {
    track_name: ['One', '', '<script>'],
    popularity: Float64Array.of(1, 2, 4),
    tempo: Float64Array.of(90.25, Number.NaN, 120),
  },
};

test("describe gives pandas' numbers to the last digit on the shipped table", async () => {
  const tracks = await readTracks(SHIPPED);
  const columns = Object.entries(pandas.describe);
  assert.equal(columns.length, 14);
  for (const [name, expected] of columns) {
    assert.deepEqual(describeColumn(numbers(tracks, name)), expected, name);
  }
});

test('describe leaves missing values out, as pandas does', () => {
  const uneven = Float64Array.of(3, Number.NaN, -1.5, 8.25, 0.1, 0.1);
  assert.deepEqual(describeColumn(uneven), pandas.uneven);
});

test('with missing values anywhere it is what pandas says, to the last digit', {
  skip: without('pandas'),
}, () => {
  const random = new RandomState(5);
  const columns = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: 1 + random.randint(40 * (i + 1)) }, () =>
      random.randint(4) === 0 ? null : random.randint(1_000_000) / 997,
    ),
  );
  const script = `import json, sys
import pandas as pd
described = [pd.Series(column, dtype=float).describe() for column in json.load(sys.stdin)]
print(json.dumps([{name: None if value != value else value for name, value in one.items()} for one in described]))`;
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', script], {
    input: JSON.stringify(columns),
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  const ours = columns.map((column) =>
    describeColumn(Float64Array.from(column, (value) => value ?? Number.NaN)),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(ours)), JSON.parse(stdout));
});

test('describe of no value, and of one, has no numbers to give', () => {
  const none = describeColumn(Float64Array.of(Number.NaN));
  assert.deepEqual(
    { count: none.count, mean: none.mean, median: none['50%'] },
    { count: 0, mean: Number.NaN, median: Number.NaN },
  );
  const one = describeColumn(Float64Array.of(5));
  assert.deepEqual([one.count, one.mean, one.std, one['75%']], [1, 5, Number.NaN, 5]);
});

test('the summary tables, by eye', () => {
  assert.equal(
    describeTable(three).text,
    [
      '            count   mean    std    min    25%    50%    75%    max',
      'popularity      3  2.333  1.528  1.000  1.500  2.000  3.000  4.000',
      'tempo           2  105.1   21.0   90.3   97.7  105.1  112.6  120.0',
      '',
      '2 rows × 8 columns',
    ].join('\n'),
  );
  assert.equal(
    columnsTable(three).text,
    [
      '            type    missing  missing %  different  example',
      'track_name  text          1       33.3          2  One',
      'popularity  number        0        0.0          3  1',
      'tempo       number        1       33.3          2  90.25',
      '',
      '3 rows × 5 columns',
    ].join('\n'),
  );
});
