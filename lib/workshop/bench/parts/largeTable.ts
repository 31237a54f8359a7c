import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../samples/model';

const SHIPPED = join(__dirname, '..', '..', '..', '..', 'dataset', 'spotify_tracks.csv');

/** Columns whose numbers each round makes a little smaller, so that none leaves its range. */
const JITTERED = [
  'duration_ms',
  'danceability',
  'energy',
  'loudness',
  'speechiness',
  'acousticness',
  'liveness',
  'valence',
  'tempo',
];

/**
 * Writes a table of that many rows: the shipped one again and again. Each round has songs, artists and ids of
 * its own, which repeat among themselves as the shipped ones do, audio features up to 10% smaller than theirs,
 * and popularity (but zeros) up to 10 points away. Songs of different rounds are not the same to the workflow, but
 * sound alike, so a forest's scores on this table mean nothing.
 */
export function writeLargeTable(path: string, rowCount: number): void {
  const random = seeded(42);
  const [header, ...lines] = readFileSync(SHIPPED, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  const [id, artists, song, popularity] = ['track_id', 'artists', 'track_name', 'popularity'].map((name) =>
    names.indexOf(name),
  );
  // Fields with their quotes, each found behind a comma.
  const rows = lines.map((line) =>
    `,${line}`.match(/,("(?:[^"]|"")*"|[^,]*)/g)!.map((cell) => cell.slice(1)),
  );
  // The number stands in front, because behind a name it would belong to "- Remastered 2011".
  const numbered = (cell: string, round: number) => cell.replace(/^"?/, (quote) => `${quote}${round} `);
  const file = openSync(path, 'w');
  let text = `${header}\n`;
  let factors: number[] = [];
  for (let r = 0; r < rowCount; r++) {
    const round = Math.floor(r / rows.length);
    const cells = [...rows[r % rows.length]];
    if (round > 0) {
      if (r % rows.length === 0) factors = JITTERED.map(() => 1 - 0.1 * random());
      JITTERED.forEach((name, k) => {
        const j = names.indexOf(name);
        cells[j] = String(+(Number(cells[j]) * factors[k]).toFixed(name === 'duration_ms' ? 0 : 4));
      });
      cells[id] = `${cells[id].slice(0, 16)}${String(round).padStart(6, '0')}`;
      cells[artists] = numbered(cells[artists], round);
      cells[song] = numbered(cells[song], round);
      const points = Number(cells[popularity]);
      const moved = points + Math.floor(21 * random()) - 10;
      if (points > 0) cells[popularity] = String(Math.min(100, Math.max(0, moved)));
    }
    text += `${cells.join(',')}\n`;
    if (text.length > 1 << 22) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}
