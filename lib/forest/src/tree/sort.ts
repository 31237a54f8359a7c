/** Numbers that are sorted together with the rows they belong to. */
type Values = Float32Array | Float64Array;

/** Stretches of at most this length are sorted by insertion. */
const SHORT = 15;

/**
 * Sorts `values` from `start` to `start + count - 1` upwards, and `rows` with them. The order among equal
 * values is part of scikit-learn's definition of a tree, so the algorithm is its own: introsort (Musser 1997)
 * with a partition into smaller, equal and larger values around the median of three.
 */
export function sortTogether(values: Values, rows: Int32Array, start: number, count: number): void {
  if (count > 1) introsort(values, rows, start, count, 2 * (31 - Math.clz32(count)));
}

function introsort(values: Values, rows: Int32Array, start: number, count: number, allowance: number): void {
  while (count > SHORT) {
    if (allowance <= 0) {
      heapSort(values, rows, start, count);
      return;
    }
    allowance--;
    const pivot = medianOfThree(values[start], values[start + (count >> 1)], values[start + count - 1]);
    let i = start;
    let smaller = start;
    let larger = start + count;
    while (i < larger) {
      if (values[i] < pivot) swapTogether(values, rows, i++, smaller++);
      else if (values[i] > pivot) swapTogether(values, rows, i, --larger);
      else i++;
    }
    introsort(values, rows, start, smaller - start, allowance);
    count = start + count - larger;
    start = larger;
  }
  insertionSort(values, rows, start, count);
}

/** Of equal values it cannot matter which one is taken. */
const medianOfThree = (a: number, b: number, c: number) =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function insertionSort(values: Values, rows: Int32Array, start: number, count: number): void {
  for (let i = start + 1; i < start + count; i++) {
    const value = values[i];
    const row = rows[i];
    let j = i;
    while (j > start && values[j - 1] > value) {
      values[j] = values[j - 1];
      rows[j] = rows[j - 1];
      j--;
    }
    values[j] = value;
    rows[j] = row;
  }
}

function heapSort(values: Values, rows: Int32Array, start: number, count: number): void {
  for (let root = (count - 2) >> 1; root >= 0; root--) siftDown(values, rows, start, root, count);
  for (let end = count - 1; end > 0; end--) {
    swapTogether(values, rows, start, start + end);
    siftDown(values, rows, start, 0, end);
  }
}

function siftDown(values: Values, rows: Int32Array, start: number, root: number, end: number): void {
  for (;;) {
    const child = root * 2 + 1;
    let largest = root;
    if (child < end && values[start + largest] < values[start + child]) largest = child;
    if (child + 1 < end && values[start + largest] < values[start + child + 1]) largest = child + 1;
    if (largest === root) return;
    swapTogether(values, rows, start + root, start + largest);
    root = largest;
  }
}

/** Exchanges two values, and their rows. */
export function swapTogether(values: Values, rows: Int32Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
  swap(rows, i, j);
}

export function swap(array: Int32Array, i: number, j: number): void {
  const other = array[i];
  array[i] = array[j];
  array[j] = other;
}
