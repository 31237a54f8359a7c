import { bisect } from 'simple-statistics';
import { InputError } from '../errors';

/**
 * Quantile of Student's t distribution: the value below which a share p of it lies, scipy's
 * `stats.t.ppf(p, df)`. For whole degrees of freedom the distribution function is a finite sum of powers of
 * cos(atan(t / sqrt(df))) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), inverted here by bisection.
 * @param p probability above 0 and below 1
 * @param df degrees of freedom, a whole number of at least 1
 * @throws InputError when p or df is out of range
 * @example tQuantile(0.975, 9) // 2.262157162798205
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new InputError(`tQuantile requires p above 0 and below 1, got ${p}`);
  if (!(Number.isInteger(df) && df >= 1)) {
    throw new InputError(`tQuantile requires df to be a whole number of at least 1, got ${df}`);
  }
  if (p === 0.5) return 0;
  const inside = Math.abs(2 * p - 1);
  const angle = bisect((a) => shareWithin(a, df) - inside, 0, Math.PI / 2, 100, 2e-16);
  return Math.sign(p - 0.5) * Math.sqrt(df) * Math.tan(angle);
}

/** P(|T| < sqrt(df) tan(angle)). */
function shareWithin(angle: number, df: number): number {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const odd = df % 2 === 1;
  let term = odd ? cos : 1;
  let series = df > 1 ? term : 0;
  for (let k = odd ? 3 : 2; k < df; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    series += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * series) : sin * series;
}
