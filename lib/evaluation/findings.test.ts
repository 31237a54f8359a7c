import assert from 'node:assert/strict';
import test from 'node:test';
import { type Estimate, KFold, mean } from '../forest/src/index';
import { SCHEMA } from '../tracks/schema';
import type { Feature, Tracks } from '../tracks/types';
import * as findings from './findings';
import type { FoldScores } from './foldComparison';
import type { HitReport } from './hits';
import type { ProtocolResult } from './protocols';

const estimate = (value: number, half = 0.1): Estimate => ({
  value,
  lower: value - half,
  upper: value + half,
});
const scores = (r2: number, half?: number) => ({
  r2: estimate(r2, half),
  mae: estimate(10),
  rmse: estimate(12),
});
const tracks = (columns: Record<string, number[] | string[]>) =>
  ({
    rowCount: columns.popularity.length,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        typeof values[0] === 'number' ? Float64Array.from(values as number[]) : values,
      ]),
    ),
  }) as unknown as Tracks;

test('a table: rows, genres, gaps, and the target in words', () => {
  const said = findings.table(
    tracks({ popularity: [10, 60, 90], track_genre: ['a', 'b', ''], hot: ['no', 'yes', 'yes'] }),
  );
  assert.match(said, /\*\*3 tracks of 2 genres; missing values: 1 in `track_genre`\.\*\*/);
  assert.match(said, /`hot` is the target in words \("no" is 10 to 10, "yes" is 60 to 90\)/);
  const mixed = findings.table(tracks({ popularity: [10, 60, 90], mood: ['x', 'y', 'x'] }));
  assert.equal(mixed, '**3 tracks; no value is missing.**');
});

test('repeats and cleaning: none, some', () => {
  const kind = (repeats: number) => [
    { kind: 'any of these' as const, repeats, songs: 1, largest: 3, groupOf: new Int32Array(8) },
  ];
  assert.match(findings.repeats(kind(0)), /No song has more than one of the 8 rows/);
  assert.match(findings.repeats(kind(2)), /2 of 8 rows \(25%\) repeat .* one song has 3 rows/);
  const of = (popularity: number[], lines: number[]) => ({
    ...tracks({ popularity }),
    lines: Int32Array.from(lines),
  });
  const [before, after] = [of([0, 50, 50], [2, 3, 4]), of([50, 50], [3, 4])];
  const groups = (...groupOf: number[]) => [{ ...kind(0)[0], groupOf: Int32Array.from(groupOf) }];
  assert.match(
    findings.cleaning(before, after, groups(0, 0, 1)),
    /2 songs of 3 rows are left.* from 33\.3 to 50\.0\.$/,
  );
  assert.match(findings.cleaning(after, after, groups(0, 1)), /Nothing had to be taken out\.$/);
  assert.match(
    findings.cleaning(before, after, groups(0, 1, 1)),
    / 1 of the repeats above stays: only near-identical audio says that it is another row's song/,
  );
});

test('features: what the table lacks is said', () => {
  const all = SCHEMA.filter(({ role, needed }) => role === 'feature' && needed);
  assert.equal(findings.features(all), '');
  const without = (...names: string[]) => findings.features(all.filter(({ name }) => !names.includes(name)));
  assert.equal(
    without('mode'),
    '**The features do without mode: the table, or most of its rows, lacks it.**',
  );
  assert.match(without('key', 'mode', 'tempo'), /do without key, mode and tempo: .* lacks them\.\*\*$/);
});

test('protocols: a leak that is seen, one that may be chance, none, and no artists', () => {
  const result = (protocol: ProtocolResult['protocol'], r2: number, sameSong: number, half?: number) => ({
    ...{ protocol, rows: 10, sameSong, sameArtist: 0, baseline: scores(0), model: scores(r2, half) },
  });
  const said = (leaky: number, half: number, known = 0.3) =>
    findings.protocols([
      result('rows split as they come', leaky, known, half),
      result('songs kept apart', 0.1, 0, half),
    ]);
  assert.match(said(0.4, 0.05), /with 30% of the test songs known, the forest looks better than it is/);
  assert.match(said(0.2, 0.5), /the difference may still be chance/);
  assert.match(said(0.2, 0.5, 0), /nothing leaks between the parts.*too few artists/);
  const single = findings.protocols([result('artists kept apart', Number.NaN, 0)]);
  assert.equal(
    single,
    'With artists kept apart, a part has only one song to test on, and one song has no R².',
  );
});

test('models on the same folds: the first is best, or another is, by chance or not', () => {
  const model = (name: string, r2: number, less: Estimate): FoldScores => ({
    ...{ name, ...scores(r2), firstLess: { ...scores(0), r2: less } },
  });
  const forest = model('forest', 0.3, estimate(0, 0));
  assert.match(
    findings.comparison([forest, model('mean', 0, estimate(0.3))]),
    /No model here has a higher R² than the forest: 0\.300 .* clearly ahead of these: mean\.$/,
  );
  const better = (half: number) =>
    findings.comparison([forest, model('boosting', 0.4, estimate(-0.1, half))]);
  assert.match(better(0.2), /has "boosting".*so the difference may be chance.*ahead of none of the others/);
  assert.match(better(0.05), /so the difference is no chance/);
  assert.match(
    findings.comparison([model('forest', 0.05, estimate(0, 0))]),
    /holds 0: it may be no better than the mean/,
  );
  const doubtful = model('forest', 0.05, estimate(0, 0));
  assert.match(
    findings.comparison([doubtful, model('mean of all tracks', 0, estimate(0.3))]),
    /ahead of these: mean of all tracks\.$/,
    'what is ahead of the mean is not said to be no better',
  );
});

test('what cannot be judged is said', () => {
  const nothing = { promised: [Number.NaN], kept: [Number.NaN], chosen: ['{}'], optimism: Number.NaN };
  assert.match(findings.nested(nothing), /too few songs/);
  assert.match(findings.hits({}, 60), /cannot be judged here/);
  assert.match(findings.interval(0.8, 0.9, { coverage: 1, width: 50 }, { width: 40 }), /no interval of 90%/);
});

test('hits: another threshold than the one wanted is said, and who calls more right', () => {
  const report = (accuracy: number, brier: number): HitReport => ({
    ...{ threshold: 88, labels: ['not a hit', 'hit'], baseRate: 0.25, accuracy, precision: 0.5, recall: 0.5 },
    ...{ brier, isHit: new Float64Array(), probability: new Float64Array() },
    matrix: [
      [1, 1],
      [1, 1],
    ],
  });
  const said = findings.hits({ forest: report(0.9, 0.1), genre: report(0.8, 0.05) }, 60);
  assert.match(
    said,
    /The forest calls more songs right than the others: forest 90\.0%, genre 80\.0% and always/,
  );
  assert.match(
    said,
    /25\.0% of the songs are hits\. Brier scores, the smaller the better: forest 0\.100, genre 0\.050, and 0\.188 for saying their share every time\. .*60 would part nothing here.*88 or more/,
  );
  assert.match(
    findings.hits({ forest: report(0.7, 0.1) }, 88),
    /calls fewer songs right than always "not a hit":/,
  );
  const alike = findings.hits({ forest: report(0.9, 0.1001), genre: report(0.9001, 0.1) }, 88);
  assert.match(alike, /The forest calls as many songs right as genre: /);
});

/** Features that are read as they stand. */
const feature = (name: string, label: string, categories?: string[]) =>
  ({
    name,
    label,
    kind: categories ? 'category' : 'number',
    mean: 0,
    scale: 1,
    categories,
    unit: '',
  }) as Feature;
const FEATURES = [feature('g', 'Genre', ['rock', '*metal*']), feature('v', 'Valence')];

test('a grid: the best, how many may be as good, and how many are clearly behind', () => {
  const splits = new KFold(3).split(30);
  const of = (...splitTestScores: number[][]) =>
    findings.search(
      {
        ...{ params: splitTestScores.map((_, i) => ({ maxDepth: i || null })), splitTestScores },
        meanTestScore: splitTestScores.map((scores) => mean(scores)),
        rankTestScore: splitTestScores.map((_, i) => i + 1),
      },
      splits,
    );
  // Both others are 0.02 behind on average, one of them on every fold alike: the spread of the folds says nothing.
  const best = [0.1, 0.3, 0.5];
  const said = of(best, [0.08, 0.281, 0.479], [0.05, 0.35, 0.44], best);
  assert.match(
    said,
    /^\*\*Best: maxDepth none, R² 0\.300\.\*\* On the same folds 2 of the other 3 settings may be as good/,
  );
  assert.match(said, /1 is clearly behind\.$/);
  assert.match(of(best, best), / On the same folds all 1 other setting may be as good: .* holds 0\.$/);
  assert.equal(of(best), '**Best: maxDepth none, R² 0.300.**');
});

test('dependence: where the forecast is highest, and whether an amount works alike for all songs', () => {
  const results = (...ends: number[]) => [
    ...[{ feature: 'v', grid: Float64Array.of(0, 1), average: Float64Array.of(10, 12) }].map((one) => ({
      ...one,
      individual: ends.map((end) => Float64Array.of(10, end)),
    })),
    { feature: 'g', grid: Float64Array.of(0, 1), average: Float64Array.of(40, 31), individual: [] },
  ];
  assert.equal(
    findings.dependence(results(20, 11, 8, 10), FEATURES),
    '**Of these 2 features Genre moves the mean forecast most: at rock it is 9 points above that at \\*metal\\*.** From the left end of its curve to the right Valence raises the forecast of 50% of 4 songs and lowers that of 25%, so it works differently for different songs.',
  );
  assert.match(
    findings.dependence(results(20, 11), FEATURES),
    /100% of 2 songs and lowers that of 0%, so it works much alike/,
  );
  assert.match(findings.dependence([], FEATURES), /No feature shown moves/);
  assert.match(findings.dependence(results(20).slice(1), FEATURES), /metal\\\*\.\*\*$/);
});

test('Shapley values: the largest moves, and which way the amount moves forecasts', () => {
  const said = (valence: number[], moves: number[]) =>
    findings.contributions(
      moves.map((move) => ({ expected: 40, contributions: Float64Array.of(7, move) })),
      {
        names: ['g', 'v'],
        rowCount: moves.length,
        columns: [new Float64Array(moves.length), Float64Array.from(valence)],
      },
      FEATURES,
    );
  assert.equal(
    said([0, 1, 2, 3], [3, 1, -1, -3]),
    '**On average the largest moves, up or down, are Genre by 7.0 and Valence by 2.0 points**, away from the mean forecast of 40.0. Valence as a rule lowers the forecast the more, the higher it is (rank correlation of value and effect: -1.00).',
  );
  assert.match(said([0, 1, 2, 3], [-1, 1, 2, 3]), /Valence as a rule raises the forecast .* 1\.00\)\.$/);
  assert.match(said([0, 1, 2, 3], [1, -1, -1, 1]), /Valence has no plain direction/);
  assert.match(
    said([1, 1], [1, 2]),
    /mean forecast of 40\.0\.$/,
    'a value that does not vary has no direction',
  );
});

test('songs alike in sound: how near in popularity they are; songs drawn for a comparison', () => {
  assert.equal(
    findings.similar([50, 60, 30, 90], 0, [{ row: 1 }, { row: 2 }]),
    "**The popularity of the 2 nearest songs is 15 points from this song's 50 on average**, that of all other test songs 23 points.",
  );
  assert.match(findings.similar([50, 60], 0, [{ row: 1 }]), /of the nearest song is 10 points/);
  assert.equal(findings.similar([50], 0, []), '');
  assert.equal(findings.drawn(500, 500), '');
  assert.match(findings.drawn(20_000, 75_000), /on 20,000 of the 75,000 training songs, drawn at random/);
});

test('the curve, the trees, a gain and the same forecasts elsewhere', () => {
  const curve = (last: number) =>
    findings.learning({
      trainSizes: [1, 20],
      trainScores: [[1], [1]],
      testScores: [
        [0.1, 0.1],
        [last, last],
      ],
    });
  assert.match(curve(0.3), /from 0\.10 with 1 song to 0\.30 with 20.*more songs should help/);
  assert.match(curve(0.05), /The last step does not raise it/);
  assert.match(findings.treeCount([0, 0.198, 0.199, 0.2]), /From 2 trees on/);
  const changed = (less: Estimate) =>
    findings.gain([
      { name: 'with more', ...scores(0.2), firstLess: scores(0) },
      { name: 'as it was', ...scores(0.1), firstLess: { ...scores(0), r2: less } },
    ]);
  assert.match(changed(estimate(0.1, 0.05)), /^\*\*With more, R² changes by 0\.100 .*: they help/);
  assert.match(changed(estimate(0.01, 0.05)), /that may be nothing/);
  assert.match(changed(estimate(-0.1, 0.05)), /they harm/);
  assert.match(
    findings.same([1, 2], { file: [1, 2], other: [1, 2.5] }),
    /the forecasts of file are exactly those of the forest and those of other differ by at most 0\.5/,
  );
});
