import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { without } from '../../forest/testing/index';
import { resultsOf, TABLES, withResults } from './results';

const readme = readFileSync(join(__dirname, '..', '..', '..', 'README.md'), 'utf8');
const skips = { shipped: false as const, tutorial: without('tutorial table') };

for (const name of ['shipped', 'tutorial'] as const) {
  test(`the README's results are those of the ${name} table`, { skip: skips[name] }, async () => {
    assert.ok(TABLES[name].source);
    assert.equal(withResults(readme, name, await resultsOf(name)), readme);
  });
}

test('a README without the marks is refused', () => {
  assert.throws(
    () => withResults('# Other', 'shipped', ''),
    /requires a README with <!-- results of shipped -->/,
  );
});
