/**
 * Small made-up tables of the kinds that people have, each with what a reader must make of it. The names and
 * numbers are invented; the shapes are those of real exports.
 */
export interface KindOfTable {
  kind: string;
  text: string;
  /** The values of the second row, by canonical name; NaN or '' for a missing one, undefined for a lacking column. */
  row?: Readonly<Record<string, number | string | undefined>>;
  /** The text of one of the notes. */
  said?: RegExp;
  /** Categories that a model learns for the genre. */
  genres?: readonly string[];
  /** Songs that cleaning finds. */
  songs?: number;
  /** The text of the refusal, for a table that must be refused. */
  refused?: RegExp;
}

/** A table from its header and rows that are made from their number. */
const table = (header: string, row: (i: number) => readonly unknown[], count = 24): string =>
  `${[header, ...Array.from({ length: count }, (_, i) => row(i).join(','))].join('\n')}\n`;

const share = (i: number, step: number) => (((i * step) % 89) + 5) / 100;
const popularity = (i: number) => (i * 37) % 101;
/** The audio features of the i-th song, as Spotify gives them: five shares, loudness, tempo. */
const shares = (i: number) => [3, 7, 11, 13, 17].map((step) => share(i, step));
const percents = (i: number) => shares(i).map((value) => Math.round(100 * value));
const loudness = (i: number) => -5.25 - (i % 9);
const tempo = (i: number) => 90.5 + ((i * 29) % 80);
const FIVE = 'danceability,energy,speechiness,acousticness,valence';

const NAMES: readonly KindOfTable[] = [
  {
    kind: 'R: track_artist, track_popularity, ids of releases',
    text: table(
      `track_id,track_name,track_artist,track_popularity,playlist_genre,playlist_subgenre,${FIVE},loudness,tempo,duration_ms`,
      (i) => [
        ...[`id${i}`, `Song ${i % 12}`, `Artist ${(i % 12) % 5}`, popularity(i), 'rock', 'hard rock'],
        ...[...shares(i % 12), loudness(i % 12), tempo(i % 12), 200_000 + 1000 * (i % 12)],
      ],
    ),
    row: { artists: 'Artist 1', popularity: 37, track_genre: 'rock', key: undefined },
    songs: 12,
    said: /"track_artist" is taken for artists/,
  },
  {
    kind: 'Kaggle: song_ and audio_ before the names, no artist, exact copies',
    text: table(`song_name,song_popularity,song_duration_ms,${FIVE},loudness,audio_tempo`, (i) => {
      const song = Math.floor(i / 2);
      return [
        `Song ${song}`,
        popularity(song),
        200_000 + 7000 * song,
        ...shares(song),
        loudness(song),
        tempo(song),
      ];
    }),
    row: { track_name: 'Song 0', popularity: 0, duration_ms: 200_000, tempo: 90.5, artists: undefined },
    songs: 12,
  },
  {
    kind: 'one artist, without key and mode',
    text: table(
      `name,album,id,popularity,${FIVE},instrumentalness,liveness,loudness,tempo,duration_ms`,
      (i) => [
        ...[`Song ${i}`, 'First', `${'b'.repeat(20)}${10 + i}`, popularity(i), ...shares(i), 0, 0.1],
        ...[loudness(i), tempo(i), 200_000 + i],
      ],
    ),
    row: { album_name: 'First', track_id: `${'b'.repeat(20)}11`, key: undefined, mode: undefined },
    said: /^The table has no key or mode: the features do without them\.$/m,
    songs: 24,
  },
  {
    kind: "R's dots for spaces and brackets",
    text: table(
      '"","Track.Name","Artist.Name","Genre","Beats.Per.Minute","Energy","Danceability","Loudness..dB..","Valence.","Length.","Acousticness..","Popularity"',
      (i) => {
        const [dance, energy, , acoustic, valence] = percents(i);
        return [
          ...[i + 1, `"Song ${i}"`, `"Artist ${i}"`, '"pop"', 100 + i, energy, dance, -6, valence],
          ...[180 + i, acoustic, popularity(i)],
        ];
      },
    ),
    row: { tempo: 101, energy: 0.12, danceability: 0.08, valence: 0.22, loudness: -6, duration_ms: 181_000 },
    said: /The values of duration_ms are turned from seconds into milliseconds\./,
  },
  {
    kind: "Exportify in English: the artist's genres and the album's",
    text: table(
      'Track URI,Track Name,Artist Name(s),Album Release Date,Track Duration (ms),Popularity,Artist Genres,Album Genres,Danceability,Energy,Key,Mode,Tempo',
      (i) => [
        ...[`spotify:track:${i}`, `Song ${i}`, `Artist ${i}`, 2001, 200_000, popularity(i)],
        ...[i % 2 ? '"dream pop,shoegaze"' : '', 'live', share(i, 3), share(i, 7), i % 12, 1, tempo(i)],
      ],
    ),
    row: { track_genre: 'dream pop', release_date: '2001', duration_ms: 200_000, 'Album Genres': 'live' },
    said: /"Artist Genres" is taken for track_genre, and not "Album Genres"\./,
  },
  {
    kind: 'the year of a playlist',
    text: table('playlist_url,year,track_name,track_popularity,artist_name,energy,valence,tempo', (i) => [
      ...['x', 2010 + (i % 12), `Song ${i}`, popularity(i), `Artist ${i}`],
      ...[share(i, 3), share(i, 7), tempo(i)],
    ]),
    row: { release_date: '2011' },
    said: /"year" is taken for the year of release; nothing in the table says whether it is\./,
  },
  {
    kind: 'pandas: columns of nested JSON',
    text: table(
      'track.name,track.popularity,track.duration_ms,audio_features.energy,audio_features.valence,audio_features.tempo',
      (i) => [`Song ${i}`, popularity(i), 200_000 + i, share(i, 3), share(i, 7), tempo(i)],
    ),
    row: { track_name: 'Song 1', popularity: 37, energy: 0.08, valence: 0.12 },
  },
  {
    kind: 'Exportify in Swedish',
    text: table(
      'Låtens URI,Låtens namn,Artistens namn,Popularitet,Låtlängd (ms),Dansbarhet,Energi,Tonart,Ljudstyrka,Läge',
      (i) => [
        `spotify:track:${i}`,
        `Song ${i}`,
        `Artist ${i}`,
        popularity(i),
        200_000,
        share(i, 3),
        share(i, 7),
        i % 12,
        loudness(i),
        i % 2,
      ],
    ),
    row: { track_name: 'Song 1', danceability: 0.08, key: 1, mode: 1, loudness: -6.25 },
  },
  {
    kind: 'two columns that may both be popularity',
    text: table('song_popularity,spotify_popularity,energy,valence,tempo', (i) => [
      popularity(i),
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    refused: /"song_popularity" and "spotify_popularity" may both be popularity; say which with columns/,
  },
  {
    kind: 'a name that is misspelt',
    text: table('popularity,energy,valence,tempo,danceabilty', (i) => [
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      share(i, 11),
    ]),
    row: { danceability: undefined },
    said: /"danceabilty" may be meant by danceability: if so, say it with --columns danceability=danceabilty\./,
  },
  {
    kind: 'a genre called pop, and no popularity',
    text: table('name,pop,rock,energy,valence,tempo', (i) => [
      `Song ${i}`,
      i % 2,
      1 - (i % 2),
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    refused: /lacks the column popularity/,
  },
];

const UNITS: readonly KindOfTable[] = [
  {
    kind: 'Organize Your Music: percents, seconds, abbreviations',
    text: table('title,artist,top genre,year,bpm,nrgy,dnce,dB,val,dur,acous,spch,pop', (i) => {
      const [dance, energy, speech, acoustic, valence] = percents(i);
      return [
        `Song ${i}`,
        `Artist ${i}`,
        'pop',
        1990 + i,
        100,
        energy,
        dance,
        -6,
        valence,
        180 + i,
        acoustic,
        speech,
        popularity(i),
      ];
    }),
    row: {
      danceability: 0.08,
      energy: 0.12,
      duration_ms: 181_000,
      popularity: 37,
      release_date: '1991',
      loudness: -6,
    },
    said: /The values of energy, danceability, valence, acousticness and speechiness are divided by 100\./,
  },
  {
    kind: 'Chosic: minutes and seconds, key with its mode, lists of genres',
    text: table('Song,Artist,Popularity,BPM,Genres,Time,Dance,Energy,Happy,Loud (Db),Key', (i) => [
      `Song ${i}`,
      `Artist ${i}`,
      popularity(i),
      120,
      i % 4 ? '"indie pop,folk"' : '',
      '03:45',
      ...percents(i).slice(0, 3),
      -7,
      i % 2 ? 'F♯ minor' : 'C major',
    ]),
    row: { duration_ms: 225_000, key: 6, mode: 0, valence: 0.16, track_genre: 'indie pop', loudness: -7 },
    said: /The mode is read from the column "Key"/,
  },
  {
    kind: 'signs and words beside the numbers',
    text: table('name,popularity,energy,valence,loudness,tempo,time_signature,key,mode,explicit', (i) => [
      `Song ${i}`,
      popularity(i),
      `${percents(i)[0]}%`,
      `${percents(i)[1]} %`,
      `${loudness(i)} dB`,
      '120 BPM',
      i % 2 ? '4/4' : '3 beats',
      'C♯/D♭',
      'Maj',
      i % 2 ? 'WAHR' : 'FALSCH',
    ]),
    row: {
      energy: 0.08,
      valence: 0.12,
      loudness: -6.25,
      tempo: 120,
      time_signature: 4,
      key: 1,
      mode: 1,
      explicit: 1,
    },
  },
  {
    kind: 'milliseconds under a header that says none',
    text: table('Track,Artist,Year,Duration,Energy,Valence,Tempo,Genre,Popularity', (i) => [
      ...[`Song ${i}`, `Artist ${i}`, 1990 + i, 140_000 + 7000 * i],
      ...[share(i, 3), share(i, 7), tempo(i), 'rock', popularity(i)],
    ]),
    row: { duration_ms: 147_000, release_date: '1991', track_genre: 'rock' },
  },
  {
    kind: 'pandas: lengths of time as timedelta, -1 for an unknown length, a question mark for a tempo',
    text: table('name,popularity,energy,valence,liveness,tempo,duration', (i) => [
      ...[`Song ${i}`, popularity(i), share(i, 3), share(i, 7), i % 3 ? 0.25 : -1, i % 5 ? tempo(i) : '?'],
      `0 days 00:0${2 + (i % 3)}:45.25`,
    ]),
    row: { duration_ms: 225_250, liveness: 0.25, tempo: 119.5 },
    said: /^8 cells of "liveness" are -1 and count as missing\.$/m,
  },
  {
    kind: 'Kaggle: -1 for an unknown length',
    text: table(
      'instance_id,artist_name,track_name,popularity,duration_ms,energy,valence,tempo,music_genre',
      (i) => [
        ...[
          i,
          `Artist ${i}`,
          `Song ${i}`,
          popularity(i),
          i % 4 === 1 ? -1 : 200_000,
          share(i, 3),
          share(i, 7),
        ],
        ...[tempo(i), 'Jazz'],
      ],
    ),
    row: { duration_ms: Number.NaN, track_genre: 'Jazz', instance_id: '1' },
    said: /^6 cells of "duration_ms" are -1 and count as missing\.$/m,
    songs: 18,
  },
  {
    kind: 'minutes as decimals',
    text: table('name,popularity,energy,valence,tempo,Length', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      2.5 + i / 8,
    ]),
    row: { duration_ms: 157_500 },
    said: /turned from minutes into milliseconds/,
  },
  {
    kind: 'a spreadsheet that took minutes for hours',
    text: table('name,popularity,energy,valence,tempo,duration', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      `0${2 + (i % 3)}:45:00`,
    ]),
    row: { duration_ms: 225_000 },
    said: /had taken the minutes for hours/,
  },
  {
    kind: 'milliseconds and minutes in one column',
    text: table('name,popularity,energy,valence,tempo,duration', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      i % 4 ? 200_000 + i : 3.5,
    ]),
    refused:
      /column "duration" has 24 values, 6 like minutes, 0 like seconds, 18 like milliseconds: it mixes units of time/,
  },
  {
    kind: 'seconds called milliseconds',
    text: table('name,popularity,energy,valence,tempo,duration_ms', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      200 + i,
    ]),
    refused:
      /24 of 24 values below 1000, .*they look like seconds; say so with --columns duration_s=duration_ms/,
  },
  {
    kind: 'shares and percents in one column',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      popularity(i),
      i % 2 ? share(i, 3) : percents(i)[0],
      share(i, 7),
      tempo(i),
    ]),
    refused:
      /column "energy" has 12 shares between 0 and 1 and 12 whole numbers above 1: it mixes shares and percent/,
  },
  {
    kind: 'standardised features',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3) * 3 - 1.5,
      share(i, 7) * 3 - 1.5,
      tempo(i),
    ]),
    refused:
      /column "energy" has \d+ of 24 values below 0, where shares from 0 to 1 belong: perhaps it is standardised/,
  },
  {
    kind: 'decimal points that a spreadsheet lost',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      popularity(i),
      751 - i,
      333 + i,
      120_123 + i,
    ]),
    refused: /column "energy" has whole numbers from 728 to 751, .*decimal points for signs of thousands/,
  },
  {
    kind: 'a popularity from 0 to 1',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      popularity(i) / 100,
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    refused: /column "popularity" has values from 0 to 0\.\d+, .*multiply it by 100/,
  },
  {
    kind: 'a popularity of 0 or 1',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      i % 2,
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    refused: /has only 0 and 1, .*and not how much/,
  },
  {
    kind: 'a popularity up to 10',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      popularity(i) / 10,
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    refused: /perhaps it is a rating up to 10/,
  },
  {
    kind: 'years of two digits, month first',
    text: table('name,popularity,energy,valence,tempo,release_date', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      `${1 + (i % 12)}/${1 + i}/${i % 2 ? '98' : '07'}`,
    ]),
    row: { release_date: '1998-02-02' },
    said: /The values of release_date are written as YYYY-MM-DD or YYYY/,
  },
];

const REST: readonly KindOfTable[] = [
  {
    kind: 'words for missing values, and optional cells that cannot be read',
    text: table('name,popularity,energy,valence,tempo,explicit,release_date,key', (i) => [
      `Song ${i}`,
      popularity(i),
      i === 1 ? '?' : share(i, 3),
      share(i, 7),
      tempo(i),
      i === 1 ? 'perhaps' : 'yes',
      i === 1 ? 'spring' : 2001,
      i === 1 ? '#N/A' : 3,
    ]),
    row: { energy: Number.NaN, explicit: Number.NaN, release_date: '', key: Number.NaN },
    said: /1 cell of "explicit" could not be read and counts as missing, first "perhaps" in line 3\./,
  },
  {
    kind: 'a column of which nothing can be read',
    text: table('name,popularity,energy,valence,tempo,mode', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      'dorian',
    ]),
    row: { mode: undefined },
    said: /24 cells of "mode" could not be read .* The column is left out\./,
  },
  {
    kind: 'too few audio features',
    text: table('name,popularity,energy,valence', (i) => [
      `Song ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
    ]),
    refused: /has energy and valence of the audio features, where at least 3 of/,
  },
  {
    kind: 'Exportify: genres apart by commas, half of them blank',
    text: table('Track Name,Artist Name(s),Popularity,Energy,Valence,Tempo,Genres', (i) => [
      ...[`Song ${i}`, `Artist ${i}`, popularity(i), share(i, 3), share(i, 7), tempo(i)],
      i % 2 ? '"bedroom pop,indie rock,lo-fi"' : '',
    ]),
    row: { track_genre: 'bedroom pop' },
    said: /The values of track_genre are the first of each list\./,
    genres: ['bedroom pop', 'none given'],
  },
  {
    kind: 'Kaggle: genres apart by commas, and set() for none',
    text: table('artist,song,popularity,energy,valence,tempo,genre', (i) => [
      ...[`Artist ${i}`, `Song ${i}`, popularity(i), share(i, 3), share(i, 7), tempo(i)],
      i % 2 ? 'set()' : '"pop, Dance/Electronic"',
    ]),
    row: { track_genre: '' },
    genres: ['pop', 'none given'],
  },
  {
    kind: 'popularity of the track beside that of its artist',
    text: table('Artist,Title,Artist_Popularity,Popularity,Energy,Valence,Tempo', (i) => [
      ...[`Artist ${i}`, `Song ${i}`, 99, popularity(i), share(i, 3), share(i, 7), tempo(i)],
    ]),
    row: { popularity: 37, Artist_Popularity: '99' },
  },
  {
    kind: 'Sort Your Music: a table copied from a page, with tabs',
    text: table(
      '#,Title,Artist,Release,BPM,Energy,Dance,Loud,Valence,Length,Acoustic,Pop.,A.Sep,Rnd',
      (i) => {
        const [dance, energy, , acoustic, valence] = percents(i);
        return [
          ...[i + 1, `Song ${i}`, `Artist ${i}`, '2003-05-04', 120, energy, dance, -6, valence, '3:45'],
          ...[acoustic, popularity(i), 0, i * 7],
        ];
      },
    ).replaceAll(',', '\t'),
    row: {
      popularity: 37,
      duration_ms: 225_000,
      energy: 0.12,
      danceability: 0.08,
      loudness: -6,
      release_date: '2003-05-04',
    },
  },
  {
    kind: "R's Billboard table: spotify_ before the names, NA for songs that Spotify does not have",
    text: table(
      'song_id,performer,song,spotify_genre,spotify_track_id,spotify_track_duration_ms,spotify_track_explicit,spotify_track_album,danceability,energy,key,tempo,spotify_track_popularity',
      (i) => [
        ...[`Song ${i}Artist ${i}`, `Artist ${i}`, `Song ${i}`, `"['pop', 'soul']"`],
        ...(i % 6
          ? [
              `${'c'.repeat(20)}${10 + i}`,
              200_000,
              'FALSE',
              'First',
              share(i, 3),
              share(i, 7),
              i % 12,
              tempo(i),
              popularity(i),
            ]
          : new Array(9).fill('NA')),
      ],
    ),
    row: {
      track_id: `${'c'.repeat(20)}11`,
      artists: 'Artist 1',
      track_name: 'Song 1',
      popularity: 37,
      duration_ms: 200_000,
      explicit: 0,
      album_name: 'First',
      track_genre: 'pop',
    },
    songs: 20,
  },
  {
    kind: "spotipy: Python's lists of genres",
    text: table('name,artist,popularity,energy,valence,tempo,genres', (i) => [
      `Song ${i}`,
      `Artist ${i}`,
      popularity(i),
      share(i, 3),
      share(i, 7),
      tempo(i),
      i % 2 ? `"['bossa nova', 'jazz']"` : '[]',
    ]),
    row: { track_genre: 'bossa nova' },
    said: /The values of track_genre are the first of each list\./,
  },
  {
    kind: 'one artist: three releases of each song, told apart by their audio',
    text: table(`name,id,popularity,${FIVE},loudness,tempo,duration_ms`, (i) => {
      const song = Math.floor(i / 3);
      return [
        `Song ${song}`,
        `${'a'.repeat(20)}${String(i).padStart(2, '0')}`,
        popularity(i),
        ...shares(song),
        loudness(song) + (i % 3) * 0.02,
        tempo(song),
        200_000 + 9000 * song + 200 * (i % 3),
      ];
    }),
    row: { track_id: `${'a'.repeat(20)}01` },
    songs: 8,
  },
  {
    kind: 'averages by genre',
    text: table('genres,popularity,energy,valence,tempo,duration_ms', (i) => [
      `genre ${i}`,
      popularity(i) * 0.7 + 0.25,
      share(i, 3),
      share(i, 7),
      tempo(i),
      200_000.5,
    ]),
    said: /The rows have no names, and each has its own track_genre: they seem to be averages and not tracks/,
  },
  {
    kind: 'averages by year',
    text: table('year,popularity,energy,valence,tempo,duration_ms', (i) => [
      ...[1990 + i, popularity(i) * 0.7 + 0.25, share(i, 3), share(i, 7), tempo(i), 200_000.5],
    ]),
    said: /The rows have no names, and each has its own release_date: they seem to be averages and not tracks/,
  },
  {
    kind: 'averages by artist',
    text: table('artists,popularity,energy,valence,tempo,duration_ms', (i) => [
      ...[`Artist ${i}`, popularity(i) * 0.7 + 0.25, share(i, 3), share(i, 7), tempo(i), 200_000.5],
    ]),
    said: /^24 of 24 popularities are not whole: perhaps the rows are averages of several tracks\.$/m,
  },
  {
    kind: 'one popularity for all',
    text: table('name,popularity,energy,valence,tempo', (i) => [
      `Song ${i}`,
      50,
      share(i, 3),
      share(i, 7),
      tempo(i),
    ]),
    said: /All rows have popularity 50: there is nothing to learn from them\./,
  },
  {
    kind: 'nothing to tell songs apart by',
    text: table('popularity,energy,valence,danceability', (i) => [
      popularity(i),
      share(i, 3),
      share(i, 7),
      share(i, 11),
    ]),
    songs: 24,
  },
];

/** All kinds, each with what must become of it. */
export const KINDS_OF_TABLES: readonly KindOfTable[] = [...NAMES, ...UNITS, ...REST];
