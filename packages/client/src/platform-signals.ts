/**
 * What the platform knows about being reachable, where it tells: a browser's network and visibility
 * events. They are hints. A hub on this very machine answers while the browser says it is offline, so
 * no hint ever closes a connection or holds an attempt back.
 */

/** `wake`: an attempt may succeed now. `doubt`: an open connection may have died unnoticed. */
export type PlatformSignal = 'wake' | 'doubt';

export interface PlatformSignals {
  /** Returns the function that ends it. */
  listen(listener: (signal: PlatformSignal) => void): () => void;
}

interface EventSource {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

interface BrowserGlobals extends EventSource {
  readonly document?: EventSource & { readonly visibilityState?: string };
}

/** The events of the page this runs in; silent in Node. */
export const platformSignals: PlatformSignals = {
  listen(listener) {
    const page = globalThis as BrowserGlobals;
    const { document } = page;
    const wake = (): void => {
      listener('doubt');
      listener('wake');
    };
    const doubt = (): void => listener('doubt');
    const visibility = (): void => {
      if (document?.visibilityState === 'visible') wake();
    };
    page.addEventListener?.('online', wake);
    page.addEventListener?.('offline', doubt);
    document?.addEventListener?.('visibilitychange', visibility);
    return () => {
      page.removeEventListener?.('online', wake);
      page.removeEventListener?.('offline', doubt);
      document?.removeEventListener?.('visibilitychange', visibility);
    };
  },
};
