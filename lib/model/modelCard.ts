import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ModelScores } from '../evaluation/comparison';
import type { GroupErrors } from '../evaluation/errorsByGroup';
import * as findings from '../evaluation/findings';
import type { FoldScores } from '../evaluation/foldComparison';
import { type HitReport, withAlwaysTheSame } from '../evaluation/hits';
import type { ProtocolResult } from '../evaluation/protocols';
import type { RepeatKind } from '../evaluation/repeats';
import { writeFileAtomic } from '../files';
import type { Estimate, Importance, IntervalRule, NestedScores } from '../forest/src/index';
import { literally, percent, thousands, withInterval } from '../numberText';
import { forestName } from './format';
import type { Model } from './model';

const TITLE = '# Model card: popularity of a track from its audio features';
/** Of other tables the card says nothing that only this one's datasheet knows. */
const SHIPPED_TABLE = 'spotify_tracks.csv';

/** All that the card prints beside the model, as the notebook's sections give it. */
export interface Evaluation {
  /** From `findRepeats`: how rows of the same song were found. */
  repeats: readonly RepeatKind[];
  protocols: readonly ProtocolResult[];
  /** The model first, then the baselines, on the same test rows. */
  models: readonly ModelScores[];
  /** The model's R2 on the test rows when artists are drawn in place of songs (see `bootstrapInterval`). */
  r2ByArtist: Estimate;
  /** The model first, then other kinds of models, cross-validated on the training rows over so many splits. */
  compared: readonly FoldScores[];
  splits: number;
  /** Says that these were some of the training rows, or '' (see `findings.drawn`). */
  drawn: string;
  nested: NestedScores;
  /** The rule, and the share of test rows inside with the mean width in points. */
  interval: { rule: IntervalRule; coverage: number; width: number };
  /** Groups of features, the most important first. */
  importances: readonly Importance[];
  /** Errors by genre (or what stands for it), on the test rows. */
  errors: readonly GroupErrors[];
  /** Hit or not: the model first, then what it must beat; empty where it could not be judged. */
  hits: Readonly<Record<string, HitReport>>;
}

/**
 * Writes the card beside its model: `README.md` beside a `model.json`, `NAME.md` beside a `NAME.json`. A README that
 * is no card of this project stays, and the card of a `model.json` beside it is `model.md`.
 * @returns the path of the card
 */
export function saveModelCard(modelPath: string, card: string): string {
  const folder = dirname(modelPath);
  const name = basename(modelPath).replace(/\.json$/i, '');
  const readme = join(folder, 'README.md');
  const isOurs = name === 'model' && (!existsSync(readme) || readFileSync(readme, 'utf8').startsWith(TITLE));
  const path = isOurs ? readme : join(folder, `${name}.md`);
  writeFileAtomic(path, card);
  return path;
}

/**
 * The model card (Mitchell et al. 2019): what the model is for, what it was learnt from, how good it is and where
 * it must not be used. Every number is the evaluation's or the model's; the same two give the same text.
 * @param model the model that the card stands beside
 * @example saveModelCard('models/model.json', modelCard(model, { repeats, protocols, ... }))
 */
export function modelCard(model: Model, evaluation: Evaluation): string {
  const isShipped = model.contents.data.file === SHIPPED_TABLE;
  const sections = [
    ...introduction(model),
    ...dataSection(model, evaluation.repeats, isShipped),
    ...protocolSection(evaluation.protocols),
    ...scoreSection(evaluation),
    ...hitSection(evaluation),
    ...intervalSection(evaluation.interval),
    ...errorSection(evaluation.errors),
    ...importanceSection(evaluation.importances),
    '## Limits',
    list([
      limitOf(evaluation.models[0]?.r2),
      'Trees do not extrapolate: beyond the range of the training rows the answer stays what it was at the edge. The demo says where that happens.',
      ...(isShipped
        ? [
            'The table has few genres and was gathered for teaching. Popularity 0 often marks a re-release of a song whose popularity is counted elsewhere.',
          ]
        : []),
      'The audio features come from Spotify, which closed that interface to new applications in November 2024. For new tracks they are hard to get.',
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction({ contents, trees }: Model): string[] {
  const { estimator = 'RandomForestRegressor', ...hyperparameters } = contents.hyperparameters;
  const { features } = contents;
  const lacking = findings.features(features);
  // 1 is scikit-learn's 1.0: all features, not one.
  const written = (name: string, value: unknown) =>
    name === 'maxFeatures' && value === 1 ? '1.0' : JSON.stringify(value);
  const settings = Object.entries(hyperparameters).map(([name, value]) => `${name} ${written(name, value)}`);
  return [
    TITLE,
    '<!-- Written with the model by the notebook; changes made by hand are lost. -->',
    `${forestName(contents)} of ${trees.treeCount} trees, equal to scikit-learn's \`${estimator}\` node for node ` +
      `(${settings.join(', ')}). It predicts a track's popularity on Spotify, 0 to 100, from ${features.length} features: ` +
      `${features.map(({ name }) => name).join(', ')}.`,
    ...(lacking ? [lacking] : []),

    '## Intended use',
    'The model is for learning and teaching: how far do the measured properties of a recording go in explaining how much it is played? ' +
      'It serves to compare methods on a small public table, and to try out, in the demo, what a feature does to the prediction.',

    '## What it must not be used for',
    list([
      'Decisions about people: whom to sign, fund, promote or pay. Most of what makes a track popular (artist, promotion, playlists, release date) is not among its features.',
      'Changing a track to make it more popular: the model knows what goes together, not what causes what.',
      'Tracks of other genres or years than those it has seen, and any statement on popularity today: the target was recorded once, and popularity changes daily.',
      'A single prediction taken without its interval.',
    ]),
  ];
}

function dataSection(model: Model, repeats: readonly RepeatKind[], isShipped: boolean): string[] {
  const { data } = model.contents;
  const all = repeats[repeats.length - 1];
  const songs = all.groupOf.length - all.repeats;
  return [
    '## Data',
    `\`${data.file.replaceAll('`', "'")}\` (SHA-256 \`${data.sha256}\`${isShipped ? '; see dataset/README.md' : ''}): ${thousands(data.rows)} rows; one row per song leaves ${thousands(data.trainRows)} to learn from and ` +
      `${thousands(data.testRows)} that the model has never seen. Songs are told apart by name and id there; with near-identical audio, as in the last line below, there are ${thousands(songs)} different songs.`,
    table(
      ['Repeats found by', 'Rows too many', 'Songs with repeats', 'Largest group'],
      repeats.map(({ kind, repeats, songs, largest }) => [
        kind,
        thousands(repeats),
        thousands(songs),
        thousands(largest),
      ]),
    ),
  ];
}

function protocolSection(protocols: readonly ProtocolResult[]): string[] {
  return [
    '## Protocol',
    "Each song has one row, so that test tracks have next to no twin among those learnt from (the table says how many). It is the most popular row, so that what is forecast is the popularity of a song's best-known release. The split is that of scikit-learn's `train_test_split`; " +
      'hyperparameters were chosen by cross-validation on the training rows, and no choice was made by the test rows. What other protocols would have claimed:',
    table(
      [
        'Protocol',
        'Rows',
        'Test rows with a twin',
        'with an artist in training',
        'R²',
        'MAE',
        'MAE of the mean',
      ],
      protocols.map(({ protocol, rows, sameSong, sameArtist, model, baseline }) => [
        protocol,
        thousands(rows),
        share(sameSong),
        share(sameArtist),
        withInterval(model.r2, 3),
        withInterval(model.mae, 1),
        withInterval(baseline.mae, 1),
      ]),
    ),
  ];
}

function scoreSection({ models, r2ByArtist, compared, splits, drawn, nested }: Evaluation): string[] {
  const promise = Number.isNaN(nested.optimism)
    ? 'There were too few songs for nested cross-validation.'
    : `Nested cross-validation, in R²: the best grid score promised ${Math.abs(nested.optimism).toFixed(3)} ${nested.optimism < 0 ? 'less' : 'more'} than it kept on average.`;
  return [
    '## Scores on unseen songs',
    `With 95% intervals (bootstrap over the test songs). Songs of one artist may be alike: with artists drawn in place of songs, the R² is ${withInterval(r2ByArtist, 3)}.`,
    table(
      ['Model', 'R²', 'MAE', 'RMSE', 'R² that the first adds'],
      models.map(({ name, r2, mae, rmse, firstGains }, i) => [
        name,
        withInterval(r2, 3),
        withInterval(mae, 1),
        withInterval(rmse, 1),
        i === 0 ? '' : withInterval(firstGains.r2, 3),
      ]),
    ),
    `Other kinds of models over ${splits} splits of repeated cross-validation of the training songs (corrected resampled t intervals), with what the first has on each on the same splits:${drawn && ` ${drawn}`}`,
    table(
      ['Model', 'R²', 'MAE', 'R² that the first has more'],
      compared.map(({ name, r2, mae, firstLess }, i) => [
        name,
        withInterval(r2, 3),
        withInterval(mae, 1),
        i === 0 ? '' : withInterval(firstLess.r2, 3),
      ]),
    ),
    promise,
  ];
}

function hitSection({ hits, drawn }: Evaluation): string[] {
  const [first] = Object.values(hits);
  if (!first) return [];
  return [
    `Hit or not (popularity of at least ${first.threshold}; ${share(first.baseRate)} are), cross-validated on the training songs:${drawn && ` ${drawn}`}`,
    table(
      ['Model', 'Accuracy', 'Precision', 'Recall', 'Brier score'],
      Object.entries(withAlwaysTheSame(hits)).map(([name, { accuracy, precision, recall, brier }]) => [
        name,
        share(accuracy),
        precision === null ? 'none called' : share(precision),
        share(recall),
        brier.toFixed(3),
      ]),
    ),
  ];
}

function intervalSection({ rule, coverage, width }: Evaluation['interval']): string[] {
  return [
    '## How sure it is',
    `The ${share(rule.level)} interval (${rule.method}) held ${share(coverage)} of the test tracks and is ` +
      `${width.toFixed(0)} points wide on average, of 100 possible. It holds that share on average over songs, not in each genre. ` +
      'Its kind was chosen among eight by repeated splits of the shipped table (`npm run bench -- intervals`).',
  ];
}

function errorSection(errors: readonly GroupErrors[]): string[] {
  if (errors.length === 0) return [];
  return [
    '## Where it errs',
    table(
      ['Group', 'Test tracks', 'Mean popularity', 'Mean error (predicted − actual)', 'MAE', 'RMSE'],
      errors.map(({ group, rows, actual, bias, mae, rmse }) => [
        literally(group),
        thousands(rows),
        actual.toFixed(1),
        signed(bias, 1),
        mae.toFixed(1),
        rmse.toFixed(1),
      ]),
    ),
  ];
}

function importanceSection(importances: readonly Importance[]): string[] {
  return [
    '## What it goes by',
    'Features that go together are shuffled as one.',
    table(
      ['Features', 'Permutation importance (fall of R²)'],
      importances.map(({ feature, mean, std }) => [feature, `${mean.toFixed(3)} ± ${std.toFixed(3)}`]),
    ),
  ];
}

function limitOf(r2: Estimate | undefined): string {
  if (!r2) return 'No score was recorded.';
  if (r2.lower <= 0)
    return `On unseen songs it is not reliably better than saying the mean: R² ${withInterval(r2, 3)}.`;
  return `It explains ${share(r2.value)} of the variance on unseen songs; the rest this forest does not find in its features.`;
}

/** One decimal, where it is not 0. */
const share = (value: number) => percent(value, 1).replace('.0%', '%');
const signed = (value: number, digits: number) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

/** Markdown; a bar in a cell would end it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
