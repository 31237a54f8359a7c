/**
 * `npm run bench` measures the forest beside its peers; `npm run bench -- NAME OPTIONS` runs NAME.ts of this
 * folder. Each file exports `main(args)` and prints what it measured; what they share is in `parts/`, and the
 * Python that NAME.ts starts is NAMEPeer.py.
 */
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

async function main(args: string[]): Promise<void> {
  const name = args[0] && !args[0].startsWith('-') ? args[0] : 'forest';
  const options = args[0] === name ? args.slice(1) : args;
  if (!/^\w+$/.test(name) || !existsSync(join(__dirname, `${name}.ts`))) {
    const names = readdirSync(__dirname).filter((file) => /^\w+\.ts$/.test(file) && file !== 'main.ts');
    console.error(
      `npm run bench requires one of ${names.map((file) => file.slice(0, -3)).join(', ')}, got ${name}`,
    );
    process.exitCode = 1;
    return;
  }
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  console.log(`${cpus().length} x ${cpus()[0]!.model.trim()}, ${memory} GB, Node ${process.version}`);
  const subject: { main?: (args: string[]) => Promise<void> } = await import(join(__dirname, `${name}.ts`));
  await subject.main?.(options);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error && error.name === 'InputError' ? error.message : error);
  process.exitCode = 1;
});
