import type { Xorshift } from './reference';
import { swap } from './sort';

/**
 * Draws features without replacement, until `maxFeatures` were visited and at least one of them was not
 * constant. One array lasts for the whole tree and is kept in this order: known constants drawn, known
 * constants not drawn, constants found in this node, not drawn yet, drawn.
 */
export class FeatureDraws {
  private readonly features: Int32Array;
  /** The known constant features of the path from the root; a sibling overwrites what it does not share. */
  private readonly constants: Int32Array;
  private known = 0;
  private found = 0;
  private undrawn = 0;
  private visited = 0;
  private drawnConstants = 0;
  private at = 0;

  constructor(
    featureCount: number,
    private readonly maxFeatures: number,
    private readonly random: Xorshift,
  ) {
    this.features = Int32Array.from({ length: featureCount }, (_, j) => j);
    this.constants = new Int32Array(featureCount);
  }

  /** Begins with a node whose ancestors found `known` features constant. */
  begin(known: number): void {
    this.known = known;
    this.found = 0;
    this.undrawn = this.features.length;
    this.visited = 0;
    this.drawnConstants = 0;
  }

  /** The next feature to examine, which must be reported to `isConstant` or `isUsed`; -1 when there is none. */
  next(): number {
    while (
      this.undrawn > this.known + this.found &&
      (this.visited < this.maxFeatures || this.visited <= this.found + this.drawnConstants)
    ) {
      this.visited++;
      const drawn = this.random.between(this.drawnConstants, this.undrawn - this.found);
      if (drawn < this.known) {
        swap(this.features, this.drawnConstants++, drawn);
        continue;
      }
      this.at = drawn + this.found;
      return this.features[this.at];
    }
    return -1;
  }

  isConstant(): void {
    swap(this.features, this.at, this.known + this.found++);
  }

  isUsed(): void {
    swap(this.features, this.at, --this.undrawn);
  }

  /** Ends the node; relatives must find the known constants in the order in which they were found. */
  end(): number {
    const { features, known, found } = this;
    features.set(this.constants.subarray(0, known));
    this.constants.set(features.subarray(known, known + found), known);
    return known + found;
  }
}
