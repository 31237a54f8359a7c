/** The squared error and the Gini index: how good a split is and how pure a node, for all of the kernel. */

/** The score of a split, to be maximised, without the terms that all splits of a node share. */
// @ts-ignore: decorator
@inline
export function gainOf(leftWeight: f64, leftTarget: f64, rightWeight: f64, rightTarget: f64): f64 {
  return (leftTarget * leftTarget) / leftWeight + (rightTarget * rightTarget) / rightWeight;
}

/** The same gain times both weights: comparing it with a bound needs no division. */
// @ts-ignore: decorator
@inline
export function scaledGain(leftWeight: f64, leftTarget: f64, rightWeight: f64, rightTarget: f64): f64 {
  return leftTarget * leftTarget * rightWeight + rightTarget * rightTarget * leftWeight;
}

/** The scaled gains of two positions at once. */
// @ts-ignore: decorator
@inline
export function scaledGains(leftWeights: v128, leftTargets: v128, rightWeights: v128, rightTargets: v128): v128 {
  return f64x2.add(
    f64x2.mul(f64x2.mul(leftTargets, leftTargets), rightWeights),
    f64x2.mul(f64x2.mul(rightTargets, rightTargets), leftWeights),
  );
}

/**
 * By how much a gain can differ from the gain of the same position in a node whose target sum is `spread` away,
 * while the latter is at most `bound` and no side weighs less than 1.
 */
export function slackOf(bound: f64, spread: f64): f64 {
  return spread == 0 ? 0 : 2 * spread * (2 * Math.sqrt(Math.max(bound, 0)) + spread);
}

/** The variance of a node's targets. */
// @ts-ignore: decorator
@inline
export function impurityOf(weight: f64, target: f64, squares: f64): f64 {
  const mean = target / weight;
  return squares / weight - mean * mean;
}

/**
 * The Gini index of a node.
 * @param squares the sum of the squared weights of its classes
 */
// @ts-ignore: decorator
@inline
export function giniOf(weight: f64, squares: f64): f64 {
  return 1 - squares / (weight * weight);
}

/** The score of a split by the Gini index, to be maximised, in scikit-learn's own arithmetic. */
// @ts-ignore: decorator
@inline
export function giniGainOf(leftWeight: f64, leftSquares: f64, rightWeight: f64, rightSquares: f64): f64 {
  return -rightWeight * giniOf(rightWeight, rightSquares) - leftWeight * giniOf(leftWeight, leftSquares);
}
