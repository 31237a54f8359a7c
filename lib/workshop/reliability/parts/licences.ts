import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences (SPDX) under which a package may be used and passed on with its notice, whatever is built on it. */
const ALLOWED = new Set([
  ...[
    'MIT',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'Unlicense',
    'CC0-1.0',
    'BlueOak-1.0.0',
  ],
  // It covers the files of libzmq alone, which zeromq brings unchanged.
  'MPL-2.0',
]);

/** Whether a licence expression such as `(AFL-2.1 OR MIT)` can be met with allowed licences. */
export function isAllowed(expression: string): boolean {
  const text = expression.replace(/[()]/g, '');
  const isAll = (part: string) => part.split(/ AND /).every((name) => ALLOWED.has(name.trim()));
  return text.split(/ OR /).some(isAll);
}

interface Locked {
  dev?: boolean;
  license?: string;
}

/**
 * Reads the lockfile's licences, and where it has none the package's own file.
 * @param root the folder of package-lock.json
 * @returns names of the packages that are installed without `--dev`, by whether their licence is allowed
 */
export function checkLicences(root: string): { allowed: string[]; refused: string[] } {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const allowed: string[] = [];
  const refused: string[] = [];
  for (const [path, { dev, license }] of Object.entries(packages)) {
    if (path === '' || dev) continue;
    const name = path.replace(/^.*node_modules\//, '');
    const expression = license ?? ownLicence(join(root, path));
    if (isAllowed(expression)) allowed.push(name);
    else refused.push(`${name} (${expression})`);
  }
  return { allowed, refused };
}

/** The licence that a package names: old ones have `licenses`, a list, or nothing but the text of the MIT licence. */
function ownLicence(folder: string): string {
  const { license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const list: { type: string }[] = licenses ?? [];
  const said: string = license?.type ?? license ?? list.map(({ type }) => type).join(' OR ');
  if (said) return said;
  const file = join(folder, 'LICENSE');
  return existsSync(file) && /^The MIT License/.test(readFileSync(file, 'utf8')) ? 'MIT' : 'none';
}
