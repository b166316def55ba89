/** Ends a long-running command on SIGINT and SIGTERM: at first properly, on a second signal at once. */
import { EXIT } from './exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves with the first signal; from then on another one ends the process. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(EXIT.FAILED);
      asked = true;
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
