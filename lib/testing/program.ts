/**
 * `npm run bench` and `npm run reliability`: each program is a file NAME.ts in a folder of lib that exports
 * `main(args)` and prints a table. What the programs of a folder share is in its `parts/`, and the Python that NAME.ts
 * starts is NAMEPeer.py.
 */
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** What a folder's command runs without a name. */
const FIRST: Record<string, string> = { bench: 'forest' };

async function main([folder, ...args]: string[]): Promise<void> {
  const place = join(__dirname, '..', folder!);
  const isNamed = args[0] !== undefined && !args[0].startsWith('-');
  const name = isNamed ? args[0] : FIRST[folder!];
  const names = readdirSync(place).filter((file) => /^\w+\.ts$/.test(file));
  if (!names.includes(`${name}.ts`)) {
    console.error(
      `npm run ${folder} requires one of ${names.map((file) => file.slice(0, -3)).join(', ')}, got ${name ?? 'no name'}`,
    );
    process.exitCode = 1;
    return;
  }
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  console.log(`${cpus().length} x ${cpus()[0]!.model.trim()}, ${memory} GB, Node ${process.version}`);
  const program: { main: (args: string[]) => Promise<void> } = await import(join(place, `${name}.ts`));
  await program.main(isNamed ? args.slice(1) : args);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error && error.name === 'InputError' ? error.message : error);
  process.exitCode = 1;
});
