import { deflateSync } from 'fflate';
import { fromBase64, toBase64 } from '../model/base64';
import type { ModelContents } from '../model/format';
import { type Packed, pack, unpack } from '../model/packing';

/**
 * A model in a page, as one text of base64. The model file is compressed, which is why it is taken apart before:
 * the bytes of its packed numbers stand plane by plane (all first bytes, all second ones, ...) and its songs column
 * by column, since like stands beside like there. fflate writes the same bytes everywhere, other than zlib, whose
 * output differs from one Node to another.
 */

/** The JSON that stands before the planes. */
interface Head {
  contents: ModelContents;
  /** Whether the leaves' means are given as sums. */
  hasSums: boolean;
  /** Of each packed array, in the order in which `packedIn` finds them: bytes in all, bytes of one number. */
  arrays: { length: number; size: number }[];
  /** The songs' columns, a song's field on each line. */
  columns: string[];
}

const SIZES: Record<string, number> = { uint8: 1, uint16: 2, uint32: 4, float64: 8 };

/** The text that a page carries. */
export function squeeze(contents: ModelContents): string {
  const copy: ModelContents = JSON.parse(JSON.stringify(contents));
  const hasSums = replaceMeans(copy.trees);
  const planes: Uint8Array[] = [];
  const arrays = packedIn(copy).map((packed) => {
    const bytes = fromBase64(packed.data);
    if (!bytes)
      throw new Error('squeeze requires a model that was checked, got other characters than base64');
    packed.data = '';
    // Plane by plane only where that takes less.
    const { size } = [SIZES[packed.type], 1]
      .map((size) => ({ size, taken: deflateSync(planesOf(bytes, size), { level: 1 }).length }))
      .reduce((best, other) => (other.taken < best.taken ? other : best));
    planes.push(planesOf(bytes, size));
    return { length: bytes.length, size };
  });
  const columns = transposed((copy.songs ?? []).map((song) => song.split('\t')));
  if (copy.songs) copy.songs = [];
  const head: Head = { contents: copy, hasSums, arrays, columns: columns.map((column) => column.join('\n')) };
  const text = new TextEncoder().encode(`${JSON.stringify(head)}\0`);
  return toBase64(deflateSync(joined([text, ...planes]), { level: 9 }));
}

/** The model's contents back from the page's text: the same model to the last digit. */
export async function restore(text: string): Promise<ModelContents> {
  const compressed = fromBase64(text.trim());
  if (!compressed) throw new Error('restore requires base64, got other characters');
  const plain = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
  let at = bytes.indexOf(0);
  const { contents, hasSums, arrays, columns }: Head = JSON.parse(
    new TextDecoder().decode(bytes.subarray(0, at++)),
  );
  await pause();
  for (const [i, packed] of packedIn(contents).entries()) {
    const { length, size } = arrays[i];
    // The same the other way round: planes of as many bytes as there are numbers.
    packed.data = toBase64(planesOf(bytes.subarray(at, at + length), length / size));
    at += length;
    await pause();
  }
  if (hasSums) {
    const weights = numbersOf(contents.trees.weight);
    contents.trees.value = pack(numbersOf(contents.trees.value).map((sum, leaf) => sum / weights[leaf]));
  }
  await pause();
  const songs = transposed(columns.map((column) => column.split('\n'))).map((fields) => fields.join('\t'));
  if (contents.songs) contents.songs = songs;
  await pause();
  return contents;
}

/** A page answers to its visitor between two steps of the work. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** A leaf's mean is a sum of whole numbers over its rows: the sums take half as much, where the means follow from them. */
function replaceMeans(trees: ModelContents['trees']): boolean {
  const weights = numbersOf(trees.weight);
  const means = numbersOf(trees.value);
  const sums = means.map((mean, leaf) => Math.round(mean * weights[leaf]));
  const isExact = sums.every((sum, leaf) => Object.is(sum / weights[leaf], means[leaf]));
  if (isExact) trees.value = pack(sums);
  return isExact;
}

function numbersOf(packed: Packed): Float64Array {
  const numbers = unpack(packed);
  if (typeof numbers === 'string')
    throw new Error(`squeeze requires a model that was checked, got not ${numbers}`);
  return Float64Array.from(numbers);
}

/** The packed arrays of a model, each list before the list that it points into. */
function packedIn({ trees }: ModelContents): { type: string; data: string }[] {
  const { feature, threshold, value, weight } = trees;
  return [feature, threshold, value, weight].flatMap((packed) =>
    packed.of ? [packed, packed.of] : [packed],
  );
}

/** The bytes at places 0, size, 2 size, ..., then those at 1, size + 1, ..., and so on. */
function planesOf(bytes: Uint8Array, size: number): Uint8Array {
  const planes = new Uint8Array(bytes.length);
  let at = 0;
  for (let plane = 0; plane < size; plane++) {
    for (let i = plane; i < bytes.length; i += size) planes[at++] = bytes[i];
  }
  return planes;
}

function transposed(rows: string[][]): string[][] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, j) => rows.map((row) => row[j]));
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
