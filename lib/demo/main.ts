/** `npm run demo`: serves the page from models/model.json until Ctrl-C, or writes it as a page that needs no server. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { InputError } from '../forest/src/index';
import { loadModel } from '../model/file';
import type { Model } from '../model/model';
import { whenNpmEnds } from '../npm';
import { addressOf, DEFAULT_PORT, listen } from './listen';
import { createServer, type ServerOptions } from './server';

/** After this long, a request that is still under way at the end is cut off. */
const GRACE_MS = 10_000;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** Every option: how it is given, and what it does. */
const OPTIONS = {
  port: { ...text, value: 'NUMBER', help: `the first port to try (${DEFAULT_PORT}); 0 for any` },
  host: {
    ...text,
    value: 'ADDRESS',
    help: 'the address to listen on (127.0.0.1); 0.0.0.0 for all, as in a container',
  },
  model: { ...text, value: 'FILE', help: 'the model to serve (models/model.json)' },
  export: {
    ...text,
    value: 'TARGET',
    help: 'write the page with its model as FILE.html or into a folder, and end',
  },
  'allow-host': {
    ...texts,
    value: 'NAME',
    help: 'a name under which the server may be called besides localhost; * for any',
  },
  'root-path': {
    ...text,
    value: 'PATH',
    help: 'the path under which a proxy offers the server, such as /demo',
  },
  'forwarded-prefix': {
    ...flag,
    value: '',
    help: "take that path from the proxy's header X-Forwarded-Prefix",
  },
  cors: {
    ...texts,
    value: 'ORIGIN',
    help: 'a site whose pages may ask the server, such as https://example.org; * for all',
  },
  embed: { ...texts, value: 'ORIGIN', help: 'a site that may show the page in a frame' },
  help: { ...flag, value: '', help: 'say this and end' },
} as const;

function usage(): string {
  const lines = Object.entries(OPTIONS).map(([name, { value, help }]) => {
    const many = name === 'cors' || name === 'embed' || name === 'allow-host' ? ' (may be repeated)' : '';
    return `  ${`--${name} ${value}`.padEnd(24)} ${help}${many}`;
  });
  return ['npm run demo -- [options]', ...lines].join('\n');
}

interface Settings extends ServerOptions {
  host: string;
  port: number;
  model: string;
  /** The file or the folder to write, in place of serving. */
  target?: string;
}

/** @throws InputError naming the option that is wrong */
function settings(): Settings {
  const { port = String(DEFAULT_PORT), host = '127.0.0.1', cors = [], embed = [], ...values } = given();
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new InputError(`--port requires a whole number from 0 to 65535, got ${port}`);
  }
  // Node would take it for all addresses, the network's too.
  if (host === '') throw new InputError('--host requires an address of this machine, got nothing');
  const rootPath = (values['root-path'] ?? '').replace(/\/+$/, '');
  if (rootPath !== '' && !/^(\/[\w.~-]+)+$/.test(rootPath)) {
    throw new InputError(`--root-path requires a path such as /demo, got ${rootPath}`);
  }
  for (const [name, origins] of Object.entries({ cors, embed })) {
    const wrong = origins.find((origin) => origin !== '*' && !/^https?:\/\/[\w.:[\]-]+$/.test(origin));
    if (wrong) throw new InputError(`--${name} requires a site such as https://example.org, got ${wrong}`);
  }
  // npm itself runs in the project's folder.
  const pathOf = (path: string) => resolve(process.env.INIT_CWD ?? '.', path);
  return {
    host,
    port: Number(port),
    model: values.model ? pathOf(values.model) : join(__dirname, '..', '..', 'models', 'model.json'),
    target: values.export === undefined ? undefined : pathOf(values.export),
    hosts: (values['allow-host'] ?? []).map((name) => name.toLowerCase()),
    rootPath,
    trustPrefix: values['forwarded-prefix'],
    cors,
    embed,
  };
}

function given() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
      console.log(usage());
      process.exit(0);
    }
    return values;
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; npm run demo -- --help names all`);
  }
}

/** The first explanations, and the first page, take several times as long as later ones; nobody needs to wait for them. */
function warmUp(model: Model, app: FastifyInstance): void {
  app.inject({ url: '/', headers: { host: 'localhost' } });
  for (let i = 0; i < 3; i++) model.explain(model.features.map(({ typical }) => typical));
}

async function main(): Promise<void> {
  const options = settings();
  const { host, port, target } = options;
  const model = loadModel(options.model);
  if (target !== undefined) {
    const { exportDemo } = require('./export') as typeof import('./export');
    const { file, bytes } = await exportDemo(model, target);
    console.log(`${file}: the page with its model, ${Math.round(bytes / 1000)} kB; it needs no server.`);
    return;
  }
  const { app, port: got } = await listen(() => createServer(model, options), host, port);
  if (port !== 0 && got !== port) console.log(`Port ${port} is taken, so this is port ${got}.`);
  console.log(`The demo is at ${addressOf(host, got)} (Ctrl-C ends it, /docs describes the interface).`);
  const warming = setTimeout(() => warmUp(model, app), 250).unref();
  let ending = false;
  const end = () => {
    if (ending) process.exit(1); // asked twice
    ending = true;
    clearTimeout(warming); // a closed server refuses it
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
