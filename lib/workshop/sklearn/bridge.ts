/**
 * The Node side of the bridge: estimators.py sends one request as a line of JSON, and reads one line as the answer.
 * Arrays travel as base64 of their bytes, column after column.
 */
import { createInterface } from 'node:readline';
import {
  accuracyScore,
  auc,
  averagePrecisionScore,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingRegressor,
  GroupKFold,
  KFold,
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  precisionRecallCurve,
  RandomForestClassifier,
  RandomForestRegressor,
  RepeatedKFold,
  r2Score,
  rocAucScore,
  rocCurve,
  rootMeanSquaredError,
  ShuffleSplit,
  type Splitter,
  StratifiedKFold,
  type Table,
} from '../../forest/src/index';

const CLASSES = {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingRegressor,
  RandomForestClassifier,
  RandomForestRegressor,
};
type Model = InstanceType<(typeof CLASSES)[keyof typeof CLASSES]>;

const FUNCTIONS = {
  accuracyScore,
  auc,
  averagePrecisionScore,
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  precisionRecallCurve,
  r2Score,
  rocAucScore,
  rocCurve,
  rootMeanSquaredError,
};
const SPLITTERS = { GroupKFold, KFold, RepeatedKFold, ShuffleSplit, StratifiedKFold };
type Values = (number | string)[];

/** A table of numbers as it travels: float64, column after column. */
interface Packed {
  rows: number;
  columns: number;
  data: string;
}

interface Request {
  /** The number under which the answers of this model are asked for. */
  id: number;
  /** Fits a model of this class, or the one that has the number already. */
  fit?: { name: keyof typeof CLASSES; params: object; X: Packed; y: Packed; sampleWeight: Packed | null };
  /** Asks a fitted model. */
  ask?: { what: 'predict' | 'predictProba' | 'stagedPredict'; X: Packed };
  /** Scores by a function. */
  call?: { name: keyof typeof FUNCTIONS; values: unknown[] };
  /** Splits rows into folds. */
  split?: {
    name: keyof typeof SPLITTERS;
    options: object;
    rowCount: number;
    groups: Values | null;
    y: Values | null;
  };
}

const models = new Map<number, Model>();

function columnsOf({ rows, columns, data }: Packed): Float64Array[] {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  const all = new Float64Array(bytes.buffer);
  return Array.from({ length: columns }, (_, column) => all.subarray(column * rows, (column + 1) * rows));
}

function tableOf(X: Packed): Table {
  const columns = columnsOf(X);
  return { names: columns.map((_, column) => `x${column}`), rowCount: X.rows, columns };
}

function pack(columns: readonly ArrayLike<number>[]): Packed {
  const rows = columns[0]?.length ?? 0;
  const all = new Float64Array(rows * columns.length);
  columns.forEach((column, place) => {
    all.set(column, place * rows);
  });
  return { rows, columns: columns.length, data: Buffer.from(all.buffer).toString('base64') };
}

/** The trees, the importances, and what the training rows say of the model. */
function fitted(model: Model): object {
  const { arrays } = model;
  const { nFeatures, treeCount, valuesPerNode = 1, value, rootOf, ...nodes } = arrays;
  const { oobScore = false } = model.params as { oobScore?: boolean };
  const targets = model instanceof RandomForestRegressor || model instanceof ExtraTreesRegressor;
  return {
    nFeatures,
    treeCount,
    valuesPerNode,
    rootOf: pack([rootOf]),
    value: pack([value]),
    nodes: Object.fromEntries(Object.entries(nodes).map(([name, array]) => [name, pack([array])])),
    importances: pack([model.featureImportances]),
    ...('initialPrediction' in model && {
      initialPrediction: model.initialPrediction,
      trainScore: pack([model.trainScore]),
      ...(model.params.subsample < 1 && {
        oobScores: pack([model.oobScores]),
        oobImprovement: pack([model.oobImprovement]),
      }),
    }),
    ...(oobScore && targets && { oob: pack(model.oobPredictionTargets) }),
    ...(oobScore && 'oobDecisionFunction' in model && { oob: pack(model.oobDecisionFunction) }),
  };
}

/** A score as a table of one number, or the parts of a curve. */
function called({ name, values }: NonNullable<Request['call']>): object {
  const call = FUNCTIONS[name] as (...values: unknown[]) => number | Record<string, ArrayLike<number>>;
  const said = call(...values);
  if (typeof said === 'number') return pack([[said]]);
  return Object.fromEntries(Object.entries(said).map(([part, points]) => [part, pack([points])]));
}

function folds({ name, options, rowCount, groups, y }: NonNullable<Request['split']>): object {
  const splitter: Splitter = new SPLITTERS[name](options);
  const splits = splitter.split(rowCount, groups ?? undefined, y ?? undefined);
  return {
    train: splits.map(({ train }) => pack([train])),
    test: splits.map(({ test }) => pack([test])),
  };
}

async function answer({ id, fit, ask, call, split }: Request): Promise<object> {
  if (call) return called(call);
  if (split) return folds(split);
  if (fit) {
    const known = models.get(id);
    const model =
      known && 'setParams' in known ? known.setParams(fit.params) : new CLASSES[fit.name](fit.params);
    const options = { sampleWeight: fit.sampleWeight && columnsOf(fit.sampleWeight)[0] };
    const targets = columnsOf(fit.y);
    const rows = () => Array.from(targets[0], (_, row) => targets.map((target) => target[row]));
    await model.fit(tableOf(fit.X), (targets.length > 1 ? rows() : targets[0]) as Float64Array, options);
    models.set(id, model);
    return fitted(model);
  }
  const model = models.get(id);
  if (!model || !ask) throw new Error(`No model has the number ${id}`);
  const X = tableOf(ask.X);
  if (ask.what === 'stagedPredict') return pack((model as GradientBoostingRegressor).stagedPredict(X));
  if (ask.what === 'predictProba') return pack((model as RandomForestClassifier).predictProba(X));
  if ('predictTargets' in model) return pack(model.predictTargets(X));
  return pack([model.predict(X) as ArrayLike<number>]);
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const said = await answer(JSON.parse(line)).catch((error: Error) => ({
      error: error.message,
      isInput: error.name === 'InputError',
    }));
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
}

main();
