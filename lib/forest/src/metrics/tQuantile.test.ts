import assert from 'node:assert/strict';
import test from 'node:test';
import { recorded } from '../../testing/recorded';
import { tQuantile } from './tQuantile';

test("tQuantile is scipy's stats.t.ppf", () => {
  assert.ok(recorded.tQuantile.length > 0);
  for (const [p, df, expected] of recorded.tQuantile) {
    assert.ok(Math.abs(tQuantile(p, df) - expected) <= 1e-12 * Math.abs(expected), `${p}, ${df}`);
  }
});

test('tQuantile is symmetric, and 0 in the middle', () => {
  assert.equal(tQuantile(0.5, 4), 0);
  assert.ok(Math.abs(tQuantile(0.1, 7) + tQuantile(0.9, 7)) < 1e-14);
});

test('tQuantile says what it requires', () => {
  for (const p of [0, 1, Number.NaN]) assert.throws(() => tQuantile(p, 3), /requires p above 0 and below 1/);
  for (const df of [0, 1.5]) assert.throws(() => tQuantile(0.9, df), /requires df to be a whole number/);
});
