/**
 * Configurations that were not told apart yet. Those of one class have drawn the same random numbers, so they
 * share a splitter: its generator, its order of features and its known constants. They differ only in limits
 * that did not matter so far. A class is named by its leader, its lowest configuration; sets of configurations
 * are bits of a u64. When the members of a class come to different ends it is parted, for good.
 */
import {
  CLASS_BYTES,
  classOfAt,
  classesAt,
  configCount,
  featureCount,
  getI32,
  levelAt,
  levelCount,
  levelMasksAt,
  maxDepthAt,
  minSplitAt,
  ordered,
  setI32,
  splitterConstantsAt,
  splitterFeaturesAt,
} from './memory';
import { copyStretch } from './order';

@unmanaged
export class Class {
  members: u64;
  /** Levels of min_samples_leaf among the members. */
  levels: u64;
  /** State of the splitter's generator. */
  random: u32;
  /** Smallest and largest max_depth and min_samples_split of the members. */
  minDepth: i32;
  maxDepth: i32;
  minSplit: i32;
  maxSplit: i32;
}

// @ts-ignore: decorator
@inline
export function classOf(leader: i32): Class {
  return changetype<Class>(classesAt + <usize>leader * CLASS_BYTES);
}

/** The leader of a configuration's class. */
// @ts-ignore: decorator
@inline
export function leaderOf(config: i32): i32 {
  return getI32(classOfAt, config);
}

/** The features in the order in which a class has left them. */
// @ts-ignore: decorator
@inline
export function featuresOf(leader: i32): usize {
  return splitterFeaturesAt + ((<usize>leader * <usize>featureCount) << 2);
}

// @ts-ignore: decorator
@inline
export function constantsOf(leader: i32): usize {
  return splitterConstantsAt + ((<usize>leader * <usize>featureCount) << 2);
}

/** Configurations of one level of min_samples_leaf. */
// @ts-ignore: decorator
@inline
export function configsAtLevel(level: i32): u64 {
  return load<u64>(levelMasksAt + ((<usize>level) << 3));
}

/** All configurations, as the first class of a tree. */
export function startClasses(random: u32): u64 {
  for (let level = 0; level < levelCount; level++) store<u64>(levelMasksAt + ((<usize>level) << 3), 0);
  for (let config = 0; config < configCount; config++) {
    const mask = levelMasksAt + ((<usize>getI32(levelAt, config)) << 3);
    store<u64>(mask, load<u64>(mask) | ((<u64>1) << config));
  }
  const all = <u64>-1 >> (64 - configCount);
  describe(0, all);
  classOf(0).random = random;
  const features = featuresOf(0);
  for (let feature = 0; feature < featureCount; feature++) setI32(features, feature, feature);
  return all;
}

/** Makes `members` the class of `leader` and notes what their limits span. */
function describe(leader: i32, members: u64): void {
  const it = classOf(leader);
  it.members = members;
  it.levels = 0;
  it.minDepth = i32.MAX_VALUE;
  it.maxDepth = 0;
  it.minSplit = i32.MAX_VALUE;
  it.maxSplit = 0;
  for (let rest = members; rest != 0; rest &= rest - 1) {
    const config = <i32>ctz<u64>(rest);
    const depth = getI32(maxDepthAt, config);
    const split = getI32(minSplitAt, config);
    setI32(classOfAt, config, leader);
    it.levels |= (<u64>1) << getI32(levelAt, config);
    it.minDepth = min(it.minDepth, depth);
    it.maxDepth = max(it.maxDepth, depth);
    it.minSplit = min(it.minSplit, split);
    it.maxSplit = max(it.maxSplit, split);
  }
}

/** Makes `members` of a class, not all of it, a class of their own; both keep the splitter as it is. */
export function part(leader: i32, members: u64): void {
  const others = classOf(leader).members ^ members;
  const first = <i32>ctz<u64>(members);
  const second = <i32>ctz<u64>(others);
  const newcomer = max(first, second);
  classOf(newcomer).random = classOf(leader).random;
  const bytes = (<usize>featureCount) << 2;
  memory.copy(featuresOf(newcomer), featuresOf(leader), bytes);
  memory.copy(constantsOf(newcomer), constantsOf(leader), bytes);
  if (ordered) copyStretch(leader, newcomer);
  describe(first, members);
  describe(second, others);
}

/** The members that must not split a node of `rows` rows at `depth`. */
export function leavesOf(leader: i32, depth: i32, rows: i32): u64 {
  const it = classOf(leader);
  if (depth < it.minDepth && rows >= it.maxSplit) return 0;
  if (depth >= it.maxDepth || rows < it.minSplit) return it.members;
  let leaves: u64 = 0;
  for (let rest = it.members; rest != 0; rest &= rest - 1) {
    const config = <i32>ctz<u64>(rest);
    if (depth >= getI32(maxDepthAt, config) || rows < getI32(minSplitAt, config)) leaves |= (<u64>1) << config;
  }
  return leaves;
}
