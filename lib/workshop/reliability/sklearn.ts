/**
 * `npm run reliability -- sklearn [--only NAME]`: scikit-learn's own tests on the forest package, by the bridge of
 * `workshop/sklearn`. A test is not applicable where the bridge names what the package does not have, where the test
 * asks nothing of the package, or by one of the rules below. All others that do not pass have failed, and it ends
 * with 1. It needs a Python with scikit-learn 1.9.1 and pytest, else it installs them in a folder that it removes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../forest/src/index';
import { PYTHON } from '../../forest/testing/index';
import { chosenSuites } from './parts/only';

const PIP = ['scikit-learn==1.9.1', 'pytest==9.1.1'];
const bridge = join(__dirname, '..', 'sklearn');
const MINUTES = 20;

/** The name of a suite, and pytest's name of its file; scikit-learn's checks of any estimator have a program. */
const SUITES: Record<string, string | null> = {
  check_estimator: null,
  test_forest: 'sklearn.ensemble.tests.test_forest',
  test_gradient_boosting: 'sklearn.ensemble.tests.test_gradient_boosting',
  test_tree: 'sklearn.tree.tests.test_tree',
  test_monotonic_tree: 'sklearn.tree.tests.test_monotonic_tree',
  test_split: 'sklearn.model_selection.tests.test_split',
  test_ranking: 'sklearn.metrics.tests.test_ranking',
  test_regression: 'sklearn.metrics.tests.test_regression',
};

/** A rule for tests that are not applicable: their name, their message, and the reason. */
const RULES: readonly (readonly [test: RegExp, said: RegExp, why: string])[] = [
  [
    /test_(max_samples_bootstrap|forest_oob_score_requires_bootstrap|poisson_y_positive_check|multiclass_raises|bad_monotonic_cst_raises|error|group_kfold|shuffle_split_empty_trainset|auc_errors|confusion_matrix_at_thresholds_(multiclass_error|implicit_pos_label)|average_precision_score_binary_pos_label_errors)\b/,
    /Regex pattern did not match\./,
    'Both refuse; the package says it in its own words',
  ],
  [
    /test_(warm_start_equal_n_estimators|oob_not_computed_twice|forest_oob_warning|class_weight_errors|criterion_param_deprecation|kfold_valueerrors|no_group_splitters_warns_with_groups|roc_curve_one_label|roc_curve_toydata|auc_score_non_binary_class|precision_recall_curve_toydata|regression_single_sample)\b/,
    /DID NOT WARN|did not match any of the \d+ warnings/,
    'The package has no warnings',
  ],
  [/test_class_weights_forest/, /_sample_weight|NoneType/, 'The test reads a private attribute'],
  [
    /test_read_only_buffer/,
    /All the 2 fits failed/,
    'The package takes tables of columns or rows, and no sparse matrices',
  ],
  [/test_backend_respected/, /assert 0 > 0/, 'The package has its own threads, and no joblib'],
  [/test_huge_allocations/, /maxLeafNodes/, 'The package refuses counts beyond 32 bits before it allocates'],
  [
    /test_deterministic_pickle/,
    /At index \d+ diff/,
    'The test compares pickles, and the bridge numbers its models',
  ],
];
const IDLE = 'The test asks nothing of the package';

interface Outcome {
  test: string;
  outcome: 'passed' | 'failed' | 'skipped' | 'xfail';
  said: string;
  /** How often the test asked the package. */
  asked: number;
}

/** Why the test is not applicable; undefined for one that counts. */
function reasonOf({ test, outcome, said, asked }: Outcome): string | undefined {
  if (outcome === 'skipped') return said.replace(/^Skipped: /, '');
  if (outcome === 'xfail') return 'scikit-learn expects its own estimator to fail';
  if (outcome === 'passed') return asked === 0 ? IDLE : undefined;
  return RULES.find(([name, words]) => name.test(test) && words.test(said))?.[2];
}

function python(args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { encoding: 'utf8', maxBuffer: 1e8, timeout: MINUTES * 60_000 } as const;
  return spawnSync(args[0], args.slice(1), {
    ...options,
    env: { ...process.env, PYTHONPATH: bridge, ...env },
  });
}

/** A Python that has all, the one at hand or a new one. */
function preparePython(folder: string): string {
  if (python([PYTHON, '-c', 'import pytest, sklearn']).status === 0) return PYTHON;
  const own = join(folder, 'venv', 'bin', 'python');
  const steps = [
    ['python3', '-m', 'venv', join(folder, 'venv')],
    [own, '-m', 'pip', 'install', '--quiet', ...PIP],
  ];
  for (const step of steps) {
    if (python(step).status !== 0)
      throw new InputError(`sklearn requires ${step.join(' ')} to work, got an error`);
  }
  return own;
}

/** Runs one suite. */
function outcomesOf(interpreter: string, name: string, folder: string): Outcome[] {
  const module = SUITES[name];
  const file = join(folder, `${name}.jsonl`);
  const quiet = ['-q', '--tb=no', '-p', 'no:cacheprovider'];
  const ended =
    module === null
      ? python([interpreter, join(bridge, 'check_estimator.py')])
      : python([interpreter, '-m', 'pytest', '-p', 'plugin', ...quiet, '--pyargs', module], {
          OUTCOMES: file,
        });
  const lines = module === null ? ended.stdout : readFileSync(file, 'utf8');
  const outcomes = lines
    .trim()
    .split('\n')
    .map((line): Outcome => JSON.parse(line));
  // pytest ends with 1 where tests fail, and with other codes where it could not run them.
  if (![0, 1].includes(ended.status ?? -1)) {
    outcomes.push({ test: name, outcome: 'failed', said: ended.stderr.trim().slice(-300), asked: 0 });
  }
  return outcomes;
}

/** Runs the suites, and prints a table of the outcomes, the reasons and what has failed. */
export async function main(args: string[]): Promise<void> {
  const names = chosenSuites(SUITES, args);
  const folder = mkdtempSync(join(tmpdir(), 'sklearn-'));
  const reasons = new Map<string, number>();
  try {
    const interpreter = preparePython(folder);
    console.log('\n| suite | passed | failed | not applicable |\n| --- | --- | --- | --- |');
    for (const name of names) {
      const outcomes = outcomesOf(interpreter, name, folder);
      const why = outcomes.map(reasonOf);
      for (const reason of why) if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      const failed = outcomes.filter(({ outcome }, i) => outcome === 'failed' && !why[i]);
      const passed = outcomes.filter(({ outcome }, i) => outcome === 'passed' && !why[i]);
      console.log(`| ${name} | ${passed.length} | ${failed.length} | ${why.filter(Boolean).length} |`);
      for (const { test, said } of failed) console.error(`${test}: ${said}`);
      if (failed.length > 0) process.exitCode = 1;
    }
    console.log('\n| not applicable, because | tests |\n| --- | --- |');
    for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
      console.log(`| ${reason} | ${count} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
