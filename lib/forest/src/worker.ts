/** The package's second entry, `exact-forest/worker`: takes jobs of searches from a queue. It needs bullmq and ioredis. */
export { worker } from './queue/commandLine';
export { type QueueWorker, startWorker, type WorkerOptions } from './queue/worker';
