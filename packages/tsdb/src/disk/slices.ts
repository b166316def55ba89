/** The longest the event loop is held by work of the store on the live thread. */
const SLICE_MS = 2;

/** A function to await between pieces of long work: it lets other work run once a slice of time is used up. */
export function slices(): () => Promise<void> {
  let endMs = performance.now() + SLICE_MS;
  return async () => {
    if (performance.now() < endMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    endMs = performance.now() + SLICE_MS;
  };
}
