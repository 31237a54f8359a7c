/**
 * Predictions. A node is 8 bytes: a threshold, and its feature (10 bits) together with how many nodes further its
 * right child is; the left child is the next node. Values and thresholds are whole numbers in the order of the
 * float32 values. A leaf's threshold is below all values and its right child is itself: a row which arrived stays
 * there while others still walk.
 */

/** One step down, without a branch: the side is as good as random, and a wrong guess costs more than all else. */
// @ts-ignore: decorator
@inline
function down(node: usize, row: usize): usize {
  const link = load<u32>(node, 4);
  const goesRight = load<i32>(row + <usize>((link & 1023) << 5)) > load<i32>(node);
  return node + <usize>((goesRight ? link >> 10 : <u32>1) << 3);
}

/**
 * Adds the leaf values of some trees, in their order, to a sum per row. Eight walk side by side, because one
 * alone would mostly wait for memory: eight rows down one tree, or one row down eight trees.
 * @param roots u32[tree]: places of the roots, followed by 8 that are any roots
 * @param means how far behind a node its value is, f64
 * @param rows i32[block][feature][8]: the values of blocks of eight rows; of a single row eight times the same
 * @param blocks how many, 0 for a single row
 * @param sums f64[row]; for a single row nine, the first of which counts
 */
export function addTrees(
  roots: usize,
  trees: i32,
  means: usize,
  rows: usize,
  blocks: i32,
  features: i32,
  sums: usize,
): void {
  if (blocks == 0) return addToRow(roots, trees, means, rows, sums);
  // One tree after the other, so that the tree at work stays in the processor's cache.
  for (let tree = 0; tree < trees; tree++, roots += 4) {
    const bytes = (<usize>features) << 5;
    let row = rows;
    let sum = sums;
    for (const end = rows + <usize>blocks * bytes; row < end; row += bytes, sum += 64) {
      walkEight(roots, 0, row, means, sum);
    }
  }
}

function addToRow(roots: usize, trees: i32, means: usize, row: usize, sums: usize): void {
  const eight = sums + 8;
  let sum = load<f64>(sums);
  for (let left = trees; left > 0; left -= 8, roots += 32) {
    memory.fill(eight, 0, 64);
    walkEight(roots, 4, row, means, eight);
    for (let i = 0; i < min(8, left); i++) sum += load<f64>(eight + ((<usize>i) << 3));
  }
  store<f64>(sums, sum);
}

/** Eight walks, each from a root `step` bytes after the one before, and their leaf values added to eight sums. */
function walkEight(root: usize, step: usize, row: usize, means: usize, sums: usize): void {
  let a = load<usize>(root);
  let b = load<usize>(root + step);
  let c = load<usize>(root + 2 * step);
  let d = load<usize>(root + 3 * step);
  let e = load<usize>(root + 4 * step);
  let f = load<usize>(root + 5 * step);
  let g = load<usize>(root + 6 * step);
  let h = load<usize>(root + 7 * step);
  for (;;) {
    const a1 = down(a, row);
    const b1 = down(b, row + 4);
    const c1 = down(c, row + 8);
    const d1 = down(d, row + 12);
    const e1 = down(e, row + 16);
    const f1 = down(f, row + 20);
    const g1 = down(g, row + 24);
    const h1 = down(h, row + 28);
    if (((a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1)) == 0) break;
    a = a1;
    b = b1;
    c = c1;
    d = d1;
    e = e1;
    f = f1;
    g = g1;
    h = h1;
  }
  store<f64>(sums, load<f64>(sums) + load<f64>(a + means));
  store<f64>(sums, load<f64>(sums, 8) + load<f64>(b + means), 8);
  store<f64>(sums, load<f64>(sums, 16) + load<f64>(c + means), 16);
  store<f64>(sums, load<f64>(sums, 24) + load<f64>(d + means), 24);
  store<f64>(sums, load<f64>(sums, 32) + load<f64>(e + means), 32);
  store<f64>(sums, load<f64>(sums, 40) + load<f64>(f + means), 40);
  store<f64>(sums, load<f64>(sums, 48) + load<f64>(g + means), 48);
  store<f64>(sums, load<f64>(sums, 56) + load<f64>(h + means), 56);
}
