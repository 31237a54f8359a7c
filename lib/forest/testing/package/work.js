/**
 * The same work for every runtime: fits, tunes, predicts and scores with `lib`, and gives back every digit. It is
 * plain text for the programs that the test writes, hence no imports and no exports.
 */
// biome-ignore lint/correctness/noUnusedVariables: the programs call it
async function work(lib) {
  const random = new lib.RandomState(7);
  const share = () => random.bits() / 2 ** 32;
  const X = Array.from({ length: 1500 }, () => Array.from({ length: 6 }, share));
  const y = X.map((row) => Math.round(50 * row[0] + 30 * row[1] * row[2] + 10 * share()));
  const unseen = X.map((row) => row.map((value) => 1 - value));
  const names = X[0].map((_, j) => `x${j}`);
  const columns = names.map((_, j) => Float64Array.from(X, (row) => row[j]));
  const table = { names, rowCount: X.length, columns };

  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setTimeout(count, 0);
  };
  setTimeout(count, 0);
  // On any machine it takes many of the slices of 15 ms between which the event loop is answered.
  const alone = await new lib.RandomForestRegressor({ nEstimators: 900, randomState: 3, nJobs: 1 }).fit(X, y);
  const turnsAlone = turns;
  const forest = await new lib.RandomForestRegressor({ nEstimators: 300, randomState: 3 }).fit(X, y);
  isDone = true;

  const grid = { nEstimators: [10, 30], maxDepth: [3, null], minSamplesLeaf: [1, 5] };
  const search = new lib.GridSearchCV(new lib.RandomForestRegressor({ randomState: 1 }), grid, { cv: 3 });
  await search.fit(X, y);
  const folds = new lib.KFold(3).split(y.length);
  const makeForest = () => new lib.RandomForestRegressor({ nEstimators: 10, randomState: 2 });
  const scores = await lib.crossValidate(makeForest, table, y, folds);
  const falls = await lib.permutationImportance(search.bestEstimator, table, y, {
    nRepeats: 2,
    randomState: 5,
  });
  const labels = y.map((value) => (value < 40 ? 'low' : 'high'));
  // The plain definition shares work of 250 ms and more. Even the fastest machine needs longer for so many trees.
  const params = { nEstimators: 300, criterion: 'entropy', randomState: 4 };
  const classifier = await new lib.RandomForestClassifier(params).fit(X, labels);
  const gini = await new lib.RandomForestClassifier({ nEstimators: 20, randomState: 4 }).fit(X, labels);
  const digits = {
    classes: Array.from(classifier.predictProba(unseen), (row) => Array.from(row)),
    gini: Array.from(gini.predictProba(unseen), (row) => Array.from(row)),
    alone: Array.from(alone.predict(unseen)),
    together: Array.from(forest.predict(unseen)),
    // Enough rows for the threads of a prediction, where there are any.
    many: Array.from(forest.predict([].concat(...Array.from({ length: 20 }, () => unseen)))).slice(-100),
    importances: Array.from(forest.featureImportances),
    oobScore: forest.oobScore,
    best: search.bestParams,
    scores: search.cvResults.splitTestScores,
    crossValidation: scores,
    falls,
  };
  let refused = '';
  try {
    new lib.RandomForestRegressor({ trees: 10 });
  } catch (error) {
    refused = `${error instanceof lib.InputError} ${error.message}`;
  }
  return { digits: { ...digits, refused }, turns: turnsAlone };
}
