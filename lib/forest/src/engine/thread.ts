/** The listener for a worker thread's events. */
export interface ThreadListener {
  message(message: unknown): void;
  error(error: unknown): void;
  /** The thread has ended. */
  exit(): void;
}

/** A worker thread, of Node or of a browser, that runs worker.cjs or plainWorker.ts. */
export interface Thread {
  listener: ThreadListener | null;
  post(message: unknown): void;
  terminate(): Promise<void>;
  /** Whether the process waits for the thread. */
  ref(): void;
  unref(): void;
}
