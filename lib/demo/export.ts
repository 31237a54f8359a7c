import { mkdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { writeFileAtomic } from '../files';
import { InputError } from '../forest/src/index';
import type { Model } from '../model/model';
import { offlinePage } from './document';

/**
 * Writes the demo as a page that needs no server: it predicts by itself, from any address and from a file.
 * @param target a file that ends with .html; or a folder, which gets an index.html for GitHub Pages and the like
 * @returns the file that was written and how many bytes it takes
 * @throws InputError when the target cannot be written
 */
export async function exportDemo(model: Model, target: string): Promise<{ file: string; bytes: number }> {
  const file = /^\.html?$/i.test(extname(target)) ? target : join(target, 'index.html');
  const html = await offlinePage(model);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomic(file, html);
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`);
  }
  return { file, bytes: Buffer.byteLength(html) };
}
