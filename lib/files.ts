import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from './forest/src/index';

/**
 * Replaces a file in one step. A reader sees the old bytes or the new ones and never a part, even if the process is
 * killed or the disk is full. The temporary file stands beside it and is removed on failure. A file without permission
 * to write is not replaced. The new file has the permissions of the old one, and a link stays a link.
 * @param path the file to write; its folder must exist
 * @param data the whole new content
 * @throws InputError when the file could not be written
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  writing(path, () => {
    const old = statSync(path, { throwIfNoEntry: false });
    const target = old ? realpathSync(path) : path;
    if (old) accessSync(target, constants.W_OK);
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      const file = openSync(temporary, 'wx', old ? old.mode & 0o777 : undefined);
      try {
        writeFileSync(file, data);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Checks that an existing file may be replaced, before the work that leads to its new content.
 * @throws InputError when it or its folder may not be written
 */
export function requireWritable(path: string): void {
  writing(path, () => {
    for (const needed of [path, dirname(path)]) accessSync(needed, constants.W_OK);
  });
}

/**
 * Makes the folder of a file that long work will write, and checks before that work that the file can be written.
 * @param path the file, which need not exist
 * @throws InputError when the folder cannot be made, the file is a folder, or either may not be written
 * @example prepareFile('models/of today/model.json')
 */
export function prepareFile(path: string): void {
  writing(path, () => mkdirSync(dirname(path), { recursive: true }));
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isDirectory()) throw new InputError(`${path} is a folder: a file needs a name of its own`);
  if (old) requireWritable(path);
  else writing(path, () => accessSync(dirname(path), constants.W_OK));
}

function writing(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const unchanged = existsSync(path) ? ' and is unchanged' : '';
    throw new InputError(`${basename(path)} could not be written${unchanged}: ${(error as Error).message}`);
  }
}
