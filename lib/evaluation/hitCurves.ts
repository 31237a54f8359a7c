import { mean } from '../forest/src/index';
import type { HitReport } from './hits';

/** What every threshold on the probability would reach, from the strictest to the laxest. */
export interface HitCurves {
  /** Share of the others that would be called hits, and share of the hits that would be. */
  falsePositiveRate: number[];
  recall: number[];
  /** Share of hits among those called one, at the same thresholds (from the second point on). */
  precision: number[];
  /** Area under the first curve, and the mean precision as recall grows. */
  auc: number;
  averagePrecision: number;
}

/** ROC and precision-recall curves (scikit-learn: `roc_curve`, `precision_recall_curve` and their areas). */
export function hitCurves({ isHit, probability }: Pick<HitReport, 'isHit' | 'probability'>): HitCurves {
  const order = Array.from(probability.keys()).sort((a, b) => probability[b] - probability[a]);
  const hits = isHit.reduce((sum, hit) => sum + hit, 0);
  const others = isHit.length - hits;
  const curves = { falsePositiveRate: [0], recall: [0], precision: [1], auc: 0, averagePrecision: 0 };
  let [found, called] = [0, 0];
  for (const [i, row] of order.entries()) {
    found += isHit[row];
    called++;
    if (probability[order[i + 1]] === probability[row]) continue;
    const [recall, falsely] = [found / hits, (called - found) / others];
    const [before, falselyBefore] = [curves.recall.at(-1)!, curves.falsePositiveRate.at(-1)!];
    curves.auc += ((falsely - falselyBefore) * (recall + before)) / 2;
    curves.averagePrecision += (recall - before) * (found / called);
    curves.recall.push(recall);
    curves.falsePositiveRate.push(falsely);
    curves.precision.push(found / called);
  }
  return curves;
}

/** Share of hits and mean probability in bins of equally many songs (scikit-learn: `calibration_curve`). */
export function calibration(
  { isHit, probability }: Pick<HitReport, 'isHit' | 'probability'>,
  bins = 8,
): { said: number; was: number; count: number }[] {
  const order = Array.from(probability.keys()).sort((a, b) => probability[a] - probability[b] || a - b);
  const points: { said: number; was: number; count: number }[] = [];
  for (let start = 0, bin = 1; start < order.length; bin++) {
    let end = Math.max(start + 1, Math.round((order.length * bin) / bins));
    while (end < order.length && probability[order[end]] === probability[order[end - 1]]) end++;
    const rows = order.slice(start, end);
    const of = (values: Float64Array) => mean(rows.map((row) => values[row]));
    points.push({ said: of(probability), was: of(isHit), count: rows.length });
    start = end;
  }
  return points;
}
