import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

test('kernel.wasm and the names of its exports are what its source compiles to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    execFileSync(process.execPath, [join(__dirname, '..', '..', 'assembly', 'build.mjs'), folder]);
    for (const name of ['kernel.wasm', 'kernelExports.ts']) {
      const [committed, built] = [__dirname, folder].map((place) => readFileSync(join(place, name)));
      assert.deepEqual(committed, built, 'run npm run build:kernel');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
