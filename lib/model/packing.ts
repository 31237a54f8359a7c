import { endianness } from 'node:os';

/**
 * Arrays of numbers as text: little-endian typed arrays in base64, exact to the bit. Not compressed, because
 * zlib's output differs from one Node to another and model.json must not.
 */
const TYPES = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, float64: Float64Array } as const;

export const PACKED_SCHEMA = {
  type: 'object',
  required: ['type', 'length', 'data'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', enum: ['uint8', 'uint16', 'uint32', 'float64'] },
    length: { type: 'integer', minimum: 0, maximum: 100_000_000 },
    data: { type: 'string' },
  },
} as const;

/** A packed array as it stands in the file. */
export interface Packed {
  type: keyof typeof TYPES;
  length: number;
  data: string;
}

/**
 * Packs numbers in the smallest of four types that holds every one of them unchanged.
 * @param values finite numbers
 */
export function pack(values: ArrayLike<number>): Packed {
  for (const type of Object.keys(TYPES) as (keyof typeof TYPES)[]) {
    const array = TYPES[type].from(values);
    // Object.is: -0 is not 0 here, since what comes back must be the same to the bit.
    if (type === 'float64' || array.every((value, i) => Object.is(value, values[i]))) {
      const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
      return { type, length: array.length, data: swapped(bytes, array.BYTES_PER_ELEMENT).toString('base64') };
    }
  }
  throw new Error('unreachable');
}

/**
 * The array that was packed, or a sentence about what is wrong with it.
 * @param packed checked against `PACKED_SCHEMA`
 */
export function unpack(packed: Packed): Uint8Array | Uint16Array | Uint32Array | Float64Array | string {
  const TypedArray = TYPES[packed.type];
  const size = TypedArray.BYTES_PER_ELEMENT;
  // The text's length comes first: a file that declares a gigabyte does not get it allocated.
  if (packed.data.length !== Math.ceil((packed.length * size) / 3) * 4) {
    return `base64 of ${packed.length} numbers of type ${packed.type}, got ${packed.data.length} characters`;
  }
  const bytes = Buffer.from(packed.data, 'base64');
  if (bytes.length !== packed.length * size) return `base64 text, got other characters`;
  // A copy, because a Buffer may begin at an address that the typed array cannot.
  const copy = new Uint8Array(bytes.length);
  copy.set(swapped(bytes, size));
  return new TypedArray(copy.buffer);
}

/** Little-endian whatever the machine is. */
function swapped(bytes: Buffer, size: number): Buffer {
  if (endianness() === 'LE' || size === 1) return bytes;
  const copy = Buffer.from(bytes);
  return size === 2 ? copy.swap16() : size === 4 ? copy.swap32() : copy.swap64();
}
