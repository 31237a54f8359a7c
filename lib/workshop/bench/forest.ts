/**
 * `npm run bench`: the forest package's own benchmark, with the training rows of both tables of tracks beside the
 * tables that it makes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { take, trainTestSplit } from '../../forest/src/index';
import { TUTORIAL_TABLE } from '../../forest/testing/index';
import { numbers } from '../../tracks/columns';
import { readTracks } from '../../tracks/read';

const BENCH = join(__dirname, '..', '..', 'forest', 'bench', 'forest.ts');
const SHIPPED_TABLE = join(__dirname, '..', '..', '..', 'dataset', 'spotify_tracks.csv');
const FEATURES =
  'danceability energy key loudness mode speechiness acousticness instrumentalness liveness valence tempo'.split(
    ' ',
  );

/** Writes the training rows of seed 42 as float64 numbers, column after column, the target last. */
async function writeTable(folder: string, name: string, source: string, features: readonly string[]) {
  const tracks = await readTracks(source);
  const { train } = trainTestSplit(tracks.rowCount, { randomState: 42 });
  const columns = [...features, 'popularity'].map((column) => take(numbers(tracks, column), train));
  const file = join(folder, `${name}.bin`);
  writeFileSync(file, Buffer.concat(columns.map((column) => Buffer.from(column.buffer))));
  return { file, rows: train.length, features: features.length };
}

export async function main(args: readonly string[] = []): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-tables-'));
  try {
    const more = [...FEATURES, 'duration_ms', 'explicit', 'time_signature'];
    const shipped = await writeTable(folder, 'shipped', SHIPPED_TABLE, more);
    const tutorial = existsSync(TUTORIAL_TABLE)
      ? await writeTable(folder, 'tutorial', TUTORIAL_TABLE, FEATURES)
      : undefined;
    const tables = join(folder, 'tables.json');
    writeFileSync(tables, JSON.stringify({ shipped, tutorial }));
    const command = ['--import', 'tsx', BENCH, ...args, '--tables', tables];
    process.exitCode = spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
