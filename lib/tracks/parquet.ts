import { InputError } from '../forest/src/index';
import { type Form, formOfRows } from './form';

/**
 * A Parquet file, as pandas, polars and Kaggle write them, through hyparquet.
 * @throws InputError where the file is damaged or encrypted
 */
export async function openParquet(bytes: Buffer, source: string): Promise<Form> {
  // Loaded only when needed.
  const { parquetMetadata, parquetReadObjects } = require('hyparquet') as typeof import('hyparquet');
  const { compressors } = require('hyparquet-compressors') as typeof import('hyparquet-compressors');
  const file = new Uint8Array(bytes).buffer;
  try {
    const metadata = parquetMetadata(file);
    const records = await parquetReadObjects({ file, metadata, compressors });
    const header = [...new Set(records.flatMap(Object.keys))];
    const rows = records.map((record) => header.map((name) => cellOf(record[name])));
    return formOfRows({ header, rows, headerLine: 0, unit: 'row', notes: ['The file is Parquet.'] });
  } catch (error) {
    throw new InputError(`${source} is a Parquet file that cannot be read: ${(error as Error).message}`);
  }
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (typeof value === 'object') {
    return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? Number(one) : one));
  }
  return String(value);
}
