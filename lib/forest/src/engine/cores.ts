import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from '../errors';

/** The text of a file, or undefined where it cannot be read. */
type Read = (path: string) => string | undefined;

let quota: number | undefined;

/**
 * Returns the default number of threads. It is the number that the system can run at once, but no more than the
 * environment variable `JOBS`, and on Linux no more than the processor time of the container (its cgroup) is worth.
 * A machine may have 64 cores, of which a container gets two.
 * @throws InputError for `JOBS` other than a whole number from 1
 */
export function cores(env: NodeJS.ProcessEnv = process.env): number {
  quota ??= cgroupCores(readText);
  const most = Math.min(availableParallelism(), quota);
  if (!env.JOBS) return most;
  const jobs = Number(env.JOBS);
  if (!(Number.isInteger(jobs) && jobs >= 1)) {
    throw new InputError(`JOBS requires a whole number of at least 1, got ${env.JOBS}`);
  }
  return Math.min(most, jobs);
}

/**
 * Returns the number of cores that the processor time of this process's cgroup and of those around it is worth,
 * rounded up; Infinity without a limit. Version 2 has `cpu.max`, version 1 `cpu.cfs_quota_us`:
 * https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
 * @param read reads a file; tests give one of their own
 */
export function cgroupCores(read: Read): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of read('/proc/self/cgroup')?.split('\n') ?? []) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const isVersion2 = controllers === '';
    if (!isVersion2 && !controllers.split(',').includes('cpu')) continue;
    const root = isVersion2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
    // A container sees its own group at the root and may be told the path that the machine outside has for it.
    for (let group = path; ; group = dirname(group)) {
      const folder = join(root, group);
      const [most, period] = isVersion2
        ? (read(join(folder, 'cpu.max')) ?? '').split(' ')
        : [read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us'))];
      const share = Number(most) / Number(period); // "max" and -1 stand for no limit
      if (share > 0) least = Math.min(least, Math.ceil(share));
      if (group === '/') break;
    }
  }
  return least;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
