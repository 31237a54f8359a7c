/** Whole numbers up to here are exact in float64. */
const LARGEST_EXACT = 2 ** 53;

/**
 * Whether every sum of targets, and of their squares, is exact in float64 in whatever order it runs: all
 * targets are multiples of one power of two, and small enough in that unit for `rowCount` of them. Then the
 * order of rows in a node cannot matter, and faster ways to the same tree are open.
 */
export function hasExactSums(y: Float64Array, rowCount = y.length): boolean {
  let largest = 0;
  for (const value of y) if (Math.abs(value) > largest) largest = Math.abs(value);
  if (largest === 0) return true;
  const mostUnits = Math.sqrt(LARGEST_EXACT / Math.max(rowCount, y.length));
  // The smallest unit in which the largest target is still small enough.
  const unit = 2 ** Math.ceil(Math.log2(largest / mostUnits));
  return unit > 0 && largest / unit <= mostUnits && y.every((value) => Number.isInteger(value / unit));
}
