/**
 * Builds the package into dist/: an ES module, a CommonJS module and one for browsers, the worker of a queue, and
 * their type declarations (`npm run build:forest` at the top). Kernel and workers travel inside the modules, as text, so that they are
 * found wherever a user's own bundler puts them.
 */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = dirname(fileURLToPath(import.meta.url));
const engine = join(root, 'src', 'engine');
const source = (name) => join(root, 'src', `${name}.ts`);
const out = (name) => join(root, 'dist', name);

/** The module that stands for engine/assets.ts. */
async function inlinedAssets() {
  const kernel = readFileSync(join(engine, 'kernel.wasm')).toString('base64');
  const { code } = await transform(readFileSync(join(engine, 'worker.cjs'), 'utf8'), { minify: true });
  const plain = await build({
    entryPoints: [join(engine, 'plainWorker.ts')],
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'es2022',
    write: false,
  });
  return `
    export const kernelBytes = () => Uint8Array.from(atob('${kernel}'), (letter) => letter.charCodeAt(0));
    export const workerCode = () => ${JSON.stringify(code)};
    export const plainWorkerCode = () => ${JSON.stringify(plain.outputFiles[0].text)};`;
}

/** Puts the content of kernel and workers, and for browsers the browser's platform, in the place of modules. */
function replaceModules(assets, isBrowser) {
  return {
    name: 'replace modules',
    setup({ onLoad }) {
      onLoad({ filter: /engine[\\/]assets\.ts$/ }, () => ({ contents: assets, loader: 'js' }));
      if (!isBrowser) return;
      onLoad({ filter: /engine[\\/]platform\.ts$/ }, () => ({
        contents: readFileSync(join(engine, 'platform.browser.ts'), 'utf8'),
        resolveDir: engine,
        loader: 'ts',
      }));
    },
  };
}

async function buildModules() {
  const assets = await inlinedAssets();
  const targets = [
    { entry: 'index', format: 'esm', platform: 'node', outfile: out('index.mjs') },
    { entry: 'index', format: 'cjs', platform: 'node', outfile: out('index.cjs') },
    { entry: 'index', format: 'esm', platform: 'browser', outfile: out('index.browser.mjs') },
    { entry: 'worker', format: 'esm', platform: 'node', outfile: out('worker.mjs') },
    { entry: 'worker', format: 'cjs', platform: 'node', outfile: out('worker.cjs') },
    { entry: 'queue/main', format: 'cjs', platform: 'node', outfile: out('main.cjs') },
  ];
  for (const { entry, ...target } of targets) {
    const plugins = [replaceModules(assets, target.platform === 'browser')];
    // Only a search on a queue needs these, and its user installs them.
    const external = ['bullmq', 'ioredis'];
    await build({
      ...target,
      entryPoints: [source(entry)],
      bundle: true,
      target: 'es2022',
      plugins,
      external,
    });
  }
}

async function buildDeclarations() {
  for (const entry of ['index', 'worker']) {
    const bundle = await rollup({
      input: source(entry),
      plugins: [dts({ tsconfig: join(root, '..', '..', 'tsconfig.json') })],
    });
    await bundle.write({ file: out(`${entry}.d.mts`), format: 'es' });
    await bundle.close();
    copyFileSync(out(`${entry}.d.mts`), out(`${entry}.d.cts`));
  }
}

// The compiler looks for Node's types from where it stands.
process.chdir(root);
rmSync(join(root, 'dist'), { recursive: true, force: true });
await buildModules();
await buildDeclarations();
