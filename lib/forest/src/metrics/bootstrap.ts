import { InputError } from '../errors';
import { rowsByGroup, take } from '../matrix';
import type { Estimate } from '../modelSelection/crossValidation';
import { checkOptions } from '../options';
import { RandomState } from '../randomState';

/** The number of draws, the confidence of the interval (above 0, below 1), and the seed. */
export interface BootstrapOptions {
  resamples?: number;
  level?: number;
  randomState?: number;
  /**
   * The group of each row, e.g. its artist: whole groups are drawn instead of rows (cluster bootstrap, Davison
   * and Hinkley 1997, section 3.8), since rows that are alike say less than as many that are not.
   */
  groups?: ArrayLike<number>;
}

/**
 * Percentile bootstrap interval of a score on test rows (Efron and Tibshirani 1993, chapter 13): the rows are
 * drawn again with replacement, prediction and target together, and the middle `level` of the scores is the
 * interval. Equals `scipy.stats.bootstrap(..., paired=True, method='percentile')` with the same RandomState, to the
 * last digit.
 * @param actual targets of the test rows
 * @param predicted predictions for them
 * @param score e.g. `r2Score`
 * @param options resamples: how many (scipy: `n_resamples`)
 * @throws InputError when there are fewer than 2 rows or the lengths differ
 */
export function bootstrapInterval(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  score: (actual: ArrayLike<number>, predicted: ArrayLike<number>) => number,
  options: BootstrapOptions = {},
): Estimate {
  if (actual.length < 2 || predicted.length !== actual.length) {
    throw new InputError(
      `bootstrapInterval requires at least 2 rows and a prediction for each, got ${actual.length} and ${predicted.length}`,
    );
  }
  const ofRows = (rows: ArrayLike<number>) => [score(take(actual, rows), take(predicted, rows))];
  return bootstrap(actual.length, [score(actual, predicted)], ofRows, options)[0];
}

/**
 * The same for several statistics of the same resamples of rows.
 * @param count rows
 * @param values the statistics of the rows as they are
 * @param statistics the statistics of rows drawn, in the same order; the array may be used again for every draw
 * @throws InputError when there is not a group for each row
 */
export function bootstrap(
  count: number,
  values: readonly number[],
  statistics: (rows: Int32Array) => readonly number[],
  options: BootstrapOptions = {},
): Estimate[] {
  checkOptions('bootstrap', options, ['resamples', 'level', 'randomState', 'groups']);
  const { resamples = 1000, level = 0.95, randomState = 0, groups } = options;
  const random = new RandomState(randomState);
  const draw = groups ? drawGroups(count, groups, random) : drawRows(count, random);
  const drawn = values.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    const found = statistics(draw());
    drawn.forEach((scores, i) => {
      scores[resample] = found[i];
    });
  }
  return values.map((value, i) => {
    const sorted = drawn[i].sort();
    const tail = (1 - level) / 2;
    return { value, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
  });
}

/** `scipy.stats.quantile`, which rounds otherwise than `numpy.quantile`: the weighted sum of two neighbours. */
function quantile(sorted: Float64Array, p: number): number {
  const position = p * sorted.length + (1 - p); // from 1
  const share = position % 1;
  const below = Math.floor(position) - 1;
  const above = Math.min(below + 1, sorted.length - 1);
  return (1 - share) * sorted[below] + share * sorted[above];
}

function drawRows(count: number, random: RandomState): () => Int32Array {
  const rows = new Int32Array(count);
  return () => {
    for (let i = 0; i < count; i++) rows[i] = random.randint(count);
    return rows;
  };
}

/** As many groups as there are, with replacement; the number of rows varies. */
function drawGroups(count: number, groups: ArrayLike<number>, random: RandomState): () => Int32Array {
  if (groups.length !== count) {
    throw new InputError(`bootstrap requires a group for each of the ${count} rows, got ${groups.length}`);
  }
  const members = [...rowsByGroup(groups).values()];
  return () => {
    const drawn = members.map(() => members[random.randint(members.length)]);
    const rows = new Int32Array(drawn.reduce((sum, { length }) => sum + length, 0));
    let count = 0;
    for (const group of drawn) for (const row of group) rows[count++] = row;
    return rows;
  };
}
