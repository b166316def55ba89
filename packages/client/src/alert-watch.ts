/**
 * The alert lane: one `watch` on the wire for all who watch. Invariant: `current` is what the hub says as
 * of the last message; a hole in the sequence leads to a new snapshot, never to a guess.
 */
import {
  fromWireValue,
  type Alert,
  type Alerts,
  type Unwatch,
  type Watch,
} from '@nowcast/protocol';
import { guarded } from './guarded-callback.ts';

/** An alert with its value as a number. */
export interface LiveAlert extends Omit<Alert, 'value'> {
  readonly value: number;
}

export interface AlertsEvent {
  /** True: `changed` are all alerts there are, whatever was told before. */
  readonly snapshot: boolean;
  readonly changed: readonly LiveAlert[];
  /** All alerts as they stand now, by id. A resolved one is told once and is not in here. */
  readonly current: ReadonlyMap<string, LiveAlert>;
}

export type AlertsReader = (event: AlertsEvent) => void;

export class AlertWatch {
  readonly #send: (message: Watch | Unwatch) => void;
  readonly #readers = new Set<{ readonly read: AlertsReader }>();
  #current = new Map<string, LiveAlert>();
  /** Undefined until the first snapshot of this connection. */
  #seq: number | undefined;

  constructor(send: (message: Watch | Unwatch) => void) {
    this.#send = send;
  }

  /** Returns the function that ends it. */
  add(read: AlertsReader): () => void {
    const reader = { read };
    this.#readers.add(reader);
    if (this.#readers.size === 1) this.up();
    else if (this.#seq !== undefined) this.#tell(reader, true, [...this.#current.values()]);
    return () => {
      if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
      this.#seq = undefined;
      this.#send({ type: 'unwatch', lane: 'alerts' });
    };
  }

  up(): void {
    this.#seq = undefined;
    if (this.#readers.size > 0) this.#send({ type: 'watch', lane: 'alerts' });
  }

  received(message: Alerts): void {
    if (this.#readers.size === 0) return;
    if (!message.snapshot && this.#seq === undefined) return;
    if (!message.snapshot && message.seq !== (this.#seq as number) + 1) {
      this.#send({ type: 'unwatch', lane: 'alerts' });
      return this.up();
    }
    this.#seq = message.seq;
    const changed = message.alerts.map((alert) => ({
      ...alert,
      value: fromWireValue(alert.value),
    }));
    if (message.snapshot) this.#current = new Map();
    for (const alert of changed)
      if (alert.state === 'resolved') this.#current.delete(alert.id);
      else this.#current.set(alert.id, alert);
    for (const reader of this.#readers) this.#tell(reader, message.snapshot, changed);
  }

  #tell(
    reader: { readonly read: AlertsReader },
    snapshot: boolean,
    changed: readonly LiveAlert[],
  ): void {
    guarded(() => reader.read({ snapshot, changed, current: this.#current }));
  }
}
