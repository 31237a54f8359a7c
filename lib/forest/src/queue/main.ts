#!/usr/bin/env node
/**
 * The worker as a program. It takes jobs until SIGTERM or SIGINT, and then finishes the job at hand if that takes no
 * more than two seconds, or hands it back.
 */
import { worker } from './commandLine';

const running = worker(process.argv.slice(2));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void running?.stop().then(() => process.exit(0)));
}
