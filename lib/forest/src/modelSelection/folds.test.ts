import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RECORDED } from '../../oracle/recorded';
import { recorded } from '../../testing/recorded';
import { GroupKFold, KFold, RepeatedKFold } from './folds';
import { ShuffleSplit } from './shuffleSplit';
import { StratifiedKFold } from './stratified';

test('GroupKFold and RepeatedKFold give the test rows of their namesakes', () => {
  const groupFolds = new GroupKFold(3).split(60, RECORDED.groups);
  assert.deepEqual(
    groupFolds.map((fold) => [...fold.test]),
    RECORDED.groupFolds,
  );
  const repeated = new RepeatedKFold({ nSplits: 3, nRepeats: 2, randomState: 5 }).split(60);
  assert.deepEqual(
    repeated.map((fold) => [...fold.test]),
    RECORDED.repeatedFolds,
  );
});

test('KFold takes contiguous blocks, the first ones longer', () => {
  const folds = new KFold(3).split(8);
  assert.deepEqual(
    folds.map((fold) => [...fold.test]),
    [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ],
  );
  assert.deepEqual([...folds[1].train], [0, 1, 2, 6, 7]);
});

test('every splitter tests each row once per repeat and trains on all others', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 6, max: 60 }), (nSplits, rowCount) => {
      const groups = Array.from({ length: rowCount }, (_, row) => (row < 6 ? row : row % 11));
      const all = [
        [new KFold(nSplits).split(rowCount), 1],
        [new GroupKFold(nSplits).split(rowCount, groups), 1],
        [new RepeatedKFold({ nSplits, nRepeats: 3, randomState: rowCount }).split(rowCount), 3],
      ] as const;
      for (const [splits, repeats] of all) {
        assert.equal(splits.length, nSplits * repeats);
        const tested = new Int32Array(rowCount);
        for (const { train, test } of splits) {
          assert.equal(new Set([...train, ...test]).size, rowCount);
          for (const row of test) tested[row] += 1;
        }
        assert.ok(tested.every((count) => count === repeats));
      }
    }),
  );
});

test('says what is wrong with folds and shares', () => {
  assert.throws(() => new KFold(10).split(9), /KFold requires at least as many rows as folds \(10\), got 9/);
  assert.throws(
    () => new KFold(1).split(9),
    /KFold requires nSplits to be a whole number of at least 2, got 1/,
  );
  assert.throws(
    () => new GroupKFold(3).split(4, [1, 1, 2, 2]),
    /at least as many groups as folds \(3\), got 2/,
  );
  assert.throws(
    () => new GroupKFold(3).split(4),
    /GroupKFold requires a group for each of the 4 rows, got none/,
  );
  assert.throws(
    () => new GroupKFold(2).split(3, [1, Number.NaN, 2]),
    /GroupKFold requires a number or a text as each group, got NaN in row 1/,
  );
  for (const rows of [undefined, Number.NaN, 10.5, Number.POSITIVE_INFINITY] as number[]) {
    assert.throws(() => new KFold(2).split(rows), /KFold requires at least as many rows as folds/);
  }
});

test('of equally large groups the one that sorts last in Python goes first', () => {
  const order = (groups: (string | number)[]) =>
    new GroupKFold(groups.length).split(groups.length, groups).map(({ test }) => groups[test[0]]);
  assert.deepEqual(order([9, 10, 2]), [10, 9, 2]);
  // By code points, where JavaScript's own order has U+FFEE after the first half of U+1F3B5.
  const texts = ['b', 'a', 'ab', '\u{1f3b5}', '\uffee'];
  assert.deepEqual(order(texts), ['\u{1f3b5}', '\uffee', 'b', 'ab', 'a']);
});

test('what is not said is as the documentation says', () => {
  assert.deepEqual(new KFold().split(5), new KFold(5).split(5));
  const { nSplits, nRepeats, randomState } = new RepeatedKFold();
  assert.deepEqual([nSplits, nRepeats, randomState], [5, 10, 0]);
  for (const nRepeats of [0, 1.5])
    assert.throws(() => new RepeatedKFold({ nRepeats }), /nRepeats to be a whole number of at least 1, got/);
  assert.throws(
    () => new RepeatedKFold({ nSplits: 5 }).split(3),
    /^InputError: RepeatedKFold requires .*, got 3/,
  );
  assert.throws(() => new GroupKFold(2).split(5, [1, 2]), /got 2$/);
  assert.throws(
    () => new GroupKFold(2).split(2, [Number.NaN, 1]),
    /requires a number or a text as each group, got NaN in row 0$/,
  );
});

test('shuffled and stratified splitters give the rows of their namesakes', () => {
  const shuffle = true;
  const splitters = {
    kFold: new KFold(4, { shuffle, randomState: 9 }),
    groupKFold: new GroupKFold({ nSplits: 4, shuffle, randomState: 10 }),
    stratified: new StratifiedKFold(4),
    stratifiedShuffled: new StratifiedKFold({ nSplits: 4, shuffle, randomState: 11 }),
    shuffleSplit: new ShuffleSplit({ nSplits: 3, testSize: 0.15, randomState: 12 }),
    shuffleSplitCounts: new ShuffleSplit({ nSplits: 3, testSize: 15, trainSize: 40, randomState: 13 }),
  };
  assert.deepEqual(Object.keys(splitters), Object.keys(recorded.splits));
  for (const [name, splitter] of Object.entries(splitters)) {
    const { groups, classes, splits } = recorded;
    const found = splitter.split(120, groups, classes);
    assert.deepEqual(
      found.map(({ train, test }) => [[...train], [...test]]),
      splits[name],
      name,
    );
  }
});

test('options that a splitter does not have, or that say nothing, are refused by name', () => {
  const bad: [() => unknown, RegExp][] = [
    [
      () => new KFold(2, { Shuffle: true } as never),
      /KFold requires options of nSplits, shuffle, randomState, got Shuffle/,
    ],
    [() => new KFold('5' as never), /KFold requires its options as an object, got "5"/],
    [() => new KFold({ shuffle: 1 as never }), /KFold requires shuffle to be true or false, got 1/],
    [() => new KFold({ randomState: 1 }), /KFold requires shuffle for a randomState, got randomState alone/],
    [() => new KFold({ shuffle: true, randomState: -1 }), /KFold requires randomState .*, got -1/],
    [() => new GroupKFold({ groups: 3 } as never), /GroupKFold requires options of .*, got groups/],
    [
      () => new RepeatedKFold({ shuffle: true } as never),
      /RepeatedKFold requires options of .*, got shuffle/,
    ],
    [() => new ShuffleSplit({ shuffle: true } as never), /ShuffleSplit requires options of .*, got shuffle/],
    [() => new ShuffleSplit({ nSplits: 0 }), /ShuffleSplit requires nSplits .* at least 1, got 0/],
    [
      () => new StratifiedKFold(3).split(4, undefined),
      /StratifiedKFold requires a class for each .* got none/,
    ],
    [() => new StratifiedKFold(3).split(4, undefined, [1, 1, 2, 2]), /as folds \(3\), got at most 2/],
    [() => new StratifiedKFold(2).split(2, undefined, ['a', null as never]), /each class, got null in row 1/],
  ];
  for (const [act, message] of bad) assert.throws(act, { name: 'InputError', message });
});
