import {
  crossValidate,
  type Estimate,
  InputError,
  mean,
  type Regressor,
  RepeatedKFold,
  type RunOptions,
  repeatedGroupKFold,
  type Scores,
  type Split,
  summarizeScores,
} from '../forest/src/index';
import { numbers, selectRows } from '../tracks/columns';
import { FeatureEncoder } from '../tracks/features';
import { SCHEMA } from '../tracks/schema';
import { groupRows, knownTexts } from '../tracks/songs';
import type { Tracks } from '../tracks/types';
import { ConstantRegressor } from './baselines';
import { findRepeats, twinsAcross } from './repeats';
import { usableFolds } from './smallTables';

/** The same model's scores under one way of dividing rows into training and test. */
export interface ProtocolResult {
  protocol: 'rows split as they come' | 'songs kept apart' | 'one row per song' | 'artists kept apart';
  /** Rows that take part. */
  rows: number;
  /** Share of the test rows whose song, or one of whose artists, is in training too (mean over splits). */
  sameSong: number;
  sameArtist: number;
  /** Scores with corrected intervals (see `correctedInterval`); baseline: the training rows' mean. */
  model: Record<keyof Scores, Estimate>;
  baseline: Record<keyof Scores, Estimate>;
}

/**
 * Scores the same model under four protocols of repeated k-fold cross-validation, to show what a score is worth.
 * 1. Rows split as they come: a song's other rows may be in training.
 * 2. Songs kept apart: the same rows, but all rows of a song on one side; so the difference is the leak alone.
 * 3. One row per song: other rows, the ones that `cleanTracks` keeps; how good on a song it has not seen.
 * 4. Artists kept apart: the rows of 3; how good on an artist it has not seen (see `artistSplits`).
 * The features are encoded once for all folds: codes use no target, and a forest needs no scale.
 * @param makeModel gives an unfitted model
 * @param all the table with its repeats; rows that lack a needed value are left out
 * @param songs the same with one row per song, from `cleanTracks`
 * @param options nSplits (fewer in a small table), nRepeats, randomState of the folds; level of the intervals; progress counts fits
 * @returns the four protocols, in the order above, without those for which the table has too few songs or artists
 */
export async function compareProtocols(
  makeModel: () => Regressor,
  all: Tracks,
  songs: Tracks,
  options: { nSplits?: number; nRepeats?: number; randomState?: number; level?: number } & RunOptions = {},
): Promise<ProtocolResult[]> {
  const { nSplits: wanted = 5, nRepeats = 1, randomState = 0, level = 0.95, onProgress, ...others } = options;
  const rows = withoutMissing(all, songs);
  const nSplits = usableFolds(Math.min(rows.rowCount, songs.rowCount), wanted);
  const settings = { nSplits, nRepeats, randomState };
  const folds = new RepeatedKFold(settings);
  const ofAll = { tracks: rows, song: findRepeats(rows).at(-1)!.groupOf };
  const ofSongs = { tracks: songs, song: findRepeats(songs).at(-1)!.groupOf };
  const protocols = [
    { protocol: 'rows split as they come' as const, ...ofAll, splits: folds.split(rows.rowCount) },
    {
      protocol: 'songs kept apart' as const,
      ...ofAll,
      splits: ifEnough(() => repeatedGroupKFold(ofAll.song, settings)),
    },
    { protocol: 'one row per song' as const, ...ofSongs, splits: folds.split(songs.rowCount) },
    {
      protocol: 'artists kept apart' as const,
      ...ofSongs,
      splits: ifEnough(() => artistSplits(songs, settings)),
    },
  ].filter(({ splits }) => splits.length > 0);
  const results: ProtocolResult[] = [];
  for (const { protocol, tracks, song, splits } of protocols) {
    const X = new FeatureEncoder({ scale: false }).fit(tracks).transform(tracks);
    const y = numbers(tracks, 'popularity');
    const progress = ({ done }: { done: number }) =>
      onProgress?.({
        done: results.length * splits.length + done,
        total: protocols.length * splits.length,
        label: protocol,
      });
    const scores = await crossValidate(makeModel, X, y, splits, { ...others, onProgress: progress });
    const constant = await crossValidate(() => new ConstantRegressor('mean'), X, y, splits, others);
    const artists = artistsOf(tracks);
    results.push({
      protocol,
      rows: tracks.rowCount,
      sameSong: mean(splits.map((split) => twinsAcross(split, song).share)),
      sameArtist: mean(splits.map((split) => twinsAcross(split, artists).share)),
      model: summarizeScores(scores, splits, level),
      baseline: summarizeScores(constant, splits, level),
    });
  }
  return results;
}

/** The splits of groups; none where there are fewer groups than folds, or a fold leaves nothing to learn from. */
function ifEnough(split: () => Split[]): Split[] {
  try {
    const splits = split();
    return splits.every(({ train }) => train.length > 0) ? splits : [];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** The rows that have every needed value (pandas: `dropna`) of the columns that cleaning has left. */
function withoutMissing(all: Tracks, songs: Tracks): Tracks {
  const columns = Object.fromEntries(Object.entries(all.columns).filter(([name]) => name in songs.columns));
  const needed = SCHEMA.filter((column) => column.needed).flatMap(({ name }) => {
    const values = columns[name];
    return values instanceof Float64Array ? [values] : [];
  });
  const rows = Int32Array.from({ length: all.rowCount }, (_, row) => row);
  return selectRows(
    { ...all, columns },
    rows.filter((row) => needed.every((values) => !Number.isNaN(values[row]))),
  );
}

/**
 * Folds in which no artist credited in a test row is credited in training. Rows of one song or one first
 * artist are held together, through chains; a training row that shares any other artist with the test rows is
 * left out of that fold. (Joining all credited artists through chains would put 41% of the shipped table into
 * one group, through guest after guest.)
 * @param options as of `repeatedGroupKFold`
 */
export function artistSplits(
  tracks: Tracks,
  options: { nSplits?: number; nRepeats?: number; randomState?: number } = {},
): Split[] {
  const artists = artistsOf(tracks);
  const songs = Array.from(findRepeats(tracks).at(-1)!.groupOf, String);
  const groups = groupRows(songs, firstOf(artists));
  return repeatedGroupKFold(groups, options).map(({ train, test }) => {
    const known = new Set(twinsAcross({ train: test, test: train }, artists).rows);
    return { train: train.filter((row) => !known.has(row)), test };
  });
}

/** The first artist of each row as a number; a row without artists is alone. */
export function artistGroups(tracks: Tracks): Int32Array {
  return groupRows(firstOf(artistsOf(tracks)));
}

const firstOf = (artists: readonly string[][]) => artists.map((names) => names[0] ?? '');

/** The artists of each row, in lower case: apart by `;` in the shipped file, by `,` in others. */
function artistsOf(tracks: Tracks): string[][] {
  const column = knownTexts(tracks, 'artists');
  const separator = column.some((names) => names.includes(';')) ? ';' : ',';
  return column.map((names) =>
    names
      .toLowerCase()
      .split(separator)
      .map((name) => name.trim())
      .filter(Boolean),
  );
}

/** The number of artists that each track credits, at least 1: a track that names none has one all the same. */
export const artistCount = (tracks: Tracks): Float64Array =>
  Float64Array.from(artistsOf(tracks), (names) => Math.max(1, names.length));
