import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { PYTHON, without } from '../forest/testing/index';
import { testNotebook } from '../workshop/samples/notebooks';
import { writeKernelspec } from './kernelspec';

test("the kernel passes Jupyter's own tests of kernels, and what they do not ask", {
  skip: without('jupyter_kernel_test'),
}, () => {
  const { folder, remove } = testNotebook();
  try {
    writeKernelspec(join(folder, 'jupyter'));
    const env = { ...process.env, JUPYTER_PATH: join(folder, 'jupyter') };
    const args = [join(__dirname, 'protocolTest.py')];
    const { status, stderr } = spawnSync(PYTHON, args, { cwd: folder, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Ran 2[01] tests/);
  } finally {
    remove();
  }
});
