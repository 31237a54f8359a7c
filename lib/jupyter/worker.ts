/** `npm run worker -- --queue redis://HOST:PORT`: takes jobs of the notebook's searches until it is stopped. */
import { worker } from '../forest/src/worker';
import { whenNpmEnds } from '../npm';

const running = worker(process.argv.slice(2));

function stop(): void {
  void running?.stop().then(() => process.exit(0));
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, stop);
if (running) whenNpmEnds('worker', stop);
