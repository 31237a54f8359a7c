/**
 * `npm run bench -- scale`: reading, cleaning, encoding and framing of 114,000 and 1,000,000 rows, made by
 * repeating the shipped table with jittered numbers and numbered names: seconds and peak memory per stage.
 * `--rows 114000,1000000` chooses other sizes.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '../model/sample';
import { cleanTracks } from '../tracks/clean';
import { FeatureEncoder } from '../tracks/features';
import { toDataFrame } from '../tracks/frame';
import { readTracks } from '../tracks/read';

const SHIPPED = join(__dirname, '..', '..', 'dataset', 'spotify_tracks.csv');

/** danfojs keeps every cell as an object of its own; more rows than this are not handed to it. */
const MOST_FRAME_ROWS = 200_000;

/** Shares of which the jitter makes others. */
const JITTERED = [
  'danceability',
  'energy',
  'speechiness',
  'acousticness',
  'liveness',
  'valence',
  'tempo',
  'loudness',
];

/** Writes a table of that many rows; those beyond the shipped ones are new songs that sound alike. */
export function writeLargeTable(path: string, rowCount: number): void {
  const random = seeded(42);
  const [header, ...rows] = readFileSync(SHIPPED, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  const file = openSync(path, 'w');
  let text = `${header}\n`;
  for (let r = 0; r < rowCount; r++) {
    const round = Math.floor(r / rows.length);
    // Splits at commas outside quotes.
    const cells = rows[r % rows.length]
      .match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)!
      .map((cell) => cell.replace(/,$/, ''));
    if (round > 0) {
      for (const name of JITTERED) {
        const j = names.indexOf(name);
        cells[j] = (Number(cells[j]) * (1 - 0.02 * random())).toPrecision(4);
      }
      cells[0] = `${cells[0].slice(0, 14)}${String(r).padStart(8, '0')}`;
      const name = names.indexOf('track_name');
      cells[name] = cells[name].startsWith('"')
        ? `${cells[name].slice(0, -1)} ${round}"`
        : `${cells[name]} ${round}`;
    }
    text += `${cells.slice(0, names.length).join(',')}\n`;
    if (text.length > 1 << 22) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

interface Stage {
  stage: string;
  rows: number;
  seconds: number;
  /** CPU seconds, which other work on the machine inflates less. */
  cpu: number;
  /** The process's highest resident memory so far, in MB. */
  peakMb: number;
}

/** All stages on one file, in this process: its peak memory is theirs. */
async function measureStages(path: string): Promise<Stage[]> {
  const stages: Stage[] = [];
  const measure = async <T>(
    stage: string,
    rows: (result: T) => number,
    work: () => T | Promise<T>,
  ): Promise<T> => {
    const start = performance.now();
    const { user, system } = process.cpuUsage();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    const used = process.cpuUsage({ user, system });
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    stages.push({ stage, rows: rows(result), seconds, cpu: (used.user + used.system) / 1e6, peakMb });
    return result;
  };
  const tracks = await measure(
    'read',
    ({ rowCount }) => rowCount,
    () => readTracks(path),
  );
  const { tracks: clean } = await measure(
    'clean',
    (result) => result.tracks.rowCount,
    () => cleanTracks(tracks),
  );
  const encoder = await measure(
    'learn encoding',
    () => clean.rowCount,
    () => new FeatureEncoder().fit(clean),
  );
  await measure(
    'encode',
    ({ rowCount }) => rowCount,
    () => encoder.transform(clean),
  );
  if (tracks.rowCount <= MOST_FRAME_ROWS) {
    await measure(
      'danfojs DataFrame',
      (frame) => frame.shape[0],
      () => toDataFrame(tracks),
    );
  }
  return stages;
}

export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  const at = args.indexOf('--rows');
  const sizes = (at < 0 ? '6000,114000,1000000' : args[at + 1]).split(',').map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'tracks-'));
  try {
    const table: Record<string, string | number>[] = [];
    for (const size of sizes) {
      const path = join(folder, `${size}.csv`);
      writeLargeTable(path, size);
      // A process of its own for each size, so that one size's peak is not another's.
      const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', __filename, '--measure', path], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (run.status !== 0) throw new Error(`the measurement of ${size} rows ended with ${run.status}`);
      const stages: Stage[] = JSON.parse(run.stdout);
      const mb = Math.round(statSync(path).size / 1e6);
      for (const { stage, rows, seconds, cpu, peakMb } of stages) {
        table.push({
          table: `${size} rows, ${mb} MB`,
          stage,
          'rows after': rows,
          seconds: +seconds.toFixed(2),
          'CPU seconds': +cpu.toFixed(2),
          'peak MB': peakMb,
        });
      }
    }
    console.table(table);
    console.log(
      `danfojs holds every cell as an object: it is given at most ${MOST_FRAME_ROWS} rows, all else works on typed columns.`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (require.main === module) {
  const at = process.argv.indexOf('--measure');
  if (at < 0) void main();
  else
    void measureStages(process.argv[at + 1]).then((stages) => process.stdout.write(JSON.stringify(stages)));
}
