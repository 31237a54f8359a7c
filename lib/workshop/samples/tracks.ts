import { parseTracks } from '../../tracks/read';
import type { Tracks } from '../../tracks/types';

/** Makes a small table for tests: each row has the given cells over those of an ordinary track, with numbered names and artists. */
export async function sampleTracks(
  rows: readonly Record<string, string | number>[],
  leaveOut: string[] = [],
): Promise<Tracks> {
  const ordinary = {
    track_id: '',
    track_name: '',
    artists: '',
    popularity: 50,
    duration_ms: 200_000,
    explicit: 'False',
    danceability: 0.5,
    energy: 0.5,
    key: 0,
    loudness: -6,
    mode: 1,
    speechiness: 0.05,
    acousticness: 0.1,
    instrumentalness: 0,
    liveness: 0.1,
    valence: 0.5,
    tempo: 120,
    time_signature: 4,
    track_genre: 'rock',
    release_date: '2020-01-01',
  };
  const names = Object.keys(ordinary).filter((name) => !leaveOut.includes(name));
  const lines = rows.map((row, r) => {
    const cells = { ...ordinary, track_name: `Song ${r}`, artists: `Artist ${r}`, ...row } as Record<
      string,
      unknown
    >;
    return names.map((name) => `"${cells[name]}"`).join(',');
  });
  return parseTracks(Buffer.from(`${[names.join(','), ...lines].join('\n')}\n`), 'sample.csv');
}
