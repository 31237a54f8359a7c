/** The reading of one column of a file. */
export interface ColumnReading {
  /** As the file spells it. */
  header: string;
  /** Canonical name of the column that it is taken for; '' for a column that is kept as it is. */
  takenAs: string;
  /** Unit or notation of the file, e.g. `percent` or `m:ss`; '' where it is the project's own. */
  unit: string;
  /** The conversion of the values, e.g. `divided by 100`; '' for none. */
  conversion: string;
  /** Rows without a value, cells that could not be read among them. */
  missing: number;
  /** Sentences on what was guessed or left out; '' where there is nothing to say. */
  note: string;
}

/**
 * A table of tracks, column by column. Known columns carry the schema's names whatever the file called them;
 * unknown ones are kept as text under their own names. Never changed in place: every step makes a new one.
 */
export interface Tracks {
  /** The path or address that the table was read from, as given. */
  readonly source: string;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  readonly rowCount: number;
  /** Numbers as Float64Array (NaN = missing; booleans 0/1; key 0-11), text as string[] ('' = missing). */
  readonly columns: Readonly<Record<string, Float64Array | string[]>>;
  /** Line of the file on which each row begins (the header is line 1). */
  readonly lines: Int32Array;
  /** Sentences for the reader: what was guessed, converted or left out. */
  readonly notes: readonly string[];
  /** The reading of each column of the file, in the file's order. */
  readonly readings: readonly ColumnReading[];
}

/** A feature, in its natural unit and as the model takes it; plain JSON, so the model file holds it. */
export interface Feature {
  name: string;
  kind: 'number' | 'category' | 'boolean';
  /** Name for people, e.g. `Duration`. */
  label: string;
  /** Unit for people, e.g. `ms`; '' where there is none. */
  unit: string;
  /** One sentence: what it means. */
  description: string;
  /** Allowed range in the natural unit (of the code for a category). */
  min: number;
  max: number;
  /** Range, and median (number) or mode (category, boolean), of the training rows. */
  seenMin: number;
  seenMax: number;
  typical: number;
  /** Names of the categories, in the order of their codes. */
  categories?: string[];
  /** Standardisation: (value - mean) / scale; 0 and 1 where the feature is not standardised. */
  mean: number;
  scale: number;
}

/** One line of the cleaning report: what a step removed, and why. */
export interface CleaningStep {
  step: string;
  rowsBefore: number;
  rowsRemoved: number;
  why: string;
}

/** One track in natural units, as a person writes it: `{ danceability: 0.7, key: 'C#', explicit: false, ... }`. */
export type TrackRecord = Readonly<Record<string, number | string | boolean | null | undefined>>;
