/** Files as people's programs write them, one by one and checkable by eye; `oddTables.ts` makes combinations. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseTracks } from './read';

const HEADER =
  'track_name,artists,popularity,duration_ms,danceability,energy,key,loudness,mode,speechiness,acousticness,' +
  'instrumentalness,liveness,valence,tempo';
const ROW = 'Song,Band,50,200000,0.5,0.6,0,-6.5,1,0.05,0.1,0,0.1,0.4,120.5';
const TABLE = `${HEADER}\n${ROW}\n`;

/** The table with a third line in which one column, perhaps an additional one, holds that cell. */
function withCell(name: string, cell: string): string {
  const names = HEADER.split(',');
  const quoted = `"${cell.replaceAll('"', '""')}"`;
  if (!names.includes(name)) return `${HEADER},${name}\n${ROW},\n${ROW},${quoted}\n`;
  const cells = ROW.split(',').map((own, j) => (names[j] === name ? quoted : own));
  return `${TABLE}${cells.join(',')}\n`;
}

/** The same in a spreadsheet of a country with decimal commas. */
const german = (table: string) => table.replaceAll(',', ';').replaceAll('.', ',');
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
/** Column names after the known ones. */
const columns = (count: number, name: (i: number) => string) =>
  `${HEADER},${Array.from({ length: count }, (_, i) => name(i)).join(',')}\n${ROW}${',1'.repeat(count)}\n`;

/** The values of the last row, or the message about the file. */
const FILES: Record<string, [file: string | Buffer, right: Record<string, number | string> | RegExp]> = {
  "Excel's line for the separator": [`sep=;\r\n${german(TABLE)}`, { energy: 0.6, tempo: 120.5 }],
  'the same in quotes, after a byte order mark': [`\ufeff"sep=,"\n${TABLE}`, { energy: 0.6 }],
  'a fault below it': [`sep=,\n${withCell('energy', 'x')}`, /^a\.csv, line 4, column "energy" holds "x"/],
  "Excel's Unicode text": [
    Buffer.from(`\ufeff${german(TABLE).replaceAll(';', '\t')}`, 'utf16le'),
    { loudness: -6.5, track_name: 'Song' },
  ],
  'UTF-32': [
    bytes([0xff, 0xfe, 0, 0], [...TABLE].map((sign) => `${sign}\0\0\0`).join('')),
    /^a\.csv holds binary data/,
  ],
  'blank lines first, lines that end with \\r': [
    `\r \r${TABLE.replaceAll('\n', '\r')}`,
    { popularity: 50, artists: 'Band' },
  ],
  'a tab on the first line': [`\t\n${withCell('energy', 'x')}`, /line 4, column "energy"/],
  'rows of separators first': [`${',,,\n'.repeat(2)}${TABLE}`, { energy: 0.6, tempo: 120.5 }],
  'rows of separators last': [`${TABLE}${','.repeat(14)}\n`, { popularity: Number.NaN, track_name: '' }],
  'separators at the end of every line': [
    TABLE.replaceAll('\n', ',,\n'),
    { tempo: 120.5, 'Unnamed: 15': '' },
  ],
  'separators at the end of the rows only': [
    `${HEADER}\n${ROW},\n`,
    /^a\.csv, line 2 has 16 fields, where the header has 15$/,
  ],
  "pandas' index": [`,${HEADER}\n0,${ROW}\n`, { 'Unnamed: 0': '0', tempo: 120.5 }],
  'separators at the end of several rows': [
    `${HEADER}\n${`${ROW},\n`.repeat(3)}`,
    /^a\.csv, line 2 has 16 fields, where the header has 15; lines 3 and 4 do not have as many either$/,
  ],
  'row names and a last column of blanks': [
    `${HEADER},album_name\n1,${ROW}," "\n2,${ROW},"\n"\n`,
    { 'Unnamed: 0': '2', tempo: 120.5, album_name: '\n' },
  ],
  'row names and separators at the end of every line': [
    `${HEADER},\n1,${ROW},\n2,${ROW},\n`,
    { 'Unnamed: 0': '2', popularity: 50, tempo: 120.5 },
  ],
  "R's row names, which have no header": [
    `${HEADER}\n1,${ROW}\n2,${ROW}\n`,
    { 'Unnamed: 0': '2', tempo: 120.5 },
  ],
  'a comment first': [`# from my playlist\n${TABLE}`, { tempo: 120.5, track_name: 'Song' }],
  'a comment in between': [
    `${TABLE}# 2nd list\n${ROW}\n`,
    /^a\.csv, line 3 has 1 field, where the header has 15$/,
  ],
  'two files joined': [
    `${TABLE}${TABLE}`,
    /^a\.csv, line 3, column "popularity" holds "popularity", where a number such as 57 belongs \(10 more/,
  ],
  'units below the header': [
    `${HEADER}\n,,,ms,,,,dB,,,,,,,BPM\n${ROW}\n`,
    /line 2, column "duration_ms" holds "ms", where a number such as 213000 belongs \(2 more cells do not fit\)$/,
  ],
  'another separator below the header': [
    `${HEADER}\n${ROW.replaceAll(',', ';')}\n`,
    /^a\.csv, line 2 has 1 field,/,
  ],
  'every line in quotes': [`"${HEADER}"\n"${ROW}"\n`, { track_name: 'Song', tempo: 120.5 }],
  'one line in quotes, as it holds a comma': [
    `${TABLE}"Song,""Band, Others""${ROW.slice(9)}"\n`,
    { artists: 'Band, Others', tempo: 120.5 },
  ],
  'a line in quotes with too few fields': [
    `${TABLE}"${ROW.slice(5)}"\n`,
    /^a\.csv, line 3 has 1 field, where the header has 15$/,
  ],
  'quotes after a space': [`${HEADER}\nSong, "a, b"${ROW.slice(9)}\n`, /^a\.csv, line 2 has 16 fields/],
  'quotes with backslashes': [
    `${HEADER}\n"a \\"b\\""${ROW.slice(4)}\n`,
    { track_name: 'a "b"', tempo: 120.5 },
  ],
  'one name in two spellings': [
    `${HEADER},Energy \n${ROW},0.7\n`,
    /^a\.csv, line 1: columns 6 and 16 are both energy, where one belongs$/,
  ],

  'a minus sign that is none of the keyboard': [withCell('loudness', '\u22126.5'), { loudness: -6.5 }],
  'a dash for a minus': [withCell('loudness', '\u20136.5'), /line 3, column "loudness" holds "\u20136\.5"/],
  'a plus, a non-breaking space': [withCell('energy', '+0.65\u00a0'), { energy: 0.65 }],
  'thousands in Switzerland': [withCell('duration_ms', "227'239"), { duration_ms: 227_239 }],
  'thousands in France': [withCell('duration_ms', '1\u202f227\u202f239'), { duration_ms: 1_227_239 }],
  'thousands of two kinds': [withCell('duration_ms', "1'227,239"), /line 3, column "duration_ms"/],
  'an exponent': [withCell('duration_ms', '2.27E+05'), { duration_ms: 227_000 }],
  'the other decimal mark': [
    `${german(withCell('energy', ''))}${german(ROW).replace('0,6', '0.6')}\n`,
    /line 4, column "energy" holds "0\.6", where a number such as 0,65 belongs$/,
  ],
  'digits of full width': [withCell('energy', '\uff10.\uff16'), /line 3, column "energy"/],
  'a million digits and a letter': [
    withCell('energy', `${'1'.repeat(900_000)}x`),
    /holds "1{27}\.\.\.", where/,
  ],
  'minutes and seconds': [
    withCell('duration_ms', '3:45'),
    /^a\.csv, column "duration_ms" has 1 such as 3:45 and 1 plain number: it mixes units of time/,
  ],
  'a unit': [withCell('tempo', '120 BPM'), { tempo: 120 }],
  "Excel's faults": [withCell('energy', '#DIV/0!'), /line 3, column "energy" holds "#DIV\/0!"/],
  "Excel's and C's missing values": [withCell('energy', '#N/A'), { energy: Number.NaN }],
  'the same of C': [withCell('energy', '-1.#IND'), { energy: Number.NaN }],
  'a question mark': [withCell('energy', '?'), { energy: Number.NaN }],
  'whole numbers as pandas writes them': [withCell('popularity', '57.0'), { popularity: 57 }],
  'a key and a mode by name': [withCell('key', 'Db').replace(',1,0.05', ',Major,0.05'), { key: 1, mode: 1 }],
  'a key and its mode': [withCell('key', 'A minor'), { key: 9, mode: 1 }],
  'a key that is none': [withCell('key', 'H'), { key: Number.NaN }],
  'a truth value that is none': [withCell('explicit', 'maybe'), { explicit: Number.NaN }],
  'a truth value as pandas writes it': [withCell('explicit', '1.0'), { explicit: 1 }],
  'a bar': [withCell('time_signature', '4/4'), { time_signature: 4 }],

  'a date with its time': [withCell('release_date', '5/4/2024 0:00'), { release_date: '5/4/2024 0:00' }],
  'a date that Spotify does not know': [withCell('release_date', '0000'), { release_date: '' }],
  'a date of two meanings': [withCell('release_date', '04/05/24'), { release_date: '2024' }],
  "Excel's number of a day": [withCell('release_date', '45416'), { release_date: '2024-05-04' }],
  'a year to come': [withCell('release_date', '9999-12-31'), { release_date: '' }],

  'a list of Python': [withCell('artists', "['A', 'B']"), { artists: "['A', 'B']" }],
  'half a character of UTF-16': [
    Buffer.from(`\ufeff${withCell('artists', '\ud800x')}`, 'utf16le'),
    { artists: '\ud800x' },
  ],
  'a byte that is missing in UTF-16': [
    Buffer.concat(
      [0, 151].map((from) => Buffer.from(`\ufeff${TABLE}`, 'utf16le').subarray(from, from ? undefined : 150)),
    ),
    /^a\.csv is UTF-16 with an odd number of bytes, so one is missing or too many: save the file as UTF-8$/,
  ],
  'half a character in UTF-8': [
    bytes(`${TABLE}Caf\u00e9,`, [0xed, 0xa0, 0x80], `${ROW.slice(9)}\n`),
    /^a\.csv, line 3 holds a broken character: save the file as UTF-8$/,
  ],
  'one byte of Latin-1 in UTF-8': [
    bytes(`${TABLE}\u97f3\u697d${ROW.slice(4)}\nCaf`, [0xe9], `${ROW.slice(4)}\n`),
    /^a\.csv, line 4 holds a broken character/,
  ],
  'one such byte in ASCII': [bytes(`${TABLE}Caf`, [0xe9], `${ROW.slice(4)}\n`), { track_name: 'Caf\u00e9' }],
  'signs that steer a terminal': [
    withCell('energy', '\u202e\x1b[31m\x9b'),
    /column "energy" holds "\ufffd\ufffd\[31m\ufffd", where/,
  ],

  'a hundred thousand columns': [columns(100_000, (i) => `c${i}`), { energy: 0.6, c99999: '1' }],
  'as many of one name': [columns(100_000, () => 'note'), { energy: 0.6, 'note.99999': '1' }],
  'a header of a million characters': [
    columns(1, () => 'x'.repeat(1_300_000)),
    /^a\.csv, line 1 has over 1000000 characters: perhaps a quote \("\) is never closed$/,
  ],
  'a header without end': [
    columns(1, () => 'x'.repeat(5_000_000)),
    /^a\.csv has a quote \("\) that is never closed or a line of over 1000000 characters, where a header/,
  ],
  'a field of a million characters': [
    withCell('track_name', 'x'.repeat(1_300_000)),
    /^a\.csv, line 3 has over 1000000 characters/,
  ],
};

for (const [name, [file, right]] of Object.entries(FILES)) {
  test(name, async () => {
    const reading = parseTracks(Buffer.from(file as string), 'a.csv');
    if (right instanceof RegExp) {
      await assert.rejects(reading, ({ name, message }: Error) => {
        assert.equal(name, 'InputError');
        assert.match(message, right);
        assert.doesNotMatch(message, /[\x00-\x1f]/);
        return true;
      });
      return;
    }
    const { columns, rowCount } = await reading;
    const last = Object.keys(right).map((column) => [column, columns[column]?.[rowCount - 1]]);
    assert.deepEqual(Object.fromEntries(last), right);
  });
}
