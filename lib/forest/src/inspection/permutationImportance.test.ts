import assert from 'node:assert/strict';
import test from 'node:test';
import { makeForest, recorded, train, unseen } from '../../testing/recorded';
import { permutationImportance } from './permutationImportance';

test("permutationImportance is scikit-learn's, to the digit", async () => {
  const forest = await makeForest().fit(train.X, train.y);
  const found = await permutationImportance(forest, unseen.X, unseen.y, { nRepeats: 9, randomState: 3 });
  assert.deepEqual(
    found.map(({ falls }) => falls),
    recorded.permutation,
  );
  assert.deepEqual(
    found.map(({ feature }) => feature),
    recorded.names,
  );
  const total = recorded.permutation[0].reduce((sum, fall) => sum + fall, 0);
  assert.ok(Math.abs(found[0].mean - total / 9) < 1e-15 && found[0].std > 0);
});

test('a feature that the model does not read has importance 0', async () => {
  const model = { predict: (X: typeof unseen.X) => X.columns[2] };
  const found = await permutationImportance(model, unseen.X, unseen.y, { nRepeats: 2 });
  assert.deepEqual(
    found.map(({ falls }) => falls.some((fall) => fall !== 0)),
    [false, false, true, false, false, false],
  );
  await assert.rejects(permutationImportance(model, unseen.X, unseen.y, { nRepeats: 0 }), /got 0/);
});
