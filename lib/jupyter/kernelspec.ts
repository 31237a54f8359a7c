import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../files';

/** The kernel's name in the notebook's metadata. It is tslab's own, so that users of tslab are asked nothing. */
export const KERNEL = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };

/**
 * Writes the kernel's description where Jupyter looks for it. Its paths are absolute: it works from any folder, also for a
 * Jupyter that was started without a PATH, and finds this project's packages.
 * @param folder a Jupyter data folder, such as an entry of JUPYTER_PATH or `userDataFolder()`
 * @returns the folder of the kernel
 */
export function writeKernelspec(folder: string): string {
  const kernel = join(folder, 'kernels', KERNEL.name);
  mkdirSync(kernel, { recursive: true });
  const spec = {
    argv: [process.execPath, join(__dirname, 'launchTslab.cjs'), '--config-path', '{connection_file}'],
    display_name: KERNEL.display_name,
    language: KERNEL.language,
    interrupt_mode: 'signal', // a cell that computes without a pause would not hear an interrupt_request
  };
  writeFileAtomic(join(kernel, 'kernel.json'), JSON.stringify(spec, null, 1) + '\n');
  return kernel;
}

/** Jupyter's data folder of this user: https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export function userDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter');
}
