/**
 * Measures text without a browser, by the advance widths of Helvetica and Arial in thousandths of the font size
 * (Adobe's Core 14 font metrics; Liberation Sans has the same). So plotly.js's layout fits the text that a
 * reader's browser draws, and it is the same on every machine.
 */

/** The widths below are true for each of these fonts; the reader's machine takes the first that it has. */
export const FONT = 'Arial, Helvetica, Liberation Sans, DejaVu Sans Condensed, sans-serif';

/** Space to tilde. */
const ASCII = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const OTHER = 600;
const FULL_WIDTH = 1000;
const BOLD = 1.07;

/** Above and below the baseline, in font sizes. */
export const ASCENT = 0.905;
export const DESCENT = 0.212;

/**
 * Width of one line of text in pixels.
 * @param text the line, without markup
 * @param size font size in pixels
 * @param bold whether it is set in bold
 */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0x300 && code < 0x370) continue; // combining marks stand on the letter before
    width += ASCII[code - 32] ?? (code >= 0x2e80 ? FULL_WIDTH : OTHER);
  }
  return (width * size * (bold ? BOLD : 1)) / 1000;
}

/**
 * Text as lines that are no wider than asked, broken at blanks; no lines for no text.
 * @param text without markup
 * @param size font size in pixels
 * @param width in pixels; a single word may be wider
 */
export function wrapped(text: string, size: number, width: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
