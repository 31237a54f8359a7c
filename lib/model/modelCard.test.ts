import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { sampleModel } from '../workshop/samples/model';
import { Model } from './model';
import { type Evaluation, modelCard, saveModelCard } from './modelCard';

const r2 = { value: 0.053, lower: 0.01, upper: 0.09 };
const mae = { value: 21.4, lower: 20.1, upper: 22.6 };
const scores = { r2, mae, rmse: { value: 26.2, lower: 25, upper: 27.5 } };
const REPORT: Evaluation = {
  repeats: [{ kind: 'same track id', repeats: 1480, songs: 140, largest: 3, groupOf: new Int32Array(6000) }],
  protocols: [
    {
      protocol: 'one row per song',
      rows: 4520,
      sameSong: 0,
      sameArtist: 0.415,
      model: scores,
      baseline: scores,
    },
  ],
  models: [{ name: 'forest | tuned', ...scores, firstGains: scores }],
  r2ByArtist: { value: 0.053, lower: -0.004, upper: 0.1 },
  compared: [
    { name: 'forest', ...scores, firstLess: scores },
    { name: 'linear', ...scores, firstLess: { ...scores, r2: { value: 0.03, lower: -0.01, upper: 0.06 } } },
  ],
  splits: 50,
  drawn: 'Only some of the songs.',
  nested: { promised: [0.2], kept: [0.1], chosen: ['{}'], optimism: -0.0021 },
  interval: {
    rule: { method: 'of a kind', level: 0.9, lower: -1, upper: 1, floor: 2 },
    coverage: 0.897,
    width: 81.4,
  },
  importances: [{ feature: 'energy + loudness', mean: 0.2, std: 0.01, falls: [] }],
  errors: [{ group: 'deep-house', rows: 250, actual: 40.25, bias: -3.14, mae: 18.2, rmse: 22.9 }],
  hits: {
    forest: {
      threshold: 70,
      labels: ['not a hit', 'hit'],
      matrix: [
        [1, 0],
        [0, 1],
      ],
      baseRate: 0.1,
      accuracy: 0.905,
      precision: null,
      recall: 0,
      brier: 0.09,
      isHit: new Float64Array(),
      probability: new Float64Array(),
    },
  },
};

test('a card stands beside its model and overwrites no README of the user', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  try {
    const card = modelCard(await sampleModel(), REPORT);
    assert.equal(saveModelCard(join(folder, 'winter.json'), card), join(folder, 'winter.md'));
    assert.equal(existsSync(join(folder, 'README.md')), false);
    for (const made of ['first', 'second']) {
      saveModelCard(join(folder, 'model.json'), `${card}${made}`);
      assert.equal(read('README.md'), `${card}${made}`);
    }
    writeFileSync(join(folder, 'README.md'), '# My songs\n');
    saveModelCard(join(folder, 'model.json'), card);
    assert.equal(read('README.md'), '# My songs\n');
    assert.equal(read('model.md'), card);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the card says what the report says', () => {
  const card = modelCard(sampleModel(), REPORT);
  for (const part of [
    'A random forest of 20 trees',
    'maxDepth 6, randomState 42)',
    'from 6 features: danceability, loudness',
    '**The features do without duration, energy, speechiness, ',
    '210 rows; one row per song leaves 150 to learn from and 50 that the model has never seen',
    '4,520 different songs',
    '| same track id | 1,480 | 140 | 3 |',
    '| one row per song | 4,520 | 0% | 41.5% | 0.053 [0.010, 0.090] | 21.4 [20.1, 22.6] | 21.4 [20.1, 22.6] |',
    '| forest \\| tuned | 0.053 [0.010, 0.090] | 21.4 [20.1, 22.6] | 26.2 [25.0, 27.5] |  |',
    'with artists drawn in place of songs, the R² is 0.053 [-0.004, 0.100]',
    'over 50 splits',
    'on the same splits: Only some of the songs.',
    '| linear | 0.053 [0.010, 0.090] | 21.4 [20.1, 22.6] | 0.030 [-0.010, 0.060] |',
    'promised 0.002 less than it kept',
    'Hit or not (popularity of at least 70; 10% are)',
    '| forest | 90.5% | none called | 0% | 0.090 |',
    '| always "not a hit" | 90% | none called | 0% | 0.090 |',
    'The 90% interval (of a kind) held 89.7% of the test tracks and is 81 points wide',
    '| deep-house | 250 | 40.3 | −3.1 | 18.2 | 22.9 |',
    '| energy + loudness | 0.200 ± 0.010 |',
    'It explains 5.3% of the variance on unseen songs',
  ]) {
    assert.ok(card.includes(part), part);
  }
  assert.equal(card, modelCard(sampleModel(), REPORT));
  assert.doesNotMatch(card, /NaN|undefined|\[object/);
  // Nor what is true of the shipped table alone.
  assert.doesNotMatch(card, /dataset\/README|few genres/);
});

test('what a card says depends on what it is of', () => {
  const { contents } = sampleModel();
  const shipped = new Model({
    ...contents,
    data: { ...contents.data, file: 'spotify_tracks.csv' },
    hyperparameters: { maxFeatures: 1, maxDepth: null },
  });
  const [model] = REPORT.models;
  const hits = { forest: { ...REPORT.hits.forest!, precision: 0.5, recall: 0.25 } };
  const nested = { ...REPORT.nested, optimism: 0.0021 };
  const card = modelCard(shipped, { ...REPORT, nested, hits, models: [model!, { ...model!, name: 'mean' }] });
  for (const part of [
    '(maxFeatures 1.0, maxDepth null)',
    '; see dataset/README.md)',
    'The table has few genres',
    'promised 0.002 more than it kept',
    '| forest | 90.5% | 50% | 25% | 0.090 |',
    '| mean | 0.053 [0.010, 0.090] | 21.4 [20.1, 22.6] | 26.2 [25.0, 27.5] | 0.053 [0.010, 0.090] |',
  ])
    assert.ok(card.includes(part), part);
  assert.match(modelCard(shipped, { ...REPORT, models: [] }), /No score was recorded\./);
});

test('names of groups are shown, and do nothing', () => {
  const [group] = REPORT.errors;
  const names = ['<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '`a` & *b*'];
  const card = modelCard(sampleModel(), {
    ...REPORT,
    errors: names.map((name) => ({ ...group!, group: name })),
  });
  for (const cell of [
    '&lt;img src=x onerror=alert(1)>',
    '\\[x\\](javascript:alert(1))',
    '\\`a\\` &amp; \\*b\\*',
  ])
    assert.ok(card.includes(`| ${cell} |`), cell);
});

test('a score that may be nothing is called so, and a table without genres has no table of them', () => {
  const worthless = { ...r2, lower: -0.01 };
  const [model] = REPORT.models;
  const card = modelCard(sampleModel(), { ...REPORT, errors: [], models: [{ ...model!, r2: worthless }] });
  assert.match(card, /not reliably better than saying the mean/);
  assert.doesNotMatch(card, /Where it errs/);
});
