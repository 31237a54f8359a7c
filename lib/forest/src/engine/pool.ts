import { cores } from './platform';
import type { Thread } from './thread';

/** How long a worker waits for another job. */
const IDLE_MS = 1000;

/** Worker threads of one kind. They wait for another job: to start one takes longer than to grow a small forest. */
export class ThreadPool {
  private readonly idle: Thread[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param start starts a worker, and throws where the system has no thread left */
  constructor(private readonly start: () => Thread) {}

  /** Whether a worker waits. */
  get isWarm(): boolean {
    return this.idle.length > 0;
  }

  /** Up to `count` workers; fewer where the system has no more threads, or allows none. */
  take(count: number): Thread[] {
    const workers: Thread[] = [];
    try {
      while (workers.length < count) workers.push(this.idle.pop() ?? this.start());
    } catch {
      // Those that there are do the work of all.
    }
    for (const worker of workers) worker.ref();
    return workers;
  }

  /** Lets workers wait for another job for a while, without keeping the process. */
  keep(workers: readonly Thread[]): void {
    if (workers.length === 0) return;
    const { idle } = this;
    for (const worker of workers) {
      worker.unref();
      if (idle.length < cores()) {
        // One that dies while it waits is not used again.
        const forget = () => idle.splice(0, idle.length, ...idle.filter((one) => one !== worker));
        worker.listener = { message: () => {}, error: forget, exit: forget };
        idle.push(worker);
      } else void worker.terminate();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      for (const worker of idle.splice(0)) void worker.terminate();
    }, IDLE_MS);
    // A browser's timer is a number, which keeps nothing alive.
    (this.timer as { unref?(): void }).unref?.();
  }
}
