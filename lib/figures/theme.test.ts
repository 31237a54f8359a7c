import assert from 'node:assert/strict';
import test from 'node:test';
import { COLOURS, INK, layout } from './theme';

/** Relative luminance of `#rrggbb` (WCAG 2). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(first: string, second: string): number {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test('text and the colours of most marks are seen on a white page and on a dark one', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  for (const page of ['#ffffff', '#111111']) {
    assert.ok(contrast(INK, page) > 4.2, `text on ${page}`);
    for (const colour of [COLOURS.blue, COLOURS.vermilion, COLOURS.green])
      assert.ok(contrast(colour, page) > 3, `${colour} on ${page}`);
  }
});

test('a long subtitle breaks into lines, and the figure grows by them', () => {
  const short = layout({ title: 'T', subtitle: 'one line', height: 300 });
  const long = layout({ title: 'T', subtitle: 'many words '.repeat(30), height: 300 });
  const lines = (long.title as { text: string }).text.split('<br>').length;
  assert.ok(lines >= 4);
  assert.equal(short.height, 300);
  assert.equal(long.height, 300 + 18 * (lines - 2));
  assert.equal((long.margin?.t ?? 0) - (short.margin?.t ?? 0), 18 * (lines - 2));
});
