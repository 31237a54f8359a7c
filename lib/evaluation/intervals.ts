import { type IntervalRule, predictInterval } from '../forest/src/index';

/**
 * The interval of every prediction.
 * @param spread what `predictWithSpread` gives
 * @returns `[lower, upper]` for each row
 */
export function intervalsOf(
  rule: IntervalRule,
  spread: { prediction: ArrayLike<number>; spread: ArrayLike<number> },
): [number, number][] {
  return Array.from(spread.prediction, (value, row) => predictInterval(rule, value, spread.spread[row]));
}

/**
 * The highest level, in whole percent, that an interval learnt from some rows can hold: a new value is equally
 * likely in each of the gaps between and beyond them (see `conformalQuantiles`).
 * @param rows that are learnt from
 * @param wanted a level from 0 to 1, which is returned where it can be held
 */
export function attainableLevel(rows: number, wanted: number): number {
  const most = Math.floor(100 * (1 - 2 / (rows + 1))) / 100;
  return Math.max(0.01, Math.min(wanted, most));
}
