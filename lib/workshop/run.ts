/**
 * `npm test` hands every `*.test.ts` under lib to Node's own test runner (Node 20 has no globs of its own).
 * Arguments choose files by a part of their path: `npx tsx lib/workshop/run.ts forest`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const lib = join(__dirname, '..');
const wanted = process.argv.slice(2);

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .map((file) => join(lib, file))
  .sort();

if (files.length === 0) {
  console.error(`The test run requires at least one test file, got none that matches ${wanted.join(', ')}`);
  process.exit(1);
}
const run = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
