import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { lockFolder } from './lock';

const WINDOWS = process.platform === 'win32' && 'Windows has no sockets that are files';

/** Another process that has the lock of a folder. */
async function owner(...args: string[]): Promise<ChildProcess> {
  const code = `require(${JSON.stringify(join(__dirname, 'lock.ts'))}).lockFolder(...process.argv.slice(1)).then(() => {
    console.log('locked');
    setInterval(() => {}, 1e6);
  })`;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', code, ...args]);
  await once(child.stdout, 'data');
  return child;
}

test('one process at a time has a folder; it ends with the process, however that ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock '));
  const first = await owner(folder);
  try {
    await assert.rejects(
      lockFolder(folder),
      new RegExp(`^InputError: Another npm start is running in this folder \\(process ${first.pid}\\): wait`),
    );
    await lockFolder(`${folder} 2`);
    symlinkSync(folder, `${folder} link`, 'junction');
    await assert.rejects(lockFolder(`${folder} link`), /Another npm start/);
  } finally {
    first.kill('SIGKILL');
    await once(first, 'close');
  }
  await lockFolder(folder);
  await assert.rejects(lockFolder(folder), new RegExp(`process ${process.pid}`));
  rmSync(`${folder} link`);
  rmSync(folder, { recursive: true });
});

test('where sockets are files, one that a killed process has left is no lock', {
  skip: WINDOWS,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock '));
  for (let again = 0; again < 2; again++) {
    const first = await owner(folder, 'darwin');
    await assert.rejects(lockFolder(folder, 'darwin'), new RegExp(`process ${first.pid}`));
    first.kill('SIGKILL');
    await once(first, 'close');
  }
  await lockFolder(folder, 'darwin');
  await assert.rejects(lockFolder(folder, 'darwin'), new RegExp(`process ${process.pid}`));
  rmSync(folder, { recursive: true });
});
