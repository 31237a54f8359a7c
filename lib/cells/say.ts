import { kernelSend } from './display';

/**
 * Shows sentences below the cell as Markdown: what the numbers above them come to. Outside a notebook it prints
 * them. Stands for `display(Markdown(...))`.
 * @param sentences paragraphs of Markdown; empty ones are left out
 * @example await say(`**${songs.rowCount} songs** are left.`)
 */
export async function say(...sentences: string[]): Promise<void> {
  const text = sentences.filter(Boolean).join('\n\n');
  if (text === '') return;
  const send = kernelSend();
  if (!send) return console.log(text);
  const data = { 'text/markdown': text, 'text/plain': text.replaceAll('**', '') };
  send({ data, metadata: {}, transient: {} }, false);
}
