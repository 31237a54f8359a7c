/**
 * Predictions. A node is 16 bytes: threshold (f32, rounded down, which changes no comparison with a f32), place
 * of its feature's column, places of its left and right child. A leaf is its own child on both sides, so that a
 * row which arrived stays there while others still walk.
 */

/** One step down, without a branch: the side is as good as random, and a wrong guess costs more than all else. */
// @ts-ignore: decorator
@inline
function down(node: usize, row: usize): usize {
  const goesRight = load<f32>(load<usize>(node, 4) + row) > load<f32>(node);
  return load<usize>(node + ((<usize>goesRight) << 2), 8);
}

/** Place of the value of the leaf at `leaf`: 8 bytes for each 16 of a node. */
// @ts-ignore: decorator
@inline
function valueAt(leaf: usize, nodes: usize, values: usize): f64 {
  return load<f64>(values + ((leaf - nodes) >> 1));
}

/**
 * Adds the leaf values of some trees, in their order, to a sum per row. Eight walk side by side, because one
 * alone would mostly wait for memory: eight rows down one tree, or one row down eight trees.
 * @param roots u32[tree]: places of the roots, followed by 8 that are any roots
 * @param nodes where all nodes begin; node i's value is number i of `values`, f64
 * @param rows 1, or a multiple of 8; the columns hold as many values, f32, at least
 */
export function addTrees(roots: usize, trees: i32, nodes: usize, values: usize, rows: i32, sums: usize): void {
  // The type only says which of the two it is, so that each has its own code.
  if (rows == 1) walkEight<f32>(roots, trees, nodes, values, rows, sums);
  else walkEight<i32>(roots, trees, nodes, values, rows, sums);
}

function walkEight<Mode>(roots: usize, trees: i32, nodes: usize, values: usize, rows: i32, sums: usize): void {
  const single = isFloat<Mode>();
  // From one walker to the next: the row moves on, or the tree.
  const rowStep: usize = single ? 0 : 4;
  const rootStep: usize = single ? 4 : 0;
  for (let tree = 0; tree < trees; tree += single ? 8 : 1) {
    const root = roots + ((<usize>tree) << 2);
    for (let i = 0; i < rows; i += 8) {
      const row = (<usize>i) << 2;
      let a = load<usize>(root);
      let b = load<usize>(root + rootStep);
      let c = load<usize>(root + 2 * rootStep);
      let d = load<usize>(root + 3 * rootStep);
      let e = load<usize>(root + 4 * rootStep);
      let f = load<usize>(root + 5 * rootStep);
      let g = load<usize>(root + 6 * rootStep);
      let h = load<usize>(root + 7 * rootStep);
      for (;;) {
        const a1 = down(a, row);
        const b1 = down(b, row + rowStep);
        const c1 = down(c, row + 2 * rowStep);
        const d1 = down(d, row + 3 * rowStep);
        const e1 = down(e, row + 4 * rowStep);
        const f1 = down(f, row + 5 * rowStep);
        const g1 = down(g, row + 6 * rowStep);
        const h1 = down(h, row + 7 * rowStep);
        if (((a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1)) == 0) break;
        // A second step before the next look at who has arrived.
        a = down(a1, row);
        b = down(b1, row + rowStep);
        c = down(c1, row + 2 * rowStep);
        d = down(d1, row + 3 * rowStep);
        e = down(e1, row + 4 * rowStep);
        f = down(f1, row + 5 * rowStep);
        g = down(g1, row + 6 * rowStep);
        h = down(h1, row + 7 * rowStep);
      }
      const sum = sums + (row << 1);
      if (single) {
        let total = load<f64>(sum) + valueAt(a, nodes, values);
        const left = trees - tree;
        if (left > 1) total += valueAt(b, nodes, values);
        if (left > 2) total += valueAt(c, nodes, values);
        if (left > 3) total += valueAt(d, nodes, values);
        if (left > 4) total += valueAt(e, nodes, values);
        if (left > 5) total += valueAt(f, nodes, values);
        if (left > 6) total += valueAt(g, nodes, values);
        if (left > 7) total += valueAt(h, nodes, values);
        store<f64>(sum, total);
      } else {
        store<f64>(sum, load<f64>(sum) + valueAt(a, nodes, values));
        store<f64>(sum, load<f64>(sum, 8) + valueAt(b, nodes, values), 8);
        store<f64>(sum, load<f64>(sum, 16) + valueAt(c, nodes, values), 16);
        store<f64>(sum, load<f64>(sum, 24) + valueAt(d, nodes, values), 24);
        store<f64>(sum, load<f64>(sum, 32) + valueAt(e, nodes, values), 32);
        store<f64>(sum, load<f64>(sum, 40) + valueAt(f, nodes, values), 40);
        store<f64>(sum, load<f64>(sum, 48) + valueAt(g, nodes, values), 48);
        store<f64>(sum, load<f64>(sum, 56) + valueAt(h, nodes, values), 56);
      }
    }
  }
}
