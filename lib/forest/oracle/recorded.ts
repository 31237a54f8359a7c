import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SklearnForest } from '../src/ensemble/sklearn';

/** A fitted model: its nodes, tree after tree, and its predictions for the rows it learnt from. */
export interface RecordedModel {
  estimator: string;
  params: object;
  feature: number[];
  threshold: number[];
  value: number[];
  impurity: number[];
  predictions: (number | string)[];
}

/** The answers of scikit-learn when record.py ran: its version and the command stand in `provenance`. */
export const RECORDED: {
  provenance: Record<string, string>;
  forest: SklearnForest;
  predictions: number[];
  importances: number[];
  oobScore: number;
  search: { mean: number[]; std: number[]; rank: number[]; best: Record<string, unknown> };
  split: { train: number[]; test: number[] };
  groups: string[];
  groupFolds: number[][];
  repeatedFolds: number[][];
  permutation: number[];
  randints: number[];
  metrics: { r2: number; mae: number; rmse: number };
  models: Record<string, RecordedModel>;
} = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'sklearn.json'), 'utf8'));

const numbers = Array.from({ length: 60 }, (_, i) => i);
/** The table that record.py makes by the same rule. */
export const X = numbers.map((i) => [((i * 7919) % 101) / 8, (i * 104729) % 37, i % 3]);
export const y = numbers.map((i) => (i * i * 31) % 83);
