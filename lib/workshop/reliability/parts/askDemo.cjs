/**
 * Starts `npm run demo`, prints its answer for the first tracks of the dataset, and ends it. It is one program, because
 * nothing outside reaches the demo on a machine without network.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');

async function main() {
  const demo = spawn('npm', ['run', 'demo', '--', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(demo, 'close').then(() => Promise.reject(new Error('the demo ended')));
  let said = '';
  const address = new Promise((resolve) => {
    demo.stdout.on('data', (text) => {
      said += text;
      const found = /http:\/\/\S+\//.exec(said);
      if (found) resolve(found[0]);
    });
  });
  const url = await Promise.race([address, ended]);
  const page = await (await fetch(url)).text();
  if (!page.includes('<title>')) throw new Error(`no page: ${page.slice(0, 100)}`);
  const body = readFileSync('dataset/spotify_tracks.csv', 'utf8').split('\n', 5).join('\n');
  const answer = await fetch(`${url}predict/csv`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body,
  });
  if (!answer.ok) throw new Error(await answer.text());
  process.stdout.write(await answer.text());
  demo.kill('SIGTERM');
  await ended.catch(() => {});
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
