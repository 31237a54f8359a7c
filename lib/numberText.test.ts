import assert from 'node:assert/strict';
import test from 'node:test';
import { fixed, percent, thousands, withInterval } from './numberText';

test('counts have commas, shares a percent sign', () => {
  assert.deepEqual([0, 999, 6000, 1556883].map(thousands), ['0', '999', '6,000', '1,556,883']);
  assert.deepEqual([percent(0.294), percent(0.294, 1), percent(0, 1)], ['29%', '29.4%', '0.0%']);
});

test('withInterval: a zero has no sign', () => {
  assert.equal(withInterval({ value: 0.1694, lower: 0.1203, upper: 0.2181 }), '0.17 [0.12, 0.22]');
  assert.equal(withInterval({ value: -0.0001, lower: -0.2, upper: 0.1 }, 1), '0.0 [-0.2, 0.1]');
});

test('scores that there are not are said in a word', () => {
  assert.equal(withInterval({ value: Number.NaN, lower: Number.NaN, upper: Number.NaN }), 'none');
  assert.equal(withInterval({ value: 0.5, lower: 0, upper: Number.NaN }), '0.50 [no interval]');
  assert.equal(withInterval({ value: 0.5, lower: -Infinity, upper: Infinity }, 1), '0.5 [-∞, ∞]');
  assert.deepEqual(
    [Number.NaN, -Infinity, -0.001, 0.125].map((one) => fixed(one)),
    ['none', '-∞', '0.00', '0.13'],
  );
});
