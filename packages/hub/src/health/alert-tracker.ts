/**
 * One condition on one thing over time: idle → pending → firing → resolved. It must hold for a while before it
 * fires, and must have cleared for a while before it counts as resolved; between the two thresholds
 * nothing changes, so a value that wavers at a threshold does not make the alert waver.
 */
import { LabelSet } from '@nowcast/model';
import { toWireValue, type Alert, type AlertPhase, type AlertSeverity } from '@nowcast/protocol';

/** What a reading says: `warning` and `critical` hold, `clear` does not, `between` leaves things as they are. */
export type Verdict = 'warning' | 'critical' | 'clear' | 'between';

export interface Reading {
  readonly timeMs: number;
  readonly value: number;
  readonly verdict: Verdict;
  readonly expectedMs?: number | undefined;
}

export interface TrackedCondition {
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly unit: string;
  /** How long it must hold before it fires. */
  readonly forMs: number;
  /** How long it must have cleared before it is resolved. */
  readonly clearForMs: number;
}

/** A value that changes is told again this often. */
const RETELL_MS = 1_000;

export class AlertTracker {
  readonly #tracked: TrackedCondition;
  readonly #id: string;
  readonly #report: (alert: Alert) => void;
  #state: AlertPhase | 'idle' = 'idle';
  #severity: AlertSeverity = 'warning';
  #sinceMs = 0;
  #clearSinceMs: number | undefined;
  #toldMs = -Infinity;
  #toldValue = NaN;
  #last: Reading | undefined;

  constructor(tracked: TrackedCondition, report: (alert: Alert) => void) {
    this.#tracked = tracked;
    this.#id = `${tracked.condition}${String(LabelSet.from(tracked.labels))}`;
    this.#report = report;
  }

  update(reading: Reading): void {
    this.#last = reading;
    const { timeMs, verdict } = reading;
    const before = `${this.#state} ${this.#severity}`;
    if (verdict === 'warning' || verdict === 'critical') this.#holds(timeMs, verdict);
    else if (verdict === 'clear') this.#cleared(timeMs);
    else this.#clearSinceMs = undefined;
    if (this.#state === 'idle') return;
    const changed = before !== `${this.#state} ${this.#severity}`;
    const retold = !Object.is(reading.value, this.#toldValue) && timeMs - this.#toldMs >= RETELL_MS;
    if (changed || retold) this.#tell(reading);
    if (this.#state === 'resolved') this.#state = 'idle';
  }

  /** The thing itself is gone: whatever was wrong with it no longer is. */
  end(timeMs: number): void {
    if (this.#state === 'idle' || this.#last === undefined) return;
    this.#enter('resolved', timeMs);
    this.#tell({ ...this.#last, timeMs });
    this.#state = 'idle';
  }

  #holds(timeMs: number, severity: AlertSeverity): void {
    this.#severity = severity;
    this.#clearSinceMs = undefined;
    if (this.#state === 'idle') this.#enter('pending', timeMs);
    if (this.#state === 'pending' && timeMs - this.#sinceMs >= this.#tracked.forMs)
      this.#enter('firing', timeMs);
  }

  #cleared(timeMs: number): void {
    if (this.#state === 'pending') this.#enter('resolved', timeMs);
    if (this.#state !== 'firing') return;
    this.#clearSinceMs ??= timeMs;
    if (timeMs - this.#clearSinceMs >= this.#tracked.clearForMs) this.#enter('resolved', timeMs);
  }

  #enter(state: AlertPhase, timeMs: number): void {
    this.#state = state;
    this.#sinceMs = timeMs;
    this.#clearSinceMs = undefined;
  }

  #tell({ timeMs, value, expectedMs }: Reading): void {
    const { condition, labels, unit } = this.#tracked;
    this.#toldMs = timeMs;
    this.#toldValue = value;
    this.#report({
      id: this.#id,
      condition,
      severity: this.#severity,
      state: this.#state as AlertPhase,
      labels,
      value: toWireValue(value),
      unit,
      sinceMs: this.#sinceMs,
      updatedMs: timeMs,
      ...(expectedMs === undefined ? {} : { expectedMs }),
    });
  }
}
