/** The part of ml-cross-validation 1.3.0 that hits.ts uses; the package brings no types. */
declare module 'ml-cross-validation' {
  interface ConfusionMatrix {
    /** `[actual][predicted]` counts, in the order of `getLabels()`. */
    getMatrix(): number[][];
    getLabels(): string[];
    getAccuracy(): number;
    getPositivePredictiveValue(label: string): number;
    getTruePositiveRate(label: string): number;
  }
  function getFolds(features: unknown[], k: number): { trainIndex: number[]; testIndex: number[] }[];
  function kFold(
    features: number[][],
    labels: string[],
    k: number,
    classify: (trainX: number[][], trainY: string[], testX: number[][]) => string[],
  ): ConfusionMatrix;
}
