import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { loadModel, saveModel } from '../model/file';
import { sampleModel } from '../workshop/samples/model';
import { type Demo, launchDemo } from './launch';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
const modelPath = join(folder, 'model.json');
saveModel(modelPath, sampleModel());
after(() => rmSync(folder, { recursive: true }));

/** Starts `npm run demo`'s program; resolves with its output once it has said something whole. */
async function start(
  ...args: string[]
): Promise<{ child: ChildProcess; output: string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = new Promise<void>((resolve) => {
    const listen = (text: Buffer) => {
      output += text;
      if (/The demo is at/.test(output)) resolve();
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
  });
  await Promise.race([said, ended]);
  return { child, output, ended };
}

const addressIn = (output: string) => /http:\/\/\S+\//.exec(output)![0];

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`serves the model until ${signal}, then finishes what is under way and exits 0`, async () => {
    const { child, output, ended } = await start('--model', modelPath, '--port', '0');
    const url = addressIn(output);
    const model = loadModel(modelPath);
    const header = model.features.map(({ name }) => name).join(',');
    const row = '0.7,-6,120,1,1,1';
    const table = `${header}\n${`${row}\n`.repeat(10_000)}`;
    const response = await fetch(`${url}predict/csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: table,
    });
    child.kill(signal);
    const text = await response.text();
    assert.equal(text.split('\n').length, 10_002);
    assert.equal(await ended, 0);
    await assert.rejects(fetch(`${url}health`));
  });
}

test('goes with npm when that is told to end', { skip: process.platform === 'win32' }, async () => {
  const npm = spawn('npm', ['run', '--silent', 'demo', '--', '--model', modelPath, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const [output] = await once(npm.stdout, 'data');
    npm.kill('SIGTERM');
    await once(npm.stdout, 'close'); // the last process that could write has ended
    await assert.rejects(fetch(`${addressIn(String(output))}health`));
  } finally {
    try {
      process.kill(-npm.pid!, 'SIGKILL');
    } catch {} // nothing is left of its group
  }
});

test('a taken port is said plainly and the next free one is used', async () => {
  const blocker = createPlainServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as { port: number };
  const { child, output, ended } = await start('--model', modelPath, '--port', String(port));
  assert.match(
    output,
    new RegExp(
      `^Port ${port} is taken, so this is port \\d+\\.\nThe demo is at http://127\\.0\\.0\\.1:\\d+/`,
    ),
  );
  assert.equal((await fetch(`${addressIn(output)}health`)).status, 200);
  child.kill();
  await ended;
  blocker.close();
});

test('what it cannot start with is one sentence and exit code 1', async () => {
  const damaged = join(folder, 'damaged.json');
  writeFileSync(damaged, '{"format": "music-popularity-forest", "version": 1}');
  const cases: [string[], RegExp][] = [
    [
      ['--model', join(folder, 'none.json')],
      /^\S*none\.json: no such file; npm start trains the model and writes it\n$/,
    ],
    [['--model', damaged], /^\S*damaged\.json: target requires an object, got nothing\n$/],
    [['--port', '99999'], /^--port requires a whole number from 0 to 65535, got 99999\n$/],
    [['--prot', '1'], /^Unknown option '--prot'; npm run demo -- --help names all\n$/],
    [['--port', '-1'], /^Option '--port' argument is ambiguous; npm run demo -- --help names all\n$/],
    [['--root-path', 'demo'], /^--root-path requires a path such as \/demo, got demo\n$/],
    [
      ['--cors', 'example.org'],
      /^--cors requires a site such as https:\/\/example\.org, got example\.org\n$/,
    ],
    [['--embed', 'a b'], /^--embed requires a site such as https:\/\/example\.org, got a b\n$/],
    [['--host', ''], /^--host requires an address of this machine, got nothing\n$/],
    [
      ['--model', modelPath, '--host', '192.0.2.1'],
      /^The server cannot listen on 192\.0\.2\.1, port 7860: it is not an address of this machine\n$/,
    ],
  ];
  for (const [args, message] of cases) {
    const { output, ended } = await start(...args);
    assert.equal(await ended, 1);
    assert.match(output, message);
    assert.equal(output.split('\n').length, 2);
  }
});

test('--help names every option', async () => {
  const { output, ended } = await start('--help');
  assert.equal(await ended, 0);
  for (const name of [
    'port',
    'host',
    'model',
    'export',
    'allow-host',
    'root-path',
    'forwarded-prefix',
    'cors',
    'embed',
  ]) {
    assert.match(output, new RegExp(`^  --${name} `, 'm'));
  }
});

test('--export writes one file, or a folder with a page in it, and ends', async () => {
  for (const target of ['demo.html', 'site']) {
    const { output, ended } = await start('--model', modelPath, '--export', join(folder, target));
    assert.equal(await ended, 0, output);
    const file = join(folder, target === 'site' ? 'site/index.html' : target);
    assert.match(output, /: the page with its model, \d+ kB; it needs no server\.\n$/);
    assert.ok(output.startsWith(file));
    const forest = target === 'site' ? / data-src="model\.js\?[0-9a-f]{12}"></ : />[A-Za-z0-9+/=]{1000,}</;
    assert.match(
      readFileSync(file, 'utf8'),
      new RegExp(`^<!doctype html>.*<script type="text/plain" id="forest"${forest.source}/script>`, 's'),
    );
  }
  const { output, ended } = await start('--model', modelPath, '--export', join(modelPath, 'x'));
  assert.equal(await ended, 1);
  assert.match(output, /cannot be written/);
});

test('launchDemo: checked, replaced on its port when launched again, closed', async () => {
  const model = sampleModel();
  const shown: string[] = [];
  const log = console.log;
  console.log = (text: string) => shown.push(text);
  let demos: Demo[];
  try {
    const first = await launchDemo(model, { port: 47_860 });
    demos = [first, await launchDemo(model), await launchDemo(model)];
  } finally {
    console.log = log;
  }
  assert.equal(new Set(demos.map(({ url }) => url)).size, 1);
  assert.equal(new Set(shown).size, 1);
  assert.equal(shown.length, 3);
  assert.match(
    shown[0],
    /POST \/predict answered .* equal to model\.predict\.\nRequests from code go to http:\/\/127\.0\.0\.1:\d+\//,
  );
  assert.equal((await fetch(`${demos[2].url}health`)).status, 200);
  await demos[0].close(); // an old one does not take the new one along
  assert.equal((await fetch(`${demos[2].url}health`)).status, 200);
  await demos[2].close();
  await assert.rejects(fetch(`${demos[2].url}health`));
});

test('with DEMO_PORT=0 the output names the usual port whatever is taken', async () => {
  process.env.DEMO_PORT = '0';
  const shown: string[] = [];
  const log = console.log;
  console.log = (text: string) => shown.push(text);
  try {
    const demo = await launchDemo(sampleModel());
    assert.match(shown[0], /http:\/\/127\.0\.0\.1:7860\//);
    assert.doesNotMatch(demo.url, /:7860\//);
    await demo.close();
  } finally {
    console.log = log;
    delete process.env.DEMO_PORT;
  }
});
