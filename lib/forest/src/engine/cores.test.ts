import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import test from 'node:test';
import { cgroupCores, cores } from './cores';

/** The cores of a machine that has these files. */
const coresOf = (files: Record<string, string>) => cgroupCores((path) => files[path]);

test('a container gets as many threads as its processor time is worth', () => {
  const v2 = { '/proc/self/cgroup': '0::/\n' };
  assert.equal(coresOf({}), Number.POSITIVE_INFINITY);
  assert.equal(coresOf(v2), Number.POSITIVE_INFINITY);
  assert.equal(coresOf({ ...v2, '/sys/fs/cgroup/cpu.max': 'max 100000\n' }), Number.POSITIVE_INFINITY);
  assert.equal(coresOf({ ...v2, '/sys/fs/cgroup/cpu.max': '200000 100000\n' }), 2);
  assert.equal(coresOf({ ...v2, '/sys/fs/cgroup/cpu.max': '150000 100000\n' }), 2);
  assert.equal(coresOf({ ...v2, '/sys/fs/cgroup/cpu.max': '10000 100000\n' }), 1);
});

test('the least of a group and those around it holds', () => {
  const files = {
    '/proc/self/cgroup': '0::/jobs/this one\n',
    '/sys/fs/cgroup/jobs/this one/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/jobs/cpu.max': '300000 100000\n',
    '/sys/fs/cgroup/cpu.max': '800000 100000\n',
  };
  assert.equal(coresOf(files), 3);
});

test('version 1 of cgroups has two files', () => {
  const at = (path: string, quota: string) => ({
    '/proc/self/cgroup': '12:memory:/m\n4:cpu,cpuacct:/docker/abc\n0::/x\n',
    [`/sys/fs/cgroup/cpu${path}/cpu.cfs_quota_us`]: `${quota}\n`,
    [`/sys/fs/cgroup/cpu${path}/cpu.cfs_period_us`]: '50000\n',
  });
  assert.equal(coresOf(at('/docker/abc', '-1')), Number.POSITIVE_INFINITY);
  assert.equal(coresOf(at('/docker/abc', '200000')), 4);
  assert.equal(coresOf(at('', '100000')), 2);
});

test('JOBS is a limit, and nothing but a whole number', () => {
  assert.equal(cores({ JOBS: '1' }), 1);
  assert.equal(cores({ JOBS: '4096' }), cores({}));
  assert.equal(cores({ JOBS: '' }), cores({}));
  assert.ok(cores({}) >= 1 && cores({}) <= availableParallelism());
  for (const JOBS of ['0', '-1', '1.5', 'two']) {
    assert.throws(() => cores({ JOBS }), /^InputError: JOBS requires a whole number of at least 1, got /);
  }
});
