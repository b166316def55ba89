/** All alerts as they stand, and those who are told of each change at once. A resolved one is told and forgotten. */
import type { Alert } from '@nowcast/protocol';

export type AlertListener = (alerts: readonly Alert[]) => void;

export class AlertBoard {
  readonly #alerts = new Map<string, Alert>();
  readonly #listeners = new Set<AlertListener>();

  /** Pending and firing ones. */
  list(): readonly Alert[] {
    return [...this.#alerts.values()];
  }

  /** Calls `listener` on every change until the returned function is called. */
  listen(listener: AlertListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  post(changed: readonly Alert[]): void {
    if (changed.length === 0) return;
    for (const alert of changed) {
      if (alert.state === 'resolved') this.#alerts.delete(alert.id);
      else this.#alerts.set(alert.id, alert);
    }
    for (const listener of this.#listeners) listener(changed);
  }
}
