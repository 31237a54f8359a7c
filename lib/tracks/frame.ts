import type { DataFrame } from 'danfojs-node';
import { InputError, RandomState } from '../forest/src/index';
import { findColumn } from './names';
import type { Tracks } from './types';

/** danfojs holds every cell as an object of its own: 200,000 rows of the shipped table's 21 columns take 300 MB. */
const MOST_CELLS = 200_000 * 21;

/**
 * The table as a DataFrame of danfojs, for a first look at the head, the types and the counts (pandas: a
 * DataFrame). Missing numbers are NaN, missing text is ''. An unknown column called as a member of every
 * DataFrame, such as `index` or `values`, has `_` after it there.
 * @param names which columns, all by default
 * @throws InputError for more than 4,200,000 cells: choose columns, or rows with `firstRows` or `selectRows`
 */
export function toDataFrame(tracks: Tracks, names = Object.keys(tracks.columns)): DataFrame {
  const cells = tracks.rowCount * names.length;
  if (cells > MOST_CELLS) {
    throw new InputError(
      `toDataFrame requires at most ${MOST_CELLS} cells, since danfojs keeps each as an object, got ${cells} (${tracks.rowCount} rows of ${names.length} columns): choose some columns, or rows with firstRows or selectRows`,
    );
  }
  const { DataFrame } = danfo();
  const own = new DataFrame({ popularity: [0] });
  const columns = names.map((name) => [
    // `mode`, the only known one, is a method that nothing here calls.
    name in own && !findColumn(name) ? `${name}_` : name,
    Array.from<number | string>(tracks.columns[name]),
  ]);
  return new DataFrame(Object.fromEntries(columns));
}

/**
 * danfojs on first use. It asks for the native TensorFlow, which few machines can install and which brings
 * 300 MB; package.json gives it TensorFlow's core instead, and this adds what its scalers then lack: a backend
 * that computes, and operations as methods of a tensor. Nothing is printed: TensorFlow's greeting would stand in
 * the middle of a notebook or a test report.
 */
function danfo(): typeof import('danfojs-node') {
  const { warn, log, info } = console;
  Object.assign(console, { warn: () => {}, log: () => {}, info: () => {} });
  try {
    const module = require('danfojs-node');
    const { tensorflow } = module;
    require('@tensorflow/tfjs-backend-cpu');
    for (const name of [
      'add',
      'sub',
      'mul',
      'div',
      'sqrt',
      'mean',
      'sum',
      'min',
      'max',
      'reshape',
    ] as const) {
      tensorflow.Tensor.prototype[name] ??= function (this: object, ...rest: unknown[]) {
        return tensorflow[name](this, ...rest);
      };
    }
    tensorflow.data ??= { array: samplesOf };
    // The greeting comes with the first tensor.
    tensorflow.tensor1d([0]).dispose();
    return module;
  } finally {
    Object.assign(console, { warn, log, info });
  }
}

/**
 * The only thing that danfojs asks of TensorFlow's data sets: rows drawn without replacement, for `sample`. With
 * the same seed `await df.sample(5, { seed })` draws the rows of pandas' `df.sample(5, random_state=seed)`.
 */
function samplesOf({ length }: ArrayLike<unknown>) {
  return {
    shuffle: (_: number, seed: string) => ({
      take: (count: number) => ({
        toArray: async () => Array.from(new RandomState(Number(seed)).permutation(length).subarray(0, count)),
      }),
    }),
  };
}
