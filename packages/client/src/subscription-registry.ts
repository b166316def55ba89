/**
 * The subscriptions of a client and the ids they have on the present connection. Each opening gets an id
 * of its own, so that an update still under way for an earlier one is never taken for the new one's.
 */
import type { ErrorMessage, Subscribed, Unsubscribe, Subscribe, Update } from '@nowcast/protocol';
import { Backoff, type Clock, type Timer } from '@nowcast/std';
import { OpenSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';

export interface RegistryOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Sends when online and does nothing otherwise. */
  send(message: Subscribe | Unsubscribe): void;
  online(): boolean;
  hubNowMs(): number;
}

interface Slot {
  readonly subscription: OpenSubscription;
  readonly backoff: Backoff;
  /** Undefined while the hub does not have it. */
  id: string | undefined;
  /** The hub has answered this id with `subscribed`. */
  granted: boolean;
  retry: Timer | undefined;
}

const RETRY_BASE_MS = 1_000;
const RETRY_MAX_MS = 60_000;

export class SubscriptionRegistry {
  readonly #options: RegistryOptions;
  readonly #slots = new Set<Slot>();
  readonly #byId = new Map<string, Slot>();
  #ids = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Time of the newest sample of any subscription. */
  get newestMs(): number | undefined {
    let newestMs: number | undefined;
    for (const { subscription } of this.#slots)
      if (newestMs === undefined || (subscription.newestMs ?? 0) > newestMs)
        newestMs = subscription.newestMs;
    return newestMs;
  }

  add(query: string, options: SubscribeOptions): Subscription {
    const subscription = new OpenSubscription(query, options, {
      changed: () => {
        if (slot.id === undefined) this.#open(slot);
        else this.#options.send(subscription.change(slot.id));
      },
      reopen: () => this.#reopen(slot),
      closed: () => this.#remove(slot),
    });
    const { random } = this.#options;
    const backoff = new Backoff({ baseMs: RETRY_BASE_MS, maxMs: RETRY_MAX_MS, random });
    const slot: Slot = { subscription, backoff, id: undefined, granted: false, retry: undefined };
    this.#slots.add(slot);
    this.#open(slot);
    return subscription;
  }

  up(): void {
    for (const slot of this.#slots) this.#open(slot);
  }

  down(): void {
    for (const slot of this.#slots) this.#forget(slot);
  }

  closeAll(): void {
    for (const { subscription } of this.#slots) subscription.close();
  }

  subscribed(message: Subscribed): void {
    const slot = this.#byId.get(message.id);
    if (!slot) return;
    slot.granted = true;
    slot.backoff.reset();
    slot.subscription.granted(message);
  }

  update(message: Update): void {
    const slot = this.#byId.get(message.id);
    if (slot && !slot.subscription.update(message)) this.#reopen(slot);
  }

  /** True when the error belongs to a subscription. */
  failed(message: ErrorMessage): boolean {
    const slot = message.id === undefined ? undefined : this.#byId.get(message.id);
    if (!slot) return false;
    // An error about a changed contract leaves the subscription open at the hub.
    if (slot.granted) this.#options.send({ type: 'unsubscribe', id: slot.id as string });
    this.#forget(slot);
    if (message.retryable) {
      const delayMs = (message.retryAfterMs ?? RETRY_BASE_MS) + slot.backoff.nextMs();
      slot.retry = this.#options.clock.after(delayMs, () => {
        slot.retry = undefined;
        this.#open(slot);
      });
    } else this.#slots.delete(slot);
    slot.subscription.failed(message);
    return true;
  }

  #reopen(slot: Slot): void {
    if (slot.id !== undefined) this.#options.send({ type: 'unsubscribe', id: slot.id });
    this.#forget(slot);
    this.#open(slot);
  }

  #open(slot: Slot): void {
    if (!this.#options.online() || !this.#slots.has(slot)) return;
    if (slot.retry || !slot.subscription.visible) return;
    const id = `s${++this.#ids}`;
    slot.id = id;
    slot.granted = false;
    this.#byId.set(id, slot);
    this.#options.send(slot.subscription.open(id, this.#options.hubNowMs()));
  }

  #remove(slot: Slot): void {
    if (!this.#slots.delete(slot)) return;
    if (slot.id !== undefined) this.#options.send({ type: 'unsubscribe', id: slot.id });
    this.#forget(slot);
  }

  #forget(slot: Slot): void {
    if (slot.id !== undefined) this.#byId.delete(slot.id);
    slot.id = undefined;
    slot.retry?.cancel();
    slot.retry = undefined;
  }
}
