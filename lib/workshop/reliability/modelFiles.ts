/**
 * `npm run reliability -- modelFiles --cases 20000 --seed 1`: damages a good model file in thousands of ways. Each must
 * be refused with a sentence that names what is wrong, or predict exactly as before; nothing may hang, crash or take
 * much memory. Then the same damage with a checksum that fits, and some files through `npm run demo -- --model FILE`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../forest/src/index';
import { modelText, parseModel } from '../../model/file';
import type { Model } from '../../model/model';
import type { PackedTrees } from '../../model/packedTrees';
import { pack, unpack } from '../../model/packing';
import { sampleModel, seeded } from '../samples/model';

type Random = () => number;
type Json = Record<string, unknown>;

/** The outcomes of the damaged files, by kind of damage. */
export interface MutationReport {
  /** `sound` counts files that were read with the same predictions, or forgeries that are another possible model. */
  kinds: Record<string, { refused: number; sound: number }>;
  slowestMs: number;
  /** Descriptions of the failures. */
  failures: string[];
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)];
const below = (random: Random, end: number) => Math.floor(random() * end);

const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'x',
  '__proto__',
  -1,
  0,
  1,
  0.5,
  255,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  -1e308,
  [],
  {},
  [[]],
  [0],
  { length: 1e9 },
];

const PACKED = ['feature', 'threshold', 'value', 'weight'] as const;

/** A random place inside a value: the object or array that holds it, and its key. */
function place(random: Random, root: Json): [Json, string] {
  let holder: Json = root;
  for (;;) {
    const key = pick(random, Object.keys(holder));
    const value = holder[key];
    const inner = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    if (!inner || random() < 0.2) return [holder, key];
    holder = value as Json;
  }
}

/** A place that holds a number. */
function numberPlace(random: Random, root: Json): [Json, string] {
  for (;;) {
    const [holder, key] = place(random, root);
    if (typeof holder[key] === 'number') return [holder, key];
  }
}

type Damage = (text: string, random: Random) => string;
type Contents = Json & { trees: PackedTrees; features: Json[]; examples: { values: number[] }[] };

/** Damage to the parsed file. */
const inJson =
  (change: (model: Contents, random: Random) => void): Damage =>
  (text, random) => {
    const model = JSON.parse(text);
    change(model, random);
    return JSON.stringify(model);
  };

/** Damage that writes into the text after the opening of some object. */
const afterBrace =
  (piece: (random: Random) => string): Damage =>
  (text, random) => {
    const brace = Math.max(0, text.indexOf('{', below(random, text.length)));
    return `${text.slice(0, brace + 1)}${piece(random)},${text.slice(brace + 1)}`;
  };

/** One of the lists of numbers in which the trees are stored, changed. */
const inTrees = (
  change: (numbers: number[], random: Random, model: Contents) => void,
  name?: (typeof PACKED)[number],
) =>
  inJson((model, random) => {
    const list = name ?? pick(random, PACKED);
    const numbers = Array.from(unpack(model.trees[list]) as ArrayLike<number>);
    change(numbers, random, model);
    model.trees[list] = pack(numbers);
  });

const oneOf =
  (...ways: Damage[]): Damage =>
  (text, random) =>
    pick(random, ways)(text, random);

const DAMAGE: Record<string, Damage> = {
  'bytes flipped': (text, random) => {
    const bytes = Buffer.from(text);
    for (let flips = 1 + below(random, 3); flips > 0; flips--)
      bytes[below(random, bytes.length)] ^= 1 << below(random, 8);
    return bytes.toString();
  },
  'cut short': (text, random) => text.slice(0, below(random, text.length)),
  'part repeated': (text, random) => {
    const [from, to] = [random() * text.length, random() * text.length].sort((a, b) => a - b);
    return text.slice(0, to) + text.slice(from);
  },
  'fields dropped': inJson((model, random) => {
    const [holder, key] = place(random, model);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }),
  'fields retyped': inJson((model, random) => {
    const [holder, key] = place(random, model);
    holder[key] = pick(random, STRANGE);
  }),
  'fields exchanged': inJson((model, random) => {
    const [a, keyA] = place(random, model);
    const [b, keyB] = place(random, model);
    const [one, other] = [JSON.stringify(a[keyA]), JSON.stringify(b[keyB])];
    a[keyA] = JSON.parse(other);
    b[keyB] = JSON.parse(one);
  }),
  'fields added': inJson((model, random) => {
    const [holder] = place(random, model);
    // JSON has no named items in lists.
    if (!Array.isArray(holder))
      holder[pick(random, ['extra', 'toString', 'length', 'votes'])] = pick(random, STRANGE);
  }),
  'fields twice': afterBrace((random) => {
    const name = pick(random, [
      'version',
      'format',
      'min',
      'max',
      'trees',
      'name',
      'data',
      'length',
      'sha256',
    ]);
    return `"${name}":${JSON.stringify(pick(random, STRANGE))}`;
  }),
  'prototype polluted': afterBrace((random) => {
    const name = pick(random, ['__proto__', 'constructor', 'prototype']);
    return `"${name}":{"polluted":true,"version":1,"min":0}`;
  }),
  'numbers moved': inJson((model, random) => {
    const [holder, key] = numberPlace(random, model);
    const number = holder[key] as number;
    holder[key] = number * (random() < 0.5 ? -1 : 1 + random() * 1e-3) + (random() < 0.3 ? 1 : 0);
  }),
  'numbers as text': inJson((model, random) => {
    const [holder, key] = numberPlace(random, model);
    holder[key] = String(holder[key]);
  }),
  'NaN and infinity': oneOf(
    (text, random) =>
      text.replace(
        pick(random, [/\d+\.\d+/, /:\d+/, /\d+,/]),
        pick(random, ['NaN', 'Infinity', '1e999', ':-1e999']),
      ),
    inTrees((numbers, random) => {
      numbers[below(random, numbers.length)] = pick(random, [Number.NaN, Infinity, -Infinity]);
    }),
  ),
  'cycles in the trees': oneOf(
    // A tree whose leaf asks on, so that its last branch has no end; and the same with lists of fitting lengths.
    inTrees((codes, random, { features }) => {
      const leaf = codes.lastIndexOf(features.length, below(random, codes.length));
      if (leaf >= 0) codes[leaf] = 0;
    }, 'feature'),
    inJson((model, random) => {
      const codes = Array.from(unpack(model.trees.feature) as ArrayLike<number>);
      const leaf = codes.lastIndexOf(model.features.length);
      codes[leaf] = below(random, model.features.length);
      const without = (name: 'value' | 'weight') =>
        pack(Array.from(unpack(model.trees[name]) as ArrayLike<number>).slice(0, -1));
      const more = pack([...(unpack(model.trees.threshold) as Float64Array), 0]);
      Object.assign(model.trees, {
        feature: pack(codes),
        threshold: more,
        value: without('value'),
        weight: without('weight'),
      });
    }),
    // Children by number, as other formats have them, the second pointing back up.
    inJson((model, random) => {
      const up = { left: [1, 0], right: [0, 0], children_left: [0], children_right: [0] };
      Object.assign(random() < 0.5 ? model.trees : model, up);
    }),
  ),
  'indices out of range': oneOf(
    inTrees((codes, random, { features }) => {
      codes[below(random, codes.length)] = pick(random, [
        features.length + 1,
        255,
        65_535,
        2 ** 32 - 1,
        -1,
        0.5,
      ]);
    }, 'feature'),
    inJson((model, random) => {
      const listed = PACKED.map((name) => model.trees[name]).filter(({ of }) => of);
      const places = pick(random, listed);
      if (places)
        Object.assign(places, pack(Array.from({ length: places.length }, () => below(random, 300))), {
          of: places.of,
        });
    }),
    inJson((model, random) => {
      const { values } = pick(random, model.examples);
      values[below(random, values.length)] = pick(random, [12, -1, 1e9, 2 ** 53]);
    }),
  ),
  'lengths that do not match': oneOf(
    inTrees((numbers, random) => {
      if (random() < 0.5) numbers.splice(below(random, numbers.length), 1 + below(random, 3));
      else numbers.push(numbers[0]);
    }),
    inJson((model, random) => {
      model.trees[pick(random, PACKED)].length += pick(random, [-1, 1, 8, -8]);
    }),
    inJson((model, random) => {
      const packed = model.trees[pick(random, PACKED)];
      packed.data = packed.data.slice(0, 4 * below(random, packed.data.length / 4));
    }),
    inJson((model, random) => {
      model.trees.count += pick(random, [-1, 1, 1000]);
    }),
    inJson((model, random) => {
      pick(random, model.examples).values.push(0);
    }),
  ),
  'a gigabyte declared': inJson((model, random) => {
    const huge = pick(random, [1e8, 2 ** 27, 2 ** 30, 2 ** 32, 2 ** 53, 1e18]);
    if (random() < 0.2) model.trees.count = huge;
    else
      Object.assign(model.trees[pick(random, PACKED)], {
        length: huge,
        type: pick(random, ['uint8', 'float64']),
      });
  }),
  'trees rewritten': inJson((model, random) => {
    const packed = model.trees[pick(random, PACKED)];
    const bytes = Buffer.from(packed.data, 'base64');
    if (random() < 0.6) bytes[below(random, bytes.length)] = below(random, 256);
    else bytes.fill(pick(random, [0, 255, 127]), below(random, bytes.length));
    packed.data = bytes.toString('base64');
    if (random() < 0.2) packed.type = pick(random, ['uint8', 'uint16', 'uint32', 'float64']);
  }),
  'nested deeply': inJson((model, random) => {
    const [holder, key] = place(random, model);
    const depth = 10 ** (1 + below(random, 5));
    const [open, close] = pick(random, [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    holder[key] = `\0${open.repeat(depth)}0${close.repeat(depth)}\0`;
  }),
  'huge texts': inJson((model, random) => {
    const [holder, key] = place(random, model);
    holder[key] = pick(random, ['x', '"', '\u00e9', '\ud800', '9']).repeat(10 ** (3 + below(random, 4)));
  }),
  'white space and order': (text, random) => {
    if (random() < 0.5) return JSON.stringify(JSON.parse(text), null, 1 + below(random, 8));
    return text.replaceAll('\n', '\r\n');
  },
};

/** Nesting too deep for `JSON.stringify` stands between two `\0` in a text; this puts it in its place. */
const unquoted = (text: string) =>
  text.replace(/"\\u0000(.*?)\\u0000"/g, (_, nested: string) => nested.replaceAll('\\"', '"'));

const small = () => sampleModel({ treeCount: 5, depth: 4 });

/**
 * Tries `count` damaged files, of every kind as many.
 * @param count how many
 * @param seed of the damage
 */
export function runMutations(count: number, seed: number): MutationReport {
  const good = small();
  const tracks = good.contents.examples.map(({ values }) => values);
  const wanted = tracks.map((values) => answersOf(good, values));
  return run(count, seed, unquoted, (model) =>
    tracks.every((values, k) => answersOf(model, values) === wanted[k]) ? undefined : 'another prediction',
  );
}

/**
 * The same damage with a checksum that fits, so that the other checks stand alone: such a file is refused, or
 * is another possible model, whose answers are numbers from 0 to 100 that add up.
 */
export function runForgeries(count: number, seed: number): MutationReport {
  return run(count, seed, signed, (model) => {
    const typical = model.features.map((feature) => feature.typical);
    for (const values of [typical, ...model.contents.examples.map((example) => example.values)]) {
      const { prediction, interval } = model.answer(values);
      const { expected, contributions } = model.explain(values);
      const sum = contributions.reduce((a, b) => a + b, expected);
      const isPossible = interval.low <= interval.high && prediction >= 0 && prediction <= 100;
      if (!isPossible || !(Math.abs(sum - prediction) < 1e-6))
        return `forecasts ${prediction}, explained as ${sum}`;
    }
    return undefined;
  });
}

/** The text with the checksum of its own contents; as it is where it has none. */
function signed(text: string): string {
  try {
    const { sha256: _, ...contents } = JSON.parse(unquoted(text));
    const sha256 = createHash('sha256').update(JSON.stringify(contents)).digest('hex');
    return JSON.stringify({ ...contents, sha256 });
  } catch {
    return unquoted(text);
  }
}

function run(
  count: number,
  seed: number,
  finish: (text: string) => string,
  problemOf: (model: Model) => string | undefined,
): MutationReport {
  const random = seeded(seed);
  const text = modelText(small().contents);
  const report: MutationReport = { kinds: {}, slowestMs: 0, failures: [] };
  const names = Object.keys(DAMAGE);
  for (let i = 0; i < count; i++) {
    const kind = names[i % names.length];
    const damaged = finish(DAMAGE[kind](text, random));
    report.kinds[kind] ??= { refused: 0, sound: 0 };
    const tally = report.kinds[kind];
    const start = performance.now();
    try {
      const problem = problemOf(parseModel(damaged));
      if (problem) report.failures.push(`${i} (${kind}): ${problem}`);
      else tally.sound++;
    } catch (error) {
      const one = error instanceof InputError && /^model\.json: [^\n]+$/.test(error.message);
      if (one) tally.refused++;
      else report.failures.push(`${i} (${kind}): ${(error as Error).stack}`);
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - start);
  }
  if ('polluted' in {}) report.failures.push("Object's prototype was changed");
  return report;
}

/** Everything that the model says about a track, as text. */
function answersOf(model: Model, values: number[]): string {
  return JSON.stringify([model.answer(values), [...model.explain(values).contributions]]);
}

const MEGABYTE = 2 ** 20;
/** A refusal may not take more than this, for any file of any size. */
const MOST_MEMORY = 1024;

/** Tries files of hundreds of megabytes: prints the answer to each, and the peak memory of the process in MB. */
function readLargeFiles(folder: string, failures: string[]): void {
  const path = join(folder, 'large.json');
  const files: Record<string, () => void> = {
    'two gigabytes of nothing': () => {
      writeFileSync(path, '');
      truncateSync(path, 2 ** 31);
    },
    '250 MB of nothing': () => {
      writeFileSync(path, '');
      truncateSync(path, 250 * MEGABYTE);
    },
    '250 MB of brackets': () => writeFileSync(path, Buffer.alloc(250 * MEGABYTE, '[')),
    '250 MB of one text': () => writeFileSync(path, `"${'x'.repeat(250 * MEGABYTE)}"`),
    '250 MB of one number': () => writeFileSync(path, Buffer.alloc(250 * MEGABYTE, '9')),
  };
  const script = `
    const { loadModel } = require(${JSON.stringify(join(__dirname, '..', '..', 'model', 'file.ts'))});
    try { loadModel(process.argv[1]); console.log('read'); } catch (error) { console.log(String(error)); }
    console.log(Math.round(process.resourceUsage().maxRSS / 1024));`;
  for (const [name, write] of Object.entries(files)) {
    write();
    const child = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', script, path], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    const [said = '', memory = ''] = child.stdout.split('\n');
    const rest = said.split('large.json: ')[1];
    console.log(`${name.padEnd(26)} ${memory.padStart(5)} MB  ${rest ?? said}`);
    if (!said.startsWith('InputError: ') || !rest || !(Number(memory) < MOST_MEMORY))
      failures.push(`${name}: ${child.stdout}${child.stderr}`);
  }
}

/** Shows one damaged file of every refused kind as the user of `npm run demo` meets it. */
function throughTheDemo(folder: string, seed: number, failures: string[]): void {
  const random = seeded(seed);
  const good = modelText(small().contents);
  const path = join(folder, 'model.json');
  for (const [kind, damage] of Object.entries(DAMAGE)) {
    let text = '';
    for (let tries = 0; tries < 100 && text === ''; tries++) {
      const damaged = unquoted(damage(good, random));
      try {
        parseModel(damaged);
      } catch {
        text = damaged;
      }
    }
    if (text === '') continue;
    writeFileSync(path, text);
    const main = join(__dirname, '..', '..', 'demo', 'main.ts');
    const child = spawnSync(
      process.execPath,
      ['--require', 'tsx/cjs', main, '--port', '0', '--model', path],
      { encoding: 'utf8', timeout: 60_000 },
    );
    const said = child.stderr.split('model.json: ')[1] ?? child.stderr;
    console.log(`${kind.padEnd(26)} exit ${child.status}  ${said.trim()}`);
    if (child.status !== 1 || child.stdout !== '' || !/^[^\n]+model\.json: [^\n]+\n$/.test(child.stderr))
      failures.push(`demo, ${kind}: ${child.status} ${child.stdout}${child.stderr}`);
  }
}

/** The tables. */
export async function main(args: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number) => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const [cases, seed] = [option('--cases', 20_000), option('--seed', 1)];
  const damaged = runMutations(cases, seed);
  const forged = runForgeries(cases, seed + 1);
  const failures = [...damaged.failures, ...forged.failures];
  console.log('                               damaged: as before  refused     resigned: sound  refused');
  for (const [kind, { sound, refused }] of Object.entries(damaged.kinds)) {
    const other = forged.kinds[kind];
    const cells = [sound, refused, other.sound, other.refused].map(String);
    console.log(
      `${kind.padEnd(26)} ${cells[0].padStart(22)} ${cells[1].padStart(8)} ${cells[2].padStart(19)} ${cells[3].padStart(8)}`,
    );
  }
  const slowest = Math.max(damaged.slowestMs, forged.slowestMs);
  console.log(`${2 * cases} files, the slowest took ${slowest.toFixed(0)} ms`);
  const folder = mkdtempSync(join(tmpdir(), 'model-files-'));
  try {
    console.log('\nLarge files: peak memory, and what is said');
    readLargeFiles(folder, failures);
    console.log('\nnpm run demo -- --model FILE');
    throughTheDemo(folder, seed, failures);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`\n${failures.length} failures`);
  for (const failure of failures.slice(0, 10)) console.log(failure);
  if (failures.length > 0) process.exitCode = 1;
}
