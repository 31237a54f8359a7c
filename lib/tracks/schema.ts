/** The project's knowledge of a table of tracks, column by column; all else about columns follows from here. */
export interface Column {
  /** Canonical name: the shipped file's. */
  name: string;
  /**
   * Other names in files, the likeliest first; case, accents, spaces and punctuation never matter. Prefixes such
   * as `song_` and units behind a name are taken off before (see `names.ts`), so they need not stand here.
   */
  aliases: readonly string[];
  /** Names that other columns bear too: such a column is taken only where its cells look like this one's. */
  weakAliases?: readonly string[];
  /** Name for people. */
  label: string;
  kind: 'number' | 'category' | 'boolean' | 'text' | 'date';
  role: 'target' | 'feature' | 'label' | 'id';
  /** Cleaning leaves out a row without it, where the table has the column; only the target must be there. */
  needed: boolean;
  /** Spotify's analysis of the sound, of which a table needs at least `FEWEST_AUDIO_FEATURES`. */
  audio?: boolean;
  unit: string;
  description: string;
  /** The smallest value that can be true of a track, and below it the largest. Text has none. */
  min?: number;
  max?: number;
  /** A usual value of a number, for messages. */
  example?: number;
  /** Only whole numbers are possible. */
  whole?: boolean;
  /** Names of the codes 0, 1, 2, ..., where they are the same in every table. */
  categories?: readonly string[];
}

/** Pitch classes as Spotify counts them: key 0 is C. */
export const KEYS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;
export const MODES = ['minor', 'major'] as const;

/** With fewer audio features nothing is left of the question that the notebook asks. */
export const FEWEST_AUDIO_FEATURES = 3;

/** A share between 0 and 1, the form of most of Spotify's audio features. */
const share = (
  name: string,
  description: string,
  aliases: readonly string[],
  weakAliases?: readonly string[],
): Column => ({
  name,
  aliases,
  weakAliases,
  audio: true,
  label: name[0].toUpperCase() + name.slice(1),
  kind: 'number',
  role: 'feature',
  needed: true,
  unit: '',
  description,
  min: 0,
  max: 1,
  example: 0.65,
});

/** A text that says which track a row is. */
const text = (
  name: string,
  label: string,
  role: 'label' | 'id',
  aliases: string[],
  description: string,
): Column => ({
  name,
  aliases,
  label,
  kind: 'text',
  role,
  needed: false,
  unit: '',
  description,
});

const number = { kind: 'number', role: 'feature', needed: true, aliases: [] } as const;

/**
 * All known columns in the order of the shipped file, which is also the order of the features. The audio features'
 * meanings are those of Spotify's documentation of its audio-features endpoint, in short; the ranges are what is
 * possible or occurs in the 114,000-track file (tempo and time signature 0 there say that no beat was found).
 */
export const SCHEMA: readonly Column[] = [
  {
    ...text(
      'track_id',
      'Track ID',
      'id',
      ['Spotify Track ID', 'Spotify ID', 'Track URI', 'Spotify URI'],
      "Spotify's identifier of the track",
    ),
    weakAliases: ['ID', 'URI', 'URL', 'Link'],
  },
  text(
    'artists',
    'Artists',
    'label',
    [
      ...['Artist Names', 'Artist Name', 'Artists Names', 'Artists Name', 'Artist', 'Main Artist'],
      ...['Primary Artist', 'Artist 1', 'Performers', 'Performer', 'Singer', 'Band'],
    ],
    'Artists, the main one first',
  ),
  text('album_name', 'Album', 'label', ['Album', 'Album Title'], 'Album on which the track was released'),
  text('track_name', 'Track', 'label', ['Name', 'Title', 'Track', 'Song'], 'Name of the track'),
  {
    name: 'popularity',
    aliases: [],
    weakAliases: ['Pop'],
    label: 'Popularity',
    kind: 'number',
    role: 'target',
    needed: true,
    unit: '',
    description: 'Popularity on Spotify when the table was made, from the number and the recency of plays',
    min: 0,
    max: 100,
    example: 57,
  },
  {
    ...number,
    name: 'duration_ms',
    aliases: ['Duration', 'Length', 'Length Duration', 'Dur', 'Track Length'],
    weakAliases: ['Time'],
    label: 'Duration',
    unit: 'ms',
    description: 'Length of the track',
    min: 1000,
    max: 86_400_000,
    example: 213_000,
  },
  {
    name: 'explicit',
    aliases: ['Is explicit', 'Explicit Track', 'Explicit Lyrics', 'Explicitness', 'Explicit Content'],
    label: 'Explicit',
    kind: 'boolean',
    role: 'feature',
    needed: false,
    unit: '',
    description: 'Whether the lyrics are marked as explicit',
    min: 0,
    max: 1,
    whole: true,
    categories: ['false', 'true'],
  },
  share(
    'danceability',
    'How well the track suits dancing, from tempo, rhythm, beat strength and regularity',
    ['Dance', 'Dnce', 'Danceable'],
  ),
  share('energy', 'Intensity and activity: fast, loud and noisy tracks are near 1', ['Nrgy']),
  {
    name: 'key',
    aliases: ['Key Name', 'Pitch Class', 'Musical Key'],
    audio: true,
    label: 'Key',
    kind: 'category',
    role: 'feature',
    needed: true,
    unit: '',
    description:
      'Pitch class of the key: 0 is C, 1 is C#, ..., 11 is B; -1 in a file says that none was detected',
    min: 0,
    max: 11,
    whole: true,
    categories: KEYS,
  },
  {
    ...number,
    name: 'loudness',
    aliases: ['dB', 'Loud'],
    audio: true,
    label: 'Loudness',
    unit: 'dB',
    description: 'Average loudness relative to full scale, usually between -60 and 0',
    min: -60,
    max: 10,
    example: -6.5,
  },
  {
    name: 'mode',
    aliases: ['Mode Name', 'Tonality'],
    audio: true,
    label: 'Mode',
    kind: 'category',
    role: 'feature',
    needed: true,
    unit: '',
    description: 'Scale of the melody: 0 is minor, 1 is major',
    min: 0,
    max: 1,
    whole: true,
    categories: MODES,
  },
  share('speechiness', 'Presence of spoken words: above 0.66 mostly speech, below 0.33 mostly music', [
    'Speech',
    'Spch',
    'Speechy',
  ]),
  share('acousticness', 'Confidence that the track is acoustic', ['Acoustic', 'Acous', 'Acousticity']),
  share('instrumentalness', 'Likelihood that there are no vocals: above 0.5 probably an instrumental', [
    'Instrumental',
    'Instr',
    'Instrumentality',
  ]),
  share('liveness', 'Likelihood of an audience: above 0.8 very likely recorded live', [], ['Live']),
  share(
    'valence',
    'How positive the track sounds: happy and cheerful near 1, sad and angry near 0',
    ['Happiness', 'Positiveness', 'Positivity'],
    ['Val', 'Happy', 'Mood'],
  ),
  {
    ...number,
    name: 'tempo',
    aliases: ['BPM', 'Beats Per Minute'],
    audio: true,
    label: 'Tempo',
    unit: 'BPM',
    description: 'Estimated tempo in beats per minute; 0 where no beat was found',
    min: 0,
    max: 300,
    example: 120.5,
  },
  {
    ...number,
    name: 'time_signature',
    aliases: ['Time Sig', 'Meter', 'Metre'],
    needed: false,
    label: 'Time signature',
    unit: 'beats per bar',
    description: 'Estimated number of beats in a bar; 0 where no beat was found',
    min: 0,
    max: 12,
    example: 4,
    whole: true,
  },
  {
    name: 'track_genre',
    aliases: [
      ...['Genre', 'Genres', 'Top Genre', 'Main Genre', 'Playlist Genre', 'Artist Genres', 'Artist Genre'],
      ...['Artist Top Genre', 'Parent Genres', 'Parent Genre', 'Album Genres'],
    ],
    label: 'Genre',
    kind: 'category',
    role: 'feature',
    needed: false,
    unit: '',
    description: "Genre under which the table's maker found the track",
  },
  {
    name: 'release_date',
    aliases: [
      ...['Album Release Date', 'Album Date', 'Released', 'Release'],
      ...['Release Year', 'Released Year', 'Year Released', 'Year', 'Album Release Year', 'Album Year'],
    ],
    label: 'Release date',
    kind: 'date',
    role: 'feature',
    needed: false,
    unit: '',
    description: 'Day, month or year of release (YYYY-MM-DD, YYYY-MM or YYYY); the feature is its year',
    min: 1860,
    max: 2100,
  },
];

/**
 * The schema's column of that canonical name.
 * @throws Error for a name that the schema does not have
 */
export function columnOf(name: string): Column {
  const column = SCHEMA.find((one) => one.name === name);
  if (!column) throw new Error(`columnOf requires a column of the schema, got ${JSON.stringify(name)}`);
  return column;
}

/**
 * The needed features that a table or a model does not have.
 * @param names what it has, by canonical name
 */
export function lackingFeatures(names: readonly string[]): Column[] {
  return SCHEMA.filter(({ name, role, needed }) => role === 'feature' && needed && !names.includes(name));
}
