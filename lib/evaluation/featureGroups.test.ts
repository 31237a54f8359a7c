import assert from 'node:assert/strict';
import test from 'node:test';
import { permutationImportance, RandomState, type Table } from '../forest/src/index';
import { correlatedGroups, groupImportance } from './featureGroups';

const random = new RandomState(1);
const draw = () => Float64Array.from({ length: 60 }, () => random.bits() / 2 ** 32);
const a = draw();
const c = draw();
const X: Table = {
  names: ['a', 'twin', 'c', 'constant'],
  rowCount: 60,
  columns: [a, a.map((value) => -value), c, new Float64Array(60)],
};
/** Needs a or its twin: the sum of both halves. */
const model = {
  predict: ({ columns }: Table) =>
    columns[0].map((value, row) => value - columns[1][row] + columns[2][row] / 4),
};
const y = model.predict(X);

test('any two features of a group go together; a constant one stands alone', () => {
  assert.deepEqual(correlatedGroups(X), [['a', 'twin'], ['c'], ['constant']]);
});

test('a chain is no group: its ends do not go together', () => {
  const middle = a.map((value, row) => value + c[row]);
  const chain = { names: ['a', 'middle', 'c'], rowCount: 60, columns: [a, middle, c] };
  assert.ok(correlatedGroups(chain).every((group) => !(group.includes('a') && group.includes('c'))));
});

test('a group of one feature is as important as permutationImportance says', async () => {
  const options = { nRepeats: 3, randomState: 4 };
  const single = await permutationImportance(model, X, y, options);
  const groups = await groupImportance(model, X, y, [['a'], ['twin'], ['c'], ['constant']], options);
  assert.equal(groups.length, 4);
  for (const one of groups)
    assert.deepEqual(
      one,
      single.find(({ feature }) => feature === one.feature),
    );
});

test('two features that go together are more important as one', async () => {
  const [first] = await groupImportance(model, X, y, [['a', 'twin'], ['c']], { randomState: 4 });
  const [alone] = await groupImportance(model, X, y, [['a']], { randomState: 4 });
  assert.equal(first.feature, 'a + twin');
  assert.ok(first.mean > 2 * alone.mean);
});
