import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { PYTHON, without } from '../../testing/peers';
import { RandomState } from '../randomState';
import { accuracyScore, brierScoreLoss, logLoss } from './classification';
import { meanAbsoluteError, r2Score, rootMeanSquaredError } from './metrics';
import {
  auc,
  averagePrecisionScore,
  calibrationCurve,
  precisionRecallCurve,
  rocAucScore,
  rocCurve,
} from './ranking';

const actual = [0, 0, 1, 1];
const scores = [0.1, 0.4, 0.35, 0.8];

test('scores of four rows, counted by hand', () => {
  assert.equal(accuracyScore(['a', 'b', 'a', 'b'], ['a', 'b', 'b', 'b']), 0.75);
  assert.equal(accuracyScore([1, 2], [1, 3], [1, 3]), 0.25);
  assert.equal(rocAucScore(actual, scores), 0.75);
  assert.ok(Number.isNaN(rocAucScore([1, 1], [0, 1])));
  const { fpr, tpr, thresholds } = rocCurve(actual, scores);
  assert.deepEqual([...fpr], [0, 0, 0.5, 0.5, 1]);
  assert.deepEqual([...tpr], [0, 0.5, 0.5, 1, 1]);
  assert.deepEqual([...thresholds], [Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1]);
  assert.equal(brierScoreLoss([0, 1], [0.5, 1]), 0.125);
  assert.equal(logLoss(['no', 'yes'], [0.5, 0.5]), Math.LN2);
});

test('bad input is one sentence', () => {
  assert.throws(
    () => accuracyScore([1], [1, 2]),
    /as many predictions as classes and at least one, got 2 for 1/,
  );
  assert.throws(() => logLoss([0, 1], [0.5, 1.5]), /probabilities from 0 to 1, got -0.5 in row 1/);
  assert.throws(() => logLoss([0, 0], [0.5, 0.5]), /at least two classes/);
  assert.throws(() => rocCurve(['a', 'b'], [1, 2]), /requires posLabel/);
  assert.throws(() => rocAucScore([1, 2, 3], [1, 2, 3]), /requires two classes, got 3/);
  assert.throws(() => rocCurve([0, 1], [0, Number.NaN]), /finite scores, got NaN in row 1/);
  assert.throws(() => calibrationCurve([0, 1], [0, 2]), /probabilities from 0 to 1, got 2 in row 1/);
});

test('options that a score does not have are refused by name', () => {
  const calls: [string, (options: never) => unknown][] = [
    ['logLoss', (options) => logLoss([0, 1], [0.5, 0.5], options)],
    ['brierScoreLoss', (options) => brierScoreLoss([0, 1], [0.5, 0.5], options)],
    ['rocCurve', (options) => rocCurve(actual, scores, options)],
    ['rocAucScore', (options) => rocAucScore(actual, scores, options)],
    ['precisionRecallCurve', (options) => precisionRecallCurve(actual, scores, options)],
    ['averagePrecisionScore', (options) => averagePrecisionScore(actual, scores, options)],
    ['calibrationCurve', (options) => calibrationCurve(actual, scores, options)],
  ];
  for (const [name, call] of calls) {
    const message = new RegExp(`^${name} requires options of .*, got maxFpr$`);
    assert.throws(() => call({ maxFpr: 0.5 } as never), { name: 'InputError', message });
  }
  const weights = { sampleWeight: [1, 1] } as never;
  for (const score of [r2Score, meanAbsoluteError, rootMeanSquaredError, accuracyScore]) {
    assert.throws(() => score([0, 1], [0, 1], weights), { name: 'InputError', message: /got / });
  }
});

/** Random rows: classes, scores of which some are equal, probabilities, and weights or none. */
function drawRows(seed: number) {
  const random = new RandomState(seed);
  const count = 5 + random.randint(300);
  const list = (make: () => number) => Array.from({ length: count }, make);
  const binary = list(() => random.randint(2));
  [binary[0], binary[1]] = [0, 1];
  const classes = list(() => random.randint(3));
  [classes[0], classes[1]] = [0, 1];
  classes[count - 1] = 2;
  const shares = classes.map(() => {
    const given = [random.random(), random.random(), random.randint(2) * random.random()];
    const total = given[0] + given[1] + given[2];
    return given.map((share) => share / total);
  });
  return {
    binary,
    classes,
    shares,
    scores: list(() => (seed % 2 ? random.random() : random.randint(8) / 7)),
    target: list(() => random.random() * 10),
    predicted: list(() => random.random() * 10),
    weights: seed % 3 === 0 ? null : list(() => (seed % 3 === 1 ? random.random() : random.randint(3))),
  };
}

const PROGRAM = `
import json, sys, warnings
import numpy as np
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
warnings.filterwarnings("ignore")
answers = []
for case in json.load(sys.stdin):
    binary, scores, w = np.array(case["binary"]), np.array(case["scores"]), case["weights"]
    y, p = np.array(case["target"]), np.array(case["predicted"])
    answers.append([
        [m.accuracy_score(binary, scores > 0.5, sample_weight=w), m.roc_auc_score(binary, scores, sample_weight=w),
         m.brier_score_loss(binary, scores, sample_weight=w),
         m.brier_score_loss(case["classes"], case["shares"], sample_weight=w),
         m.average_precision_score(binary, scores, sample_weight=w),
         m.r2_score(y, p, sample_weight=w), m.mean_absolute_error(y, p, sample_weight=w),
         m.root_mean_squared_error(y, p, sample_weight=w)],
        *[a.tolist() for a in m.roc_curve(binary, scores, sample_weight=w)[:2]],
        *[a.tolist() for a in m.precision_recall_curve(binary, scores, sample_weight=w)],
        *[a.tolist() for a in calibration_curve(binary, scores, n_bins=7)],
        [m.log_loss(binary, scores, sample_weight=w), m.log_loss(case["classes"], case["shares"], sample_weight=w)],
    ])
print(json.dumps(answers))`;

test('scores of 60 random tables are those of live scikit-learn', { skip: without('sklearn') }, () => {
  const cases = Array.from({ length: 60 }, (_, seed) => drawRows(seed));
  const peer = spawnSync(PYTHON, ['-c', PROGRAM], { input: JSON.stringify(cases), encoding: 'utf8' });
  assert.equal(peer.status, 0, peer.stderr);
  const answers = JSON.parse(peer.stdout) as number[][][];
  assert.equal(answers.length, 60);
  cases.forEach((drawn, number) => {
    const { binary, classes, shares, target, predicted, weights: sampleWeight } = drawn;
    const options = { sampleWeight };
    const roc = rocCurve(binary, drawn.scores, options);
    const recall = precisionRecallCurve(binary, drawn.scores, options);
    const calibration = calibrationCurve(binary, drawn.scores, { nBins: 7 });
    const single = [
      accuracyScore(
        binary,
        drawn.scores.map((score) => Number(score > 0.5)),
        sampleWeight,
      ),
      rocAucScore(binary, drawn.scores, options),
      brierScoreLoss(binary, drawn.scores, options),
      brierScoreLoss(classes, shares, options),
      averagePrecisionScore(binary, drawn.scores, options),
      r2Score(target, predicted, sampleWeight),
      meanAbsoluteError(target, predicted, sampleWeight),
      rootMeanSquaredError(target, predicted, sampleWeight),
    ];
    const ours = [single, roc.fpr, roc.tpr, recall.precision, recall.recall, recall.thresholds];
    [...ours, calibration.probTrue, calibration.probPred].forEach((values, i) => {
      assert.deepEqual([...values], answers[number][i], `case ${number}, answer ${i}`);
    });
    // numpy's logarithm is its own, and differs from processor to processor.
    const losses = [logLoss(binary, drawn.scores, options), logLoss(classes, shares, options)];
    losses.forEach((loss, i) => {
      const theirs = answers[number].at(-1)![i];
      assert.ok(Math.abs(loss - theirs) <= 1e-15 * theirs, `case ${number}: log loss ${loss}, not ${theirs}`);
    });
  });
});

test('the area under a curve has no direction, and a curve that turns back has none', () => {
  const y = [0, 1, 1, 2];
  for (const x of [
    [0, 1, 2, 4],
    [4, 2, 1, 0],
  ]) {
    const ordered = x[0] === 0 ? y : [...y].reverse();
    assert.equal(auc(x, ordered), 4.5);
  }
  assert.equal(auc([1, 1, 1], [0, 5, 9]), 0);
  assert.throws(() => auc([0, 1, 0.5], [0, 1, 1]), {
    name: 'InputError',
    message: 'auc requires x in ascending or descending order, got both at point 1',
  });
});

test('a curve drops the points of one recall between its ends, as scikit-learn does', () => {
  const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  const thresholds = (classes: number[]) => [
    ...precisionRecallCurve(classes, scores, { dropIntermediate: true }).thresholds,
  ];
  // From precision_recall_curve(classes, scores, drop_intermediate=True) of scikit-learn 1.9.1.
  assert.deepEqual(thresholds([0, 0, 0, 0, 1, 1]), [0.1, 0.5, 0.6]);
  assert.deepEqual(thresholds([1, 0, 0, 0, 0, 1]), [0.1, 0.2, 0.6]);
  assert.deepEqual(thresholds([0, 1, 0, 1, 0, 1]), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
});

test('scores by rank refuse options that they do not have, and a class that no row has', () => {
  const options = { posLabels: 1 } as object;
  type Score = (actual: number[], scores: number[], options: object) => unknown;
  const all: Score[] = [rocCurve, rocAucScore, precisionRecallCurve, averagePrecisionScore];
  for (const score of all) {
    assert.throws(() => score([0, 1], [0.1, 0.9], options), {
      name: 'InputError',
      message: /^\w+ requires options of .*, got posLabels$/,
    });
  }
  assert.throws(() => averagePrecisionScore([0, 1], [0, 1], { posLabel: 2 }), {
    name: 'InputError',
    message: 'averagePrecisionScore requires posLabel to be one of 0, 1, got 2',
  });
});
