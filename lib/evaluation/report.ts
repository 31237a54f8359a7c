import type { Estimate, Importance, IntervalRule, NestedScores, Scores } from '../forest/src/index';
import type { ModelScores } from './comparison';
import type { GroupErrors } from './errorsByGroup';
import type { HitReport } from './hits';
import type { ProtocolResult } from './protocols';
import type { RepeatKind } from './repeats';

/** How much one feature matters, by two measures that often disagree. */
export interface ImportanceRow {
  feature: string;
  /** Share of the variance that its splits removed in training (Breiman 2001); it favours many-valued features. */
  impurity: number;
  /** Fall of R2 on unseen rows when it is shuffled: mean and standard deviation over the repeats. */
  permutation: number;
  permutationStd: number;
  /** Places, 1 for the most important. */
  impurityRank: number;
  permutationRank: number;
}

/** All numbers of an evaluation as plain JSON: what the model card prints. */
export interface EvaluationReport {
  /** Rows read, songs among them, and how the repeats were found. */
  data: { rows: number; songs: number; repeats: Omit<RepeatKind, 'groupOf'>[] };
  protocols: ProtocolResult[];
  /** The model first, then the baselines, on the same test rows. */
  models: ModelScores[];
  /** The model's R2 on the test rows when artists are drawn in place of songs (see `bootstrapInterval`). */
  r2ByArtist: Estimate;
  /**
   * Mean scores of repeated cross-validation with corrected intervals, over how many splits, and the model less
   * linear regression (see `pairedDifference`).
   */
  crossValidation: Record<keyof Scores, Estimate> & {
    splits: number;
    lessLinear: Record<keyof Scores, Estimate>;
  };
  nested: NestedScores;
  /** The rule, and the share of test rows inside with the mean width in points. */
  interval: { rule: IntervalRule; coverage: number; width: number };
  importances: ImportanceRow[];
  /** Errors by genre, on the test rows; empty where the table has no genre. */
  groups: GroupErrors[];
  /** Hit or not: the model first, then what it must beat. */
  hits: Record<string, HitReport>;
}

/**
 * Puts the parts of an evaluation together. Nothing is computed or rounded; row by row details are left out.
 * @param parts `repeats` from `findRepeats`; `importances` from `importanceTable`; the others as their names say
 */
export function evaluationReport(
  parts: Omit<EvaluationReport, 'data'> & { repeats: readonly RepeatKind[] },
): EvaluationReport {
  const { repeats, ...rest } = parts;
  const rows = repeats[0]?.groupOf.length ?? 0;
  return {
    data: {
      rows,
      songs: rows - (repeats.at(-1)?.repeats ?? 0),
      repeats: repeats.map(({ groupOf: _groupOf, ...kind }) => kind),
    },
    ...rest,
  };
}

/**
 * Impurity importance beside permutation importance, the most important by permutation first.
 * @param impurity `forest.featureImportances`; `permutation` from `permutationImportance`, in the same order
 */
export function importanceTable(
  impurity: ArrayLike<number>,
  permutation: readonly Importance[],
): ImportanceRow[] {
  const rankIn = (values: readonly number[], value: number) =>
    1 + values.filter((other) => other > value).length;
  const means = permutation.map(({ mean }) => mean);
  return permutation
    .map(({ feature, mean, std }, j) => ({
      feature,
      impurity: impurity[j],
      permutation: mean,
      permutationStd: std,
      impurityRank: rankIn(Array.from(impurity), impurity[j]),
      permutationRank: rankIn(means, mean),
    }))
    .sort((a, b) => b.permutation - a.permutation);
}
