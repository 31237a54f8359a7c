import { InputError, valueText } from './errors';

const WORDS = 624;
const SHIFT = 397;

/** The whole numbers that can seed a generator: 0 to 2^32 - 1. */
export function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
}

/**
 * numpy's legacy generator: the same seed draws the same numbers as `numpy.random.RandomState(seed)`. It is
 * the Mersenne Twister MT19937 with its 32-bit initialiser (Matsumoto and Nishimura 1998), on which
 * scikit-learn's bootstraps, splits and folds rest.
 * @throws InputError when the seed is not a whole number from 0 to 2^32 - 1
 * @example new RandomState(42).permutation(4) // Int32Array [ 1, 3, 0, 2 ]
 */
export class RandomState {
  private readonly state = new Uint32Array(WORDS);
  private next = WORDS;

  constructor(seed: number) {
    if (!isSeed(seed)) {
      throw new InputError(
        `RandomState requires a seed that is a whole number from 0 to 2^32 - 1, got ${valueText(seed)}`,
      );
    }
    this.state[0] = seed;
    for (let i = 1; i < WORDS; i++) {
      const previous = this.state[i - 1] ^ (this.state[i - 1] >>> 30);
      this.state[i] = Math.imul(1812433253, previous) + i;
    }
  }

  /** A generator that goes on as this one does. */
  copy(): RandomState {
    const copy = new RandomState(0);
    copy.state.set(this.state);
    copy.next = this.next;
    return copy;
  }

  /** The next 32 random bits, as a number from 0 to 2^32 - 1. */
  bits(): number {
    if (this.next === WORDS) this.refill();
    let word = this.state[this.next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /**
   * A whole number from 0 to n - 1, each equally likely: bits are masked to the smallest 2^k - 1 that covers
   * n - 1 and drawn again while too large. n = 1 draws nothing.
   * @throws InputError when n is not a whole number from 1 to 2^32
   */
  randint(n: number): number {
    const largest = n - 1;
    if (largest === 0) return 0;
    if (!isSeed(largest)) {
      throw new InputError(`randint requires a whole number from 1 to 2^32, got ${valueText(n)}`);
    }
    const mask = 0xffffffff >>> Math.clz32(largest);
    for (;;) {
      const value = (this.bits() & mask) >>> 0;
      if (value <= largest) return value;
    }
  }

  /** A number from 0 to below 1, of 53 random bits. */
  random(): number {
    const high = this.bits() >>> 5;
    return (high * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.randint(i + 1);
      const other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return order;
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < WORDS; i++) {
      const mixed = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % WORDS] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
