import assert from 'node:assert/strict';
import test from 'node:test';
import type { HitReport } from '../evaluation/hits';
import { gridTable, hitTable, modelTable, protocolTable } from './scoreTables';

const r2 = { value: 0.1694, lower: 0.1203, upper: 0.2181 };
const mae = { value: 17.83, lower: 16.97, upper: 18.75 };
const scores = { r2, mae, rmse: { value: 23.41, lower: 22.42, upper: 24.41 } };

test('modelTable: scores with intervals, and what the first model gains', () => {
  const shown = '0.169 [0.120, 0.218]  17.8 [17.0, 18.8]  23.4 [22.4, 24.4]';
  const gains = { r2: { value: 0.05, lower: 0.01, upper: 0.09 }, mae };
  const { text } = modelTable([
    { name: 'forest', ...scores, firstGains: { r2, mae } },
    { name: 'mean', ...scores, firstGains: gains },
  ]);
  const [head, first, second] = text.split('\n');
  assert.match(head!, /R² +MAE +RMSE +R² that forest adds +MAE it saves$/);
  assert.equal(first!.trimEnd(), `forest  ${shown}`);
  assert.match(second!, /^mean .* 0\.050 \[0\.010, 0\.090\] +17\.8 \[17\.0, 18\.8\]$/);
});

test('protocolTable: the leak as a share, the mean beside the model', () => {
  const of = { rows: 6000, sameSong: 0.336, sameArtist: 0.9, model: scores, baseline: scores };
  const { text } = protocolTable([{ protocol: 'rows split as they come', ...of }]);
  assert.match(
    text,
    /rows split as they come +6000 +33\.6% +90\.0% +0\.17 \[0\.12, 0\.22\] +17\.8 \[17\.0, 18\.8\]/,
  );
});

test('gridTable: the best first, of equals the first, depth null as none', () => {
  const params = [{ maxDepth: null }, { maxDepth: 10 }, { maxDepth: 20 }];
  const results = {
    params,
    meanTestScore: [0.1, 0.3, 0.1],
    stdTestScore: [0, 0, 0],
    rankTestScore: [2, 1, 2],
  };
  const lines = gridTable(results as unknown as Parameters<typeof gridTable>[0], 2).text.split('\n');
  assert.match(lines[1], /^1 +10 +0\.300000/);
  assert.match(lines[2], /^2 +none +0\.100000/);
  assert.match(lines.at(-1)!, /2 of 3 rows/);
});

test('hitTable ends with the more frequent answer', () => {
  const hits: HitReport = {
    ...{
      threshold: 60,
      labels: ['not a hit', 'hit'],
      baseRate: 0.25,
      accuracy: 0.8,
      precision: null,
      recall: 0.5,
    },
    ...{ brier: 0.2, isHit: new Float64Array(), probability: new Float64Array() },
    matrix: [
      [6, 0],
      [1, 1],
    ],
  };
  const { text } = hitTable({ forest: hits });
  assert.match(text, /forest +80\.0% +– +50\.0% +0\.200\nalways "not a hit" +75\.0% +– +0\.0% +0\.188/);
  assert.match(
    hitTable({ forest: { ...hits, baseRate: 0.9 } }).text,
    /always "hit" +90\.0% +90\.0% +100\.0% +0\.090/,
  );
});
