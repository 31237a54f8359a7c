/** One measurement of lib/forest/bench/forest.ts in a process of its own: reads a request, prints what it took. */
import { readFileSync } from 'node:fs';
import { RandomForestRegressor } from '../src/ensemble/forest';
import { GridSearchCV } from '../src/modelSelection/gridSearch';
import { type BenchTable, readTable } from './forestTables';

async function main(): Promise<void> {
  const request = JSON.parse(readFileSync(0, 'utf8')) as { table: BenchTable; grid?: object; trees: number };
  const { X, y } = readTable(request.table);
  const start = performance.now();
  if (request.grid)
    await new GridSearchCV(new RandomForestRegressor({ randomState: 42 }), request.grid).fit(X, y);
  else await new RandomForestRegressor({ nEstimators: request.trees, randomState: 42 }).fit(X, y);
  const times = [performance.now() - start];
  console.log(JSON.stringify({ times, peak: process.resourceUsage().maxRSS / 1024 }));
}

main();
