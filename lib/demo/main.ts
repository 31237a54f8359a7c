/**
 * `npm run demo [-- --port N --host ADDRESS --model FILE]`: serves the page from models/model.json until Ctrl-C.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../forest/src/index';
import { loadModel } from '../model/file';
import type { Model } from '../model/model';
import { whenNpmEnds } from '../npm';
import { addressOf, DEFAULT_PORT, listen } from './listen';
import { createServer } from './server';

/** After this long, a request that is still under way at the end is cut off. */
const GRACE_MS = 10_000;

const USAGE = 'npm run demo takes --port NUMBER, --host ADDRESS and --model FILE';

function options(): { host: string; port: number; model: string } {
  const text = { type: 'string' } as const;
  let values: { port?: string; host?: string; model?: string };
  try {
    ({ values } = parseArgs({ options: { port: text, host: text, model: text } }));
  } catch (error) {
    throw new InputError(`${USAGE}: ${(error as Error).message.split(/\.\s/)[0]}`);
  }
  const { port = String(DEFAULT_PORT), host = '127.0.0.1' } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new InputError(`--port requires a whole number from 0 to 65535, got ${port}`);
  }
  // Node would take it for all addresses, the network's too.
  if (host === '') throw new InputError('--host requires an address of this machine, got nothing');
  const model = values.model
    ? resolve(process.env.INIT_CWD ?? '.', values.model) // npm itself runs in the project's folder
    : join(__dirname, '..', '..', 'models', 'model.json');
  return { host, port: Number(port), model };
}

/** The first explanations take several times as long as later ones; nobody needs to wait for them. */
function warmUp(model: Model): void {
  for (let i = 0; i < 3; i++) model.explain(model.features.map(({ typical }) => typical));
}

async function main(): Promise<void> {
  const { host, port, model: path } = options();
  const model = loadModel(path);
  const { app, port: got } = await listen(() => createServer(model, host), host, port);
  if (port !== 0 && got !== port) console.log(`Port ${port} is taken, so this is port ${got}.`);
  console.log(`The demo is at ${addressOf(host, got)} (Ctrl-C ends it, /docs describes the interface).`);
  setTimeout(() => warmUp(model), 250).unref();
  let ending = false;
  const end = () => {
    if (ending) process.exit(1); // asked twice: at once
    ending = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    app.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  whenNpmEnds('demo', end);
}

main().catch((error) => {
  console.error(error instanceof InputError ? error.message : error);
  process.exit(1);
});
