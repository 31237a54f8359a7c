import { fromBase64, toBase64 } from './base64';

/**
 * Arrays of numbers as text: little-endian typed arrays in base64, exact to the bit. Not compressed, because
 * zlib's output differs from one Node to another and model.json must not.
 */
const TYPES = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, float64: Float64Array } as const;

const PLAIN = {
  type: { type: 'string', enum: ['uint8', 'uint16', 'uint32', 'float64'] },
  length: { type: 'integer', minimum: 0, maximum: 100_000_000 },
  data: { type: 'string' },
} as const;

export const PACKED_SCHEMA = {
  type: 'object',
  required: ['type', 'length', 'data'],
  additionalProperties: false,
  properties: {
    ...PLAIN,
    /** A list of different numbers; if there is one, the numbers above are positions in it. */
    of: {
      type: 'object',
      required: ['type', 'length', 'data'],
      additionalProperties: false,
      properties: PLAIN,
    },
  },
} as const;

type Plain = { type: keyof typeof TYPES; length: number; data: string };

/** A packed array as it stands in the file. */
export type Packed = Plain & { of?: Plain };

/** The arrays that `unpack` gives. */
export type Unpacked = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Packs numbers without loss in whatever is shortest: the smallest of four types that holds every one of them
 * unchanged, or a list of the different numbers and positions in it (thresholds and leaf means repeat).
 * @param values numbers, also -0 and infinite ones
 */
export function pack(values: ArrayLike<number>): Packed {
  const plain = packPlain(values);
  if (plain.type !== 'float64') return plain;
  const different = new Map<number, number>();
  const place = Array.from(values, (value) => {
    const known = different.get(value);
    if (known !== undefined) return known;
    different.set(value, different.size);
    return different.size - 1;
  });
  const listed = { ...packPlain(place), of: packPlain([...different.keys()]) };
  // A map takes -0 for 0, so a list with both cannot be told from one without; rare enough to be left plain.
  const exact = !Array.prototype.some.call(values, (value) => Object.is(value, -0));
  return exact && listed.data.length + listed.of.data.length < plain.data.length ? listed : plain;
}

function packPlain(values: ArrayLike<number>): Plain {
  for (const type of Object.keys(TYPES) as (keyof typeof TYPES)[]) {
    const array = TYPES[type].from(values);
    // Object.is: -0 is not 0 here, since what comes back must be the same to the bit.
    if (type === 'float64' || array.every((value, i) => Object.is(value, values[i]))) {
      const bytes = littleEndian(new Uint8Array(array.buffer), array.BYTES_PER_ELEMENT);
      return { type, length: array.length, data: toBase64(bytes) };
    }
  }
  throw new Error('unreachable');
}

/**
 * The array that was packed, or a sentence about what is wrong with it.
 * @param packed checked against `PACKED_SCHEMA`
 */
export function unpack(packed: Packed): Unpacked | string {
  const numbers = unpackPlain(packed);
  if (!packed.of || typeof numbers === 'string') return numbers;
  const different = unpackPlain(packed.of);
  if (typeof different === 'string') return different;
  const values = new Float64Array(numbers.length);
  for (let i = 0; i < values.length; i++) {
    const place = numbers[i];
    if (!(place < different.length)) return `positions below ${different.length}, got ${place} at place ${i}`;
    values[i] = different[place];
  }
  return values;
}

function unpackPlain(packed: Plain): Unpacked | string {
  const TypedArray = TYPES[packed.type];
  const size = TypedArray.BYTES_PER_ELEMENT;
  // The text's length comes first: a file that declares a gigabyte does not get it allocated.
  if (packed.data.length !== Math.ceil((packed.length * size) / 3) * 4) {
    return `base64 of ${packed.length} numbers of type ${packed.type}, got ${packed.data.length} characters`;
  }
  const bytes = fromBase64(packed.data);
  if (bytes?.length !== packed.length * size) return 'base64 text, got other characters';
  return new TypedArray(littleEndian(bytes, size).buffer);
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The numbers' bytes from the machine's order to the file's, or back; in place. */
function littleEndian(bytes: Uint8Array, size: number): Uint8Array {
  if (!IS_LITTLE_ENDIAN) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  return bytes;
}
