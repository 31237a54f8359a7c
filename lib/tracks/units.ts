import { InputError } from '../forest/src/index';
import type { Notation } from './cells';
import type { Column } from './schema';

/**
 * Finds the unit of a column of numbers from its values. If a file's maker has divided, multiplied or moved them,
 * the whole column shows it, though a single cell does not.
 */

/** The statistics of a column of numbers. */
export interface Numbers {
  /** Values that are there. */
  count: number;
  min: number;
  max: number;
  /** Values below and above what the schema allows, and those that are not whole. */
  below: number;
  above: number;
  fractions: number;
  /** Values between 0 and 1, both left out. */
  between: number;
  /** Values above 1 that are not whole. */
  largeFractions: number;
}

/** Reads a column once for all questions. */
export function describeNumbers(values: Float64Array, { min = 0, max = 0 }: Column): Numbers {
  const found = { count: 0, below: 0, above: 0, fractions: 0, between: 0, largeFractions: 0 };
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    found.count++;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
    if (value < min) found.below++;
    else if (value > max) found.above++;
    if (value % 1 !== 0) {
      found.fractions++;
      if (value > 1) found.largeFractions++;
      else if (value > 0) found.between++;
    }
  }
  return { ...found, min: smallest, max: largest };
}

/** So many odd values are mistakes in single rows, which cleaning leaves out; more are a fault of the column. */
export const isFew = (count: number, of: number): boolean => count <= Math.max(2, 0.05 * of);

/** The factor for a column's values, and its wording. */
export interface Unit {
  factor: number;
  unit: string;
  conversion: string;
  note: string;
}

const OWN: Unit = { factor: 1, unit: '', conversion: '', note: '' };
const PERCENT: Unit = { factor: 0.01, unit: 'percent', conversion: 'divided by 100', note: '' };

/** The question about a column. */
export interface Question {
  column: Column;
  /** As the file spells it. */
  header: string;
  source: string;
  numbers: Numbers;
  /** Cells in a form that says its unit, by form. */
  notations: ReadonlyMap<Notation, number>;
  /** Units that the header names. */
  units: readonly string[];
}

/** Refuses the column with the cause and the remedy. */
function refuse({ header, source }: Question, what: string, cause: string): never {
  throw new InputError(`${source}, column "${header.trim()}" ${what}: ${cause}`);
}

/** The same where only this column is at fault, so that the table is of use without it. */
function refuseAlone(question: Question, what: string, cause: string): never {
  const { name } = question.column;
  refuse(question, what, `${cause}, or go on without the column: --columns ${name}=`);
}

/**
 * Whether the shares of a table are in percent as a whole: then a column of small whole numbers is too.
 * @param shares the table's columns of shares
 */
export function areInPercent(shares: readonly Numbers[]): boolean {
  const above = shares.reduce((sum, { above }) => sum + above, 0);
  const count = shares.reduce((sum, { count }) => sum + count, 0);
  return shares.some(({ above, max }) => above > 0 && max <= 100) && !isFew(above, count);
}

/**
 * The unit of a share.
 * @param tableInPercent what `areInPercent` says of the table
 * @throws InputError where the column is standardised, has lost its decimal points, or mixes units
 */
export function unitOfShare(question: Question, tableInPercent: boolean): Unit {
  const { numbers, notations, units } = question;
  const { count, min, max, below, above, fractions, between, largeFractions } = numbers;
  const signs = notations.get('percent') ?? 0;
  if (signs > 0 && signs < count) {
    refuse(
      question,
      `has ${signs} cells with a percent sign and ${count - signs} without`,
      'write all in one way',
    );
  }
  if (signs > 0) return PERCENT;
  if (!isFew(below, count)) {
    refuse(
      question,
      `has ${below} of ${count} values below 0, where shares from 0 to 1 belong`,
      'perhaps it is standardised (mean 0); bring the values as Spotify gives them',
    );
  }
  if (isFew(above, count) && !((tableInPercent || units.includes('percent')) && fractions === 0)) return OWN;
  const tooLarge = max > 100 ? countAbove(question, 100) : 0;
  if (!isFew(tooLarge, count)) {
    if (fractions === 0) {
      refuse(
        question,
        `has whole numbers from ${min} to ${max}, where shares from 0 to 1 belong`,
        'perhaps a spreadsheet took decimal points for signs of thousands (0.751 became 751); import the original file with the point as decimal mark',
      );
    }
    refuse(
      question,
      `has values from ${min} to ${max}, where shares from 0 to 1 belong`,
      'convert them to shares',
    );
  }
  if (!isFew(between, count) && largeFractions === 0 && !isFew(above, count)) {
    refuseAlone(
      question,
      `has ${between} shares between 0 and 1 and ${above} whole numbers above 1`,
      'it mixes shares and percent; write all in one way',
    );
  }
  return PERCENT;
}

const countAbove = ({ numbers }: Question, limit: number) => (numbers.max > limit ? numbers.above : 0);

/** Milliseconds in each unit of time that a plain number may be in, and the values that tracks have in it. */
const TIMES = [
  { unit: 'min', factor: 60_000, from: 0.2, to: 30, said: 'minutes' },
  { unit: 's', factor: 1000, from: 30, to: 7200, said: 'seconds' },
  { unit: 'ms', factor: 1, from: 10_000, to: 86_400_000, said: 'milliseconds' },
] as const;

/**
 * The unit of a duration. A header that says milliseconds is believed, and so is one that says another unit where
 * the values can be in it; else the values decide.
 * @param values plain numbers as they stand, and those written with their unit in milliseconds already
 * @throws InputError where units are mixed, or no unit fits
 */
export function unitOfDuration(question: Question, values: Float64Array): Unit {
  const { numbers, notations, units } = question;
  const { count } = numbers;
  if (notations.size > 0) return unitOfNotation(question, values);
  const inUnit = ({ from, to }: (typeof TIMES)[number]) => {
    let found = 0;
    for (const value of values) if (value >= from && value < to) found++;
    return found;
  };
  if (units.length === 1 && units[0] === 'ms') {
    if (isFew(numbers.below, count)) return OWN;
    const [unit] = TIMES.filter((one) => isFew(count - inUnit(one), count));
    refuseAlone(
      question,
      `has ${numbers.below} of ${count} values below 1000, where milliseconds such as 213000 belong`,
      unit && unit.unit !== 'ms'
        ? `they look like ${unit.said}; say so with --columns duration_${unit.unit}=${question.header.trim()}`
        : 'it mixes units; write all in one',
    );
  }
  const named = TIMES.find(({ unit }) => units.length === 1 && unit === units[0]);
  const fitting = TIMES.filter((one) => isFew(count - inUnit(one), count));
  const found = named && fitting.includes(named) ? named : fitting[0];
  if (!found) {
    const counts = TIMES.map((one) => `${inUnit(one)} like ${one.said}`).join(', ');
    refuseAlone(question, `has ${count} values, ${counts}`, 'it mixes units of time; write all in one');
  }
  if (found.unit === 'ms') return { ...OWN, unit: units.includes('ms') ? '' : 'ms' };
  const conversion = `turned from ${found.said} into milliseconds`;
  return { factor: found.factor, unit: found.unit, conversion, note: '' };
}

/** Durations that say their unit in each cell, as `3:45` does. */
function unitOfNotation(question: Question, values: Float64Array): Unit {
  const { notations, numbers } = question;
  const [[notation, marked]] = notations;
  const clocks = (notations.get('m:ss') ?? 0) + (notations.get('h:mm:ss') ?? 0);
  if (marked < numbers.count && clocks < numbers.count) {
    const counts = [...notations].map(([form, n]) => `${n} such as ${EXAMPLES[form]}`).join(', ');
    const plain = numbers.count - [...notations.values()].reduce((a, b) => a + b, 0);
    refuseAlone(
      question,
      `has ${counts}${plain > 0 ? ` and ${plain} plain ${plain > 1 ? 'numbers' : 'number'}` : ''}`,
      'it mixes units of time; write all in one',
    );
  }
  const isMinutesAsHours =
    clocks === notations.get('h:mm:ss') && numbers.min >= 3_600_000 / 2 && values.every((v) => !(v % 60_000));
  if (isMinutesAsHours) {
    return {
      factor: 1 / 60,
      unit: 'h:mm:ss',
      conversion: 'turned from minutes and seconds into milliseconds',
      note: 'A spreadsheet had taken the minutes for hours and the seconds for minutes.',
    };
  }
  const unit = clocks > 0 ? 'm:ss' : notation;
  return { factor: 1, unit, conversion: `turned from ${FORMS[unit]} into milliseconds`, note: '' };
}

const EXAMPLES: Readonly<Record<Notation, string>> = {
  plain: '213000',
  percent: '65%',
  'm:ss': '3:45',
  'h:mm:ss': '0:03:45',
  s: '213 s',
  min: '3.5 min',
};
const FORMS: Readonly<Record<Notation, string>> = {
  plain: 'milliseconds',
  percent: 'percent',
  'm:ss': 'minutes and seconds',
  'h:mm:ss': 'hours, minutes and seconds',
  s: 'seconds',
  min: 'minutes',
};

/**
 * Refuses any other audio feature of which more than a few values are impossible, with the likeliest cause.
 * @throws InputError
 */
export function requirePossible(question: Question, impossible: number): void {
  const { column, numbers } = question;
  const { count, min, max, fractions } = numbers;
  const range = `where ${column.whole ? 'whole numbers' : 'values'} from ${column.min} to ${column.max}${column.unit && ` ${column.unit}`} belong`;
  if (!isFew(impossible, count)) {
    const lostPoints = fractions === 0 && Math.max(-min, max) >= 1000;
    const isStandardised = fractions > 0 && min < 0 && column.min === 0;
    refuse(
      question,
      `has ${impossible} of ${count} values that are impossible (from ${min} to ${max}), ${range}`,
      lostPoints
        ? 'perhaps a spreadsheet took decimal points for signs of thousands (-5.444 became -5444); import the original file with the point as decimal mark'
        : isStandardised
          ? 'perhaps it is standardised (mean 0); bring the values as Spotify gives them'
          : 'perhaps it is in another unit; convert it',
    );
  }
  const isScaled = count >= 20 && fractions > 0 && min >= 0 && max <= 1 && column.max! > 1;
  if (isScaled && !column.whole) {
    refuse(
      question,
      `has only values from 0 to 1, ${range}`,
      'perhaps it was scaled; bring the values as Spotify gives them',
    );
  }
}

/**
 * Refuses a popularity that does not run from 0 to 100: all scores and the hit threshold are points of 100.
 * @returns a sentence on what is odd about it; '' for nothing
 * @throws InputError
 */
export function requirePopularity(question: Question): string {
  const { count, min, max, fractions } = question.numbers;
  const why = 'where popularity from 0 to 100 belongs';
  if (max <= 1 && fractions > 0 && count > 2) {
    refuse(
      question,
      `has values from ${min} to ${max}, ${why}`,
      'perhaps it was scaled to 0 to 1; multiply it by 100',
    );
  }
  if (max === 1 && min === 0 && count >= 20) {
    refuse(question, `has only 0 and 1, ${why}`, 'it says whether a track is popular, and not how much');
  }
  if (max <= 10 && !isFew(fractions, count)) {
    refuse(
      question,
      `has values from ${min} to ${max}, ${why}`,
      'perhaps it is a rating up to 10; multiply it by 10',
    );
  }
  if (count > 1 && min === max)
    return `All rows have popularity ${min}: there is nothing to learn from them.`;
  if (!isFew(fractions, count) && fractions > count / 2) {
    return `${fractions} of ${count} popularities are not whole: perhaps the rows are averages of several tracks.`;
  }
  return '';
}
