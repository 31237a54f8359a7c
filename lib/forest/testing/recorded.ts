import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomForestRegressor } from '../src/ensemble/forest';
import { take, takeRows } from '../src/matrix';
import type { Table } from '../src/types';

/** The data that record.py wrote; names and meanings are there. */
export interface Recorded {
  names: string[];
  X: number[][];
  y: number[];
  trainRows: number[];
  testRows: number[];
  groups: number[];
  tQuantile: [number, number, number][];
  permutation: number[][];
  partial: [string, number, number[], number[], number[][]][];
  learning: [number[], number[][], number[][]];
  crossValidation: [number[], number[], number[]];
  paired: [number[], number, number];
  nested: [number[], number[]];
  groupFolds: number[][];
  linear: [number[], number[], number[]];
  dummy: [number, number];
  predicted: number[];
  bootstrap: [number, number];
  quantiles: [number, number][];
  outOfBag: [number[], number[], number, number];
  /** Options of train_test_split, training rows, test rows; those after the fifth are stratified. */
  trainTest: [Record<string, number | boolean>, number[], number[]][];
  classes: string[];
  /** Training and test rows of each split, by kind of splitter. */
  splits: Record<string, [number[], number[]][]>;
  /** cross_val_score of three folds, by name of the score. */
  scorers: Record<string, number[]>;
}

const FILE = join(__dirname, 'recorded.json');
export const recorded: Recorded = JSON.parse(readFileSync(FILE, 'utf8'));

/** The recorded table of 120 tracks, its target, and its first 90 and last 30 rows. */
export const X: Table = {
  names: recorded.names,
  rowCount: recorded.y.length,
  columns: recorded.X.map((column) => Float64Array.from(column)),
};
export const y = Float64Array.from(recorded.y);
export const train = { X: takeRows(X, recorded.trainRows), y: take(y, recorded.trainRows) };
export const unseen = { X: takeRows(X, recorded.testRows), y: take(y, recorded.testRows) };

/** The forest that record.py uses throughout. */
export const makeForest = (params: { nEstimators?: number } = {}) =>
  new RandomForestRegressor({ nEstimators: 20, randomState: 7, ...params });
