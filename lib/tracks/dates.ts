import { columnOf } from './schema';

/**
 * The year of a date that names a possible one in four digits (`2024-05-04`, `2024.0`, `5/4/2024 0:00`), NaN for
 * anything else.
 */
export function yearOf(date: string): number {
  const { min = 0, max = 0 } = columnOf('release_date');
  const years = (date.match(/(?<!\d)\d{4}(?!\d)/g) ?? []).map(Number);
  return years.find((year) => year >= min && year <= max) ?? Number.NaN;
}

/** The order of day, month and year in a column, if a year of four digits does not tell it. */
type DateOrder = 'month first' | 'day first' | 'year first' | 'either';

/** The result of reading a column of dates. */
export interface ReadDates {
  /** The new text of a date that was written otherwise; dates in the usual forms stay as they are. */
  converted: ReadonlyMap<string, string>;
  /** Dates that could not be read. */
  unreadable: ReadonlySet<string>;
  /** The form that was found, e.g. `m/d/yy`; '' where nothing had to be converted. */
  unit: string;
  conversion: string;
}

/** Excel counts days from here; 60 is a day that never was, and all songs came later. */
const EXCEL_START = Date.UTC(1899, 11, 30);
const DAY = 86_400_000;

/**
 * Reads the dates of a column that have no year of four digits: two-digit years in the order of day and month
 * that fits the whole column, Excel's day numbers, `20240504`, and seconds since 1970.
 * @param dates the different cells of the column, without missing ones
 */
export function readDates(dates: Iterable<string>): ReadDates {
  const odd = [...dates].filter((date) => Number.isNaN(yearOf(date)));
  const read = dateReader(odd);
  const converted = new Map<string, string>();
  const unreadable = new Set<string>();
  const forms = new Set<string>();
  for (const date of odd) {
    const found = read(date);
    if (!found) {
      unreadable.add(date);
      continue;
    }
    converted.set(date, found.text);
    forms.add(found.form);
  }
  const conversion = converted.size > 0 ? 'written as YYYY-MM-DD or YYYY' : '';
  return { converted, unreadable, unit: [...forms].join(', '), conversion };
}

/**
 * Reads single dates that have no year of four digits.
 * @param dates cells of the column, which show the order of day and month
 * @returns a function from a date to its usual text and the form that it had; undefined for what is no date
 */
export function dateReader(
  dates: Iterable<string>,
): (date: string) => { text: string; form: string } | undefined {
  const short = [...dates].flatMap((date) => {
    const parts = partsOf(date);
    return parts ? [parts] : [];
  });
  const order = orderOf(short);
  return (date) => fromShort(date, order) ?? fromDigits(date);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The three numbers of a date such as `5/16/11` or `16-May-11`; a time behind it does not matter. */
function partsOf(date: string): [number, number, number] | undefined {
  const match = /^(\d{1,2})([-/. ])(\d{1,2}|[A-Za-z]{3,9})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?$/.exec(
    date.trim(),
  );
  if (!match) return undefined;
  const [, first, , second, third] = match;
  if (/^\d/.test(second)) return [Number(first), Number(second), Number(third)];
  const month = 1 + MONTHS.indexOf(second.slice(0, 3).toLowerCase());
  // With the month by name the day is first: as in `13/5/11`, whatever the other dates say.
  return month > 0 ? [Number(first), month + 100, Number(third)] : undefined;
}

/** The order in which every date of the column is possible. */
function orderOf(dates: readonly (readonly [number, number, number])[]): DateOrder | undefined {
  const numeric = dates.filter(([, second]) => second < 100);
  const fits = (day: number, month: number) =>
    numeric.every((parts) => isDay(parts[day]) && parts[month] >= 1 && parts[month] <= 12);
  const [monthFirst, dayFirst, yearFirst] = [fits(1, 0), fits(0, 1), fits(2, 1)];
  if (monthFirst && dayFirst) return 'either';
  if (monthFirst) return 'month first';
  if (dayFirst) return 'day first';
  return yearFirst ? 'year first' : undefined;
}

const isDay = (day: number) => day >= 1 && day <= 31;

/** Excel's rule, with which such files are written: 00 to 29 are of this century, 30 to 99 of the last one. */
const fullYear = (year: number) => (year < 30 ? 2000 : 1900) + year;

const FORMS: Readonly<Record<DateOrder, string>> = {
  'month first': 'm/d/yy',
  'day first': 'd/m/yy',
  'year first': 'yy/m/d',
  either: 'd/m/yy or m/d/yy, of which only the year is used',
};

function fromShort(date: string, order: DateOrder | undefined): { text: string; form: string } | undefined {
  const parts = partsOf(date);
  if (!parts) return undefined;
  const [first, second, third] = parts;
  if (second > 100) {
    const text = isDay(first) ? dateText(fullYear(third), second - 100, first) : undefined;
    return text ? { text, form: 'd-mon-yy' } : undefined;
  }
  if (!order) return undefined;
  const year = fullYear(order === 'year first' ? first : third);
  if (order === 'either') return { text: String(year), form: FORMS[order] };
  const month = order === 'month first' ? first : second;
  const day = order === 'month first' ? second : order === 'day first' ? first : third;
  return { text: dateText(year, month, day), form: FORMS[order] };
}

const dateText = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** A date of digits alone. */
function fromDigits(date: string): { text: string; form: string } | undefined {
  const digits = /^(\d+)(?:\.0+)?$/.exec(date.trim())?.[1];
  if (!digits) return undefined;
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(digits);
  if (compact && isPossible(compact[1]) && Number(compact[2]) <= 12 && Number(compact[3]) <= 31) {
    return { text: compact.slice(1).join('-'), form: 'yyyymmdd' };
  }
  const number = Number(digits);
  // 1,000 to 2,999 would be years; a day number of a song has five digits.
  if (digits.length === 5) return fromTime(EXCEL_START + number * DAY, "Excel's day number");
  if (digits.length === 9 || digits.length === 10) return fromTime(number * 1000, 'seconds since 1970');
  if (digits.length === 12 || digits.length === 13) return fromTime(number, 'milliseconds since 1970');
  return undefined;
}

function fromTime(time: number, form: string): { text: string; form: string } | undefined {
  const text = new Date(time).toISOString().slice(0, 10);
  return isPossible(text.slice(0, 4)) ? { text, form } : undefined;
}

const isPossible = (year: string) => !Number.isNaN(yearOf(year));
