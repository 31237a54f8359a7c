/** `npm run kernel`: makes the kernel known to every Jupyter of this user, or with `--remove` forgets it. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../forest/src/index';
import { KERNEL, userDataFolder, writeKernelspec } from './kernelspec';

const USAGE = 'Usage: npm run kernel [-- --remove]';

/**
 * Registers the kernel in a Jupyter data folder or removes it there.
 * @param args nothing, or `--remove`
 * @returns what was done, for the user
 * @throws InputError for another argument, and when a kernel of this name is there that is not this project's
 */
export function kernel(args: readonly string[], folder: string): string {
  const unknown = args.find((arg) => arg !== '--remove');
  if (unknown !== undefined) throw new InputError(`Unknown option ${unknown}\n${USAGE}`);
  const path = join(folder, 'kernels', KERNEL.name);
  const owner = ownerOf(path);
  if (owner === 'another') {
    throw new InputError(
      `${path} is another installation of tslab, which runs this notebook as well; to replace it, remove it first ` +
        `with: jupyter kernelspec remove ${KERNEL.name}`,
    );
  }
  if (args.includes('--remove')) {
    if (owner === undefined) return `The kernel was not registered in ${folder}`;
    rmSync(path, { recursive: true });
    return `Removed ${path}`;
  }
  writeKernelspec(folder);
  return `Registered the kernel "${KERNEL.display_name}" in ${path}: choose it in VS Code (Select Kernel, Jupyter Kernel), Jupyter Notebook or JupyterLab`;
}

/** Whose kernel is registered there: `'project'` (of this or another clone), `'another'` or undefined for none. */
function ownerOf(path: string): 'project' | 'another' | undefined {
  let text: string;
  try {
    text = readFileSync(join(path, 'kernel.json'), 'utf8');
  } catch {
    return undefined;
  }
  return text.includes('launchTslab.cjs') ? 'project' : 'another';
}

if (require.main === module) {
  try {
    console.log(kernel(process.argv.slice(2), userDataFolder()));
  } catch (error) {
    const isPlain = error instanceof InputError || 'syscall' in (error as object);
    console.error(isPlain ? (error as Error).message : error);
    process.exitCode = 1;
  }
}
