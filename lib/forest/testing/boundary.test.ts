/** The package stands alone: it imports nothing from outside its folder, and others come in by its index only. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'node:test';

const PACKAGE = join(__dirname, '..');
const LIB = join(PACKAGE, '..');

/** The relative paths that a file imports or requires. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(
    /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'(\.[^']*)'/g,
  );
  return [...found].map((match) => match[1]);
}

const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|cjs|cts|js)$/.test(name) && !/(^|[\\/])(dist|node_modules)[\\/]/.test(name))
    .map((name) => join(folder, name));

const isInside = (path: string) => !relative(PACKAGE, path).startsWith('..');

test('the package imports nothing from outside its folder', () => {
  const files = sources(PACKAGE);
  assert.ok(files.length > 50);
  const outside = files.flatMap((file) =>
    importsOf(file)
      .filter((path) => !isInside(resolve(dirname(file), path)))
      .map((path) => `${relative(PACKAGE, file)} imports ${path}`),
  );
  assert.deepEqual(outside, []);
});

test('others import its entries only, and tests and the workshop its testing index too', {
  skip: !existsSync(join(LIB, 'index.ts')) && 'needs the repository around the package',
}, () => {
  const [index, worker, testing] = ['src/index', 'src/worker', 'testing/index'].map((door) =>
    join(PACKAGE, door),
  );
  let checked = 0;
  const wrong = sources(LIB)
    .filter((file) => !isInside(file))
    .flatMap((file) => {
      const name = relative(LIB, file);
      const mayTest = name.endsWith('.test.ts') || name.startsWith('workshop');
      return importsOf(file).flatMap((path) => {
        const target = resolve(dirname(file), path);
        if (!isInside(target)) return [];
        checked++;
        const isRight = target === index || target === worker || (mayTest && target === testing);
        return isRight ? [] : [`${name} imports ${path}`];
      });
    });
  assert.ok(checked > 50, `${checked} imports`);
  assert.deepEqual(wrong, []);
});
