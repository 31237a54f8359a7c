/** The part of ml-cross-validation 1.3.0 that hits.ts uses; the package brings no types. */
declare module 'ml-cross-validation' {
  function getFolds(features: unknown[], k: number): { trainIndex: number[]; testIndex: number[] }[];
}
