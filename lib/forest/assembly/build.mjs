/**
 * Compiles the kernel to kernel.wasm and declares its exports in kernelExports.ts, so that TypeScript knows their
 * names. `node build.mjs [FOLDER]`; the folder is src/engine when none is given.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const folder = process.argv[2] ?? join(here, '..', 'src', 'engine');

/** The compiler's own declaration, as an interface of what an instance has: numbers, also where it says boolean. */
function declare(bindings) {
  const functions = [...bindings.matchAll(/export function (\w+)\((.*)\): (\w+);/g)].map(
    ([, name, parameters, result]) => `  ${name}(${parameters}): ${result === 'boolean' ? 'number' : result};`,
  );
  const globals = [...bindings.matchAll(/export const (\w+): \{/g)].map(([, name]) => `  ${name}: number;`);
  return `// Made by assembly/build.mjs from the kernel's source.

/** The kernel's functions. */
export interface KernelFunctions {
${functions.join('\n').replaceAll(/^ {2}(.{109,})$/gm, breakParameters)}
}

/** The kernel's settings and addresses, which an instance has as \`{ value }\`. */
export interface KernelGlobals {
${globals.join('\n')}
}
`;
}

function breakParameters(line) {
  const [, name, parameters, result] = line.match(/(\w+)\((.*)\)(: .*)/);
  return `  ${name}(\n${parameters.split(', ').map((one) => `    ${one},\n`).join('')}  )${result}`;
}

const out = mkdtempSync(join(tmpdir(), 'kernel-'));
try {
  const config = ['--config', 'lib/forest/assembly/asconfig.json', '--bindings', 'raw'];
  process.chdir(root); // the names of source files are in the module
  const { error, stderr } = await asc.main([
    'lib/forest/assembly/kernel.ts',
    ...config,
    '--outFile',
    join(out, 'kernel.wasm'),
  ]);
  if (error) throw new Error(stderr.toString());
  writeFileSync(join(folder, 'kernel.wasm'), readFileSync(join(out, 'kernel.wasm')));
  writeFileSync(join(folder, 'kernelExports.ts'), declare(readFileSync(join(out, 'kernel.d.ts'), 'utf8')));
} finally {
  rmSync(out, { recursive: true });
}
