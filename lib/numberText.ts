/** Writes numbers for figures, tables and the model card, the same in every locale. */
import type { Estimate } from './forest/src/index';

/** 6000 as "6,000". */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A share as "29%". */
export const percent = (share: number, decimals = 0): string => `${(100 * share).toFixed(decimals)}%`;

/** 0.169 as "0.17"; a zero has no sign, and a score that there is not, such as R2 of a single song, is "none". */
export function fixed(number: number, decimals = 2): string {
  if (Number.isNaN(number)) return 'none';
  return number
    .toFixed(decimals)
    .replace('Infinity', '∞')
    .replace(/^-(0\.?0*)$/, '$1');
}

/** "0.17 [0.12, 0.21]", or "0.17 [no interval]" where too few songs give none. */
export function withInterval({ value, lower, upper }: Estimate, decimals = 2): string {
  if (Number.isNaN(value)) return 'none';
  const isKnown = !Number.isNaN(lower) && !Number.isNaN(upper);
  return `${fixed(value, decimals)} [${isKnown ? `${fixed(lower, decimals)}, ${fixed(upper, decimals)}` : 'no interval'}]`;
}

/** A text of the table in Markdown that shows it and does nothing else. */
export const literally = (text: string): string =>
  text
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\s+/g, ' ');
