import { correlations } from '../figures/statistics';
import {
  type Importance,
  type PartialDependence,
  partialDependence,
  permutationImportance,
  type Regressor,
  type RunOptions,
  type Table,
  take,
} from '../forest/src/index';
import type { Feature } from '../tracks/types';

/**
 * Groups of features that say nearly the same: any two in a group have a Spearman correlation of at least `least`,
 * up or down (complete linkage: the two groups that are most alike are joined first).
 * @returns the names of each group's features, every feature in one group, in the table's order
 */
export function correlatedGroups(X: Table, least = 0.5): string[][] {
  const matrix = correlations(X.columns, 'spearman');
  let groups = X.names.map((_, j) => [j]);
  // The weakest link between two groups; a constant feature has none.
  const likeness = (a: readonly number[], b: readonly number[]) =>
    Math.min(...a.flatMap((i) => b.map((j) => Math.abs(matrix[i][j]) || 0)));
  while (groups.length > 1) {
    const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => ({ a, b, value: likeness(a, b) })));
    const best = pairs.reduce((one, other) => (other.value > one.value ? other : one));
    if (best.value < least) break;
    groups = [...groups.filter((group) => group !== best.a && group !== best.b), [...best.a, ...best.b]];
  }
  const ordered = groups.map((group) => group.sort((a, b) => a - b)).sort(([a], [b]) => a - b);
  return ordered.map((group) => group.map((j) => X.names[j]));
}

/**
 * Permutation importance of groups of features: the columns of a group are shuffled together, so that a feature
 * whose information another one shares does not look unimportant. For groups of one feature the same as
 * `permutationImportance`.
 * @param groups names of X's columns, e.g. from `correlatedGroups`
 * @param options as of `permutationImportance`
 * @returns one entry per group, the most important first; `feature` holds the names, joined by " + "
 */
export async function groupImportance(
  model: Pick<Regressor, 'predict'>,
  X: Table,
  y: ArrayLike<number>,
  groups: readonly (readonly string[])[],
  options: { nRepeats?: number; randomState?: number } & RunOptions = {},
): Promise<Importance[]> {
  // A table with one column of row numbers per group: shuffling one shuffles all columns of its group alike.
  const rows = Float64Array.from({ length: X.rowCount }, (_, row) => row);
  const names = groups.map((group) => group.join(' + '));
  const ofGroups = { names, rowCount: X.rowCount, columns: groups.map(() => rows) };
  const predict = ({ columns }: Table) => {
    const shuffled = X.names.map((name, j) => {
      const group = groups.findIndex((members) => members.includes(name));
      return group < 0 ? X.columns[j] : take(X.columns[j], columns[group]);
    });
    return model.predict({ ...X, columns: shuffled });
  };
  const importances = await permutationImportance({ predict }, ofGroups, y, options);
  return importances.sort((a, b) => b.mean - a.mean);
}

/** Points of a curve of partial dependence. */
const CURVE_POINTS = 40;

/**
 * Partial dependence on the features of the most important groups.
 * @param importances from `groupImportance`, the most important first
 * @param features the model's, which say what is a category: there every value is a point
 * @param count how many features; one that does not vary in X is left out
 */
export function importantDependence(
  model: Pick<Regressor, 'predict'>,
  X: Table,
  importances: readonly Importance[],
  features: readonly Feature[],
  count: number,
): PartialDependence[] {
  const names = importances.flatMap(({ feature }) => feature.split(' + '));
  const varying = names.filter((name) => new Set(X.columns[X.names.indexOf(name)]).size > 1);
  return varying.slice(0, count).map((name) => {
    const kind = features.find((feature) => feature.name === name)?.kind;
    const options = { gridResolution: CURVE_POINTS, categorical: kind !== 'number' };
    return partialDependence(model, X, name, options);
  });
}
