import { RepeatedKFold } from '../forest/folds';
import type { RunOptions, Split, Table } from '../forest/types';
import { groupRows } from '../tracks/songs';
import type { Tracks } from '../tracks/types';
import { ConstantRegressor } from './baselines';
import {
  crossValidate,
  type Estimate,
  type Regressor,
  type Scores,
  summarizeScores,
} from './crossValidation';
import { repeatedGroupKFold } from './groupFolds';
import { mean } from './metrics';
import { findRepeats, twinsAcross } from './repeats';

/** The same model's scores under one way of dividing rows into training and test. */
export interface ProtocolResult {
  protocol: 'rows split as they come' | 'one row per song' | 'artists kept apart';
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
 * What a model's score is worth: the same model under three protocols of repeated 5-fold cross-validation.
 * Only the middle one answers "how good is it on a song it has not seen", only the last one "on an artist it
 * has not seen".
 * @param makeModel gives an unfitted model
 * @param all every row of the table, repeats included, and its encoded features
 * @param songs one row per song, and its encoded features. Encoders may have seen all rows: codes and
 *   standardisation use no target and leave a forest's splits where they are
 * @param options nSplits, nRepeats, randomState of the folds; level of the intervals
 */
export async function compareProtocols(
  makeModel: () => Regressor,
  all: { tracks: Tracks; X: Table; y: ArrayLike<number> },
  songs: { tracks: Tracks; X: Table; y: ArrayLike<number> },
  options: { nSplits?: number; nRepeats?: number; randomState?: number; level?: number } & RunOptions = {},
): Promise<ProtocolResult[]> {
  const { nSplits = 5, nRepeats = 1, randomState = 0, level = 0.95, onProgress, signal } = options;
  const folds = new RepeatedKFold({ nSplits, nRepeats, randomState });
  const protocols: { protocol: ProtocolResult['protocol']; data: typeof all; splits: Split[] }[] = [
    { protocol: 'rows split as they come', data: all, splits: folds.split(all.tracks.rowCount) },
    { protocol: 'one row per song', data: songs, splits: folds.split(songs.tracks.rowCount) },
    {
      protocol: 'artists kept apart',
      data: songs,
      splits: artistSplits(songs.tracks, { nSplits, nRepeats, randomState }),
    },
  ];
  const results: ProtocolResult[] = [];
  for (const { protocol, data, splits } of protocols) {
    const { tracks, X, y } = data;
    const progress = ({ done }: { done: number }) =>
      onProgress?.({
        done: results.length * splits.length + done,
        total: protocols.length * splits.length,
        label: protocol,
      });
    const scores = await crossValidate(makeModel, X, y, splits, { signal, onProgress: progress });
    const constant = await crossValidate(() => new ConstantRegressor('mean'), X, y, splits, { signal });
    const song = findRepeats(tracks).at(-1)!.groupOf;
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
  const groups = groupRows(
    songs,
    artists.map((names) => names[0] ?? ''),
  );
  return repeatedGroupKFold(groups, options).map(({ train, test }) => {
    const known = new Set(twinsAcross({ train: test, test: train }, artists).rows);
    return { train: train.filter((row) => !known.has(row)), test };
  });
}

/** The artists of each row, in lower case: apart by `;` in the shipped file, by `,` in others. */
function artistsOf(tracks: Tracks): string[][] {
  const column = tracks.columns.artists;
  if (!Array.isArray(column)) return Array.from({ length: tracks.rowCount }, () => []);
  const separator = column.some((names) => names.includes(';')) ? ';' : ',';
  return column.map((names) =>
    names
      .toLowerCase()
      .split(separator)
      .map((name) => name.trim())
      .filter(Boolean),
  );
}
