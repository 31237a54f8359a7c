import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { prepareFile, requireWritable, writeFileAtomic } from './files';

const windows = process.platform === 'win32' && 'Windows has other permissions and links';
const isRoot = process.getuid?.() === 0 && 'root may write every file';

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'files '));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a file is made, and replaced, and nothing else stays', () => {
  inFolder((folder) => {
    const path = join(folder, 'a.json');
    for (const text of ['old', 'new']) {
      writeFileAtomic(path, text);
      assert.equal(readFileSync(path, 'utf8'), text);
    }
    assert.deepEqual(readdirSync(folder), ['a.json']);
    assert.throws(
      () => writeFileAtomic(folder, 'text'),
      /^InputError: files .* could not be written and is unchanged: (EISDIR|ENOTEMPTY|EEXIST|EPERM)/,
    );
    assert.throws(
      () => writeFileAtomic(join(folder, 'none', 'a'), 'text'),
      /^InputError: a could not be written: ENOENT/,
    );
    assert.deepEqual(readdirSync(folder), ['a.json']);
  });
});

test('the folder of a file that will be written is made, or refused before the work', () => {
  inFolder((folder) => {
    const path = join(folder, 'new', 'deep', 'a.json');
    prepareFile(path);
    assert.ok(statSync(join(folder, 'new', 'deep')).isDirectory());
    assert.equal(existsSync(path), false);
    writeFileAtomic(path, 'text');
    prepareFile(path);
    assert.equal(readFileSync(path, 'utf8'), 'text');
    assert.throws(
      () => prepareFile(join(folder, 'new')),
      /^InputError: .*new is a folder: a file needs a name/,
    );
    assert.throws(
      () => prepareFile(join(path, 'b.json')),
      /^InputError: b\.json could not be written: (ENOTDIR|EEXIST)/,
    );
  });
});

test('a private file stays private, and a link a link', { skip: windows }, () => {
  inFolder((folder) => {
    const [path, link] = [join(folder, 'a.json'), join(folder, 'link')];
    writeFileAtomic(path, 'old');
    chmodSync(path, 0o600);
    symlinkSync('a.json', link);
    writeFileAtomic(link, 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(lstatSync(link).isSymbolicLink());
  });
});

test('a file that may not be written is not replaced', { skip: windows || isRoot }, () => {
  inFolder((folder) => {
    const path = join(folder, 'a.json');
    writeFileAtomic(path, 'old');
    chmodSync(path, 0o444);
    for (const refused of [() => writeFileAtomic(path, 'new'), () => requireWritable(path)])
      assert.throws(refused, /^InputError: a\.json could not be written and is unchanged: EACCES/);
    assert.equal(readFileSync(path, 'utf8'), 'old');
  });
});
