/**
 * `npm run reliability -- modelFiles`: damages a good model file in thousands of ways. Each must be refused with a
 * sentence that names what is wrong, or predict exactly as before; nothing may hang or crash.
 */
import { InputError } from '../errors';
import { modelText, parseModel } from '../model/file';
import type { Model } from '../model/model';
import { sampleModel, seeded } from '../model/sample';

type Random = () => number;
type Json = Record<string, unknown>;

/** What became of the damaged files: `refused` by kind of damage, or `harmless`. */
export interface MutationReport {
  kinds: Record<string, { refused: number; harmless: number }>;
  slowestMs: number;
  /** Descriptions of whatever should not have happened. */
  failures: string[];
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

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
  -0,
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
  'A'.repeat(1000),
];

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

/** Changes parsed JSON in place, or the text itself. */
const DAMAGE: Record<string, (text: string, random: Random) => string> = {
  'byte flipped': (text, random) => {
    const bytes = Buffer.from(text);
    const flips = 1 + Math.floor(random() * 3);
    for (let i = 0; i < flips; i++)
      bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    return bytes.toString();
  },
  'cut short': (text, random) => text.slice(0, Math.floor(random() * text.length)),
  'part repeated': (text, random) => {
    const [from, to] = [random() * text.length, random() * text.length].sort((a, b) => a - b) as [
      number,
      number,
    ];
    return text.slice(0, to) + text.slice(from);
  },
  'field dropped': (text, random) => {
    const model = JSON.parse(text);
    const [holder, key] = place(random, model);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return JSON.stringify(model);
  },
  'field retyped': (text, random) => {
    const model = JSON.parse(text);
    const [holder, key] = place(random, model);
    holder[key] = pick(random, STRANGE);
    return JSON.stringify(model);
  },
  'number moved': (text, random) => {
    const model = JSON.parse(text);
    for (let i = 0; i < 50; i++) {
      const [holder, key] = place(random, model);
      if (typeof holder[key] !== 'number') continue;
      holder[key] =
        (holder[key] as number) * (random() < 0.5 ? -1 : 1 + random() * 1e-3) + (random() < 0.3 ? 1 : 0);
      break;
    }
    return JSON.stringify(model);
  },
  'fields exchanged': (text, random) => {
    const model = JSON.parse(text);
    const [a, keyA] = place(random, model);
    const [b, keyB] = place(random, model);
    const [one, other] = [JSON.stringify(a[keyA]), JSON.stringify(b[keyB])];
    a[keyA] = JSON.parse(other);
    b[keyB] = JSON.parse(one);
    return JSON.stringify(model);
  },
  'field added': (text, random) => {
    const model = JSON.parse(text);
    const [holder] = place(random, model);
    const name = pick(random, ['extra', 'toString', 'length', 'predict', 'votes']);
    if (!Array.isArray(holder)) holder[name] = pick(random, STRANGE); // JSON has no named items in lists
    return JSON.stringify(model);
  },
  'prototype polluted': (text, random) => {
    const at = Math.floor(random() * text.length);
    const brace = Math.max(0, text.indexOf('{', at));
    const name = pick(random, ['__proto__', 'constructor', 'prototype']);
    return `${text.slice(0, brace + 1)}"${name}":{"polluted":true,"version":1,"min":0},${text.slice(brace + 1)}`;
  },
  'trees rewritten': (text, random) => {
    const model = JSON.parse(text);
    const packed = model.trees[pick(random, ['feature', 'threshold', 'value', 'weight'])];
    const bytes = Buffer.from(packed.data, 'base64');
    const way = random();
    if (way < 0.4) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    else if (way < 0.6) bytes.fill(pick(random, [0, 255, 127]), Math.floor(random() * bytes.length));
    packed.data = way < 0.8 ? bytes.toString('base64') : packed.data.slice(0, Math.floor(random() * 64) * 4);
    if (way > 0.7) packed.length = Math.floor(random() * 2 ** (random() * 40));
    if (way > 0.9) packed.type = pick(random, ['uint8', 'uint16', 'uint32', 'float64', 'float32']);
    return JSON.stringify(model);
  },
  'white space and order': (text, random) => {
    if (random() < 0.5) return JSON.stringify(JSON.parse(text), null, 1 + Math.floor(random() * 8));
    return Buffer.from(text.replaceAll('\n', '\r\n')).toString();
  },
};

/**
 * Tries `count` damaged files.
 * @param count how many
 * @param seed of the damage
 */
export function runMutations(count: number, seed: number): MutationReport {
  const random = seeded(seed);
  const good = sampleModel({ treeCount: 5, depth: 4 });
  const text = modelText(good.contents);
  const tracks = good.contents.examples.map(({ values }) => values);
  const wanted = tracks.map((values) => answersOf(good, values));
  const report: MutationReport = { kinds: {}, slowestMs: 0, failures: [] };
  for (let i = 0; i < count; i++) {
    const kind = pick(random, Object.keys(DAMAGE));
    const damaged = DAMAGE[kind]!(text, random);
    report.kinds[kind] ??= { refused: 0, harmless: 0 };
    const tally = report.kinds[kind]!;
    const start = performance.now();
    try {
      const model = parseModel(damaged);
      const same = tracks.every((values, k) => answersOf(model, values) === wanted[k]);
      if (same) tally.harmless++;
      else report.failures.push(`${i} (${kind}): another prediction`);
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

/**
 * The same damage with a checksum that fits, so that the other checks stand alone: such a file is refused, or
 * is another possible model, whose answers are numbers from 0 to 100 that add up.
 * @returns descriptions of whatever should not have happened, and how many files were refused
 */
export function runForgeries(count: number, seed: number): { refused: number; failures: string[] } {
  const random = seeded(seed);
  const text = modelText(sampleModel({ treeCount: 5, depth: 4 }).contents);
  const kinds = ['field dropped', 'field retyped', 'number moved', 'fields exchanged', 'trees rewritten'];
  let refused = 0;
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const { sha256: _, ...contents } = JSON.parse(DAMAGE[pick(random, kinds)]!(text, random));
    try {
      const model = parseModel(modelText(contents));
      for (const { values } of model.contents.examples) {
        const { prediction, interval } = model.answer(values);
        const { expected, contributions } = model.explain(values);
        const sum = contributions.reduce((a, b) => a + b, expected);
        const fine = interval.low <= interval.high && prediction >= 0 && prediction <= 100;
        if (!fine || !(Math.abs(sum - prediction) < 1e-6)) failures.push(`${i}: ${prediction}, ${sum}`);
      }
    } catch (error) {
      if (error instanceof InputError) refused++;
      else failures.push(`${i}: ${(error as Error).stack}`);
    }
  }
  return { refused, failures };
}

/** Everything that the model says about a track, as text. */
function answersOf(model: Model, values: number[]): string {
  return JSON.stringify([model.answer(values), [...model.explain(values).contributions]]);
}

/** The bench's table. */
export async function main(): Promise<void> {
  const report = runMutations(20_000, 1);
  console.log('Damaged model files      tried  refused  predicts as before');
  let tried = 0;
  for (const [kind, { refused, harmless }] of Object.entries(report.kinds)) {
    tried += refused + harmless;
    console.log(
      `${kind.padEnd(22)} ${String(refused + harmless).padStart(7)} ${String(refused).padStart(8)} ${String(harmless).padStart(19)}`,
    );
  }
  const forged = runForgeries(5_000, 2);
  console.log(
    `${'the same, resigned'.padEnd(22)} ${'5000'.padStart(7)} ${String(forged.refused).padStart(8)}`,
  );
  report.failures.push(...forged.failures);
  console.log(
    `${tried + 5_000} files, slowest ${report.slowestMs.toFixed(0)} ms, ${report.failures.length} failures`,
  );
  for (const failure of report.failures.slice(0, 10)) console.log(failure);
  if (report.failures.length > 0) process.exitCode = 1;
}
