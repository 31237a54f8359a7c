import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomState } from '../src/randomState';
import type { Table } from '../src/types';

/** A table in a file of float64 numbers, column after column, the target last. */
export interface BenchTable {
  file: string;
  rows: number;
  features: number;
}

export function readTable({ file, rows, features }: BenchTable): { X: Table; y: Float64Array } {
  const bytes = readFileSync(file);
  const column = (j: number) => new Float64Array(bytes.buffer, bytes.byteOffset + 8 * j * rows, rows).slice();
  const columns = Array.from({ length: features }, (_, j) => column(j));
  return { X: { names: columns.map((_, j) => `x${j}`), rowCount: rows, columns }, y: column(features) };
}

function writeTable(file: string, columns: Float64Array[], y: Float64Array): BenchTable {
  writeFileSync(file, Buffer.concat([...columns, y].map((numbers) => Buffer.from(numbers.buffer))));
  return { file, rows: y.length, features: columns.length };
}

/**
 * Eleven features and a target from 0 to 100 with noise, as tracks have.
 * @param hasFractions whether the target is not rounded to whole numbers
 */
export function madeTable(
  folder: string,
  rows: number,
  kind: 'three decimals' | 'continuous',
  hasFractions = false,
): BenchTable {
  const random = new RandomState(rows);
  const share = () => random.bits() / 2 ** 32;
  const value = kind === 'continuous' ? share : () => Math.round(share() * 1000) / 1000;
  const columns = Array.from({ length: 11 }, () => Float64Array.from({ length: rows }, value));
  const y = columns[0].map((x, i) => {
    const mean = 30 + 30 * x + 20 * columns[1][i] * columns[2][i];
    const target = Math.min(100, Math.max(0, mean + (share() - 0.5) * 60));
    return hasFractions ? target : Math.round(target);
  });
  return writeTable(join(folder, `${rows}-${kind.replace(' ', '-')}-${hasFractions}.bin`), columns, y);
}
