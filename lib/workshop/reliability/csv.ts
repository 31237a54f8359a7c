/**
 * `npm run reliability -- csv --cases 20000`: reads generated tables in every style and with every fault, and files
 * with damaged bytes. Each must be read exactly as it was made, or be refused with the line and the column.
 * If a Python with pandas is at hand, the values are compared with pandas too.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../forest/src/index';
import { PYTHON, without } from '../../forest/testing/index';
import { parseTracks } from '../../tracks/read';
import { SCHEMA } from '../../tracks/schema';
import type { Tracks } from '../../tracks/types';
import { DECIMALS, MISSING_WORDS, type OddTable, oddTable } from '../samples/oddTables';

/** The outcomes of the tables of one kind. */
export interface Outcome {
  kind: string;
  tried: number;
  read: number;
  refused: number;
  /** Of those read: pandas reads the same numbers and texts, refuses the file, or reads something else. */
  samePandas: number;
  notPandas: number;
  otherPandas: number;
  /** Neither read as made nor refused as it should be: read wrong, crashed, or with a message that is wrong. */
  wrong: number;
}

const PANDAS_ENCODING: Record<OddTable['style']['encoding'], string> = {
  'utf-8': 'utf-8',
  'utf-8 with BOM': 'utf-8-sig',
  'utf-16le': 'utf-16',
  'utf-16be': 'utf-16',
  'utf-16le without BOM': 'utf-16-le',
  'windows-1252': 'cp1252',
};

/**
 * Tries that many tables, a quarter of them with damaged bytes.
 * @returns outcomes by kind, and a description of each thing that went wrong
 */
export async function tryTables(
  cases: number,
  seed: number,
): Promise<{ outcomes: Outcome[]; failures: string[] }> {
  const hasPandas = !without('pandas');
  const outcomes = new Map<string, Outcome>();
  const failures: string[] = [];
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('change', 'delete', 'insert')), {
    minLength: 1,
    maxLength: 3,
  });
  const batch = 1000;
  for (let from = 0; from < cases; from += batch) {
    const numRuns = Math.min(batch, cases - from);
    const tables = fc.sample(fc.tuple(oddTable(), oddTable('none'), damage), { numRuns, seed: seed + from });
    const read: { table: OddTable; tracks: Tracks; kinds: Outcome[]; isDamaged: boolean }[] = [];
    for (const [n, [made, good, changes]] of tables.entries()) {
      const isDamaged = n % 4 === 3;
      const table = isDamaged ? { ...good, bytes: damaged(good.bytes, changes) } : made;
      const kinds = kindsOf(table, isDamaged).map((kind) => outcomeOf(outcomes, kind));
      for (const kind of kinds) kind.tried++;
      const result = await parseTracks(table.bytes, 'odd.csv').catch((error: Error) => error);
      const problem = isDamaged ? problemOfDamaged(result) : problemOf(table, result);
      if (problem) {
        for (const kind of kinds) kind.wrong++;
        failures.push(`${JSON.stringify(table.style)}, ${table.fault}: ${problem}`);
      } else if (result instanceof Error) for (const kind of kinds) kind.refused++;
      else {
        for (const kind of kinds) kind.read++;
        read.push({ table, tracks: result, kinds, isDamaged });
      }
    }
    if (!hasPandas) continue;
    askPandas(read.map(({ table }) => table)).forEach((answer, i) => {
      const { table, tracks, kinds, isDamaged } = read[i];
      const difference = answer.columns && differenceOf(tracks, answer.columns);
      for (const kind of kinds) {
        if (!answer.columns) kind.notPandas++;
        else if (difference) kind.otherPandas++;
        else kind.samePandas++;
      }
      if (difference)
        failures.push(`pandas${isDamaged ? ', damaged' : ''}: ${JSON.stringify(table.style)}: ${difference}`);
    });
  }
  return { outcomes: [...outcomes.values()], failures };
}

function kindsOf({ style, fault }: OddTable, isDamaged: boolean): string[] {
  if (isDamaged) return ['all', 'damaged bytes'];
  if (fault !== 'none') return ['all', `fault: ${fault}`];
  return [
    'all',
    ...Object.entries(style).map(
      ([dimension, value]) => `${dimension}: ${JSON.stringify(value).slice(1, -1)}`,
    ),
  ];
}

function outcomeOf(outcomes: Map<string, Outcome>, kind: string): Outcome {
  const none = { tried: 0, read: 0, refused: 0, samePandas: 0, notPandas: 0, otherPandas: 0, wrong: 0 };
  if (!outcomes.has(kind)) outcomes.set(kind, { kind, ...none });
  return outcomes.get(kind)!;
}

/** The fault in the result of a table whose content is known, or undefined. */
function problemOf({ expected, refusal }: OddTable, result: Tracks | Error): string | undefined {
  if (result instanceof Error) {
    if (!(result instanceof InputError)) return `crashed: ${result.stack}`;
    if (!refusal) return `refused: ${result.message}`;
    return refusal.test(result.message) ? undefined : `the message is ${result.message}, not ${refusal}`;
  }
  if (refusal) return 'was read in spite of its fault';
  const wrong = Object.entries(expected).find(([name, values]) => {
    const column = result.columns[name];
    return column?.length !== values.length || values.some((value, row) => !Object.is(value, column[row]));
  });
  return (
    wrong && `column ${wrong[0]} was read as ${JSON.stringify(Array.from<unknown>(result.columns[wrong[0]]))}`
  );
}

/** A damaged file must give a table of possible values or an InputError; no more is known of it. */
function problemOfDamaged(result: Tracks | Error): string | undefined {
  if (result instanceof Error) return result instanceof InputError ? undefined : `crashed: ${result.stack}`;
  const odd = Object.entries(result.columns).find(([, column]) => column.length !== result.rowCount);
  return odd && `column ${odd[0]} has ${odd[1].length} values for ${result.rowCount} rows`;
}

function damaged(bytes: Buffer, changes: readonly (readonly [number, number, string])[]): Buffer {
  let list = [...bytes];
  for (const [at, byte, how] of changes) {
    const i = list.length === 0 ? 0 : at % list.length;
    list = [
      ...list.slice(0, i),
      ...(how === 'delete' ? [] : [byte]),
      ...list.slice(how === 'insert' ? i : i + 1),
    ];
  }
  return Buffer.from(list);
}

interface Answer {
  columns?: Record<string, (number | string | null)[]>;
  error?: string;
}

const names = (kinds: readonly string[]) =>
  SCHEMA.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
const NUMBERS = [...names(['number']), 'key', 'mode'];

function askPandas(tables: readonly OddTable[]): Answer[] {
  const questions = tables.map(({ bytes, style, headers }) => {
    const [decimal, thousands] = DECIMALS[style.decimal];
    const spelled = (wanted: readonly string[]) => wanted.flatMap((name) => headers[name] ?? []);
    return JSON.stringify({
      bytes: bytes.toString('base64'),
      separator: style.separator,
      encoding: PANDAS_ENCODING[style.encoding],
      decimal,
      thousands: thousands || null,
      missing: MISSING_WORDS,
      skip: style['above the header'] === 'sep=' ? 1 : 0,
      numbers: spelled(NUMBERS),
      truths: spelled(['explicit']),
      texts: spelled(names(['text'])),
    });
  });
  if (questions.length === 0) return [];
  const script = join(__dirname, 'csvPeer.py');
  const run = spawnSync(PYTHON, [script], {
    input: `${questions.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
  });
  if (run.status !== 0)
    throw new Error(`lib/workshop/reliability/csvPeer.py requires a working pandas, got ${run.stderr}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
  return answers.map(({ columns, error }, i) => {
    if (!columns) return { error };
    const canonical = new Map(Object.entries(tables[i].headers).map(([name, header]) => [header, name]));
    return {
      columns: Object.fromEntries(
        Object.entries(columns).map(([header, values]) => [canonical.get(header)!, values]),
      ),
    };
  });
}

/** pandas misses the nearest float64 by a few units in the last place where it is told of thousands. */
function isSame(ours: number | string | undefined, theirs: number | string | null): boolean {
  if (theirs === null) return Number.isNaN(ours);
  if (typeof ours === 'number' && typeof theirs === 'number')
    return Math.abs(ours - theirs) <= 1e-15 * Math.abs(theirs);
  return ours === theirs;
}

/** The first cell that pandas reads as something else, or undefined. */
function differenceOf(
  tracks: Tracks,
  columns: Record<string, (number | string | null)[]>,
): string | undefined {
  for (const [name, theirs] of Object.entries(columns)) {
    const ours = tracks.columns[name] ?? [];
    if (ours.length !== theirs.length) return `${name} has ${ours.length} rows, in pandas ${theirs.length}`;
    const row = theirs.findIndex((value, i) => !isSame(ours[i], value));
    if (row >= 0)
      return `${name}[${row}] is ${JSON.stringify(ours[row])}, in pandas ${JSON.stringify(theirs[row])}`;
  }
  return undefined;
}

export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  const option = (name: string, otherwise: number) => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const cases = option('--cases', 20_000);
  const { outcomes, failures } = await tryTables(cases, option('--seed', 42));
  const rows = outcomes.sort((a, b) => a.kind.localeCompare(b.kind, 'en'));
  console.table(Object.fromEntries(rows.map(({ kind, ...counts }) => [kind, counts])));
  for (const failure of failures.slice(0, 20)) console.log(failure);
  const wrong = outcomes.find(({ kind }) => kind === 'all')?.wrong ?? 0;
  const other = failures.filter((failure) => failure.startsWith('pandas'));
  const returns = other.filter((failure) => failure.includes('"newline":"\\r"'));
  console.log(`${cases} tables: ${wrong} read wrong, crashed or refused with a wrong message`);
  console.log(
    `${other.length} read otherwise than by pandas, ${returns.length} of them with lines that end with \\r alone`,
  );
  if (wrong > 0) process.exitCode = 1;
}

if (require.main === module) void main();
