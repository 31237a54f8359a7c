import assert from 'node:assert/strict';
import test from 'node:test';
import { percent, thousands, withInterval } from './numberText';

test('counts have commas, shares a percent sign', () => {
  assert.deepEqual([0, 999, 6000, 1556883].map(thousands), ['0', '999', '6,000', '1,556,883']);
  assert.deepEqual([percent(0.294), percent(0.294, 1), percent(0, 1)], ['29%', '29.4%', '0.0%']);
});

test('withInterval: a zero has no sign', () => {
  assert.equal(withInterval({ value: 0.1694, lower: 0.1203, upper: 0.2181 }), '0.17 [0.12, 0.22]');
  assert.equal(withInterval({ value: -0.0001, lower: -0.2, upper: 0.1 }, 1), '0.0 [-0.2, 0.1]');
});
