import { mkdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { writeFileAtomic } from '../files';
import { InputError } from '../forest/src/index';
import type { Model } from '../model/model';
import { offlinePage, sitePages } from './document';

/**
 * Writes the demo as a page that needs no server: it predicts by itself, from any address and from a file.
 * @param target a file that ends with .html; or a folder, which gets index.html and model.js for GitHub Pages and the like
 * @returns the page's file and how many bytes were written in all
 * @throws InputError when the target cannot be written
 */
export async function exportDemo(model: Model, target: string): Promise<{ file: string; bytes: number }> {
  const isFile = /^\.html?$/i.test(extname(target));
  const file = isFile ? target : join(target, 'index.html');
  const files = isFile ? { [basename(file)]: await offlinePage(model) } : await sitePages(model);
  try {
    mkdirSync(dirname(file), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileAtomic(join(dirname(file), name), text);
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`);
  }
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { file, bytes };
}
