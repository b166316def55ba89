/** The longest the event loop is held by work of the store on the live thread. */
const SLICE_MS = 2;

/**
 * A function to call between pieces of long work: once a slice of time is used up it returns a promise to wait
 * for, so that other work can run. Most calls return nothing and cost next to nothing.
 */
export function slices(): () => Promise<void> | undefined {
  let endMs = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < endMs) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        endMs = performance.now() + SLICE_MS;
        resolve();
      }),
    );
  };
}
