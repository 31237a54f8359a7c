/** A node that waits to be split, and the gain of its split. */
export interface Waiting {
  improvement: number;
}

/**
 * A heap that gives the largest improvement first. The order among equal ones is part of scikit-learn's
 * definition, so it is that of the heap of the C++ library which it uses (libstdc++): the hole that the first
 * leaves goes down to a leaf along the larger children, and the last element rises from there.
 */
export class Frontier<T extends Waiting> {
  private readonly heap: T[] = [];

  push(added: T): void {
    this.heap.push(added);
    this.rise(this.heap.length - 1, added);
  }

  pop(): T | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return last;
    this.rise(this.sinkHole(), last!);
    return first;
  }

  /** Moves larger children up from the first place, and returns the place that is free in the end. */
  private sinkHole(): number {
    const { heap } = this;
    let hole = 0;
    for (let right = 2; right < heap.length; right = 2 * hole + 2) {
      const larger = heap[right].improvement < heap[right - 1].improvement ? right - 1 : right;
      heap[hole] = heap[larger];
      hole = larger;
    }
    const left = 2 * hole + 1;
    if (left >= heap.length) return hole;
    heap[hole] = heap[left];
    return left;
  }

  private rise(hole: number, value: T): void {
    const { heap } = this;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!(heap[parent].improvement < value.improvement)) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = value;
  }
}
