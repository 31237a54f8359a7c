/** One small table of tracks in every form that people have, made in memory. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { utils, type WorkSheet, write } from 'xlsx';

export type MadeTrack = Record<string, string | number | boolean | null>;

/** Three tracks with what is easily lost: a quote, a comma, accents, a negative number, a missing value. */
export const MADE_TRACKS: readonly MadeTrack[] = [
  {
    track_name: 'Blue "Garden"',
    artists: 'Caf\u00e9 Ombr\u00e9',
    popularity: 26,
    release_date: '2024-05-04',
  },
  { track_name: 'Here, There', artists: 'Paper Tides', popularity: 84, release_date: '1999-12-31' },
  { track_name: 'Tall Compass', artists: 'Velvet Foxes', popularity: 59, release_date: '2010-01-01' },
].map((track, i) => ({
  ...track,
  duration_ms: 197_526 + 1000 * i,
  danceability: 0.536 + i / 100,
  energy: i === 1 ? null : 0.79,
  loudness: -9.671 + i,
  tempo: 82.242 + i,
  explicit: i === 2,
}));

export const csvOf = (tracks: readonly MadeTrack[], separator = ','): string => {
  const cell = (value: MadeTrack[string]) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const rows = tracks.map((track) => Object.values(track).map(cell).join(separator));
  return [Object.keys(tracks[0]).join(separator), ...rows, ''].join('\n');
};

export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A sheet in which the release dates are Excel's dates. */
export function sheetOf(tracks: readonly MadeTrack[]): WorkSheet {
  const names = Object.keys(tracks[0]);
  const rows = tracks.map((track) => names.map((name) => track[name]));
  const sheet = utils.aoa_to_sheet([names, ...rows]);
  tracks.forEach((track, r) => {
    const days = Date.parse(String(track.release_date)) / 86_400_000 + 25_569;
    sheet[utils.encode_cell({ r: r + 1, c: names.indexOf('release_date') })] = {
      t: 'n',
      v: days,
      z: 'm/d/yy',
    };
  });
  return sheet;
}

export function workbookOf(
  sheets: Record<string, WorkSheet>,
  bookType: 'xlsx' | 'xls' | 'ods' = 'xlsx',
): Buffer {
  const book = utils.book_new();
  for (const [name, sheet] of Object.entries(sheets)) utils.book_append_sheet(book, sheet, name);
  return write(book, { type: 'buffer', bookType });
}

export function parquetOf(tracks: readonly MadeTrack[]): Buffer {
  const columnData = Object.keys(tracks[0]).map((name) => ({
    name,
    data: tracks.map((track) => track[name]),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

export const zipOf = (files: Record<string, Buffer | string>): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))),
  );

export const gzipOf = (bytes: Buffer | string): Buffer => gzipSync(bytes);

/** The answers of Spotify's Web API to a playlist and to audio features, put together as people's scripts do. */
export function webApiOf(tracks: readonly MadeTrack[]): object {
  const AUDIO = ['danceability', 'energy', 'loudness', 'tempo'];
  const items = tracks.map((track, i) => ({
    added_at: '2024-06-01T00:00:00Z',
    track: {
      id: `id${i}`,
      name: track.track_name,
      artists: [{ name: track.artists, id: `a${i}` }, { name: 'Guest' }],
      album: { name: 'Album', release_date: track.release_date },
      popularity: track.popularity,
      duration_ms: track.duration_ms,
      explicit: track.explicit,
    },
    audio_features: Object.fromEntries(AUDIO.map((name) => [name, track[name]])),
  }));
  return { href: 'x', limit: 100, items, total: items.length };
}
