/** The search for the best position in one feature's list: where nearly all time goes. */
import { differ, nextRanksOf, numberOf } from './lists';
import {
  gainsAt,
  getF64,
  getI32,
  leafSizesAt,
  levelCount,
  positionsAt,
  rowSumsAt,
  setF64,
  setI32,
} from './memory';

/**
 * A positive gain below this bound is surely below `gain`: the error of either side of the comparison that
 * uses it is a few parts in 1e16, while sums are far from underflow. -1 bounds nothing.
 */
export function safeBound(gain: f64): f64 {
  return gain > 1e-280 ? gain * (1 - 1e-14) : -1;
}

/**
 * Tries all positions of a list of `rows` entries between different values, and writes the greatest gain and
 * its position (rows to the left; of equals the first) for each of the levels of min_samples_leaf from
 * `level` up, bits of `levels`. The gain is sum_left^2 / weight_left + sum_right^2 / weight_right.
 * @param floor gains surely below this safe bound are not wanted
 */
export function scan<Entry, Sum>(
  feature: i32,
  list: usize,
  rows: i32,
  weight: f64,
  target: f64,
  levels: u64,
  floor: f64,
): void {
  const nextRanks = nextRanksOf(feature);
  const gains = gainsAt + (((<usize>feature) * levelCount) << 3);
  const positions = positionsAt + (((<usize>feature) * levelCount) << 2);
  const single = popcnt<u64>(levels) == 1;
  const first = <i32>ctz<u64>(levels);
  const leaf = getI32(leafSizesAt, first);
  for (let rest = levels; rest != 0; rest &= rest - 1) setF64(gains, <i32>ctz<u64>(rest), -Infinity);
  let best: f64 = -Infinity;
  let bound = floor;
  let packed: i64 = 0;
  let leftWeight: f64 = 0;
  let leftTarget: f64 = 0;
  let at = list;
  let below = load<Entry>(at);
  const size = sizeof<Entry>();
  // The first rows cannot be a left side of their own.
  const start = list + ((<usize>leaf) << (size == 4 ? 2 : 3));
  while (at < start) {
    below = load<Entry>(at);
    const row = rowSumsAt + (numberOf<Entry>(below) << (isInteger<Sum>() ? 3 : 4));
    if (isInteger<Sum>()) packed += load<i64>(row);
    else {
      leftWeight += load<f64>(row);
      leftTarget += load<f64>(row, 8);
    }
    at += size;
  }
  const end = list + ((<usize>(rows - leaf + 1)) << (size == 4 ? 2 : 3));
  while (at < end) {
    const above = load<Entry>(at);
    if (differ<Entry>(below, above, nextRanks)) {
      if (isInteger<Sum>()) {
        // The low half is a signed sum of targets, which borrowed from the counts in the high half.
        const low = <i64>(<i32>packed);
        leftTarget = <f64>low;
        leftWeight = <f64>((packed - low) >> 32);
      }
      const rightWeight = weight - leftWeight;
      const rightTarget = target - leftTarget;
      const leftSquare = leftTarget * leftTarget;
      const rightSquare = rightTarget * rightTarget;
      if (!(leftSquare * rightWeight + rightSquare * leftWeight < bound * (leftWeight * rightWeight))) {
        const gain = leftSquare / leftWeight + rightSquare / rightWeight;
        const position = <i32>((at - list) >> (size == 4 ? 2 : 3));
        if (single) {
          if (gain > best) {
            best = gain;
            setF64(gains, first, gain);
            setI32(positions, first, position);
            bound = max(bound, safeBound(gain));
          }
        } else bound = max(bound, safeBound(record(gains, positions, levels, gain, position, rows)));
      }
    }
    const row = rowSumsAt + (numberOf<Entry>(above) << (isInteger<Sum>() ? 3 : 4));
    if (isInteger<Sum>()) packed += load<i64>(row);
    else {
      leftWeight += load<f64>(row);
      leftTarget += load<f64>(row, 8);
    }
    below = above;
    at += size;
  }
}

/** Notes a gain for the levels that allow its position; returns the least of all levels' best gains. */
function record(gains: usize, positions: usize, levels: u64, gain: f64, position: i32, rows: i32): f64 {
  const smaller = min(position, rows - position);
  let least = Infinity;
  for (let rest = levels; rest != 0; rest &= rest - 1) {
    const level = <i32>ctz<u64>(rest);
    if (smaller >= getI32(leafSizesAt, level) && gain > getF64(gains, level)) {
      setF64(gains, level, gain);
      setI32(positions, level, position);
    }
    least = min(least, getF64(gains, level));
  }
  return least;
}
