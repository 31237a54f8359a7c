/** Writes numbers for figures, tables and the model card, the same in every locale. */
import type { Estimate } from './forest/src/index';

/** 6000 as "6,000". */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A share as "29%". */
export const percent = (share: number, decimals = 0): string => `${(100 * share).toFixed(decimals)}%`;

/** "0.17 [0.12, 0.21]"; a zero has no sign. */
export function withInterval({ value, lower, upper }: Estimate, decimals = 2): string {
  const fixed = (number: number) => number.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1');
  return `${fixed(value)} [${fixed(lower)}, ${fixed(upper)}]`;
}

/** A text of the table in Markdown that shows it and does nothing else. */
export const literally = (text: string): string =>
  text
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\s+/g, ' ');
