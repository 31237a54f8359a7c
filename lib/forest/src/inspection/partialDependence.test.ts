import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, recorded, train, unseen } from '../../testing/recorded';
import { partialDependence } from './partialDependence';

test("partialDependence is scikit-learn's, average and individual curves to the digit", async () => {
  const forest = await makeForest().fit(train.X, train.y);
  assert.equal(recorded.partial.length, 3);
  for (const [name, gridResolution, grid, average, individual] of recorded.partial) {
    const found = partialDependence(forest, unseen.X, name, { gridResolution });
    assert.deepEqual([...found.grid], grid, name);
    assert.deepEqual([...found.average], average, name);
    assert.deepEqual(
      found.individual.map((curve) => [...curve]),
      individual,
      name,
    );
  }
});

test('partialDependence of a category takes all of its values', () => {
  const model = { predict: (X: typeof unseen.X) => X.columns[0] };
  const genres = { names: ['genre'], rowCount: 5, columns: [Float64Array.of(3, 0, 2, 1, 3)] };
  const { grid, average } = partialDependence(model, genres, 'genre', {
    gridResolution: 2,
    categorical: true,
  });
  assert.deepEqual([...grid], [0, 1, 2, 3]);
  assert.deepEqual([...average], [0, 1, 2, 3]);
});

test('partialDependence says what it requires', () => {
  const model = { predict: () => [] };
  assert.throws(
    () => partialDependence(model, unseen.X, 'age'),
    /requires a feature of the table .*, got age/,
  );
  const same = { percentiles: [0.5, 0.5] as [number, number], gridResolution: 5 };
  assert.throws(() => partialDependence(model, unseen.X, 'tempo', same), /requires percentiles apart/);
});
