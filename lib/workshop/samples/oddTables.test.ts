import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../forest/src/index';
import { parseTracks } from '../../tracks/read';
import { FAULTS, type OddTable, oddTable } from './oddTables';

/** Reads one made-up table and compares with what it was made from. */
async function check(table: OddTable): Promise<void> {
  const { bytes, expected, refusal } = table;
  if (refusal) {
    await assert.rejects(parseTracks(bytes, 'odd.csv'), (error: Error) => {
      assert.ok(error instanceof InputError, `${error.stack}`);
      assert.match(error.message, refusal);
      assert.ok(!/[\r\n]/.test(error.message));
      return true;
    });
    return;
  }
  const tracks = await parseTracks(bytes, 'odd.csv');
  for (const [name, values] of Object.entries(expected)) {
    assert.deepEqual(Array.from<number | string>(tracks.columns[name]), values, name);
  }
}

test('tables in every style are read as they were made, or refused with line and column', async () => {
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(oddTable(), async (table) => {
      cases++;
      await check(table);
    }),
    { numRuns: 3000 },
  );
  assert.ok(cases >= 3000);
});

for (const fault of FAULTS) {
  test(`every table with this fault is dealt with: ${fault}`, async () => {
    await fc.assert(fc.asyncProperty(oddTable(fault), check), { numRuns: 60 });
  });
}
