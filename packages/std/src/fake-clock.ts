import type { Clock, Timer } from './clock.ts';

interface Task {
  dueMs: number;
  readonly order: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

/** A clock that moves only when a test says so. Timers run in order of their due time. */
export class FakeClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  #order = 0;
  readonly #tasks = new Set<Task>();

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, task: () => void): Timer {
    return this.#add(delayMs, undefined, task);
  }

  every(intervalMs: number, task: () => void): Timer {
    return this.#add(intervalMs, Math.max(1, intervalMs), task);
  }

  /** How many timers are waiting; a test checks that closing a thing leaves none. */
  get pending(): number {
    return this.#tasks.size;
  }

  /** Moves time forward by `byMs`, running what falls due on the way. */
  advance(byMs: number): void {
    const endMs = this.#elapsedMs + byMs;
    for (let task = this.#next(endMs); task !== undefined; task = this.#next(endMs)) {
      this.#moveTo(Math.max(task.dueMs, this.#elapsedMs));
      if (task.everyMs === undefined) this.#tasks.delete(task);
      else task.dueMs += task.everyMs;
      task.run();
    }
    this.#moveTo(endMs);
  }

  /** `advance`, letting promise callbacks run after each step of at most `stepMs`. */
  async advanceAsync(byMs: number, stepMs: number = byMs): Promise<void> {
    for (let left = byMs; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await settle();
    }
  }

  /** Sets the wall clock as an administrator or NTP would; timers keep their distance. */
  setWall(ms: number): void {
    this.#wallMs = ms;
  }

  #add(delayMs: number, everyMs: number | undefined, run: () => void): Timer {
    const dueMs = this.#elapsedMs + Math.max(0, delayMs);
    const task: Task = { dueMs, order: this.#order++, everyMs, run };
    this.#tasks.add(task);
    return { cancel: () => void this.#tasks.delete(task) };
  }

  #next(endMs: number): Task | undefined {
    let best: Task | undefined;
    for (const task of this.#tasks) {
      if (task.dueMs > endMs) continue;
      if (
        !best ||
        task.dueMs < best.dueMs ||
        (task.dueMs === best.dueMs && task.order < best.order)
      )
        best = task;
    }
    return best;
  }

  #moveTo(elapsedMs: number): void {
    this.#wallMs += elapsedMs - this.#elapsedMs;
    this.#elapsedMs = elapsedMs;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
