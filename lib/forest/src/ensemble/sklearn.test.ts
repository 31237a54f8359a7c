import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { RECORDED, X, y } from '../../oracle/recorded';
import { PYTHON, without } from '../../testing/peers';
import { RandomForestRegressor } from './forest';
import { fromSklearn, type SklearnForest, toSklearn } from './sklearn';

/** The lines of Python that a docstring shows, from one that contains `first`. */
function pythonLines(first: string): string {
  const source = readFileSync(join(__dirname, 'sklearn.ts'), 'utf8');
  const block = source.split('/**').find((text) => text.includes(first))!;
  const lines = block.split('\n').filter((line) => line.startsWith(' *     '));
  assert.ok(lines.length > 4);
  return lines.map((line) => line.slice(7)).join('\n');
}

function python(program: string, folder: string): string {
  return execFileSync(PYTHON, ['-c', program], { cwd: folder, encoding: 'utf8' });
}

test('a recorded scikit-learn forest predicts its own numbers', () => {
  const forest = RandomForestRegressor.fromArrays(fromSklearn(RECORDED.forest));
  assert.deepEqual([...forest.predict(X)], RECORDED.predictions);
  assert.deepEqual([...forest.featureImportances], RECORDED.importances);
});

test('export and import are inverse', async () => {
  const { arrays } = await new RandomForestRegressor({ nEstimators: 3 }).fit(X, y);
  assert.deepEqual(fromSklearn(JSON.parse(JSON.stringify(toSklearn(arrays)))), arrays);
});

test('the lines of Python in the docstrings do it, both ways, bit for bit', {
  skip: without('sklearn'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forest-'));
  try {
    // Fractions of all kinds: what scikit-learn grew is served, whatever it was grown from.
    const rows = X.map((row) => row.map((value) => Math.sin(value)));
    writeFileSync(join(folder, 'X.json'), JSON.stringify(rows));
    const fit = `
import json
from sklearn.ensemble import RandomForestRegressor
X = json.load(open("X.json"))
forest = RandomForestRegressor(20, random_state=3).fit(X, [sum(row) / 3 for row in X])
${pythonLines('children_left", "children_right')}
print(json.dumps(forest.predict(X).tolist()))`;
    const theirs = JSON.parse(python(fit, folder));
    const json = JSON.parse(readFileSync(join(folder, 'forest.json'), 'utf8')) as SklearnForest;
    assert.deepEqual([...RandomForestRegressor.fromArrays(fromSklearn(json)).predict(rows)], theirs);

    const ours = await new RandomForestRegressor({ nEstimators: 20 }).fit(rows, y);
    writeFileSync(join(folder, 'ours.json'), JSON.stringify(toSklearn(ours.arrays)));
    const check = `
import json
import numpy
X = json.load(open("X.json"))
trees = json.load(open("ours.json"))["trees"]
${pythonLines('def predict(tree, row)')}
print(json.dumps([sum(predict(tree, row) for tree in trees) / len(trees) for row in X]))`;
    assert.deepEqual(JSON.parse(python(check, folder)), [...ours.predict(rows)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a broken file is one sentence', () => {
  const broken = (change: (forest: SklearnForest) => void) => () => {
    const copy = structuredClone(RECORDED.forest);
    change(copy);
    return fromSklearn(copy);
  };
  const bad: [() => unknown, RegExp][] = [
    [broken((f) => f.trees.splice(0)), /requires n_features and at least one tree/],
    [broken((f) => f.trees[1].threshold.pop()), /finite numbers in threshold of tree 1/],
    [broken((f) => Reflect.deleteProperty(f.trees[0], 'value')), /finite numbers in value of tree 0/],
    [broken((f) => f.trees[0].children_left.fill(0)), /children_left to be a later node of tree 0, got 0/],
    [
      broken(({ trees: [tree] }) => {
        tree!.children_right[0] = tree!.children_right.length;
      }),
      /children_right to be a later node of tree 0, got \d+/,
    ],
    [broken((f) => f.trees[0].feature.fill(9)), /a feature below 3, got 9/],
    [() => fromSklearn(null as never), /requires n_features and at least one tree/],
    [broken((f) => f.trees.fill(null as never)), /finite numbers in children_left of tree 0/],
    [broken((f) => Object.assign(f.trees[0], { value: 'abc' })), /finite numbers in value of tree 0/],
    [broken((f) => f.trees[0].feature.fill(0.5)), /finite numbers in feature of tree 0/],
    [() => toSklearn(undefined as never), /toSklearn requires the arrays of at least one whole tree/],
  ];
  for (const [act, message] of bad) assert.throws(act, { name: 'InputError', message });
});
