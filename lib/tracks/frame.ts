import type { DataFrame } from 'danfojs-node';
import { findColumn } from './schema';
import type { Tracks } from './types';

/**
 * The table as a DataFrame of danfojs, for a first look at the head, the types and the counts (pandas: a
 * DataFrame). Missing numbers are NaN, missing text is ''. danfojs holds every cell in arrays of rows: fit for
 * a hundred thousand rows, too much for a million; choose some with `selectRows` first. An unknown
 * column called as a member of every DataFrame, such as `index` or `values`, has `_` after it there.
 */
export function toDataFrame(tracks: Tracks): DataFrame {
  const { DataFrame } = danfo();
  const own = new DataFrame({ popularity: [0] });
  const columns = Object.entries(tracks.columns).map(([name, values]) => [
    // `mode`, the only known one, is a method that nothing here calls.
    name in own && !findColumn(name) ? `${name}_` : name,
    Array.from<number | string>(values),
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
    // The greeting comes with the first tensor.
    tensorflow.tensor1d([0]).dispose();
    return module;
  } finally {
    Object.assign(console, { warn, log, info });
  }
}
