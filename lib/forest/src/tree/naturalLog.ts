/**
 * The natural logarithm as glibc computes it (2.28 or later, on a processor with fused multiply-add), bit for bit:
 * scikit-learn calls it for the entropy and the Poisson deviance, and engines of JavaScript differ from it in the
 * last bit of one value in fourteen. The method is table-driven: x = 2^k z, and log(x) = k ln(2) + log(c) +
 * log(z / c) with c near z from a table, and a polynomial for the rest; near 1 a longer polynomial stands alone.
 */
import { LOG_CONSTANTS } from './logConstants';

const bytes = Uint8Array.from(atob(LOG_CONSTANTS), (letter) => letter.charCodeAt(0));
const [ln2High, ln2Low, ...rest] = new Float64Array(bytes.buffer);
const A = rest.slice(0, 5);
const B = rest.slice(5, 16);
const TABLE = rest.slice(16);

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
/** The word of a float64 that holds sign and exponent, on any machine. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

/** Splits a float64 into two numbers of 26 bits (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;

/**
 * a * b + c, rounded once (Boldo and Melquiond 2008): all rounding errors are kept, and the small part is rounded
 * to odd, so that the last addition rounds as if it knew every bit.
 */
function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const aBig = a * SPLITTER - (a * SPLITTER - a);
  const bBig = b * SPLITTER - (b * SPLITTER - b);
  const aSmall = a - aBig;
  const bSmall = b - bBig;
  const lost = aSmall * bSmall - (product - aBig * bBig - aSmall * bBig - aBig * bSmall);
  const low = c + lost;
  const lowError = sumError(c, lost, low);
  const high = product + low;
  const highError = sumError(product, low, high);
  return high + oddSum(lowError, highError);
}

/** Returns the error of `sum`, which is a + b rounded (Knuth 1969). */
function sumError(a: number, b: number, sum: number): number {
  const second = sum - a;
  return a - (sum - second) + (b - second);
}

/** a + b, rounded to the neighbour whose last bit is 1 where it is not exact. */
function oddSum(a: number, b: number): number {
  const sum = a + b;
  const error = sumError(a, b, sum);
  if (error === 0) return sum;
  number[0] = sum;
  if (words[LOW] & 1) return sum;
  if (error > 0 === sum > 0) words[LOW] += 1;
  else {
    if (words[LOW] === 0) words[HIGH] -= 1;
    words[LOW] -= 1;
  }
  return number[0];
}

/** log(1 + r) for -1/16 <= r < 0.0647. */
function logNearOne(r: number): number {
  const r2 = r * r;
  const r3 = r * r2;
  const first = fusedMultiplyAdd(r2, B[3], fusedMultiplyAdd(r, B[2], B[1]));
  const second = fusedMultiplyAdd(r2, B[6], fusedMultiplyAdd(r, B[5], B[4]));
  let third = fusedMultiplyAdd(r2, B[9], fusedMultiplyAdd(r, B[8], B[7]));
  third = fusedMultiplyAdd(r3, B[10], third);
  const tail = fusedMultiplyAdd(fusedMultiplyAdd(third, r3, second), r3, first);
  // r - r^2 / 2 in two parts.
  const shifted = r * 2 ** 27;
  const big = shifted + r - shifted;
  const small = r - big;
  const half = big * big * B[0];
  const high = r + half;
  const low = fusedMultiplyAdd(B[0] * small, r + big, half + (r - high));
  return high + fusedMultiplyAdd(tail, r3, low);
}

/** The natural logarithm of a finite x above 0. */
export function naturalLog(x: number): number {
  if (x >= 1 - 2 ** -4 && x < 1 + 265 / 4096) return x === 1 ? 0 : logNearOne(x - 1);
  const isSubnormal = x < 2 ** -1022;
  number[0] = isSubnormal ? x * 2 ** 52 : x;
  // The exponent and the first seven bits behind it, counted from 0.6875.
  const offset = (words[HIGH] - 0x3fe60000) | 0;
  const index = (offset >> 13) & 127;
  const exponent = (offset >> 20) - (isSubnormal ? 52 : 0);
  words[HIGH] -= offset & 0xfff00000;
  const inverse = TABLE[2 * index];
  const r = fusedMultiplyAdd(number[0], inverse, -1);
  const base = fusedMultiplyAdd(exponent, ln2High, TABLE[2 * index + 1]);
  const high = base + r;
  const low = fusedMultiplyAdd(exponent, ln2Low, base - high + r);
  const r2 = r * r;
  const tail = fusedMultiplyAdd(fusedMultiplyAdd(r, A[4], A[3]), r2, fusedMultiplyAdd(r, A[2], A[1]));
  return fusedMultiplyAdd(r * r2, tail, fusedMultiplyAdd(r2, A[0], low)) + high;
}
