const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text as HTML and SVG show it: a track called `<script>` is shown, not run. Characters that XML forbids are
 * left out.
 * @param text any text
 */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (c) => ENTITIES[c]);

/** Text as plotly.js shows it in titles, labels and hover texts, where it knows some tags but not `&quot;`. */
export const escapeLabel = (text: string): string => escapeHtml(text).replace(/&quot;/g, '"');
