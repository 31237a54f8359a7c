import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { TUTORIAL_TABLE, without } from '../forest/testing/index';
import { parseTracks, readTracks } from './read';
import { SCHEMA } from './schema';
import { readBytes } from './source';

const SHIPPED = join(__dirname, '..', '..', 'dataset', 'spotify_tracks.csv');
const folder = mkdtempSync(join(tmpdir(), 'tracks f\u00fcr tests '));
after(() => rmSync(folder, { recursive: true }));

const HEADER =
  'track_name,artists,popularity,duration_ms,danceability,energy,key,loudness,mode,speechiness,acousticness,' +
  'instrumentalness,liveness,valence,tempo';
const ROW = 'Song,Band,50,200000,0.5,0.6,0,-6.5,1,0.05,0.1,0,0.1,0.4,120.5';

const parse = (text: string | Buffer) => parseTracks(Buffer.from(text), 'a.csv');
const refused = (text: string | Buffer, message: RegExp) =>
  assert.rejects(parse(text), { name: 'InputError', message });

test('the shipped table', async () => {
  const tracks = await readTracks(SHIPPED);
  assert.equal(tracks.rowCount, 6000);
  assert.equal(Object.keys(tracks.columns).length, 21);
  assert.equal(tracks.sha256, createHash('sha256').update(readFileSync(SHIPPED)).digest('hex'));
  assert.equal(tracks.columns.track_name[1], 'Country On');
  assert.deepEqual(
    [tracks.columns.popularity[0], tracks.columns.tempo[0], tracks.columns.explicit[0]],
    [78, 89.991, 0],
  );
  assert.deepEqual([...tracks.lines.slice(0, 2), tracks.lines[5999]], [2, 3, 6001]);
  assert.equal(tracks.columns.popular_or_not[0], 'popular');
});

test('the 114,000-track file has an unnamed index before the same columns', async () => {
  const lines = readFileSync(SHIPPED, 'utf8').split('\n').slice(0, 4);
  const shipped = await parse(`${lines.join('\n')}\n`);
  const kaggle = await parse(lines.map((line, i) => `${i === 0 ? '' : i - 1},${line}\n`).join(''));
  const { 'Unnamed: 0': index, ...columns } = kaggle.columns;
  assert.deepEqual(index, ['0', '1', '2']);
  assert.deepEqual(columns, shipped.columns);
});

test("the tutorial's table", { skip: without('tutorial table') }, async () => {
  const tracks = await readTracks(TUTORIAL_TABLE);
  assert.equal(tracks.rowCount, 227);
  assert.equal(tracks.columns.track_name[0], 'Not Like Us');
  assert.equal(tracks.columns.release_date[0], '2024-05-04');
  const needed = SCHEMA.filter(({ needed }) => needed).map(({ name }) => name);
  for (const name of needed) assert.ok(tracks.columns[name] instanceof Float64Array, name);
  assert.equal(tracks.columns.duration_ms[0], 274192);
  assert.ok(Array.isArray(tracks.columns['External URLs']));
});

test('shuffled, renamed and unknown columns; names that no object should have', async () => {
  const tracks = await parse(
    `Duration (MS),__proto__,note,note,${HEADER.replace('duration_ms,', '').toUpperCase()}\n` +
      `200000,x,a,b,${ROW.replace('200000,', '')}\n`,
  );
  assert.deepEqual(Object.keys(tracks.columns).slice(0, 5), [
    'duration_ms',
    '__proto__',
    'note',
    'note.1',
    'track_name',
  ]);
  assert.deepEqual(tracks.columns.duration_ms, Float64Array.of(200000));
  assert.deepEqual(tracks.columns['note.1'], ['b']);
});

test('an alias stands back behind the name itself', async () => {
  const tracks = await parse(`${HEADER},genre,track_genre,Year,release_date\n${ROW},a,b,1999,2001-02-03\n`);
  assert.deepEqual(tracks.columns.track_genre, ['b']);
  assert.deepEqual(tracks.columns.genre, ['a']);
  assert.deepEqual(tracks.columns.release_date, ['2001-02-03']);
  const after = await parse(`${HEADER},track_genre,genre\n${ROW},b,a\n`);
  assert.deepEqual(after.columns.track_genre, ['b']);
});

test('text is kept to the letter: formulas, HTML, emoji, right-to-left, quotes, newlines', async () => {
  const names = [
    '=cmd()',
    '<b>x</b>',
    '\u{1f3b5}',
    '\u05e9\u05dc\u05d5\u05dd',
    'a "b"\nc',
    ' None ',
    'NA',
    '1e400',
  ];
  const rows = names.map((name) => `"${name.replaceAll('"', '""')}"${ROW.slice(4)}\n`);
  const tracks = await parse(`${HEADER}\n${rows.join('')}`);
  assert.deepEqual(tracks.columns.track_name, names);
  assert.deepEqual([...tracks.lines], [2, 3, 4, 5, 6, 8, 9, 10]);
});

test('the separator is the one under which names are known', async () => {
  const semicolons = (line: string) => line.replaceAll(',', ';');
  const tracks = await parse(
    `${semicolons(HEADER)};a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n${semicolons(ROW)};x\n`,
  );
  assert.equal(Object.keys(tracks.columns).length, 16);
});

test('keys and modes by name', async () => {
  const tracks = await parse(`${HEADER}\n${ROW.replace(',0,-6.5,1,', ',Bb,-6.5,Minor,')}\n`);
  assert.deepEqual([tracks.columns.key[0], tracks.columns.mode[0]], [10, 0]);
});

test('what is wrong, where, and what would be right', async () => {
  const two = (cell: string, header = HEADER) => `${header}\n${ROW}\n${ROW.replace(',0.6,', `,${cell},`)}\n`;
  await refused('', /^a\.csv is empty, where a CSV file with a header line belongs$/);
  await refused('\ufeff\n \n', /^a\.csv is empty/);
  await refused(`${HEADER}\n`, /^a\.csv has a header line but no rows of tracks below it$/);
  await refused(HEADER, /^a\.csv has a header line but no rows/);
  await refused(
    two('high'),
    /^a\.csv, line 3, column "energy" holds "high", where a number such as 0\.65 belongs$/,
  );
  await refused(
    `${two('high')}${ROW.replace(',0.5,', ',x,')}\n${ROW.replace('0.4', '0x1F')}\n`,
    /"high".* \(2 more cells do not fit\)$/,
  );
  await refused(two('1e400'), /column "energy" holds "1e400"/);
  await refused(two('0,6'), /^a\.csv, line 3 has 16 fields, where the header has 15$/);
  await refused(
    `${HEADER}\n${ROW.replace(',50,', ',120,')}`,
    /line 2, column "popularity" holds "120", where a number from 0 to 100 belongs$/,
  );
  await refused(`${HEADER}\n${ROW.replace(',50,', ',-1,')}`, /holds "-1", where a number from 0 to 100/);
  await refused(
    `${HEADER},Tempo\n${ROW},1\n`,
    /^a\.csv, line 1: columns 15 and 16 are both tempo, where one belongs$/,
  );
  await refused(
    `${HEADER.replace('popularity', 'popularty').replace('valence,', '')}\n`,
    /^a\.csv, line 1 lacks the column popularity; it has track_name, .*; "popularty" may be meant by popularity$/,
  );
  await refused('a,b,c\n1,2,3\n', /^a\.csv, line 1 lacks the column popularity; it has a, b, c$/);
  await refused(
    'popularity,energy,tempos,loudness\n50,0.5,120,-6\n',
    /^a\.csv, line 1 has energy and loudness of the audio features, where at least 3 of .*; "tempos" may be meant by tempo$/,
  );
});

test('files that are no CSV', async () => {
  const table: [start: string | number[], message: RegExp][] = [
    ['%PDF-1.7\n', /is a PDF document, where a table of tracks belongs$/],
    [[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], /is a PNG picture/],
    [[0xff, 0xd8, 0xff, 0xe0], /is a JPEG picture/],
    ['PK\x03\x04', /is a ZIP archive that cannot be unpacked: it is damaged, or a password locks it$/],
    [[0x1f, 0x8b, 8], /is gzip-compressed and damaged: /],
    ['PAR1', /is a Parquet file that cannot be read: /],
    ['\n<!DOCTYPE html><title>Log in</title>', /is a web page \(perhaps a login or an error page\)/],
    ['<html>', /is a web page/],
    ['{"tracks": []}', /is JSON without records: an array of objects/],
    ['[{"a": 1}]', /not a table\.csv lacks the column popularity; it has a$/],
    ['{"a": 1', /is no whole JSON: perhaps it was cut short$/],
    [[0, 1, 2, 3, 0, 200, 7], /holds binary data/],
  ];
  for (const [start, message] of table) {
    const path = join(folder, 'not a table.csv');
    writeFileSync(path, typeof start === 'string' ? start : Buffer.from(start));
    await assert.rejects(readTracks(path), { name: 'InputError', message });
  }
});

test('no file, a folder, no path', async () => {
  await assert.rejects(readTracks(join(folder, 'gone.csv')), {
    name: 'InputError',
    message: /^There is no file .*gone\.csv/,
  });
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  await assert.rejects(readTracks(empty), {
    name: 'InputError',
    message: /is a folder without a table \(CSV, JSON, Parquet or Excel\)$/,
  });
  await assert.rejects(readTracks(`${folder}/a.csv/b`), {
    name: 'InputError',
    message: /^There is no file /,
  });
  await assert.rejects(readTracks(''), { name: 'InputError', message: /requires the path or the address/ });
  await assert.rejects(readTracks(undefined as unknown as string), { name: 'InputError' });
});

test('what has no end', { skip: process.platform === 'win32' && 'needs devices and pipes' }, async () => {
  const pipe = join(folder, 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/dev/zero', pipe]) {
    const message = `${path} is a pipe or a device, where a file of tracks belongs`;
    await assert.rejects(readTracks(path), { name: 'InputError', message });
  }
  const piece = Buffer.alloc(1 << 16, 'x');
  const pour: RequestListener = (_, answer) => {
    while (!answer.destroyed && answer.write(piece)) {}
    if (!answer.destroyed) answer.once('drain', () => pour(_, answer));
  };
  await served(pour, (address) =>
    assert.rejects(readBytes(address, 30, undefined, 1e6), {
      name: 'InputError',
      message: `${address} answers with over 1000000 bytes: download the file and give its path`,
    }),
  );
});

async function served<T>(listener: RequestListener, work: (address: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tracks.csv`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an address', async () => {
  const text = `${HEADER}\n${ROW}\n`;
  const tracks = await served((_, answer) => answer.end(text), readTracks);
  assert.equal(tracks.rowCount, 1);
  assert.equal(tracks.sha256, createHash('sha256').update(text).digest('hex'));

  const rejects = (listener: RequestListener, message: RegExp, timeout = 5) =>
    served(listener, (address) =>
      assert.rejects(readTracks(address, { timeout }), { name: 'InputError', message }),
    );
  await rejects(
    (_, answer) => answer.writeHead(404).end(),
    /answers with status 404, where 200 and a table of tracks belong$/,
  );
  await rejects((_, answer) => answer.end('<html>Log in</html>'), /is a web page/);
  await rejects((request) => request.socket.destroy(), /does not answer: /);
  await rejects(() => {}, /does not answer within 0\.2 seconds$/, 0.2);
  await rejects((_, answer) => answer.write(HEADER), /does not answer within 0\.2 seconds$/, 0.2);

  const closed = await served(
    (_, answer) => answer.end(),
    async (address) => address,
  );
  await assert.rejects(readTracks(closed), { name: 'InputError', message: /does not answer: ECONNREFUSED$/ });
});

test('an address is fetched through the proxy of the environment, unless NO_PROXY names its host', async () => {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  const asked: string[] = [];
  const proxy = createServer((request, answer) => {
    asked.push(String(request.url));
    answer.end(`${HEADER}\n${ROW}\n`);
  });
  proxy.on('connect', (request, socket) => {
    asked.push(String(request.url));
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    proxy.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const tracks = await readTracks('http://tracks.example/tracks.csv');
    assert.equal(tracks.rowCount, 1);
    assert.ok(asked.length > 0 && asked[0].includes('tracks.example'), String(asked));
    process.env.NO_PROXY = '127.0.0.1';
    asked.length = 0;
    await served((_, answer) => answer.end(`${HEADER}\n${ROW}\n`), readTracks);
    assert.deepEqual(asked, []);
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    });
    proxy.closeAllConnections();
    proxy.close();
  }
});

test('a password in an address is sent, and never shown', async () => {
  let sent: string | undefined;
  const listener: RequestListener = (request, answer) => {
    sent = request.headers.authorization;
    answer.end(`${HEADER}\n${ROW}\n`);
  };
  await served(listener, async (address) => {
    const tracks = await readTracks(`${address.replace('//', '//ann:p%40ss-word@')}?token=hidden1`);
    assert.equal(sent, `Basic ${Buffer.from('ann:p@ss-word').toString('base64')}`);
    assert.doesNotMatch(JSON.stringify({ ...tracks, columns: [] }), /ss-word|ann:|hidden1/);
  });
  await served(
    (_, answer) => answer.writeHead(403).end(),
    async (address) => {
      const reading = readTracks(`${address.replace('//', '//ann:p%40ss-word@')}?api_key=hidden1`);
      await assert.rejects(reading, ({ message }: Error) => {
        assert.doesNotMatch(message, /ss-word|ann|hidden1/);
        return /status 403/.test(message);
      });
    },
  );
});

test('an interrupt stops the reading with its reason', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const reading = readTracks(SHIPPED, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      seen.push(done);
      controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(reading, { message: 'enough' });
  assert.equal(seen.length, 1);
});
