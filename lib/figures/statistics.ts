import { sampleCorrelation } from 'simple-statistics';
import { linearQuantile, mean } from '../forest/src/index';

/** Finite values in ascending order. */
export const sorted = (values: Iterable<number>): Float64Array =>
  (values instanceof Float64Array ? values : Float64Array.from(values)).filter(Number.isFinite).sort();

/** Equal bins over a range: `counts[i]` values from `edges[i]` to below `edges[i + 1]` (the last edge is included). */
export interface Histogram {
  edges: number[];
  counts: number[];
}

/** Steps that people count in. */
const NICE_STEPS = [1, 2, 2.5, 5, 10];

/** Few outliers must not squeeze all other values into a handful of bins, nor make hundreds of bins. */
const MIDDLE = [0.01, 0.99];
const MAX_BINS_FACTOR = 3;

/**
 * Counts values in bins whose edges are round numbers.
 * @param values numbers, of which missing ones are left out
 * @param about how many bins the middle 98% of the values should have at most
 */
export function histogram(values: Iterable<number>, about = 30): Histogram {
  const ascending = sorted(values);
  if (ascending.length === 0) return { edges: [0, 1], counts: [0] };
  const [min, max] = [ascending[0], ascending[ascending.length - 1]];
  const [low, high] = MIDDLE.map((share) => linearQuantile(ascending, share));
  const widest = Math.max((high - low) / about, (max - min) / (about * MAX_BINS_FACTOR));
  // narrower bins than this have no edges of their own among floating point numbers
  const narrowest = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
  const raw = Math.max(widest, narrowest) > 1e-290 ? Math.max(widest, narrowest) : 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const width = NICE_STEPS.find((step) => step * power >= raw * (1 - 1e-9))! * power;
  const first = Math.floor(min / width + 1e-9);
  const bins = Math.max(1, Math.ceil(max / width - 1e-9) - first);
  const counts = new Array<number>(bins).fill(0);
  for (const value of ascending) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor(value / width - first + 1e-9)))]++;
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => Number(((first + i) * width).toPrecision(12)));
  return { edges, counts };
}

/** The targets near one value of x: the share of y at 0, and the mean of the others (NaN where all are 0). */
export interface HeapPoint {
  /** Median of x in the bin. */
  x: number;
  zeros: number;
  rest: number;
}

/**
 * Follows the two heaps of y (0 and above) along x, without assuming a shape, in bins of equally many rows. A
 * value of x that many rows share stays in one bin.
 * @param bins the largest number of bins
 */
export function heapsAlong(x: ArrayLike<number>, y: ArrayLike<number>, bins = 10): HeapPoint[] {
  const rows = Array.from({ length: x.length }, (_, i) => i)
    .filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]))
    .sort((a, b) => x[a] - x[b] || a - b);
  const points: HeapPoint[] = [];
  for (let start = 0; start < rows.length; ) {
    // Behind a shared value the bins go on where they would have ended: none becomes smaller than half.
    const bin = 1 + Math.round((start * bins) / rows.length);
    let end = Math.max(start + 1, Math.round((rows.length * bin) / bins));
    while (end < rows.length && x[rows[end]] === x[rows[end - 1]]) end++;
    const members = rows.slice(start, end);
    const xs = Float64Array.from(members, (i) => x[i]);
    points.push({ x: linearQuantile(xs, 0.5), ...twoHeaps(members.map((i) => y[i])) });
    start = end;
  }
  return points;
}

/** Two heaps in numbers: the share of the values at 0, and the mean of the others (NaN where there are none). */
export function twoHeaps(values: ArrayLike<number>): { zeros: number; rest: number } {
  const others = Array.from(values).filter((value) => value !== 0);
  return { zeros: 1 - others.length / values.length, rest: others.length > 0 ? mean(others) : Number.NaN };
}

/** Ranks from 1, equal values sharing the mean of theirs (scipy's `rankdata`). */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranked = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranked[order[i]] = (start + end + 1) / 2;
  }
  return ranked;
}

/**
 * Correlation of every pair of columns (pandas' `corr`), over the rows that have both.
 * @param columns equally long
 * @param method Pearson's on the values, or Spearman's on their ranks
 * @returns `matrix[i][j]`; NaN where a column is constant
 */
export function correlations(
  columns: readonly ArrayLike<number>[],
  method: 'pearson' | 'spearman' = 'pearson',
): number[][] {
  const all = columns.map((column) => Array.from(column));
  const isWhole = all.map((values) => !values.some(Number.isNaN));
  const pair = (i: number, j: number): number => {
    const isThere = (_: number, row: number) => !Number.isNaN(all[i][row]) && !Number.isNaN(all[j][row]);
    const both = [all[i], all[j]].map((values) =>
      isWhole[i] && isWhole[j] ? values : values.filter(isThere),
    );
    const [x, y] = method === 'spearman' ? both.map((values) => [...ranks(values)]) : both;
    return x.length < 2 ? Number.NaN : sampleCorrelation(x, y);
  };
  const matrix = columns.map(() => new Array<number>(columns.length));
  for (let i = 0; i < columns.length; i++) {
    for (let j = i; j < columns.length; j++) {
      const value = pair(i, j);
      matrix[i][j] = matrix[j][i] = i === j ? value && 1 : value;
    }
  }
  return matrix;
}
