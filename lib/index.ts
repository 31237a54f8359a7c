/** All that the notebook imports, in the order of its stages. */

// Settings and errors
export { InputError } from './errors';

// Load and clean: lib/tracks

// Explore: lib/eda, lib/jupyter

// Split, tune, train: lib/forest

// Evaluate: lib/evaluation
export { type IntervalRule, predictInterval } from './evaluation/intervals';

// Export and serve: lib/model, lib/demo
