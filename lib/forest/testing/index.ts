/** Imports of the workshop beside the package's index: programs to test with, recorded data, internals to measure. */

export { conformalQuantiles, outOfBag, type Spread } from '../src/ensemble/intervals';
export { cut } from '../src/queue/parts';
export { bootstrapCounts } from '../src/tree/bag';
export { treeSeeds } from '../src/tree/reference';
export { CHROMIUM, CHROMIUM_FLAGS, PYTHON, TUTORIAL_TABLE, without } from './peers';
export { makeForest, recorded, train, unseen, X, y } from './recorded';
export { TestRedis, TestWorker } from './redis';
