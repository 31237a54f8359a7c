/** Shows this project's own objects as the last line of a cell: in a few lines, as scikit-learn's do. */
import type { ForestArrays } from '../forest/src/index';
import { thousands } from '../numberText';
import { firstRows } from '../tracks/columns';
import type { Tracks } from '../tracks/types';
import { addViewer, type Showable } from './display';
import { table } from './table';

/** Rows of a table of tracks that are shown. */
const HEAD = 5;

const written = (params: object) =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value === null ? 'none' : value}`)
    .join(', ');

/** The parameters that are not as the class has them by default, as scikit-learn shows an estimator. */
function changed(value: { params: Record<string, unknown>; constructor: unknown }): object {
  const Class = value.constructor as new () => { params: Record<string, unknown> };
  const { params } = new Class();
  return Object.fromEntries(Object.entries(value.params).filter(([name, own]) => own !== params[name]));
}

// An object is recognised by its properties, not by its class: after an edit of lib the classes are new ones.

function viewTracks(value: unknown): Showable | undefined {
  const { source, sha256, rowCount, columns, lines } = Object(value);
  if (typeof source !== 'string' || typeof sha256 !== 'string' || !columns || !lines) return undefined;
  const head = firstRows(value as Tracks, HEAD);
  const names = Object.keys(head.columns);
  const rows = Array.from({ length: head.rowCount }, (_, row) =>
    Object.fromEntries(names.map((name) => [name, head.columns[name][row]])),
  );
  return table(rows, { columns: names, ofRows: rowCount });
}

/** An estimator with parameters: a forest, and whether and how it is fitted. */
function viewEstimator(value: unknown): Showable | undefined {
  const { params, fit, predict } = Object(value);
  if (typeof params !== 'object' || typeof fit !== 'function' || typeof predict !== 'function')
    return undefined;
  const name = (value as object).constructor.name;
  const arrays = treesOf(value as { arrays?: ForestArrays });
  const state = arrays
    ? `fitted: ${thousands(arrays.treeCount)} trees with ${thousands(arrays.feature.length)} nodes, ${arrays.nFeatures} features`
    : 'not fitted';
  return `${name}(${written(changed(value as Parameters<typeof changed>[0]))})\n${state}`;
}

/** The trees of a forest; undefined before it is fitted, when asking for them throws. */
function treesOf(forest: { arrays?: ForestArrays }): ForestArrays | undefined {
  try {
    return forest.arrays;
  } catch {
    return undefined;
  }
}

function viewSearch(value: unknown): Showable | undefined {
  const { candidates, estimator } = Object(value);
  if (!Array.isArray(candidates) || !estimator) return undefined;
  const name = (value as object).constructor.name;
  const said = `${name} of ${thousands(candidates.length)} candidates for ${estimator.constructor.name}`;
  try {
    const { bestParams, bestScore } = value as { bestParams: object; bestScore: number };
    return `${said}\nbest: ${written(bestParams)}, mean score ${bestScore.toFixed(4)}`;
  } catch {
    return `${said}\nnot fitted`;
  }
}

function viewModel(value: unknown): Showable | undefined {
  const { contents, trees, features } = Object(value);
  if (!contents?.data || !trees || !Array.isArray(features)) return undefined;
  const { data, target, metrics } = contents;
  const scores = Object.entries(metrics).map(([name, score]) => `${name} ${Number(score).toFixed(3)}`);
  return [
    `Model of ${thousands(trees.treeCount)} trees: forecasts ${target.name} from ${features.length} features`,
    `learnt from ${thousands(data.trainRows)} songs of ${data.file}`,
    `on ${thousands(data.testRows)} others: ${scores.join(', ')}`,
  ].join('\n');
}

for (const viewer of [viewTracks, viewEstimator, viewSearch, viewModel]) addViewer(viewer);
