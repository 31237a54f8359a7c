/** What the project knows of a table of tracks, column by column; everything else about columns follows from here. */
export interface Column {
  /** Canonical name: the shipped file's. */
  name: string;
  /** Other spellings in files; case, spaces, underscores and punctuation never matter. */
  aliases: readonly string[];
  /** Name for people. */
  label: string;
  kind: 'number' | 'category' | 'boolean' | 'text' | 'date';
  role: 'target' | 'feature' | 'label' | 'id';
  /** A table without it is refused, and so is a row (when cleaning). */
  needed: boolean;
  unit: string;
  description: string;
  /** What can be true of a track, inclusive. Text has none. */
  min?: number;
  max?: number;
  /** Of a number: a usual one, for messages. */
  example?: number;
  /** Only whole numbers are possible. */
  whole?: boolean;
  /** Names of the codes 0, 1, 2, ..., where they are the same in every table. */
  categories?: readonly string[];
}

/** Pitch classes as Spotify counts them: key 0 is C. */
export const KEYS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;
export const MODES = ['minor', 'major'] as const;

/** A share between 0 and 1, the form of most of Spotify's audio features. */
const share = (name: string, description: string): Column => ({
  name,
  aliases: [],
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
  text('track_id', 'Track ID', 'id', ['Spotify ID', 'Track URI'], "Spotify's identifier of the track"),
  text(
    'artists',
    'Artists',
    'label',
    ['Artist', 'Artist Names', 'Artist Name'],
    'Artists, the main one first',
  ),
  text('album_name', 'Album', 'label', ['Album'], 'Album on which the track was released'),
  text('track_name', 'Track', 'label', ['Track', 'Name', 'Song', 'Title'], 'Name of the track'),
  {
    name: 'popularity',
    aliases: ['Track Popularity'],
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
    aliases: ['Track Duration (ms)'],
    label: 'Duration',
    unit: 'ms',
    description: 'Length of the track',
    min: 1000,
    max: 86_400_000,
    example: 213_000,
  },
  {
    name: 'explicit',
    aliases: ['Is explicit'],
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
  share('danceability', 'How well the track suits dancing, from tempo, rhythm, beat strength and regularity'),
  share('energy', 'Intensity and activity: fast, loud and noisy tracks are near 1'),
  {
    name: 'key',
    aliases: [],
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
    aliases: ['Loudness (dB)'],
    label: 'Loudness',
    unit: 'dB',
    description: 'Average loudness relative to full scale, usually between -60 and 0',
    min: -60,
    max: 10,
    example: -6.5,
  },
  {
    name: 'mode',
    aliases: [],
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
  share('speechiness', 'Presence of spoken words: above 0.66 mostly speech, below 0.33 mostly music'),
  share('acousticness', 'Confidence that the track is acoustic'),
  share('instrumentalness', 'Likelihood that there are no vocals: above 0.5 probably an instrumental'),
  share('liveness', 'Likelihood of an audience: above 0.8 very likely recorded live'),
  share('valence', 'How positive the track sounds: happy and cheerful near 1, sad and angry near 0'),
  {
    ...number,
    name: 'tempo',
    aliases: ['Tempo (BPM)', 'BPM'],
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
    aliases: ['Genre', 'Genres', 'Playlist Genre'],
    label: 'Genre',
    kind: 'category',
    role: 'feature',
    needed: false,
    unit: '',
    description: "Genre under which the table's maker found the track",
  },
  {
    name: 'release_date',
    aliases: ['Release Year', 'Year', 'Released', 'Album Release Date', 'Track Album Release Date'],
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

/** What is compared of a column's name: letters and digits in lower case, so `Duration (ms)` is `duration_ms`. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const bySpelling = new Map(
  SCHEMA.flatMap((column) =>
    [column.name, ...column.aliases].map((name) => [plainName(name), column] as const),
  ),
);

/** The known column that a file's header means, or undefined for an unknown one. */
export const findColumn = (header: string): Column | undefined => bySpelling.get(plainName(header));

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
 * The given names that may be meant by a missing one, nearest first: those that contain it or are contained in
 * it, and those at most a third of its letters away in edit distance.
 */
export function closestNames(missing: string, names: readonly string[]): string[] {
  const wanted = plainName(missing);
  const away = (name: string) => {
    const given = plainName(name);
    if (given.length < 3 || given.length > 60) return Number.POSITIVE_INFINITY;
    return given.includes(wanted) || wanted.includes(given) ? 1 : editDistance(wanted, given);
  };
  return names
    .map((name) => ({ name, distance: away(name) }))
    .filter(({ distance }) => distance <= wanted.length / 3)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
