import { InputError, valueText } from '../errors';
import { sum } from '../metrics/metrics';
import { inPythonsOrder } from '../pythonsOrder';
import type { ClassWeight } from './parameters';

/** The type of a class's name. */
export type ClassName = number | string;

/** The classes of some rows: their names in order, and each row's place among them. */
export interface Classes<C extends ClassName> {
  names: C[];
  codes: Int32Array;
}

/**
 * Finds the classes of rows, in numpy's order: numbers by size, texts by code points.
 * @throws InputError when there is not one for each row, or they are not all finite numbers or all texts
 */
export function classesOf<C extends ClassName>(
  caller: string,
  y: ArrayLike<C>,
  rowCount: number,
): Classes<C> {
  if (y?.length !== rowCount) {
    throw new InputError(
      `${caller} requires one class for each of the ${rowCount} rows, got ${y?.length ?? valueText(y)}`,
    );
  }
  const given = Array.from(y);
  const type = typeof given[0];
  const bad = given.findIndex((name) => typeof name !== type || !isName(name));
  if (bad >= 0) {
    throw new InputError(
      `${caller} requires classes that are all finite numbers or all texts, got ${valueText(given[bad])} in row ${bad}`,
    );
  }
  const names = [...new Set(given)].sort(inPythonsOrder);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  return { names, codes: Int32Array.from(given, (name) => codeOf.get(name)!) };
}

const isName = (name: unknown) => typeof name === 'string' || Number.isFinite(name);

/**
 * Each row's weight by its class.
 * @param rowWeights what 'balanced' counts rows by; null for 1 each
 * @throws InputError where a weight is given for a class that no row has
 */
export function classWeights<C extends ClassName>(
  caller: string,
  { names, codes }: Classes<C>,
  weight: Exclude<ClassWeight, 'balanced_subsample'>,
  rowWeights: Float64Array | null,
): Float64Array {
  const ofClass =
    weight === 'balanced' ? balancedWeights(caller, names.length, codes, rowWeights) : names.map(given);
  return Float64Array.from(codes, (code) => ofClass[code]);

  function given(name: C): number {
    const byName = weight as Readonly<Record<string, number>>;
    const unknown = Object.keys(byName).find((key) => !names.some((other) => String(other) === key));
    if (unknown !== undefined) {
      throw new InputError(
        `${caller} requires classWeight for classes of the rows, got ${valueText(unknown)}`,
      );
    }
    return byName[String(name)] ?? 1;
  }
}

function balancedWeights(
  caller: string,
  count: number,
  codes: Int32Array,
  rowWeights: Float64Array | null,
): Float64Array {
  const total = new Float64Array(count);
  codes.forEach((code, row) => {
    total[code] += rowWeights ? rowWeights[row] : 1;
  });
  if (total.includes(0)) {
    throw new InputError(
      `${caller} requires a weight above 0 in every class that is balanced, got only 0 in one`,
    );
  }
  const all = sum(total);
  return total.map((ofClass) => all / (count * ofClass));
}
