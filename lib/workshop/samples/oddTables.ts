import fc from 'fast-check';

const ENCODINGS = [
  'utf-8',
  'utf-8 with BOM',
  'utf-16le',
  'utf-16be',
  'utf-16le without BOM',
  'windows-1252',
] as const;
const SEPARATORS = [',', ';', '\t', '|'] as const;
const NEWLINES = ['\n', '\r\n', '\r', 'mixed'] as const;

/** The decimal mark and the separator of thousands. */
export const DECIMALS = {
  point: ['.', ''],
  comma: [',', ''],
  'point, thousands': ['.', ','],
  'comma, thousands': [',', '.'],
  'point, apostrophes': ['.', "'"],
  'comma, spaces': [',', '\u00a0'],
} as const;

export const MISSING_WORDS = ['', 'NA', 'null', '-', '?', 'NaN', 'None', 'n/a', '#N/A', '<NA>'] as const;

/**
 * Tables of tracks as people may hand them in, made together with the values that a reader must find in them. They serve the
 * tests and `npm run reliability -- csv`.
 */
export interface OddTable {
  bytes: Buffer;
  /** The style of the file, by dimension; `npm run reliability -- csv` counts by these. */
  style: {
    encoding: (typeof ENCODINGS)[number];
    separator: (typeof SEPARATORS)[number];
    newline: (typeof NEWLINES)[number];
    quotes: 'all' | 'where needed';
    decimal: keyof typeof DECIMALS;
    missing: (typeof MISSING_WORDS)[number];
    header: (typeof HEADERS)[number];
    'above the header': (typeof ABOVE)[number];
    contents: keyof typeof CONTENTS;
  };
  fault: Fault;
  /** The columns' values by canonical name; for a table with a fault, the values that it was made from. */
  expected: Record<string, (number | string)[]>;
  /** The file's spelling of each of them. */
  headers: Record<string, string>;
  /** The words of the refusal; undefined for a table that can be read. */
  refusal: RegExp | undefined;
}

export const FAULTS = [
  'none',
  'word for a number',
  'hexadecimal',
  '1e400',
  'date for a number',
  'percent',
  'infinity',
  'unit',
  'minutes and seconds',
  'popularity out of range',
  'ragged, a field too many',
  'ragged, a field too few',
  'ragged, row names',
  'comment',
  'header again',
  'NUL',
  'quote never closed',
  'text after a quote',
  'column missing',
  'column twice',
  'header only',
  'empty',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Columns of the generated tables: canonical name, tutorial's spelling, and how a value is drawn. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const NUMBERS: readonly [name: string, other: string, value: fc.Arbitrary<number>][] = [
  ['popularity', 'Popularity', fc.integer({ min: 0, max: 100 })],
  ['duration_ms', 'Duration (ms)', fc.integer({ min: 1000, max: 9_999_999 })],
  ['danceability', 'Danceability', share],
  ['energy', 'Energy', share],
  ['key', 'Key', fc.integer({ min: 0, max: 11 })],
  ['loudness', 'Loudness', fc.double({ min: -60, max: 10, noNaN: true })],
  ['mode', 'Mode', fc.integer({ min: 0, max: 1 })],
  ['speechiness', 'Speechiness', share],
  ['acousticness', 'Acousticness', share],
  ['instrumentalness', 'Instrumentalness', fc.oneof(share, fc.double({ min: 0, max: 1e-5, noNaN: true }))],
  ['liveness', 'Liveness', share],
  ['valence', 'Valence', share],
  ['tempo', 'Tempo', fc.double({ min: 0, max: 250, noNaN: true })],
];
const TEXTS: readonly [name: string, other: string][] = [
  ['track_name', 'Track Name'],
  ['artists', 'Artists'],
  ['album_name', 'Album Name'],
];
/** Dates as files write them, and as they are read; one with a two-digit year says what the order of all is. */
const DATES: readonly (readonly [written: string, read: string])[] = [
  ...['2024-05-04', '1999', '04.05.1987', '2013.0', '5/4/2024 0:00', ''].map((date) => [date, date] as const),
  ['13/5/24', '2024-05-13'],
  ['16-May-98', '1998-05-16'],
  ['45416', '2024-05-04'],
  ['20240504', '2024-05-04'],
  ['next year', ''],
];
const TRUE_WORDS = ['True', 'true', 'TRUE', '1', 'yes', 'WAHR', 'Explicit'];
const FALSE_WORDS = ['False', 'false', 'FALSE', '0', 'no', 'FALSCH', 'Clean'];

/** Names that make readers of CSV and pages stumble, by their contents. */
const CONTENTS = {
  plain: ['Plain', '', ' padded ', "O'Neil", '#', '\\'],
  accents: ['Beyonc\u00e9', '\u20ac 100', 'Don\u2019t'],
  separators: ['a,b;c|d\te', ',', ';;'],
  quotes: ['say "hi"', '"', '""', 'a\\"b'],
  newlines: ['two\nlines', 'quote "and\nline"', '\n'],
  formulas: ['=cmd()', '+1', '-1', '@SUM(A1)', "=cmd|' /C calc'!A0"],
  HTML: ['<b>bold</b>', '<script>alert(1)</script>', '&amp;'],
  'looks like numbers': ['1,234', '0x1F', '1e400', '2024-05-04', 'NA', 'null'],
  emoji: ['\u{1f3b5} song', '\u{1f469}\u200d\u{1f467}'],
  'right-to-left': ['\u05e9\u05dc\u05d5\u05dd', '\u0645\u0631\u062d\u0628\u0627', '\u200f\u202e'],
  'other scripts': ['\u97f3\u697d', 'e\u0301', '\ufb01'],
} as const;
const NOT_IN_1252: readonly string[] = ['emoji', 'right-to-left', 'other scripts'];

const HEADERS = [
  'shipped',
  'tutorial',
  'odd case',
  'shuffled',
  'unknown columns',
  'separators at the end',
] as const;
const ABOVE = ['nothing', 'blank lines', 'sep='] as const;

const styles: fc.Arbitrary<OddTable['style']> = fc
  .record({
    encoding: fc.constantFrom(...ENCODINGS),
    separator: fc.constantFrom(...SEPARATORS),
    newline: fc.constantFrom(...NEWLINES),
    quotes: fc.constantFrom('all' as const, 'where needed' as const),
    decimal: fc.constantFrom(...(Object.keys(DECIMALS) as (keyof typeof DECIMALS)[])),
    missing: fc.constantFrom(...MISSING_WORDS),
    header: fc.constantFrom(...HEADERS),
    'above the header': fc.constantFrom(...ABOVE),
    contents: fc.constantFrom(...(Object.keys(CONTENTS) as (keyof typeof CONTENTS)[])),
  })
  .map((style) =>
    style.encoding === 'windows-1252' && NOT_IN_1252.includes(style.contents)
      ? { ...style, contents: 'accents' }
      : style,
  );

/** One table in a random style, with the fault given or a random one (none in half of the cases). */
export const oddTable = (fault?: Fault): fc.Arbitrary<OddTable> =>
  fc
    .record({
      style: styles,
      fault: fault ? fc.constant(fault) : fc.oneof(fc.constant('none' as const), fc.constantFrom(...FAULTS)),
      rows: fc.array(
        fc.record({
          numbers: fc.tuple(...NUMBERS.map(([, , value]) => fc.option(value, { nil: Number.NaN, freq: 20 }))),
          texts: fc.array(fc.nat(), { minLength: TEXTS.length, maxLength: TEXTS.length }),
          explicit: fc.constantFrom(0, 1, Number.NaN),
          genre: fc.constantFrom('rock', 'pop', 'deep-house', ''),
          date: fc.constantFrom(...DATES),
          word: fc.nat(),
          blankAfter: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      at: fc.nat(),
      order: fc.infiniteStream(fc.nat()).map((stream) => [...stream.take(40)]),
    })
    .map(({ style, fault, rows, at, order }) => write(style, fault, rows, at, order));

interface Row {
  numbers: number[];
  texts: number[];
  explicit: number;
  genre: string;
  date: readonly [written: string, read: string];
  word: number;
  blankAfter: boolean;
}

function write(style: OddTable['style'], fault: Fault, rows: Row[], at: number, order: number[]): OddTable {
  const names = CONTENTS[style.contents];
  const isComma = style.decimal.startsWith('comma');
  // With \r for line ends a \n within a field cannot be told from another kind of file.
  const name = (n: number) => pick(names, n).replaceAll('\n', style.newline === '\r' ? ' ' : '\n');
  const expected: OddTable['expected'] = {};
  let columns: { header: string; name: string; cells: string[] }[] = [];
  const add = (column: string, other: string, values: (number | string)[], cells: string[]) => {
    expected[column] = values;
    const odd = [...column.replaceAll('_', ' ')].map((c, i) => (i % 2 ? c.toUpperCase() : c)).join('');
    const header = style.header === 'tutorial' ? other : style.header === 'odd case' ? ` ${odd}` : column;
    columns.push({ header, name: column, cells });
  };
  TEXTS.forEach(([column, other], k) => {
    const values = rows.map(({ texts }) => name(texts[k]));
    add(column, other, values, values);
  });
  NUMBERS.forEach(([column, other], k) => {
    const values = rows.map((row, r) => {
      // One value that can only be a decimal shows the mark: without any, 227.239 may be thousands.
      return column === 'danceability' && r === 0 ? 0.654 : row.numbers[k] + 0;
    });
    add(
      column,
      other,
      values,
      values.map((value, r) => numberCell(value, style, rows[r].word)),
    );
  });
  const truths = rows.map(({ explicit }) => explicit);
  add(
    'explicit',
    'Explicit',
    truths,
    rows.map(({ explicit, word }) =>
      Number.isNaN(explicit) ? style.missing : pick(explicit ? TRUE_WORDS : FALSE_WORDS, word),
    ),
  );
  const genres = rows.map(({ genre }) => genre);
  add(
    'track_genre',
    'Genre',
    genres,
    rows.map(({ genre }) => genre || style.missing),
  );
  add(
    'release_date',
    'Release Date',
    rows.map(({ date: [, read] }) => read),
    rows.map(({ date: [written] }) => written || style.missing),
  );
  if (style.header === 'unknown columns') {
    columns.unshift({ header: '', name: 'Unnamed: 0', cells: rows.map((_, r) => String(r)) });
    columns.push({
      header: 'my notes',
      name: 'my notes',
      cells: rows.map(({ texts }) => name(texts[0] + 1)),
    });
    expected['my notes'] = rows.map(({ texts }) => name(texts[0] + 1));
  }
  if (style.header === 'separators at the end') {
    columns.push({ header: '', name: `Unnamed: ${columns.length}`, cells: rows.map(() => '') });
  }
  if (style.header === 'shuffled')
    columns = columns
      .map((column, i) => ({ column, at: order[i % 40] }))
      .sort((a, b) => a.at - b.at)
      .map(({ column }) => column);

  const row = at % rows.length;
  const numeric = columns.filter((column) => NUMBERS.some(([known]) => known === column.name));
  const isOf = (name: string) => numeric.find((column) => column.name === name)!;
  const strict = numeric.filter(({ name }) => name !== 'key' && name !== 'mode');
  // A fault in one column is a notation in another: a tempo may say BPM, and a share may have a percent sign.
  const own: Partial<Record<Fault, string>> = {
    percent: 'tempo',
    unit: 'energy',
    'minutes and seconds': 'loudness',
    'column missing': 'popularity',
  };
  const hit = own[fault] ? isOf(own[fault]!) : strict[at % strict.length];
  const wrongCell: Partial<Record<Fault, string>> = {
    'word for a number': 'high',
    hexadecimal: '0x1F',
    '1e400': isComma ? '1e400' : '1.5e400',
    'date for a number': '2024-05-04',
    percent: '65%',
    infinity: 'Infinity',
    unit: '120 BPM',
    'minutes and seconds': '3:45',
  };
  let refusal: RegExp | undefined;
  const where = (header: string) => `column "${literal(header)}" holds`;
  if (fault in wrongCell) {
    hit.cells[row] = wrongCell[fault]!;
    refusal = new RegExp(`, line \\d+, ${where(hit.header)} "${literal(wrongCell[fault]!)}", where a number`);
  }
  if (fault === 'popularity out of range') {
    const column = columns.find((one) => one.name === 'popularity')!;
    column.cells[row] = pick(['101', '-1', '250'], at);
    refusal = new RegExp(
      `, line \\d+, ${where(column.header)} "-?\\d+", where a number from 0 to 100 belongs`,
    );
  }
  if (fault === 'column missing') {
    columns = columns.filter((one) => one !== hit);
    refusal = new RegExp(`lacks the column ${hit.name}; it has`);
  }
  if (fault === 'column twice') {
    columns.push(hit);
    refusal = new RegExp(`are both ${hit.name}, where one belongs`);
  }
  const { text, startOf } = join(columns, rows, style, fault, row);
  refusal ??= {
    'ragged, a field too many': new RegExp(
      `, line ${startOf} has ${columns.length + 1} fields, where the header has`,
    ),
    'ragged, a field too few': new RegExp(
      `, line ${startOf} has ${columns.length - 1} fields, where the header has`,
    ),
    // Of one row it cannot be known.
    'ragged, row names':
      rows.length > 1
        ? undefined
        : new RegExp(`, line ${startOf} has ${columns.length + 1} fields, where the header has`),
    comment: new RegExp(`, line ${startOf} has 1 field, where the header has`),
    'header again': new RegExp(`, line ${startOf}, column "`),
    NUL: new RegExp(`, line ${startOf}, field \\d+ holds a NUL character|binary data`),
    // The quote that opens a later field, when a newline follows it, ends the row: then the fields are too few.
    'quote never closed': /, line \d+(, field \d+ has a quote| has \d+ fields?, where the header has)/,
    'text after a quote': new RegExp(`, line ${startOf}, field \\d+ has a quote`),
    'header only': /has a header line but no rows/,
    empty: /is empty/,
  }[fault as string];
  const headers = Object.fromEntries(columns.map((column) => [column.name, column.header]));
  return { bytes: encode(text, style.encoding), style, fault, expected, headers, refusal };
}

function join(
  columns: { header: string; cells: string[] }[],
  rows: Row[],
  style: OddTable['style'],
  fault: Fault,
  faultRow: number,
): { text: string; startOf: number } {
  const field = (cell: string) =>
    style.quotes === 'all' || /["\r\n,;|\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  let text = '';
  let line = 1;
  let startOf = 0;
  const put = (row: string, n: number) => {
    text += row + (style.newline === 'mixed' ? (n % 2 ? '\r\n' : '\n') : style.newline);
    line += row.split('\n').length;
  };
  const header = columns.map((column) => field(column.header)).join(style.separator);
  const above = { nothing: [], 'blank lines': ['', ' '], 'sep=': [`sep=${style.separator}`] };
  above[style['above the header']].forEach(put);
  if (fault === 'empty') return { text: style['above the header'] === 'sep=' ? '' : text, startOf };
  put(header, 0);
  if (fault === 'header only') return { text, startOf };
  rows.forEach(({ blankAfter }, r) => {
    const cells = columns.map((column) => field(column.cells[r]));
    if (fault === 'ragged, row names') {
      cells.unshift(String(r));
      startOf ||= line;
    }
    if (r === faultRow && fault !== 'ragged, row names') {
      startOf = line;
      if (fault === 'comment') put('# a comment', r + 1);
      if (fault === 'header again') put(header, r + 1);
      if (fault === 'ragged, a field too many') cells.push('1');
      if (fault === 'ragged, a field too few') cells.pop();
      if (fault === 'NUL') cells[0] = '"a\0b"';
      if (fault === 'quote never closed') cells[0] = '"open';
      if (fault === 'text after a quote') cells[0] = '"a"b';
    }
    put(cells.join(style.separator), r + 1);
    if (blankAfter) put('', r);
  });
  // The last row may go without its newline.
  return { text: rows[0].blankAfter ? text : text.replace(/[\r\n]+$/, ''), startOf };
}

/** A number as the style writes it; shortest digits that give the same number back. */
function numberCell(value: number, { decimal, missing }: OddTable['style'], word: number): string {
  if (Number.isNaN(value)) return missing;
  const [mark, group] = DECIMALS[decimal];
  let text = String(value).replace('.', mark);
  if (group && Number.isInteger(value)) text = text.replace(/\B(?=(\d{3})+$)/g, group);
  return word % 7 === 0 ? ` ${text} ` : text;
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length];

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function encode(text: string, encoding: OddTable['style']['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8 with BOM') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'utf-16le without BOM') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  const windows: Record<string, number> = { '\u20ac': 0x80, '\u2019': 0x92 };
  return Buffer.from([...text].map((sign) => windows[sign] ?? sign.charCodeAt(0)));
}
