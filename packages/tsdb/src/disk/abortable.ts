/**
 * Runs work that can be given up: an abort rejects at once with the signal's reason, and the flag, in memory
 * shared with other threads, tells what still runs to stop.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (aborted: Int32Array) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const aborted = new Int32Array(new SharedArrayBuffer(4));
  if (signal === undefined) return work(aborted);
  let onAbort = (): void => undefined;
  const given = new Promise<never>((_, reject) => {
    onAbort = () => {
      Atomics.store(aborted, 0, 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort);
  });
  const done = work(aborted);
  // Whichever comes second may fail too, and nobody hears it.
  done.catch(() => undefined);
  try {
    return await Promise.race([done, given]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
