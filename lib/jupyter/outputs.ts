import type { Output } from './nbformat';
import type { Content, Message } from './wire';

/** A cell that shows more than this cannot be meant: no editor opens the file that it would make. */
export const OUTPUT_LIMIT = 8_000_000;

/** Collects the outputs of a notebook's cells from the kernel's messages, as JupyterLab would show them. */
export class OutputCollector {
  private outputs: Output[] = [];
  private size = 0;
  private clearBeforeNext = false;
  /** Every output that a later message may update, in any cell: those of one display id change together. */
  private readonly displays = new Map<string, Output[]>();

  /** From now on messages belong to a new cell, whose list of outputs is returned and will grow. */
  startCell(): Output[] {
    this.size = 0;
    this.clearBeforeNext = false;
    this.outputs = [];
    return this.outputs;
  }

  /** @throws RangeError when the cell has shown more than OUTPUT_LIMIT characters */
  add({ type, content }: Message): void {
    if (type === 'clear_output') {
      this.clearBeforeNext = Boolean(content.wait);
      if (!content.wait) this.outputs.length = 0;
      return;
    }
    if (type === 'update_display_data') {
      const { data = {}, metadata = {} } = content;
      for (const output of this.displays.get(content.transient?.display_id ?? '') ?? []) {
        Object.assign(output, { data, metadata });
      }
      return;
    }
    if (!/^(stream|display_data|execute_result|error)$/.test(type)) return;
    this.limit(content.text?.length ?? JSON.stringify(content).length);
    if (this.clearBeforeNext) this.outputs.length = 0;
    this.clearBeforeNext = false;
    if (type === 'stream') this.addText(content.name!, content.text!);
    else if (type === 'error') this.addError(content);
    else if (type === 'execute_result') this.addResult(content);
    else this.addDisplay(content);
  }

  private limit(size: number): void {
    this.size += size;
    if (this.size > OUTPUT_LIMIT) {
      throw new RangeError(
        `A cell must not show more than ${OUTPUT_LIMIT / 1e6} MB, which is what this one did`,
      );
    }
  }

  /** Consecutive pieces of one stream are one output. */
  private addText(name: string, text: string): void {
    const last = this.outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) last.text += text;
    else this.outputs.push({ output_type: 'stream', name, text });
  }

  /** `transient` holds the display id, which is random: it is remembered here and not stored. */
  private addDisplay({ data = {}, metadata = {}, transient }: Content): void {
    const output: Output = { output_type: 'display_data', data, metadata };
    this.outputs.push(output);
    const id = transient?.display_id;
    if (id) this.displays.set(id, [...(this.displays.get(id) ?? []), output]);
  }

  private addResult({ data = {}, metadata = {}, execution_count = null }: Content): void {
    this.outputs.push({ output_type: 'execute_result', execution_count, data, metadata });
  }

  private addError({ ename = '', evalue = '', traceback = [] }: Content): void {
    this.outputs.push({ output_type: 'error', ename, evalue, traceback });
  }
}
