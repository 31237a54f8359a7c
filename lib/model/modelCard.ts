import { type HitReport, withAlwaysTheSame } from '../evaluation/hits';
import type { EvaluationReport } from '../evaluation/report';
import type { Estimate } from '../forest/src/index';
import { percent, thousands, withInterval } from '../numberText';
import type { Model } from './model';

/** Of other tables the card says nothing that only this one's datasheet knows. */
const SHIPPED_TABLE = 'spotify_tracks.csv';

/**
 * The model card (Mitchell et al. 2019), models/README.md: what the model is for, what it was learnt from, how
 * good it is and where it must not be used. Every number is the report's or the model's; the same two give the
 * same text.
 * @param model the model that the card stands beside
 * @param report from `evaluationReport`
 * @example writeFileAtomic('models/README.md', modelCard(model, report))
 */
export function modelCard(model: Model, report: EvaluationReport): string {
  const { data, hyperparameters, features } = model.contents;
  const { protocols, models, r2ByArtist, crossValidation, nested, interval, importances, groups, hits } =
    report;
  const { lessLinear } = crossValidation;
  const isShipped = data.file === SHIPPED_TABLE;
  const [anyHits] = Object.values(hits) as [HitReport];
  // 1 is scikit-learn's 1.0: all features, not one.
  const written = (name: string, value: unknown) =>
    name === 'maxFeatures' && value === 1 ? '1.0' : JSON.stringify(value);
  const settings = Object.entries(hyperparameters).map(([name, value]) => `${name} ${written(name, value)}`);
  const sections = [
    '# Model card: popularity of a track from its audio features',
    '<!-- Written with models/model.json by the notebook; changes made by hand are lost. -->',
    `A random forest of ${model.trees.treeCount} trees, equal to scikit-learn's \`RandomForestRegressor\` node for node ` +
      `(${settings.join(', ')}). It predicts a track's popularity on Spotify, 0 to 100, from ${features.length} features: ` +
      `${features.map(({ name }) => name).join(', ')}.`,

    '## Intended use',
    'To learn and to teach: how far do the measured properties of a recording go in explaining how much it is played? ' +
      'To compare methods on a small public table. To try out, in the demo, what a feature does to the prediction.',

    '## What it must not be used for',
    list([
      'Decisions about people: whom to sign, fund, promote or pay. Most of what makes a track popular (artist, promotion, playlists, release date) is not among its features.',
      'Changing a track to make it more popular: the model knows what goes together, not what causes what.',
      'Tracks of other genres or years than those it has seen, and any statement on popularity today: the target was recorded once, and popularity changes daily.',
      'A single prediction taken without its interval.',
    ]),

    '## Data',
    `\`${data.file.replaceAll('`', "'")}\` (SHA-256 \`${data.sha256}\`${isShipped ? '; see dataset/README.md' : ''}): ${thousands(data.rows)} rows; one row per song leaves ${thousands(data.trainRows)} to learn from and ` +
      `${thousands(data.testRows)} that the model has never seen. Songs are told apart by name and id there; with near-identical audio, as in the last line below, there are ${thousands(report.data.songs)} different songs.`,
    table(
      ['Repeats found by', 'Rows too many', 'Songs with repeats', 'Largest group'],
      report.data.repeats.map(({ kind, repeats, songs, largest }) => [
        kind,
        thousands(repeats),
        thousands(songs),
        thousands(largest),
      ]),
    ),

    '## Protocol',
    "One row per song, so that test tracks have next to no twin among those learnt from (the table says how many): the most popular one, so that what is forecast is the popularity of a song's best-known release. A split by scikit-learn's `train_test_split`; " +
      'hyperparameters chosen by cross-validation on the training rows; no choice made by the test rows. What other protocols would have claimed:',
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
    `Over ${crossValidation.splits} splits of repeated cross-validation (corrected resampled t interval): ` +
      `R² ${withInterval(crossValidation.r2, 3)}, MAE ${withInterval(crossValidation.mae, 1)}, RMSE ${withInterval(crossValidation.rmse, 1)}; ` +
      `less linear regression on the same splits: R² ${withInterval(lessLinear.r2, 3)}, MAE ${withInterval(lessLinear.mae, 2)}. ` +
      `Nested cross-validation, in R²: the best grid score promised ${Math.abs(nested.optimism).toFixed(3)} ${nested.optimism < 0 ? 'less' : 'more'} than it kept on average.`,
    `Hit or not (popularity of at least ${anyHits.threshold}; ${share(anyHits.baseRate)} are), cross-validated on the training songs:`,
    table(
      ['Model', 'Accuracy', 'Precision', 'Recall'],
      Object.entries(withAlwaysTheSame(hits)).map(([name, { accuracy, precision, recall }]) => [
        name,
        share(accuracy),
        precision === null ? 'none called' : share(precision),
        share(recall),
      ]),
    ),

    '## How sure it is',
    `The ${share(interval.rule.level)} interval (${interval.rule.method}) held ${share(interval.coverage)} of the test tracks and is ` +
      `${interval.width.toFixed(0)} points wide on average, of 100 possible. It holds that share on average over songs, not in each genre. ` +
      'Its kind was chosen among eight by repeated splits of the shipped table (`npm run bench -- intervals`).',

    ...(groups.length > 0
      ? [
          '## Where it errs',
          table(
            ['Genre', 'Test tracks', 'Mean popularity', 'Mean error (predicted − actual)', 'MAE', 'RMSE'],
            groups.map(({ group, rows, actual, bias, mae, rmse }) => [
              literally(group),
              thousands(rows),
              actual.toFixed(1),
              signed(bias, 1),
              mae.toFixed(1),
              rmse.toFixed(1),
            ]),
          ),
        ]
      : []),

    '## What it goes by',
    table(
      ['Feature', 'Permutation importance (fall of R²)', 'Impurity importance', 'Places'],
      importances.map((row) => [
        row.feature,
        `${row.permutation.toFixed(3)} ± ${row.permutationStd.toFixed(3)}`,
        row.impurity.toFixed(3),
        `${row.permutationRank} / ${row.impurityRank}`,
      ]),
    ),

    '## Limits',
    list([
      limitOf(models[0]?.r2),
      'Trees do not extrapolate: beyond the range of the training rows the answer stays what it was at the edge. The demo says where that happens.',
      ...(isShipped
        ? [
            'A table of few genres, gathered for teaching; popularity 0 often marks a re-release of a song whose popularity is counted elsewhere.',
          ]
        : []),
      'The audio features come from Spotify, which closed that interface to new applications in November 2024: for new tracks they are hard to get.',
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
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

/** A text of the table as Markdown that shows it and does nothing else. */
const literally = (text: string) =>
  text
    .replace(/[\\`*[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');

/** Markdown; a bar in a cell would end it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
