/** The natural logarithm. */
export const naturalLog = (x: number) => Math.log(x);
