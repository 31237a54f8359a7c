/**
 * A prediction interval as a rule small enough for model.json: add an offset below and one above to the
 * forest's prediction; which offsets depends on where the prediction lies.
 */
export interface IntervalRule {
  /** How the offsets were learnt, in words for the model card. */
  method: string;
  /** The share of unseen tracks that the interval is meant to hold, e.g. 0.9. */
  level: number;
  /** Ascending predictions at which the offsets change: bin b holds `cuts[b - 1] <= prediction < cuts[b]`. */
  cuts: number[];
  /** Per bin (one more than cuts), in points of popularity: the interval's ends minus the prediction. */
  lower: number[];
  upper: number[];
  /** Null, or: the offsets are multiples of (standard deviation over the trees + this). */
  spreadFloor: number | null;
}

/** The scale's ends, which no interval leaves. */
const LOWEST = 0;
const HIGHEST = 100;

/**
 * The interval that a rule gives around one prediction, in points of popularity, within 0 to 100.
 * @param rule from `fitIntervals` or model.json
 * @param prediction the forest's prediction for the track
 * @param spread standard deviation of the trees' predictions; only a rule with a `spreadFloor` asks for it
 * @returns `[lower, upper]`
 */
export function predictInterval(rule: IntervalRule, prediction: number, spread = 0): [number, number] {
  let bin = 0;
  while (bin < rule.cuts.length && prediction >= rule.cuts[bin]!) bin++;
  const scale = rule.spreadFloor === null ? 1 : spread + rule.spreadFloor;
  const clip = (value: number) => Math.min(HIGHEST, Math.max(LOWEST, value));
  return [clip(prediction + rule.lower[bin]! * scale), clip(prediction + rule.upper[bin]! * scale)];
}
