import type { Criterion } from './criteria/criterion';
import { Frontier } from './frontier';
import { NodeList } from './nodeList';
import { EPSILON } from './reference';
import type { Limits, SplitRecord, Splitter, Stretch } from './splitter';

/** A node to be made, and where it hangs. */
interface Task extends Stretch {
  depth: number;
  parent: number;
  isLeft: boolean;
}

/** A node that was made, with the split that it could have; the split is null where it has to be a leaf. */
interface Made {
  id: number;
  task: Task;
  split: SplitRecord | null;
  known: number;
  middle: number;
}

/** The parts that a builder makes a tree with. */
interface BuilderParts {
  criterion: Criterion;
  splitter: Splitter;
  limits: Limits;
  valuesPerNode: number;
  rowCount: number;
}

/** Makes the nodes of a tree. */
abstract class Builder {
  protected readonly nodes: NodeList;
  protected readonly limits: Limits;
  private readonly criterion: Criterion;
  private readonly splitter: Splitter;

  constructor(private readonly parts: BuilderParts) {
    this.nodes = new NodeList(parts.valuesPerNode);
    this.limits = parts.limits;
    this.criterion = parts.criterion;
    this.splitter = parts.splitter;
  }

  /** Makes the nodes, and pauses after each. */
  abstract build(): Generator<undefined, NodeList>;

  protected root(): Task {
    return {
      start: 0,
      end: this.parts.rowCount,
      impurity: Number.NaN,
      known: 0,
      lowest: Number.NEGATIVE_INFINITY,
      highest: Number.POSITIVE_INFINITY,
      depth: 0,
      parent: -1,
      isLeft: false,
    };
  }

  /** Makes a node, as a leaf for the time being, and finds the split that it could have. */
  protected make(task: Task): Made {
    const { criterion } = this;
    criterion.enter(task.start, task.end);
    if (task.parent < 0) task.impurity = criterion.nodeImpurity();
    let split: SplitRecord | null = null;
    let { known } = task;
    if (!this.mustBeLeaf(task)) {
      ({ split, known } = this.splitter.split(task));
      if (split && split.improvement + EPSILON < this.limits.minImpurityDecrease) split = null;
    }
    const id = this.nodes.add({
      parent: task.parent,
      isLeft: task.isLeft,
      rows: task.end - task.start,
      weight: criterion.weightNode,
      impurity: task.impurity,
    });
    this.writeValue(task);
    return { id, task, split, known, middle: criterion.middleValue() };
  }

  private mustBeLeaf({ start, end, depth, impurity }: Task): boolean {
    const { limits } = this;
    return (
      depth >= limits.maxDepth ||
      end - start < limits.minSamplesSplit ||
      end - start < 2 * limits.minSamplesLeaf ||
      this.criterion.weightNode < 2 * limits.minWeightLeaf ||
      impurity <= EPSILON
    );
  }

  private writeValue({ lowest, highest }: Task): void {
    const { value } = this.nodes;
    const at = value.length;
    this.criterion.writeValue(value);
    if (!this.limits.monotonicCst) return;
    value[at] = value[at] < lowest ? lowest : value[at] > highest ? highest : value[at];
    // Two classes: their shares make one.
    if (value.length === at + 2) value[at + 1] = 1 - value[at];
  }

  /** Makes a node an inner one; its children remain to be made. */
  protected open({ id, task, split, known, middle }: Made): { left: Task; right: Task } {
    const { feature, threshold, position, missingGoToLeft, impurityLeft, impurityRight } = split!;
    this.nodes.split(id, feature, threshold, missingGoToLeft);
    const { lowest, highest } = task;
    const child = { depth: task.depth + 1, known, parent: id, lowest, highest };
    const left = { ...child, start: task.start, end: position, impurity: impurityLeft, isLeft: true };
    const right = { ...child, start: position, end: task.end, impurity: impurityRight, isLeft: false };
    const direction = this.limits.monotonicCst?.[feature] ?? 0;
    if (direction > 0) left.highest = right.lowest = middle;
    if (direction < 0) left.lowest = right.highest = middle;
    return { left, right };
  }
}

/** Depth first, the left child before the right. */
export class DepthFirstBuilder extends Builder {
  *build(): Generator<undefined, NodeList> {
    const stack = [this.root()];
    for (let task = stack.pop(); task; task = stack.pop()) {
      const made = this.make(task);
      yield;
      if (!made.split) continue;
      const { left, right } = this.open(made);
      stack.push(right, left);
    }
    return this.nodes;
  }
}

/** The split that gains most first, until there are as many leaves as allowed. */
export class BestFirstBuilder extends Builder {
  *build(): Generator<undefined, NodeList> {
    const frontier = new Frontier<Made & { improvement: number }>();
    // Both children of a node look for their splits without the constants that their ancestors found.
    const add = (task: Task) => {
      const made = this.make({ ...task, known: 0 });
      frontier.push({ ...made, improvement: made.split?.improvement ?? 0 });
    };
    let splitsLeft = this.limits.maxLeafNodes! - 1;
    add(this.root());
    for (let made = frontier.pop(); made; made = frontier.pop()) {
      if (!made.split || splitsLeft <= 0) continue;
      yield;
      splitsLeft--;
      const { left, right } = this.open(made);
      add(left);
      add(right);
    }
    return this.nodes;
  }
}
