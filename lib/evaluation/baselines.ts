import { CholeskyDecomposition, Matrix, SVD } from 'ml-matrix';
import { RandomForestRegression } from 'ml-random-forest';
import { median } from 'simple-statistics';
import {
  InputError,
  mean,
  RandomState,
  type Regressor,
  rowsByGroup,
  type Table,
  take,
  takeRows,
} from '../forest/src/index';
import { oneHot } from '../tracks/features';
import type { Feature } from '../tracks/types';

/** Predicts one number for every row, scikit-learn's `DummyRegressor`: what a forest must beat first. */
export class ConstantRegressor implements Regressor {
  private value = Number.NaN;

  /** @param strategy the training targets' `mean` (has R2 0 at best) or `median` (has the least MAE of all) */
  constructor(readonly strategy: 'mean' | 'median' = 'mean') {}

  fit(_X: Table, y: ArrayLike<number>): this {
    this.value = this.strategy === 'mean' ? mean(y) : median(Array.from(y));
    return this;
  }

  predict(X: Table): Float64Array {
    return new Float64Array(X.rowCount).fill(this.value);
  }
}

/** Predicts the training mean or median of the row's category, e.g. its genre; of all rows for one not seen. */
export class CategoryRegressor implements Regressor {
  private readonly centres = new Map<number, number>();
  private overall = Number.NaN;

  /** @param column name of the feature that holds the category's code; `strategy` as of `ConstantRegressor` */
  constructor(
    readonly column: string,
    readonly strategy: 'mean' | 'median' = 'mean',
  ) {}

  /** @throws InputError when X has no such column */
  fit(X: Table, y: ArrayLike<number>): this {
    const rowsOf = rowsByGroup(this.codes(X));
    const centre = (values: ArrayLike<number>) =>
      this.strategy === 'mean' ? mean(values) : median(Array.from(values));
    this.centres.clear();
    for (const [code, rows] of rowsOf) this.centres.set(code, centre(take(y, rows)));
    this.overall = centre(y);
    return this;
  }

  predict(X: Table): Float64Array {
    return this.codes(X).map((code) => this.centres.get(code) ?? this.overall);
  }

  private codes(X: Table): Float64Array {
    const index = X.names.indexOf(this.column);
    if (index < 0) {
      throw new InputError(`CategoryRegressor requires the column ${this.column}, got ${X.names.join(', ')}`);
    }
    return X.columns[index];
  }
}

/**
 * Least squares with an L2 penalty on the coefficients, not on the intercept (Hoerl and Kennard 1970),
 * scikit-learn's `Ridge(alpha)`; with alpha 0 its `LinearRegression`: of all least-squares solutions the
 * shortest, so collinear columns do no harm.
 */
export class RidgeRegression implements Regressor {
  coefficients: number[] = [];
  intercept = Number.NaN;

  /** @throws InputError when alpha is negative */
  constructor(readonly alpha = 1) {
    if (!(alpha >= 0)) throw new InputError(`RidgeRegression requires alpha of at least 0, got ${alpha}`);
  }

  fit(X: Table, y: ArrayLike<number>): this {
    const centres = X.columns.map(mean);
    const targetCentre = mean(y);
    const centred = new Matrix(
      X.columns.map((column, j) => Array.from(column, (v) => v - centres[j])),
    ).transpose();
    const target = Matrix.columnVector(Array.from(y, (v) => v - targetCentre));
    let solution: Matrix;
    if (this.alpha > 0) {
      const transposed = centred.transpose();
      const gram = transposed.mmul(centred);
      for (let j = 0; j < gram.rows; j++) gram.set(j, j, gram.get(j, j) + this.alpha);
      solution = new CholeskyDecomposition(gram).solve(transposed.mmul(target));
    } else solution = new SVD(centred, { autoTranspose: true }).solve(target);
    this.coefficients = solution.to1DArray();
    this.intercept = this.coefficients.reduce((sum, c, j) => sum - c * centres[j], targetCentre);
    return this;
  }

  predict(X: Table): Float64Array {
    const predicted = new Float64Array(X.rowCount).fill(this.intercept);
    this.coefficients.forEach((coefficient, j) => {
      X.columns[j].forEach((value, row) => {
        predicted[row] += coefficient * value;
      });
    });
    return predicted;
  }
}

/** A linear model on the encoder's table: categories become 0/1 columns, as a code has no slope. */
export class OneHotRegressor implements Regressor {
  /** @param inner e.g. a `RidgeRegression`; `features` those of the encoder that made the table */
  constructor(
    readonly inner: Regressor,
    readonly features: readonly Feature[],
  ) {}

  async fit(X: Table, y: ArrayLike<number>): Promise<this> {
    await this.inner.fit(oneHot(X, this.features), y);
    return this;
  }

  predict(X: Table): ArrayLike<number> {
    return this.inner.predict(oneHot(X, this.features));
  }
}

/** Settings of `MlForestRegressor`. */
export interface MlForestSettings {
  nEstimators: number;
  maxDepth: number;
  /** At most so many training rows, drawn without replacement. */
  maxRows: number;
  randomState: number;
}

/**
 * The forest of the package ml-random-forest. Its work grows with the square of the rows (5 trees of depth 6
 * on 3,400 tracks took 18 s), so it learns from a sample; compare it with a forest given the same rows
 * (`trainingRows`).
 */
export class MlForestRegressor implements Regressor {
  readonly settings: MlForestSettings;
  /** The rows of the training table that it learnt from. */
  trainingRows = new Int32Array();
  private forest: RandomForestRegression | null = null;

  constructor(settings: Partial<MlForestSettings> = {}) {
    this.settings = { nEstimators: 10, maxDepth: 6, maxRows: 300, randomState: 42, ...settings };
  }

  fit(X: Table, y: ArrayLike<number>): this {
    const { nEstimators, maxDepth, maxRows, randomState } = this.settings;
    this.trainingRows = new RandomState(randomState).permutation(X.rowCount).slice(0, maxRows).sort();
    this.forest = new RandomForestRegression({
      nEstimators,
      seed: randomState,
      maxFeatures: 1.0,
      replacement: false, // of features: with replacement a tree would see some twice and others never
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { maxDepth },
    });
    this.forest.train(toRows(takeRows(X, this.trainingRows)), Array.from(take(y, this.trainingRows)));
    return this;
  }

  predict(X: Table): Float64Array {
    if (!this.forest)
      throw new InputError('predict requires a fitted MlForestRegressor, got one without trees');
    return Float64Array.from(this.forest.predict(toRows(X)));
  }
}

/** The rows of a column-wise table, for libraries that want `number[][]`. */
export function toRows(table: Table): number[][] {
  return Array.from({ length: table.rowCount }, (_, row) => table.columns.map((column) => column[row]));
}
