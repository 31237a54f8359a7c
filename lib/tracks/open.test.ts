/** The same table in every form that people have must come out the same. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import * as iconv from 'iconv-lite';
import {
  csvOf,
  gzipOf,
  jsonBytes,
  MADE_TRACKS,
  parquetOf,
  sheetOf,
  webApiOf,
  workbookOf,
  zipOf,
} from '../workshop/samples/forms';
import { parseTracks, readTracks } from './read';
import type { Tracks } from './types';

const csv = csvOf(MADE_TRACKS);
const names = Object.keys(MADE_TRACKS[0]);
const column = (name: string) => MADE_TRACKS.map((track) => track[name]);
/** As pandas writes `to_json(orient='columns')`. */
const byIndex = Object.fromEntries(names.map((name) => [name, Object.fromEntries(column(name).entries())]));
const summary = csvOf([{ genre: 'pop', popularity: 50.5, energy: 0.5 }]);

/** The content that must be read from each form. */
function check(tracks: Tracks, artists = column('artists')): void {
  const { columns } = tracks;
  const numbers = (name: string) =>
    column(name).map((value) => (value === null ? Number.NaN : Number(value)));
  for (const name of [
    'popularity',
    'duration_ms',
    'danceability',
    'energy',
    'loudness',
    'tempo',
    'explicit',
  ]) {
    assert.deepEqual([...columns[name]], numbers(name), name);
  }
  for (const name of ['track_name', 'release_date']) assert.deepEqual(columns[name], column(name), name);
  assert.deepEqual(columns.artists, artists);
}

const FORMS: Record<string, [bytes: Buffer | string, note: RegExp]> = {
  'an array of records': [jsonBytes(MADE_TRACKS), /^The file is JSON: each record is a row\.$/],
  'records below a name': [
    jsonBytes({ meta: { page: 1 }, data: { tracks: MADE_TRACKS } }),
    /the records stand in "data\.tracks"/,
  ],
  'JSON lines': [
    `${MADE_TRACKS.map((track) => JSON.stringify(track)).join('\n')}\n`,
    /JSON with a record on each line/,
  ],
  'columns of arrays': [jsonBytes(Object.fromEntries(names.map((name) => [name, column(name)]))), /is JSON/],
  'columns of cells, as pandas writes them': [jsonBytes(byIndex), /is JSON/],
  'columns and data apart': [
    jsonBytes({ columns: names, index: [0, 1, 2], data: MADE_TRACKS.map((track) => Object.values(track)) }),
    /is JSON/,
  ],
  'records by index': [jsonBytes({ ...MADE_TRACKS }), /is JSON/],
  'rows of cells': [jsonBytes([names, ...MADE_TRACKS.map((track) => Object.values(track))]), /is JSON/],
  "Python's NaN": [
    JSON.stringify(MADE_TRACKS).replace('"energy":null', '"energy":NaN').replace('[{', '[\n{'),
    /is JSON/,
  ],
  Parquet: [parquetOf(MADE_TRACKS), /^The file is Parquet\.$/],
  'an Excel workbook': [workbookOf({ Sheet1: sheetOf(MADE_TRACKS) }), /^The file is a workbook\.$/],
  'an old Excel workbook': [workbookOf({ Sheet1: sheetOf(MADE_TRACKS) }, 'xls'), /is a workbook/],
  'an OpenDocument sheet': [workbookOf({ Sheet1: sheetOf(MADE_TRACKS) }, 'ods'), /is a workbook/],
  gzip: [gzipOf(csv), /^The file was gzip-compressed\.$/],
  'gzip of JSON': [gzipOf(jsonBytes(MADE_TRACKS)), /gzip-compressed/],
  ZIP: [
    zipOf({ 'list/tracks.csv': csv, 'list/README.md': 'x', '__MACOSX/tracks.csv': 'x' }),
    /tracks\.csv was read/,
  ],
  'ZIP of two tables': [
    zipOf({ 'genres.csv': summary, 'tracks.csv': csv }),
    /^Of 2 tables in a\.file tracks\.csv holds the tracks; the others are left out: genres\.csv\.$/,
  ],
  'lines above the header': [
    `my list\nmade by me, in May\n${csv}`,
    /^The header is line 3; what stands above/,
  ],
  'row names': [
    csv.replace(/^/gm, '"7",').replace('"7",', '').replace(/"7",$/, ''),
    /one name short: the first column was taken for the names/,
  ],
  'blanks between fields': [csvOf(MADE_TRACKS, ' '), /^Blanks separate the fields\.$/],
  'saved twice': [
    iconv.decode(Buffer.from(`\ufeff${csv}`), 'windows-1252'),
    /^The text was UTF-8, read as Windows-1252 and saved as UTF-8 again; that was undone\.$/,
  ],
  'Windows-1252': [iconv.encode(csv, 'windows-1252'), /its bytes look like windows-1252/],
  'R on a Chinese Windows': [iconv.encode(csv, 'gb18030'), /its bytes look like gb18030/],
};

for (const [name, [bytes, note]] of Object.entries(FORMS)) {
  test(`the table as ${name}`, async () => {
    const tracks = await parseTracks(Buffer.from(bytes as string), 'a.file');
    check(tracks);
    assert.ok(
      tracks.notes.some((one) => note.test(one)),
      tracks.notes.join('\n'),
    );
  });
}

test("the Web API's nesting: tracks and audio features together or apart", async () => {
  const together = webApiOf(MADE_TRACKS) as { items: { track: object; audio_features: object }[] };
  const apart = {
    tracks: together.items.map(({ track }) => track),
    audio_features: together.items
      .map(({ audio_features }, i) => ({ id: `id${i}`, ...audio_features }))
      .reverse(),
  };
  const artists = column('artists').map((artist) => `${artist};Guest`);
  for (const answer of [together, apart]) {
    check(await parseTracks(jsonBytes(answer), 'a.json'), artists);
  }
});

test('old encodings are found from the names, and said', async () => {
  const table: [encoding: string, artists: string[]][] = [
    ['gb18030', ['\u5468\u6770\u4f26', '\u859b\u4e4b\u8c26', '\u9093\u7d2b\u68cb']],
    ['cp932', ['\u9ed2\u3046\u3055', '\u7c73\u6d25\u7384\u5e2b', '\u591c\u306b\u99c6\u3051\u308b']],
    ['big5', ['\u7530\u99a5\u7504', '\u5468\u6770\u502b', '\u9127\u7d2b\u68cb']],
    ['cp949', ['\ubc29\ud0c4\uc18c\ub144\ub2e8', '\uc544\uc774\uc720', '\ube14\ub799\ud551\ud06c']],
    [
      'windows-1251',
      [
        '\u041a\u0438\u043d\u043e',
        '\u0410\u043b\u0438\u0441\u0430',
        '\u0413\u0440\u0443\u043f\u043f\u0430 \u043a\u0440\u043e\u0432\u0438',
      ],
    ],
    [
      'windows-1253',
      [
        '\u03a7\u03ac\u03c1\u03b9\u03c2 \u0391\u03bb\u03b5\u03be\u03af\u03bf\u03c5',
        '\u0391\u03bd\u03c4\u03ce\u03bd\u03b7\u03c2',
        '\u0386\u03bd\u03bd\u03b1',
      ],
    ],
    ['windows-1250', ['Dawid Podsiad\u0142o', 'Ania D\u0105browska', '\u017bycie \u015bwiat\u0142o']],
    ['windows-1252', ['H\u00e5kan Hellstr\u00f6m', 'Beyonc\u00e9', 'Don\u2019t Stop']],
    ['windows-1252', ['Ti\u00ebsto', 'Ti\u00ebsto', 'Ti\u00ebsto']],
    ['windows-1252', ['Die \u00c4rzte', 'ABBA', 'Blur']],
    ['windows-1250', ['Dawid Podsiad\u0142o', 'ABBA', 'Blur']],
  ];
  for (const [encoding, artists] of table) {
    const bytes = iconv.encode(
      csvOf(MADE_TRACKS.map((track, i) => ({ ...track, artists: artists[i] }))),
      encoding,
    );
    const tracks = await parseTracks(bytes, 'a.csv');
    check(tracks, artists);
    assert.match(tracks.notes[0], new RegExp(`its bytes look like ${encoding},`));
  }
});

test('of several sheets the one with tracks is read; of two equal ones none', async () => {
  const sheet = sheetOf(MADE_TRACKS);
  const notes = sheetOf([{ release_date: '2024-05-04', remark: 'x' }]);
  const tracks = await parseTracks(workbookOf({ Notes: notes, List: sheet }), 'a.xlsx');
  check(tracks);
  assert.equal(
    tracks.notes[0],
    'Of 2 tables in a.xlsx sheet "List" holds the tracks; the others are left out: sheet "Notes".',
  );
  await assert.rejects(parseTracks(workbookOf({ A: sheet, B: sheet }), 'a.xlsx'), {
    name: 'InputError',
    message: 'a.xlsx holds 2 tables of tracks: give one of sheet "A", sheet "B"',
  });
});

test('a folder with one table of tracks in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder '));
  try {
    writeFileSync(join(folder, 'data.csv'), csv);
    writeFileSync(join(folder, 'license.md'), 'x');
    mkdirSync(join(folder, 'more.csv'));
    check(await readTracks(folder));
    writeFileSync(join(folder, 'data_by_genre.csv'), summary);
    const tracks = await readTracks(folder);
    check(tracks);
    assert.equal(tracks.source, join(folder, 'data.csv'));
    assert.match(
      tracks.notes[0],
      /data\.csv holds the tracks; the others are left out: data_by_genre\.csv\.$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is wrong names the record, the row of the sheet or the line', async () => {
  const wrong = MADE_TRACKS.map((track, i) => ({ ...track, popularity: i === 1 ? 'high' : 50 }));
  const table: [bytes: Buffer, message: RegExp][] = [
    [jsonBytes(wrong), /^a\.file, record 2, column "popularity" holds "high"/],
    [workbookOf({ A: sheetOf(wrong) }), /^a\.file, row 3, column "popularity" holds "high"/],
    [Buffer.from(`${wrong.map((track) => JSON.stringify(track)).join('\n\n')}`), /^a\.file, line 3, column/],
    [
      Buffer.from(`${JSON.stringify(wrong[0])}\n{"a": `),
      /^a\.file, line 2 is no whole JSON: perhaps it was cut short$/,
    ],
    [jsonBytes([{ a: 1 }]), /^a\.file lacks the column popularity; it has a$/],
    [zipOf({ 'a.csv': csv, 'b.csv': csv }), /^a\.file holds 2 tables of tracks: give one of a\.csv, b\.csv$/],
    [zipOf({ 'a.md': 'x' }), /^a\.file is a ZIP archive without a table/],
    [zipOf({ 'a.csv': csv }).subarray(0, 200), /^a\.file is a ZIP archive that cannot be unpacked/],
    [gzipOf(csv).subarray(0, 40), /^a\.file is gzip-compressed and damaged/],
    [parquetOf(MADE_TRACKS).subarray(0, 300), /^a\.file is a Parquet file that cannot be read/],
  ];
  for (const [bytes, message] of table) {
    await assert.rejects(parseTracks(bytes, 'a.file'), { name: 'InputError', message });
  }
});
