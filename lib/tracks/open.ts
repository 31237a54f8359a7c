import { InputError } from '../forest/src/index';
import { isWorkbook, openGzip, openZip } from './archive';
import type { Form } from './form';
import { openJson } from './json';
import { openParquet } from './parquet';
import { openSeparated } from './separated';
import { openWorkbook } from './workbook';

/** First bytes of files that people hand in instead of a table, and what these are. */
const LOOKALIKES: readonly (readonly [start: string, what: string])[] = [
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['SQLite format 3', 'an SQLite database (export its table of tracks as CSV)'],
  ['Rar!', 'a RAR archive (unpack it first)'],
  ['7z\xbc\xaf', 'a 7z archive (unpack it first)'],
  ['BZh', 'bzip2-compressed (unpack it first)'],
  ['\xfd7zXZ', 'xz-compressed (unpack it first)'],
  ['\x28\xb5\x2f\xfd', 'zstd-compressed (unpack it first)'],
];

/**
 * Opens a table in any of the forms that people have: separated text in any encoding, JSON, Parquet, a workbook,
 * each also in a gzip-compressed file or a ZIP archive. The bytes tell the form, not the file's name.
 * @param source the file's name in messages
 * @throws InputError where the bytes are something else, or damaged
 */
export async function openForm(bytes: Buffer, source: string): Promise<Form> {
  const start = bytes.toString('latin1', 0, 512);
  if (start.startsWith('\x1f\x8b')) return openGzip(bytes, source, openForm);
  if (start.startsWith('PK\x03\x04')) {
    return isWorkbook(bytes, source) ? openWorkbook(bytes, source) : openZip(bytes, source, openForm);
  }
  if (start.startsWith('\xd0\xcf\x11\xe0')) return openWorkbook(bytes, source);
  if (start.startsWith('PAR1')) return openParquet(bytes, source);
  const known = LOOKALIKES.find(([first]) => start.startsWith(first));
  if (known) throw new InputError(`${source} is ${known[1]}, where a table of tracks belongs`);
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(text)) {
    throw new InputError(
      `${source} is a web page (perhaps a login or an error page), where a table of tracks belongs`,
    );
  }
  if (/^[{[]\s*["{[\]}]/.test(text)) return openJson(bytes, source);
  return openSeparated(bytes, source);
}
