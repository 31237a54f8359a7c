import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkLicences, isAllowed } from './parts/licences';

test('of licences joined by OR one is enough, of those joined by AND all are needed', () => {
  const cases: [string, boolean][] = [
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(GPL-3.0-only OR MIT)', true],
    ['MIT AND MPL-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['none', false],
  ];
  for (const [expression, expected] of cases) assert.equal(isAllowed(expression), expected, expression);
});

test('all packages that users install may be used and passed on', () => {
  const { allowed, refused } = checkLicences(join(__dirname, '..', '..', '..'));
  assert.deepEqual(refused, []);
  assert.ok(allowed.includes('tslab') && allowed.length > 100, `${allowed.length} packages`);
});

test('a package of the users with another licence is named, one of the developers is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'));
  try {
    const packages = {
      '': { license: 'MIT' },
      'node_modules/a': { license: 'ISC' },
      'node_modules/a/node_modules/@b/c': { license: 'AGPL-3.0' },
      'node_modules/d': { license: 'AGPL-3.0', dev: true },
    };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    assert.deepEqual(checkLicences(folder), { allowed: ['a'], refused: ['@b/c (AGPL-3.0)'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
