import { hasMissing } from '../matrix';
import type { Criterion } from './criteria/criterion';
import { improvementOf } from './criteria/criterion';
import { FeatureDraws } from './features';
import type { Xorshift } from './reference';
import type { Rules } from './rules';
import { sortTogether, swap, swapTogether } from './sort';

/** Values closer than this are one value, in float32 arithmetic. */
const FEATURE_THRESHOLD = Math.fround(1e-7);

/** Whether a value counts as equal to a smaller one. */
const sameValue = (smaller: number, larger: number) => larger <= Math.fround(smaller + FEATURE_THRESHOLD);

/** A tree's rules, with what they mean for its rows. */
export interface Limits extends Rules {
  /** Weight that each side of a split must keep. */
  minWeightLeaf: number;
}

/** A node that may be split: the rows `start` to `end - 1` of the tree's array. */
export interface Stretch {
  start: number;
  end: number;
  impurity: number;
  /** The number of features that its ancestors found constant. */
  known: number;
  /** The range of predictions that monotonic constraints allow the node. */
  lowest: number;
  highest: number;
}

export interface SplitRecord {
  feature: number;
  /** The position at which the right child begins. */
  position: number;
  threshold: number;
  missingGoToLeft: boolean;
  proxy: number;
  impurityLeft: number;
  impurityRight: number;
  improvement: number;
}

/** The input of a splitter. */
export interface SplitterParts {
  columns: readonly Float32Array[];
  rows: Int32Array;
  criterion: Criterion;
  limits: Limits;
  random: Xorshift;
  weightOfAll: number;
}

/** Finds a node's split and reorders its rows: those of the left child first. */
export abstract class Splitter {
  protected readonly columns: readonly Float32Array[];
  protected readonly rows: Int32Array;
  protected readonly criterion: Criterion;
  protected readonly limits: Limits;
  protected readonly random: Xorshift;
  protected readonly draws: FeatureDraws;
  /** The values of the feature examined last, beside `rows`. */
  protected readonly values: Float32Array;
  protected readonly hasMissing: readonly boolean[];
  protected best: SplitRecord | null = null;
  protected node!: Stretch;
  protected missing = 0;
  private readonly weightOfAll: number;

  constructor({ columns, rows, criterion, limits, random, weightOfAll }: SplitterParts) {
    this.columns = columns;
    this.rows = rows;
    this.criterion = criterion;
    this.limits = limits;
    this.random = random;
    this.weightOfAll = weightOfAll;
    this.draws = new FeatureDraws(columns.length, limits.maxFeatures, random);
    this.values = new Float32Array(rows.length);
    this.hasMissing = columns.map((column) => hasMissing([column]));
  }

  /** Looks for the best split by one feature, and replaces `best` by a strictly better one. */
  protected abstract examine(feature: number): void;
  /** Whether the rows already stand as `best` divides them. */
  protected abstract isPartitioned(lastExamined: number): boolean;

  /** The best split over the features drawn, null when none divides the node; and the constants now known. */
  split(node: Stretch): { split: SplitRecord | null; known: number } {
    this.node = node;
    this.best = null;
    this.draws.begin(node.known);
    let last = -1;
    for (let feature = this.draws.next(); feature >= 0; feature = this.draws.next()) {
      last = feature;
      this.examine(feature);
    }
    if (this.best) this.carryOut(this.best, this.isPartitioned(last));
    return { split: this.best, known: this.draws.end() };
  }

  /** Partitions the rows, and measures the two children from their new order. */
  private carryOut(split: SplitRecord, isPartitioned: boolean): void {
    const { criterion } = this;
    if (!isPartitioned) this.partition(split);
    criterion.reset();
    criterion.moveTo(split.position);
    criterion.measureParts();
    split.impurityLeft = criterion.impurityLeft;
    split.impurityRight = criterion.impurityRight;
    split.improvement = improvementOf(criterion, this.node.impurity, this.weightOfAll);
  }

  /** Rows that go right change places with the last ones that are not yet known to go right. */
  private partition({ feature, threshold, missingGoToLeft }: SplitRecord): void {
    const column = this.columns[feature];
    let { start, end } = this.node;
    while (start < end) {
      const value = column[this.rows[start]];
      const goesLeft = Number.isNaN(value) ? missingGoToLeft : value <= threshold;
      if (goesLeft) start++;
      else swap(this.rows, start, --end);
    }
  }

  /** Whether a border at `position` leaves enough rows on both sides. */
  protected leavesEnoughRows(position: number): boolean {
    const { minSamplesLeaf } = this.limits;
    return position - this.node.start >= minSamplesLeaf && this.node.end - position >= minSamplesLeaf;
  }

  /** Whether the criterion's present parts are heavy enough and as monotonic as they have to be. */
  protected isAllowed(feature: number): boolean {
    const { criterion, limits, node } = this;
    if (criterion.weightLeft < limits.minWeightLeaf || criterion.weightRight < limits.minWeightLeaf) {
      return false;
    }
    const direction = limits.monotonicCst?.[feature] ?? 0;
    if (direction === 0) return true;
    const [left, right] = [criterion.leftValue(), criterion.rightValue()];
    return (
      left >= node.lowest &&
      right >= node.lowest &&
      left <= node.highest &&
      right <= node.highest &&
      (left - right) * direction <= 0
    );
  }

  /** Notes the criterion's present parts as a split where they are better than the best so far. */
  protected consider(
    feature: number,
    position: number,
    threshold: () => number,
    missingGoToLeft: boolean,
  ): void {
    const proxy = this.criterion.proxy();
    if (!(proxy > (this.best?.proxy ?? Number.NEGATIVE_INFINITY))) return;
    const { start, end } = this.node;
    this.best = {
      feature,
      position,
      threshold: threshold(),
      // Rows of later tables that miss a value which none missed here go with the larger part.
      missingGoToLeft: this.missing > 0 ? missingGoToLeft : position - start > end - position,
      proxy,
      impurityLeft: 0,
      impurityRight: 0,
      improvement: 0,
    };
  }
}

/** Tries every position between two different values of every feature drawn. */
export class BestSplitter extends Splitter {
  protected isPartitioned(): boolean {
    return false;
  }

  protected examine(feature: number): void {
    const { values, draws } = this;
    const { start, end } = this.node;
    this.sort(feature);
    const known = end - this.missing;
    if (known === start || (this.missing === 0 && sameValue(values[start], values[known - 1]))) {
      draws.isConstant();
      return;
    }
    draws.isUsed();
    this.scan(feature, start, known);
    if (this.missing === 0) return;
    // Once more, with the missing values on the left side.
    this.moveMissingToTheStart();
    this.scan(feature, start + this.missing, end);
  }

  /** Sorts the node's rows by a feature, those that miss it last. */
  private sort(feature: number): void {
    const { rows, values } = this;
    const { start, end } = this.node;
    const column = this.columns[feature];
    this.missing = this.hasMissing[feature] ? this.moveMissingToTheEnd(column) : 0;
    const known = end - this.missing;
    for (let p = start; p < known; p++) values[p] = column[rows[p]];
    sortTogether(values, rows, start, known - start);
  }

  private moveMissingToTheEnd(column: Float32Array): number {
    const { rows } = this;
    let i = this.node.start;
    let last = this.node.end - 1;
    while (i <= last) {
      if (Number.isNaN(column[rows[last]])) {
        last--;
        continue;
      }
      if (Number.isNaN(column[rows[i]])) swap(rows, i, last--);
      i++;
    }
    return this.node.end - 1 - last;
  }

  private moveMissingToTheStart(): void {
    const { rows, values, missing } = this;
    const { start, end } = this.node;
    const last = rows.slice(end - missing, end);
    rows.copyWithin(start + missing, start, end - missing);
    rows.set(last, start);
    values.copyWithin(start + missing, start, end - missing);
  }

  /**
   * Tries the positions between the sorted values `from` to `to - 1`, smallest first. Only a strictly greater
   * improvement replaces the best, so ties go to the feature drawn first and to the smallest value.
   */
  private scan(feature: number, from: number, to: number): void {
    const { criterion, values, node } = this;
    const missingGoToLeft = from > node.start;
    criterion.reset();
    for (let position = from + 1; position <= to; position++) {
      // Behind the last value only the missing ones can stand.
      if (position === to && to === node.end) return;
      if (position < to && sameValue(values[position - 1], values[position])) continue;
      if (!this.leavesEnoughRows(position)) continue;
      criterion.moveTo(position);
      if (!this.isAllowed(feature)) continue;
      const threshold = () =>
        position === to ? Number.POSITIVE_INFINITY : values[position - 1] / 2 + values[position] / 2;
      this.consider(feature, position, threshold, missingGoToLeft);
    }
  }
}

/** Tries one random threshold of every feature drawn: extremely randomised trees (Geurts 2006). */
export class RandomSplitter extends Splitter {
  protected isPartitioned(lastExamined: number): boolean {
    return lastExamined === this.best!.feature;
  }

  protected examine(feature: number): void {
    const { draws, random, criterion } = this;
    const { start, end } = this.node;
    const { least, most } = this.readValues(feature);
    if (end - start === this.missing || (this.missing === 0 && sameValue(least, most))) {
      draws.isConstant();
      return;
    }
    draws.isUsed();
    let threshold = random.uniform(least, most);
    const missingGoToLeft = this.missing > 0 && random.between(0, 2) === 1;
    if (threshold === most) threshold = least;
    const position = this.partitionBy(threshold, missingGoToLeft);
    if (!this.leavesEnoughRows(position)) return;
    criterion.reset();
    criterion.moveTo(position);
    if (this.isAllowed(feature)) this.consider(feature, position, () => threshold, missingGoToLeft);
  }

  private readValues(feature: number): { least: number; most: number } {
    const column = this.columns[feature];
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    this.missing = 0;
    for (let p = this.node.start; p < this.node.end; p++) {
      const value = column[this.rows[p]];
      this.values[p] = value;
      if (Number.isNaN(value)) this.missing++;
      else {
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
    return { least, most };
  }

  private partitionBy(threshold: number, missingGoToLeft: boolean): number {
    const { values, rows } = this;
    let { start, end } = this.node;
    while (start < end) {
      const goesLeft = Number.isNaN(values[start]) ? missingGoToLeft : values[start] <= threshold;
      if (goesLeft) start++;
      else swapTogether(values, rows, start, --end);
    }
    return end;
  }
}
