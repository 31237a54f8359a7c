/**
 * Waits for all parts of some work, each of which stops at the signal that it gets. Where one fails or the caller
 * aborts, the others would work in vain, so they are stopped.
 * @param start begins the parts
 * @throws the reason of `signal`, or what the first part to fail has thrown
 */
export async function allTogether(
  signal: AbortSignal | undefined,
  start: (stop: AbortSignal) => readonly Promise<unknown>[],
): Promise<void> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal!.reason);
  signal?.addEventListener('abort', abort);
  try {
    await Promise.all(start(stop.signal));
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
