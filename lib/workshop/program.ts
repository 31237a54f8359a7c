/**
 * `npm run bench` and `npm run reliability`: each program is a file NAME.ts in the folder of that name that
 * exports `main(args)` and prints a table. Code that the programs of a folder share stands in its `parts/`. NAME.ts
 * starts the Python of NAMEPeer.py.
 */
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';

async function main([folder, ...args]: string[]): Promise<void> {
  const place = join(__dirname, folder!);
  const isNamed = args[0] !== undefined && !args[0].startsWith('-');
  const programs = readdirSync(place)
    .filter((file) => /^\w+\.ts$/.test(file))
    .map((file) => join(place, file));
  const nameOf = (path: string) => basename(path, '.ts');
  const name = isNamed ? args[0] : folder === 'bench' ? 'forest' : undefined;
  const path = programs.find((one) => nameOf(one) === name);
  if (path === undefined) {
    console.error(
      `npm run ${folder} requires one of ${programs.map(nameOf).join(', ')}, got ${name ?? 'no name'}`,
    );
    process.exitCode = 1;
    return;
  }
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  console.log(`${cpus().length} x ${cpus()[0].model.trim()}, ${memory} GB, Node ${process.version}`);
  const program: { main: (args: string[]) => Promise<void> } = await import(path);
  await program.main(isNamed ? args.slice(1) : args);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error && error.name === 'InputError' ? error.message : error);
  process.exitCode = 1;
});
