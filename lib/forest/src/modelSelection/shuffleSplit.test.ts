import assert from 'node:assert/strict';
import test from 'node:test';
import { RECORDED } from '../../oracle/recorded';
import { recorded } from '../../testing/recorded';
import { trainTestSplit } from './shuffleSplit';

test('trainTestSplit gives the rows of train_test_split, in its order', () => {
  const { train, test } = trainTestSplit(60, { testSize: 0.25, randomState: 42 });
  assert.deepEqual([...train], RECORDED.split.train);
  assert.deepEqual([...test], RECORDED.split.test);
});

test('sizes as counts and shares, unshuffled and stratified rows are those of train_test_split', () => {
  const classes = recorded.y.map((value) => Math.floor(value / 20));
  assert.equal(recorded.trainTest.length, 8);
  for (const [i, [python, train, test]] of recorded.trainTest.entries()) {
    const options = {
      testSize: python.test_size as number,
      trainSize: python.train_size as number,
      shuffle: python.shuffle as boolean,
      randomState: python.random_state as number,
      stratify: i < 5 ? undefined : classes,
    };
    const found = trainTestSplit(120, options);
    assert.deepEqual([[...found.train], [...found.test]], [train, test], JSON.stringify(python));
  }
});

test('classes by text are divided as classes by number are', () => {
  const classes = recorded.y.map((value) => Math.floor(value / 20));
  const texts = classes.map((one) => `class ${one}`);
  assert.deepEqual(trainTestSplit(120, { stratify: texts }), trainTestSplit(120, { stratify: classes }));
});

test('what is not said is as the documentation says', () => {
  assert.deepEqual(trainTestSplit(9), trainTestSplit(9, { testSize: 0.25, randomState: 0 }));
  assert.deepEqual([trainTestSplit(2).train.length, trainTestSplit(2).test.length], [1, 1]);
});

test('says what is wrong with sizes and options', () => {
  const split = (rows: number, options?: object) => () => trainTestSplit(rows, options);
  const bad: [() => unknown, RegExp][] = [
    [split(1), /trainTestSplit requires enough rows for both parts, got 1 for 0 to train and 1 to test/],
    [split(10, { testSize: 0 }), /trainTestSplit requires testSize to be a count .*, got 0/],
    [split(10, { testSize: 1.5 }), /requires testSize to be a count .*, got 1.5/],
    [split(10, { trainSize: '3' }), /requires trainSize to be a count .*, got "3"/],
    [
      split(10, { testSize: 6, trainSize: 5 }),
      /requires enough rows for both parts, got 10 for 5 to train and 6 to test/,
    ],
    [
      split(10, { size: 0.2 }),
      /requires options of testSize, trainSize, shuffle, stratify, randomState, got size/,
    ],
    [split(4, { shuffle: false, stratify: [1, 1, 2, 2] }), /requires shuffle to stratify, got shuffle false/],
    [
      split(4, { stratify: [1, 1, 1, 2] }),
      /requires at least 2 rows of each class to stratify by, got 1 of 2/,
    ],
    [split(4, { stratify: [1, 1] }), /requires a class for each of the 4 rows, got 2/],
    [split(8, { testSize: 1, stratify: [1, 1, 2, 2, 1, 1, 2, 2] }), /as classes \(2\), got 7 and 1/],
    [split(10.5), /requires a whole number of rows, got 10.5/],
    [split(10, { testSize: 0.1, trainSize: 0.95 }), /requires shares of at most 1 together, got 1.05/],
    [split(10, { randomState: 0.5 }), /requires randomState to be a whole number .*, got 0.5/],
  ];
  for (const [act, message] of bad) assert.throws(act, { name: 'InputError', message });
});
