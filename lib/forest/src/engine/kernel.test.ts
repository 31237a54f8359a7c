import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

test('kernel.wasm is what its source compiles to', () => {
  const root = join(__dirname, '..', '..', '..', '..');
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    const out = join(folder, 'kernel.wasm');
    const asc = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
    const config = ['--config', 'lib/forest/assembly/asconfig.json', '--outFile', out];
    execFileSync(process.execPath, [asc, 'lib/forest/assembly/kernel.ts', ...config], { cwd: root });
    assert.deepEqual(
      readFileSync(join(__dirname, 'kernel.wasm')),
      readFileSync(out),
      'run npm run build:kernel',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
