import assert from 'node:assert/strict';
import test from 'node:test';
import { RECORDED } from '../oracle/recorded';
import { RandomState } from './randomState';

test('draws what numpy draws', () => {
  assert.deepEqual([...new RandomState(42).permutation(10)], RECORDED.permutation);
  const drawn = [1, 2, 3, 1000, 2 ** 31 - 1].map((n) => new RandomState(2 ** 32 - 1).randint(n));
  assert.deepEqual(drawn, RECORDED.randints);
});

test('stays numpy past the 624 words of its state', () => {
  const random = new RandomState(7);
  for (let i = 0; i < 2000; i++) random.bits();
  // numpy.random.RandomState(7).randint(0, 2**32, 2001, dtype=numpy.uint32)[-1], numpy 2.4.6
  assert.equal(random.bits(), 359857568);
});

test('refuses a seed that numpy refuses', () => {
  for (const seed of [-1, 1.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => new RandomState(seed), /RandomState requires a seed that is a whole number/);
  }
});

test('a range without numbers is refused', () => {
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 33, undefined as never]) {
    assert.throws(() => new RandomState(1).randint(n), /randint requires a whole number from 1 to 2\^32/);
  }
});
