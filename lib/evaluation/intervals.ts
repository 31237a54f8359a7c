/**
 * A prediction interval as a rule small enough for model.json. Its half-widths grow with the disagreement of
 * the trees: from `prediction + lower * (spread + floor)` to `prediction + upper * (spread + floor)`.
 */
export interface IntervalRule {
  /** How the two factors were learnt, in words for the model card. */
  method: string;
  /** The share of unseen tracks that the interval is meant to hold, e.g. 0.9. */
  level: number;
  /** Negative, positive: quantiles of (actual - prediction) / (spread + floor). */
  lower: number;
  upper: number;
  /** Points of popularity added to the spread, so that trees that agree by chance do not promise certainty. */
  floor: number;
}

/** The scale's ends, which no interval leaves. */
const LOWEST = 0;
const HIGHEST = 100;

/**
 * The interval that a rule gives around one prediction, in points of popularity, within 0 to 100.
 * @param rule from `fitIntervals` or model.json
 * @param prediction the forest's prediction for the track
 * @param spread standard deviation of the trees' predictions for it (divided by the number of trees)
 * @returns `[lower, upper]`
 */
export function predictInterval(rule: IntervalRule, prediction: number, spread: number): [number, number] {
  const scale = spread + rule.floor;
  const clip = (value: number) => Math.min(HIGHEST, Math.max(LOWEST, value));
  return [clip(prediction + rule.lower * scale), clip(prediction + rule.upper * scale)];
}
