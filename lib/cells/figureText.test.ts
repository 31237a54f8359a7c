import assert from 'node:assert/strict';
import test from 'node:test';
import { textWidth } from './figureText';

test('a line is as wide as its letters, whatever their script', () => {
  const width = (text: string) => textWidth(text, 10);
  assert.ok(width('iii') < width('nnn') && width('nnn') < width('MMM'));
  assert.ok(Math.abs(width('Song') - [...'Song'].reduce((sum, letter) => sum + width(letter), 0)) < 1e-12);
  // A combining accent stands on its letter; an ideograph fills a square; an emoji is one sign, not two.
  assert.equal(width('e\u0301'), width('e'));
  assert.equal(width('\u97f3'), 10);
  assert.equal(width('\u{1f3b5}'), 10);
  assert.ok(width('\u0436') > 0 && width('\u0436') < 10);
  assert.ok(textWidth('Song', 10, true) > width('Song'));
  assert.equal(textWidth('Song', 20), 2 * width('Song'));
});
