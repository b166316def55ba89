/**
 * Runs a user's callback so that what it throws disturbs nothing of the client: the rest of the frame is
 * handled, and the error surfaces as an uncaught one, where the platform shows such.
 */
export function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
