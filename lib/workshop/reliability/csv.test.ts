import assert from 'node:assert/strict';
import test from 'node:test';
import { without } from '../../forest/testing/index';
import { tryTables } from './csv';

test('what is read is what pandas reads', { skip: without('pandas') }, async () => {
  const { outcomes, failures } = await tryTables(400, 1);
  const all = outcomes.find(({ kind }) => kind === 'all')!;
  assert.equal(all.tried, 400);
  assert.equal(all.wrong, 0, failures.join('\n'));
  assert.ok(all.samePandas > 100);
  // pandas shifts the columns of some files whose lines end with \r alone.
  assert.deepEqual(
    failures.filter((failure) => !failure.includes('"newline":"\\r"')),
    [],
  );
});
