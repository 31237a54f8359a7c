/** Summary tables of the first look: pandas' info and describe. */

import { type TableView, table } from '../cells/table';
import { linearQuantile, sum } from '../forest/src/index';
import type { TrackColumns } from './columns';
import { sorted } from './statistics';

/** One column's numbers, by pandas' names. */
export interface Description {
  count: number;
  mean: number;
  std: number;
  min: number;
  '25%': number;
  '50%': number;
  '75%': number;
  max: number;
}

/**
 * Count, mean, standard deviation (n - 1), minimum, quartiles and maximum of the values that are there: pandas'
 * `Series.describe()`, to the digit.
 * @param values missing ones as NaN
 */
export function describeColumn(values: Float64Array): Description {
  const present = values.filter((value) => !Number.isNaN(value));
  const count = present.length;
  const ascending = sorted(present);
  const quartiles = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    count > 0 ? linearQuantile(ascending, share) : Number.NaN,
  );
  const [min, q1, median, q3, max] = quartiles;
  // pandas adds up all rows with 0 for a missing one. The places of the zeros decide the order of the additions.
  const mean = sum(values.map((value) => value || 0)) / count;
  const squares = values.map((value) => (mean - value) ** 2 || 0);
  const std = count > 1 ? Math.sqrt(sum(squares) / (count - 1)) : Number.NaN;
  return { count, mean, std, min, '25%': q1, '50%': median, '75%': q3, max };
}

const isNumeric = (column: Float64Array | string[]): column is Float64Array => column instanceof Float64Array;

/** `df.describe().T`: one row per numeric column. */
export function describeTable(tracks: TrackColumns): TableView {
  const numeric = Object.entries(tracks.columns).filter(([, column]) => isNumeric(column));
  const rows = numeric.map(([name, column]) => {
    const description = describeColumn(column as Float64Array);
    // as text, so that the decimals of its row are not the count's
    return { column: name, ...description, count: String(description.count) };
  });
  return table(rows, { index: 'column', digits: 'row' });
}

/** `df.info()`: per column its type, how many values are missing and how many different ones there are. */
export function columnsTable(tracks: TrackColumns): TableView {
  const rows = Object.entries(tracks.columns).map(([name, column]) => {
    const present = new Set<number | string>();
    let missing = 0;
    for (const value of column) {
      if (value === '' || Number.isNaN(value)) missing++;
      else present.add(value);
    }
    const [example = ''] = present;
    return {
      column: name,
      type: isNumeric(column) ? 'number' : 'text',
      missing,
      'missing %': (100 * missing) / Math.max(1, column.length),
      different: present.size,
      example: String(example),
    };
  });
  return table(rows, { index: 'column', digits: { 'missing %': 1 } });
}
