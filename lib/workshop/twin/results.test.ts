import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { without } from '../../forest/testing/index';
import { READMES, resultsOf, withResults } from './results';

const skips = { shipped: false as const, tutorial: without('tutorial table') };

for (const name of ['shipped', 'tutorial'] as const) {
  test(`the READMEs have the results of the ${name} table`, { skip: skips[name] }, async () => {
    const parts = Object.entries(await resultsOf(name));
    assert.equal(parts.length, name === 'shipped' ? 2 : 1);
    for (const [file, part] of parts) {
      const readme = readFileSync(READMES[file as keyof typeof READMES], 'utf8');
      assert.equal(withResults(readme, name, part), readme);
    }
  });
}

test('a README without the marks is refused', () => {
  assert.throws(
    () => withResults('# Other', 'shipped', ''),
    /requires a README with <!-- results of shipped -->/,
  );
});
