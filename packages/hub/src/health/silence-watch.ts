/**
 * Hosts that have stopped reporting: told after a few of their own intervals, forgotten after a day. Silence is
 * measured on the hub's monotonic clock, so that a clock that is set makes nobody silent; and after a pause of the hub
 * itself everybody gets a chance to be heard first.
 */
import type { Alert } from '@nowcast/protocol';
import type { Clock } from '@nowcast/std';
import type { HostInventory, HostRecord } from '../inventory/host-inventory.ts';
import { AlertTracker, type Verdict } from './alert-tracker.ts';
import type { HealthTuning } from './tuning.ts';

export const SILENCE_CHECK_MS = 1_000;
/** A host is not called silent sooner, however fast it reports. */
const SILENCE_MIN_MS = 3_000;

export interface SilenceWatchOptions {
  readonly clock: Clock;
  readonly inventory: HostInventory;
  readonly tuning: HealthTuning;
  /** What is older than this is history and says nothing about now. */
  readonly lookbackMs: number;
  readonly report: (alert: Alert) => void;
}

export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #trackers = new Map<string, AlertTracker>();
  readonly #silent = new Set<string>();
  #checkedMs: number;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#checkedMs = options.clock.monotonicMs();
  }

  isSilent(instance: string): boolean {
    return this.#silent.has(instance);
  }

  /** To be called every `SILENCE_CHECK_MS`. Returns the hosts that have been silent for so long that they are to be forgotten. */
  check(): string[] {
    const { clock, inventory, tuning } = this.#options;
    const monotonicMs = clock.monotonicMs();
    const paused = monotonicMs - this.#checkedMs > SILENCE_CHECK_MS * 2;
    this.#checkedMs = monotonicMs;
    if (paused) return [];
    const forgotten: string[] = [];
    for (const host of inventory.list()) {
      if (host.silentMs >= tuning.hostForgetMs) forgotten.push(host.instance);
      else this.#judge(host);
    }
    for (const instance of forgotten) {
      this.#trackers.delete(instance);
      this.#silent.delete(instance);
    }
    return forgotten;
  }

  #judge(host: HostRecord): void {
    const { instance, silentMs } = host;
    const verdict = this.#verdict(host);
    if (verdict === 'clear') this.#silent.delete(instance);
    else this.#silent.add(instance);
    let tracker = this.#trackers.get(instance);
    if (tracker === undefined) {
      if (verdict === 'clear') return;
      tracker = this.#track(instance);
      this.#trackers.set(instance, tracker);
    }
    const timeMs = this.#options.clock.nowMs();
    tracker.update({ timeMs, value: Math.round(silentMs / 1_000), verdict });
    if (verdict === 'clear') this.#trackers.delete(instance);
  }

  #verdict({ intervalMs, silentMs, heardMs, sampleMs }: HostRecord): Verdict {
    const { lookbackMs, tuning } = this.#options;
    // Somebody has loaded its past; nobody expects more to come.
    if (intervalMs === undefined || heardMs - sampleMs > lookbackMs) return 'clear';
    return silentMs > Math.max(intervalMs * tuning.silentIntervals, SILENCE_MIN_MS)
      ? 'critical'
      : 'clear';
  }

  #track(instance: string): AlertTracker {
    return new AlertTracker(
      {
        condition: 'host-silent',
        labels: { instance },
        unit: 'seconds',
        forMs: 0,
        clearForMs: 0,
      },
      this.#options.report,
    );
  }
}
