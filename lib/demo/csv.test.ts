import assert from 'node:assert/strict';
import test from 'node:test';
import { Model } from '../model/model';
import { firstRows } from '../tracks/csv';
import { sampleModel } from '../workshop/samples/model';
import { predictCsv } from './csv';
import { createServer } from './server';

const model = sampleModel();
const HEADER = 'track_name,danceability,loudness,tempo,key,mode,explicit';
const CELLS = ',0.7,-6,120,1,1,1';

async function rowsOf(
  table: string | Buffer,
  delimiter = ',',
  of = model,
): Promise<Record<string, string>[]> {
  let text = '';
  for await (const piece of predictCsv(of, Buffer.from(table as string))) text += piece;
  const layout = { delimiter, newline: '\n', source: 'The answer' } as const;
  const [header, ...rows] = firstRows(text, Infinity, layout).map(({ fields }) => fields);
  return rows.map((row) => {
    assert.equal(row.length, header.length);
    return Object.fromEntries(header.map((name, j) => [name, row[j]]));
  });
}

const TRACK = { danceability: 0.7, loudness: -6, tempo: 120, key: 'C#', mode: 'major', explicit: true };

test('every row gets the prediction that its track gets alone', async () => {
  const [row] = await rowsOf(`${HEADER}\nSong,0.7,-6,120,1,1,True\n`);
  const { prediction, interval } = model.answer(model.numbers(TRACK));
  assert.deepEqual(row, {
    ...{
      track_name: 'Song',
      danceability: '0.7',
      loudness: '-6',
      tempo: '120',
      key: '1',
      mode: '1',
      explicit: 'True',
    },
    predicted_popularity: String(prediction),
    interval_low: String(interval.low),
    interval_high: String(interval.high),
    filled_in: '',
    problem: '',
  });
});

test('any spelling that the project reads', async () => {
  const wanted = String(model.predict(TRACK));
  const spellings: [string | Buffer, string][] = [
    [',Track Name,Danceability,Loudness,Tempo,Key,Mode,Explicit\n0,Song,0.7,-6,120,1,1,True', ','],
    ['tempo;mode;key;explicit;loudness;danceability\n120;major;Db;yes;-6;0,7\n', ';'],
    ['danceability\tloudness\ttempo\tkey\tmode\texplicit\r\n0.7\t-6\t120.0\tC#\tMajor\t1\r\n', '\t'],
    [Buffer.from(`\ufeff${HEADER}\nSöng,0.7,-6,120,1,1,1\n`, 'utf16le'), ','],
    [`\n\n${HEADER}\n"a ""b"", c\nd",0.7,-6,120,1,1,1\n\n`, ','],
    ['sep=;\r\ntempo;mode;key;explicit;loudness;danceability\r\n120;major;Db;yes;-6;0,7\r\n', ';'],
    ['\tdanceability\tloudness\ttempo\tkey\tmode\texplicit\n0\t0.7\t\u22126\t120\t1\t1\t1\n', '\t'],
  ];
  for (const [table, delimiter] of spellings) {
    const rows = await rowsOf(table, delimiter);
    assert.equal(rows.length, 1);
    const isGerman = table.includes('0,7');
    assert.equal(rows[0].predicted_popularity, isGerman ? wanted.replace('.', ',') : wanted, rows[0].problem);
  }
});

test('units and notations that the project reads, as the first rows show them', async () => {
  const wanted = String(model.predict(TRACK));
  const tables = [
    `dnce,dB,bpm,Key,explicit\n${'70,-6 dB,120 BPM,C♯ major,Explicit\n'.repeat(3)}`,
    `Danceability %;loudness;tempo;musical key;mode;explicit\n${'70,0;-6;120;C♯/D♭;Dur;WAHR\n'.repeat(3)}`,
    `song_danceability,audio_loudness,tempo,key,audio_mode,explicit\n${'70%,-6,120,1,Maj,1\n'.repeat(2)}`,
  ];
  for (const table of tables) {
    for (const row of await rowsOf(table, table.includes(';') ? ';' : ','))
      assert.deepEqual([row.predicted_popularity.replace(',', '.'), row.problem], [wanted, ''], table);
  }
  // In no unit that can be told: each row says for itself what is wrong.
  const mixed = await rowsOf(
    `${HEADER}\n${['70', '0.7', '80', '0.8', '90', '0.9'].map((d) => `a,${d},-6,120,1,1,1\n`).join('')}`,
  );
  assert.match(mixed[0].problem, /^line 2: danceability requires a number from 0 to 1, got "70"$/);
  assert.equal(mixed[1].predicted_popularity, wanted);
});

test('rows that cannot be read keep their place and say line and reason', async () => {
  const rows = await rowsOf(
    [
      HEADER,
      'a,0.7,-6,120,1,1,1',
      'b,high,-6,120,1,1,1',
      '"c\nc",0.7,-6,999,1,1,1',
      'd,0.7,-6,120',
      'e,,-6,120,1,1,1',
      'f,0.7,-6,120,H,1,1',
      'g,0.7,-6,120,1.5,1,1',
      'h,0.7,-6,120,1,1,maybe',
      'i,0.7,-6,120,1,1,1,9',
      'j,0.7,-6,120,1,1,',
    ].join('\n'),
  );
  assert.deepEqual(
    rows.map(({ problem }) => problem),
    [
      '',
      'line 3: danceability requires a number from 0 to 1, got "high"',
      'line 4: tempo requires a number from 0 to 250, got "999"',
      'line 6: 4 fields, where the header has 7',
      'line 7: danceability requires a number from 0 to 1, got ""',
      'line 8: key requires one of C, C#, D, D#, E, F, F#, G, G#, A, A#, B, got "H"',
      'line 9: key requires one of C, C#, D, D#, E, F, F#, G, G#, A, A#, B, got "1.5"',
      'line 10: explicit requires true or false, got "maybe"',
      'line 11: 8 fields, where the header has 7',
      '',
    ],
  );
  assert.deepEqual(
    rows.map(({ predicted_popularity }) => predicted_popularity !== ''),
    [true, false, false, false, false, false, false, false, false, true],
  );
  // An optional feature counts as typical, and the answer says so.
  assert.equal(rows.at(-1)!.filled_in, 'explicit');
  assert.equal(rows.at(-1)!.predicted_popularity, String(model.predict({ ...TRACK, explicit: false })));
});

test("lines are the file's own, with what stands above the header", async () => {
  const [row] = await rowsOf(`sep=,\r\n \r\n\r\n${HEADER}\r\na,x,-6,120,1,1,1\r\n`);
  assert.match(row!.problem!, /^line 5: danceability requires/);
  const [last] = await rowsOf(`\r\r${HEADER}\ra,x,-6,120,1,1,1\r`);
  assert.match(last!.problem!, /^line 4: danceability requires/);
});

test('nothing in the answer is a formula to a spreadsheet', async () => {
  const names = [
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-2+3',
    '@SUM(1)',
    '\t=1',
    '\uff1d1+1',
    '-1',
    '+0.5',
    '-',
    '=',
    'a=b',
    '-6,5',
  ];
  const rows = await rowsOf(
    `${HEADER},=1+1\n${names.map((name) => `"${name}",0.7,-6,120,1,1,1,@x\n`).join('')}`,
  );
  const made = rows.map(({ track_name }) => track_name!);
  assert.deepEqual(made, [...names.slice(0, 6).map((name) => `'${name}`), ...names.slice(6)]);
  assert.deepEqual([rows[0]["'=1+1"], rows[0].loudness], ["'@x", '-6']);
});

test('an optional column may be missing as a whole, a needed one not', async () => {
  const [row] = await rowsOf('danceability,loudness,tempo,key,mode\n0.7,-6,120,1,1\n');
  assert.equal(row!.filled_in, 'explicit');
  const refused: [string, RegExp][] = [
    [
      'danceability,loudness\n1,2\n',
      /lacks the columns tempo, key, mode; its header has danceability, loudness$/,
    ],
    ['', /table is empty, where a CSV file with a header line belongs/],
    ['\n \n', /table is empty, where a CSV file with a header line belongs/],
    ['%PDF-1.7 \x00\x01', /is a PDF document, where a table of tracks belongs/],
  ];
  for (const [table, message] of refused) {
    await assert.rejects(rowsOf(table), { name: 'InputError', message });
  }
});

test('a quote that is never closed ends the answer with a line and a reason', async () => {
  const rows = await rowsOf(`${HEADER}\na,0.7,-6,120,1,1,1\n"b${'x'.repeat(300_000)}`);
  assert.equal(rows.length, 2);
  assert.match(rows[1].problem!, /^line 3: field 1 has a quote \("\) that is never closed$/);
});

test('a quote that is not doubled is part of its text, and a row of two readings is refused by itself', async () => {
  const rows = await rowsOf(`${HEADER}\n"a "b" c"${CELLS}\n"a "b", c"${CELLS}\nd${CELLS}\n`);
  assert.equal(rows.length, 3);
  assert.deepEqual(
    rows.map(({ problem }) => problem),
    ['', 'line 3: field 1 has a quote (") that is closed before its field ends', ''],
  );
  assert.equal(rows[0].track_name, 'a "b" c');
  assert.ok(rows[0].predicted_popularity);
  assert.ok(rows[2].predicted_popularity);
});

test('the release year is read from dates, and may be missing like every optional column', async () => {
  const { contents } = model;
  const year = { ...contents.features[2], name: 'release_year', label: 'Year', min: 1900, max: 2030 };
  const seen = { seenMin: 1950, seenMax: 2024, typical: 2001, mean: 2000, scale: 10 };
  const features = contents.features.map((feature, j) => (j === 2 ? { ...year, ...seen } : feature));
  const ofYears = new Model({ ...contents, features });
  const header = 'danceability,loudness,Tempo,key,mode,explicit,release_date';
  const dates = ['1999-12-31', '1999', '', 'yesterday', '12/31/99'];
  const rows = await rowsOf(
    `${header}\n${dates.map((date) => `0.7,-6,,1,1,,${date}\n`).join('')}`,
    ',',
    ofYears,
  );
  const { tempo: _, ...track } = { ...TRACK, explicit: false };
  const predicted = [1999, 1999, 2001].map((release_year) =>
    String(ofYears.predict({ ...track, release_year })),
  );
  assert.deepEqual(
    rows.map(({ predicted_popularity }) => predicted_popularity),
    [...predicted, '', predicted[0]],
  );
  assert.deepEqual(
    rows.map(({ filled_in }) => filled_in),
    ['explicit', 'explicit', 'release_year explicit', '', 'explicit'],
  );
  assert.equal(rows[3].problem, 'line 5: release_date requires a number from 1900 to 2030, got "yesterday"');
});

test('of two columns the one that bears the name itself is read; a column without a name is called so', async () => {
  const twice = 'Danceability,danceability,loudness,tempo,key,mode,explicit';
  for (const header of [twice, twice.replace('D', 'd').replace('danceability,d', 'danceability,D')])
    assert.equal(
      (await rowsOf(`${header}\n${header.startsWith('D') ? '0,0.7' : '0.7,0'},-6,120,1,1,1\n`))[0]
        .predicted_popularity,
      String(model.predict(TRACK)),
    );
  await assert.rejects(
    rowsOf('danceability,,loudness\n1,2,3\n'),
    /its header has danceability, \(unnamed\), /,
  );
});

test('over HTTP: streamed, refused before it begins, two tables at a time, predictions meanwhile', async () => {
  const app = createServer(model);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`;
  const headers = { 'content-type': 'text/csv' };
  const send = (body: string) => fetch(`${url}/predict/csv`, { method: 'POST', headers, body });
  const bad = await send('a,b\n1,2\n');
  assert.equal(bad.status, 400);
  assert.match(((await bad.json()) as { error: string }).error, /lacks the columns/);

  const table = `${HEADER}\n${'Song,0.7,-6,120,1,1,1\n'.repeat(20_000)}`;
  const answers = await Promise.all([send(table), send(table)]);
  const third = await send(table);
  assert.equal(third.status, 503);
  assert.equal(third.headers.get('retry-after'), '2');
  await third.text();
  const meanwhile = await fetch(`${url}/predict`, {
    method: 'POST',
    body: JSON.stringify(TRACK),
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(meanwhile.status, 200);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  assert.equal(texts[0], texts[1]);
  assert.equal(texts[0].split('\n').length, 20_002);
  assert.equal((await send(`${HEADER}\n`)).status, 200); // both places are free again
  // Someone who goes away gives the place back as well.
  const gone = new AbortController();
  const leaving = fetch(`${url}/predict/csv`, { method: 'POST', headers, body: table, signal: gone.signal });
  await leaving.then((response) => response.body?.getReader().read());
  gone.abort();
  for (let i = 0; i < 3; i++) assert.equal((await send(`${HEADER}\n`)).status, 200);
  await app.close();
});
