import assert from 'node:assert/strict';
import test from 'node:test';
import { recorded, unseen } from '../../testing/recorded';
import { bootstrapInterval } from './bootstrap';
import { meanAbsoluteError, r2Score } from './metrics';

test("bootstrapInterval is scipy's, resample for resample", () => {
  const { value, lower, upper } = bootstrapInterval(unseen.y, recorded.predicted, r2Score, {
    resamples: 200,
    level: 0.9,
    randomState: 6,
  });
  assert.equal(value, r2Score(unseen.y, recorded.predicted));
  assert.ok(Math.abs(lower - recorded.bootstrap[0]) < 1e-14, `${lower} is not ${recorded.bootstrap[0]}`);
  assert.ok(Math.abs(upper - recorded.bootstrap[1]) < 1e-14, `${upper} is not ${recorded.bootstrap[1]}`);
});

test('bootstrapInterval: no error, no doubt; and what it requires', () => {
  const same = bootstrapInterval([1, 2, 3], [2, 3, 4], meanAbsoluteError, { resamples: 20 });
  assert.deepEqual(same, { value: 1, lower: 1, upper: 1 });
  assert.throws(() => bootstrapInterval([1], [1], r2Score), /requires at least 2 rows/);
  assert.throws(() => bootstrapInterval([1, 2], [1], r2Score), /a prediction for each, got 2 and 1/);
});

test('with groups, whole groups are drawn: by hand', () => {
  // Two groups, errors 0 and 4: a draw has both (mean 3: four rows, one without error), or one of them twice.
  const [actual, predicted] = [
    [1, 2, 3, 4],
    [1, 6, 7, 8],
  ];
  const groups = [0, 1, 1, 1];
  const drawn = new Set<number>();
  const score = (a: ArrayLike<number>, p: ArrayLike<number>) => {
    const error = meanAbsoluteError(a, p);
    drawn.add(error);
    return error;
  };
  const { value, lower, upper } = bootstrapInterval(actual, predicted, score, { resamples: 200, groups });
  assert.deepEqual([value, lower, upper, [...drawn].sort()], [3, 0, 4, [0, 3, 4]]);
  const own = bootstrapInterval(actual, predicted, score, { groups: [3, 0, 2, 1] });
  assert.deepEqual(own, bootstrapInterval(actual, predicted, score)); // groups of one row are rows
  assert.throws(
    () => bootstrapInterval(actual, predicted, score, { groups: [1] }),
    /a group for each of the 4 rows, got 1/,
  );
});
