import { factorsAt, featureCount, getI32, setI32, twisterAt } from './memory';

/** numpy's legacy generator, as in ../randomState.ts. */
let drawn: i32 = 624;
/** The seed whose words these are, and how often all of them were made anew. */
let seeded: u32 = 0;
let refills: i32 = 0;

/** A tree has the same seed on each fold, so the words of the last one often still do. */
export function seedTwister(seed: u32): void {
  if (seed == seeded && refills == 1) return rewind();
  seeded = seed;
  refills = 0;
  let word = seed;
  store<u32>(twisterAt, word);
  for (let i = 1; i < 624; i++) {
    word = 1812433253 * (word ^ (word >> 30)) + i;
    setI32(twisterAt, i, word);
  }
  drawn = 624;
}

/** Starts again with the first number of the seed, as a new generator of the same seed would. */
export function rewind(): void {
  drawn = 0;
}

function twist(i: i32, next: i32, shifted: i32): void {
  const mixed: u32 = (getI32(twisterAt, i) & 0x80000000) | (getI32(twisterAt, next) & 0x7fffffff);
  setI32(twisterAt, i, getI32(twisterAt, shifted) ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908b0df : 0));
}

function refill(): void {
  for (let i = 0; i < 227; i++) twist(i, i + 1, i + 397);
  for (let i = 227; i < 623; i++) twist(i, i + 1, i - 227);
  twist(623, 0, 396);
  drawn = 0;
  refills++;
}

/** A whole number from 0 to n - 1. */
export function randint(n: u32): u32 {
  const largest = n - 1;
  if (largest == 0) return 0;
  const mask: u32 = 0xffffffff >> clz<u32>(largest);
  let word: u32 = 0;
  do {
    word = bits() & mask;
  } while (word > largest);
  return word;
}

/** A number from 0 to below 1, of 53 bits. */
export function share(): f64 {
  const high = bits() >> 5;
  return (<f64>high * 67108864 + <f64>(bits() >> 6)) / 9007199254740992;
}

/** The next 32 bits. */
// @ts-ignore: decorator
@inline
function bits(): u32 {
  if (drawn == 624) refill();
  let word: u32 = getI32(twisterAt, drawn++);
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680;
  word ^= (word << 15) & 0xefc60000;
  return word ^ (word >> 18);
}

/** The next state of a splitter's generator; the low 31 bits are the number drawn. */
// @ts-ignore: decorator
@inline
export function xorshift(state: u32): u32 {
  let x: u32 = state == 0 ? 1 : state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

/** Prepares `remainder` for divisors up to the number of features. */
export function fillFactors(): void {
  for (let n: u64 = 1; n <= <u64>featureCount; n++) {
    store<u64>(factorsAt + (<usize>n << 3), (((<u64>1) << shiftFor(<u32>n)) + n - 1) / n);
  }
}

// @ts-ignore: decorator
@inline
function shiftFor(n: u32): u64 {
  return 63 - clz<u32>(n - 1);
}

/**
 * The remainder of 31 bits by n, without the processor's slow division: by a factor of 2^shift / n, rounded
 * up, which is exact for numbers of 31 bits (Granlund and Montgomery 1994).
 */
// @ts-ignore: decorator
@inline
export function remainder(bits: u32, n: u32): u32 {
  const factor = load<u64>(factorsAt + (<usize>n << 3));
  return bits - <u32>((<u64>bits * factor) >> shiftFor(n)) * n;
}
