/**
 * Time as a dependency. Everything that reads the time or waits takes a `Clock`, so that a test can
 * hold time still; nothing in the product calls `Date.now` or `setTimeout` by itself.
 */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump when the system's clock is set. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. For intervals and timeouts. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`; the returned timer cancels it. */
  after(delayMs: number, task: () => void): Timer;
  /** Runs `task` every `intervalMs` until cancelled. */
  every(intervalMs: number, task: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

interface NodeTimer {
  unref?(): unknown;
}

class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(delayMs: number, task: () => void): Timer {
    const handle = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(handle) };
  }

  every(intervalMs: number, task: () => void): Timer {
    const handle = setInterval(task, intervalMs);
    return { cancel: () => clearInterval(handle) };
  }
}

/** The machine's own clock. */
export const systemClock: Clock = new SystemClock();

/** The machine's own clock, with timers that do not keep a Node process alive by themselves. */
export const backgroundClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    const handle = setTimeout(task, delayMs);
    (handle as unknown as NodeTimer).unref?.();
    return { cancel: () => clearTimeout(handle) };
  },
  every(intervalMs, task) {
    const handle = setInterval(task, intervalMs);
    (handle as unknown as NodeTimer).unref?.();
    return { cancel: () => clearInterval(handle) };
  },
};
