import assert from 'node:assert/strict';
import test from 'node:test';
import { RECORDED, X, y } from '../../oracle/recorded';
import { GridSearchCV } from '../modelSelection/gridSearch';
import { DecisionTreeClassifier, DecisionTreeRegressor } from './decisionTree';
import { ExtraTreesRegressor, RandomForestRegressor } from './forest';
import { ExtraTreesClassifier, RandomForestClassifier } from './forestClassifiers';
import { GradientBoostingRegressor } from './gradientBoosting';
import { fromSklearn, toSklearn } from './sklearn';

const gaps = X.map((row, i) => (i % 7 === 3 ? [row[0], Number.NaN, row[2]] : row));
const fractions = y.map((value) => value / 7);
const classes = y.map((value) => ['high', 'low', 'middle'][value % 3]);
const sampleWeight = y.map((_, i) => (i % 4) / 3);

const REGRESSORS = {
  RandomForestRegressor,
  ExtraTreesRegressor,
  DecisionTreeRegressor,
  GradientBoostingRegressor,
};
const CLASSIFIERS = { RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier };

const camelCase = (params: object) =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

test('models of every kind are those recorded from scikit-learn, node for node', async () => {
  let compared = 0;
  for (const [name, known] of Object.entries(RECORDED.models)) {
    const params = { randomState: 3, ...camelCase(known.params) };
    const options = name.includes('weighted') ? { sampleWeight } : {};
    const table = name.includes('gaps') ? gaps : X;
    const Regressor = REGRESSORS[known.estimator as keyof typeof REGRESSORS];
    const Classifier = CLASSIFIERS[known.estimator as keyof typeof CLASSIFIERS];
    const model = Regressor
      ? await new Regressor(params).fit(table, fractions, options)
      : await new Classifier<string>(params).fit(table, classes, options);
    for (const field of ['feature', 'threshold', 'value', 'impurity'] as const) {
      assert.deepEqual([...model.arrays[field]], known[field], `${name}: ${field}`);
    }
    assert.deepEqual([...model.predict(table)], known.predictions, `${name}: predictions`);
    compared++;
  }
  assert.equal(compared, 10);
});

test('a warm start adds the trees that a larger forest has', async () => {
  const larger = await new RandomForestClassifier({ nEstimators: 5, randomState: 3 }).fit(X, classes);
  const grown = new RandomForestClassifier({ nEstimators: 2, randomState: 3, warmStart: true });
  await grown.fit(X, classes);
  await grown.setParams({ nEstimators: 5 }).fit(X, classes);
  assert.deepEqual(grown.predictProba(X), larger.predictProba(X));
  await assert.rejects(
    () => grown.setParams({ nEstimators: 4 }).fit(X, classes),
    /at least as many trees, got 3 features for 3 and 4 trees for 5/,
  );
});

test('several targets are predicted together', async () => {
  const forest = await new RandomForestRegressor({ nEstimators: 4 }).fit(
    X,
    y.map((value, row) => [value, fractions[row]]),
  );
  const [first, second] = forest.predictTargets(X);
  assert.equal(first.length, 60);
  // The second target is a seventh of the first, and so are its means.
  first.forEach((value, row) => {
    assert.ok(Math.abs(value / 7 - second[row]) < 1e-12);
  });
  assert.throws(() => forest.predict(X), /predict requires a model of one target, got 2; predictTargets/);
});

test('a forest taken from elsewhere knows where missing values go, or says that it does not', async () => {
  const forest = await new RandomForestRegressor({ nEstimators: 3 }).fit(gaps, fractions);
  const again = RandomForestRegressor.fromArrays(fromSklearn(toSklearn(forest.arrays)));
  assert.deepEqual(again.predict(gaps), forest.predict(gaps));
  // Learnt from rows without gaps, nodes send them with most of their rows.
  const whole = await new RandomForestRegressor({ nEstimators: 3 }).fit(X, fractions);
  const { missingGoToLeft: _, ...arrays } = whole.arrays;
  assert.deepEqual(RandomForestRegressor.fromArrays(arrays).predict(gaps), whole.predict(gaps));
  const bare = { ...arrays, nNodeSamples: new Int32Array(arrays.feature.length) };
  assert.throws(
    () => RandomForestRegressor.fromArrays(bare).predict(gaps),
    /A missing value requires a forest with missingGoToLeft or nNodeSamples/,
  );
});

test('searches take classifiers and boosting', async () => {
  const grid = { maxDepth: [1, 4], criterion: ['gini', 'entropy'] as const };
  const search = new GridSearchCV(new RandomForestClassifier<string>({ nEstimators: 5 }), grid, { cv: 3 });
  await search.fit(X, classes);
  assert.equal(search.cvResults.meanTestScore.length, 4);
  assert.ok(search.bestScore >= Math.max(...search.cvResults.meanTestScore));
  assert.deepEqual(search.predict(X), search.bestEstimator.predict(X));
  const boosting = new GridSearchCV(new GradientBoostingRegressor({ nEstimators: 5 }), { maxDepth: [1, 3] });
  await boosting.fit(X, fractions);
  assert.equal(boosting.cvResults.splitTestScores.flat().length, 10);
});

test('what is not offered is refused by name', async () => {
  const refused: [() => unknown, RegExp][] = [
    [() => new DecisionTreeClassifier({ classWeight: 'balanced_subsample' }), /which needs a bootstrap/],
    [
      () => new RandomForestClassifier({ criterion: 'squared_error' as never }),
      /one of gini, entropy, log_loss/,
    ],
    [
      () => new GradientBoostingRegressor({ loss: 'huber' as never }),
      /loss to be 'squared_error', got "huber"/,
    ],
    [
      () => new GradientBoostingRegressor({ nIterNoChange: 3 } as never),
      /requires one of .*, got nIterNoChange/,
    ],
    [
      () => new GradientBoostingRegressor().fit(gaps, y),
      /finite float32 numbers, got NaN in row 3, column 1/,
    ],
    [
      () => new RandomForestClassifier({ classWeight: { low: 2, lower: 1 } }).fit(X, classes),
      /classWeight for classes of the rows, got "lower"/,
    ],
    [
      () => new RandomForestClassifier({ monotonicCst: [1, 0, 0] }).fit(X, classes),
      /monotonicCst requires two classes, got 3/,
    ],
    [() => new RandomForestClassifier().fit(X, [...classes.slice(1), 5]), /got 5 in row 59/],
  ];
  for (const [act, message] of refused)
    await assert.rejects(async () => act(), { name: 'InputError', message });
});
